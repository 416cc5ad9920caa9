//! The cipher: how a secret is shut and opened, and how a key is wrapped. Pure.
//!
//! A shut field is `version | keeper (16) | nonce (24) | ciphertext and tag` of XChaCha20-Poly1305. The keeper is whose key
//! it is. Table, column, row, keeper and version are authenticated with it, each with its length before it, so that a secret
//! that is copied into another row or column does not open there. Before it is shut it is filled up to a multiple of 32
//! bytes: its length tells no short word.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 24;
const STEP: usize = 32;
const HEAD: usize = 1 + 16 + NONCE;

/// It does not open: another key, another place, or bytes that somebody changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// Thirty-two secret bytes. Overwritten when they are let go.
pub struct Secret(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<key>")
    }
}

impl Secret {
    pub fn random() -> Secret {
        Secret(Zeroizing::new(rand::random()))
    }

    pub fn of(bytes: &[u8]) -> Option<Secret> {
        bytes.try_into().ok().map(|bytes| Secret(Zeroizing::new(bytes)))
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Another key for another purpose.
    pub fn derive(&self, label: &str) -> Secret {
        let mut key = Zeroizing::new([0_u8; 32]);
        // 32 bytes are never too long for HKDF-SHA256; if they were, the key would be wrong and nothing would open.
        if Hkdf::<Sha256>::new(None, self.0.as_slice()).expand(label.as_bytes(), key.as_mut_slice()).is_err() {
            *key = rand::random();
        }
        Secret(key)
    }

    /// A keyed hash: the same for the same words, and nobody without the key can try words.
    pub fn mark(&self, words: &[u8]) -> Vec<u8> {
        <Hmac<Sha256> as Mac>::new_from_slice(self.0.as_slice())
            .map(|hmac| hmac.chain_update(words).finalize().into_bytes().to_vec())
            .unwrap_or_default()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

/// Where a shut field stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub row: Uuid,
}

/// What is authenticated beside the secret: each part with its length before it, so that no two places read alike.
fn bound(place: Place, keeper: Uuid) -> Vec<u8> {
    let mut bound = Vec::with_capacity(80);
    let parts: [&[u8]; 5] =
        [place.table.as_bytes(), place.column.as_bytes(), place.row.as_bytes(), keeper.as_bytes(), &[VERSION]];
    for part in parts {
        bound.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bound.extend(part);
    }
    bound
}

pub fn shut(key: &Secret, keeper: Uuid, place: Place, plain: &[u8]) -> Result<Vec<u8>, Broken> {
    let length = u32::try_from(plain.len()).map_err(|_| Broken)?;
    let mut padded = Zeroizing::new(Vec::with_capacity((plain.len() + 4).next_multiple_of(STEP)));
    padded.extend(length.to_be_bytes());
    padded.extend(plain);
    let full = padded.len().next_multiple_of(STEP);
    padded.resize(full, 0);
    let nonce: [u8; NONCE] = rand::random();
    let payload = Payload { msg: &padded, aad: &bound(place, keeper) };
    let shut = key.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| Broken)?;
    let mut all = Vec::with_capacity(HEAD + shut.len());
    all.push(VERSION);
    all.extend(keeper.as_bytes());
    all.extend(nonce);
    all.extend(shut);
    Ok(all)
}

/// Whose key a shut field asks for.
pub fn keeper(shut: &[u8]) -> Result<Uuid, Broken> {
    match shut.split_first() {
        Some((&VERSION, rest)) if shut.len() > HEAD => Uuid::from_slice(&rest[..16]).map_err(|_| Broken),
        _ => Err(Broken),
    }
}

pub fn open(key: &Secret, place: Place, shut: &[u8]) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let keeper = keeper(shut)?;
    let nonce: [u8; NONCE] = shut[17..HEAD].try_into().map_err(|_| Broken)?;
    let payload = Payload { msg: &shut[HEAD..], aad: &bound(place, keeper) };
    let mut plain = Zeroizing::new(key.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| Broken)?);
    let (length, rest) = plain.split_first_chunk::<4>().ok_or(Broken)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Broken)?;
    if length > rest.len() {
        return Err(Broken);
    }
    plain.drain(..4);
    plain.truncate(length);
    Ok(plain)
}

/// A key under another key.
pub fn wrap(over: &Secret, version: i64, name: &[u8], key: &Secret) -> Result<Vec<u8>, Broken> {
    let nonce: [u8; NONCE] = rand::random();
    let payload = Payload { msg: key.bytes(), aad: &wrapped_as(version, name) };
    let wrapped = over.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| Broken)?;
    Ok([nonce.as_slice(), &wrapped].concat())
}

pub fn unwrap(over: &Secret, version: i64, name: &[u8], wrapped: &[u8]) -> Result<Secret, Broken> {
    let (nonce, rest) = wrapped.split_first_chunk::<NONCE>().ok_or(Broken)?;
    let payload = Payload { msg: rest, aad: &wrapped_as(version, name) };
    let key = Zeroizing::new(over.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| Broken)?);
    Secret::of(&key).ok_or(Broken)
}

fn wrapped_as(version: i64, name: &[u8]) -> Vec<u8> {
    [b"duongve/wrap/v1".as_slice(), &version.to_be_bytes(), name].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { table: "healths", column: "note", row: Uuid::from_u128(7) };

    #[test]
    fn a_secret_opens_in_its_own_place_only() {
        let (key, keeper) = (Secret::random(), Uuid::from_u128(9));
        let shut = shut(&key, keeper, PLACE, "sức khỏe yếu".as_bytes()).unwrap();
        assert_eq!(open(&key, PLACE, &shut).unwrap().as_slice(), "sức khỏe yếu".as_bytes());
        assert_eq!(super::keeper(&shut), Ok(keeper));
        for other in [
            Place { table: "origins", ..PLACE },
            Place { column: "religion", ..PLACE },
            Place { row: Uuid::from_u128(8), ..PLACE },
        ] {
            assert!(open(&key, other, &shut).is_err(), "{other:?}");
        }
        assert!(open(&Secret::random(), PLACE, &shut).is_err());
        // Every byte counts: version, keeper, nonce, text and tag.
        for at in 0..shut.len() {
            let mut bent = shut.clone();
            bent[at] ^= 1;
            assert!(open(&key, PLACE, &bent).is_err(), "byte {at}");
        }
    }

    #[test]
    fn short_words_are_as_long_as_each_other() {
        let key = Secret::random();
        let length = |word: &str| shut(&key, Uuid::nil(), PLACE, word.as_bytes()).unwrap().len();
        assert_eq!(length(""), length("Phật giáo"));
        assert_eq!(length("Kinh"), length("Hoa"));
        assert!(length(&"dài ".repeat(20)) > length(""));
    }

    #[test]
    fn a_wrapped_key_opens_under_its_own_version_and_name() {
        let (over, key) = (Secret::random(), Secret::random());
        let wrapped = wrap(&over, 1, b"a", &key).unwrap();
        assert_eq!(unwrap(&over, 1, b"a", &wrapped).unwrap().bytes(), key.bytes());
        assert!(unwrap(&over, 2, b"a", &wrapped).is_err());
        assert!(unwrap(&over, 1, b"b", &wrapped).is_err());
    }
}
