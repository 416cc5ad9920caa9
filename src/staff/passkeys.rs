//! Passkeys: what a browser says about a key of its device, checked as WebAuthn Level 3 asks (sections 7.1 and 7.2). Pure.
//!
//! Only what the program needs: ES256, which every passkey knows, without attestation: which make of key it is, nobody
//! here wants to know (docs/decisions/0009).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use sha2::{Digest, Sha256};

/// The one site that a key answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The name of the host: what a key is bound to.
    pub id: String,
    /// Where the browser must say that it is.
    pub origin: String,
}

impl Site {
    /// The site of an address; `None` where browsers know no passkeys: on a bare number, or on plain http elsewhere than
    /// on this machine.
    pub fn of(url: &str) -> Option<Site> {
        let (scheme, rest) = url.split_once("://")?;
        let host = rest.split('/').next()?;
        let id = host.rsplit_once(':').map_or(host, |(name, _port)| name);
        let is_name = id.parse::<std::net::IpAddr>().is_err() && !id.is_empty() && !id.starts_with('[');
        let is_safe = scheme == "https" || id == "localhost";
        (is_name && is_safe).then(|| Site { id: id.to_owned(), origin: format!("{scheme}://{host}") })
    }
}

/// What the page's script sends, for a new key and for an old one.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// The key's own id.
    pub id: String,
    /// What the browser signed about: kind, challenge, origin.
    pub client: String,
    /// What the key says: site, presence, counter.
    pub authenticator: String,
    /// A new key's public half, as SubjectPublicKeyInfo.
    pub key: String,
    /// An old key's signature.
    pub signature: String,
}

/// A key that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: Vec<u8>,
    /// A point of P-256, not compressed.
    pub public: Vec<u8>,
    pub counter: i64,
}

#[derive(serde::Deserialize)]
struct Client {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// Before the point in the SubjectPublicKeyInfo of a P-256 key: there is one way to write it.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;

/// The text of an answer, as the form carries it.
pub fn read(text: &str) -> Option<Answer> {
    serde_json::from_str(text).ok()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

impl Answer {
    /// The id of the key that answers.
    pub fn key_id(&self) -> Option<Vec<u8>> {
        bytes(&self.id).filter(|id| (1..=1023).contains(&id.len()))
    }

    /// A new key, made for this site in answer to this challenge.
    pub fn registered(&self, site: &Site, challenge: &[u8]) -> Option<Key> {
        self.client_data("webauthn.create", site, challenge)?;
        let (_said, counter) = self.authenticator_data(site)?;
        let key = bytes(&self.key)?;
        let public = key.strip_prefix(&P256).filter(|point| point.len() == 65 && point[0] == 4)?.to_vec();
        Some(Key { id: self.key_id()?, public, counter })
    }

    /// Did the holder of `key` answer this challenge, for this site? Gives the key's new counter.
    pub fn signed(&self, site: &Site, challenge: &[u8], key: &Key) -> Option<i64> {
        let client = self.client_data("webauthn.get", site, challenge)?;
        let (mut said, counter) = self.authenticator_data(site)?;
        if self.key_id()? != key.id {
            return None;
        }
        said.extend_from_slice(&Sha256::digest(&client));
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key.public).verify(&said, &bytes(&self.signature)?).ok()?;
        // A counter that stands still belongs to two keys: one is a copy. Keys without a counter say 0.
        ((counter == 0 && key.counter == 0) || counter > key.counter).then_some(counter)
    }

    fn client_data(&self, kind: &str, site: &Site, challenge: &[u8]) -> Option<Vec<u8>> {
        let text = bytes(&self.client)?;
        let client: Client = serde_json::from_slice(&text).ok()?;
        let fits = client.kind == kind
            && client.origin == site.origin
            && !client.cross_origin
            && bytes(&client.challenge)? == challenge
            && !challenge.is_empty();
        fits.then_some(text)
    }

    fn authenticator_data(&self, site: &Site) -> Option<(Vec<u8>, i64)> {
        let said = bytes(&self.authenticator)?;
        let (place, rest) = said.split_at_checked(32)?;
        let flags = *rest.first()?;
        let counter = u32::from_be_bytes(rest.get(1..5)?.try_into().ok()?);
        // Somebody touched it, and it knows by finger, face or number whom it belongs to.
        let fits =
            place == Sha256::digest(site.id.as_bytes()).as_slice() && flags & PRESENT != 0 && flags & VERIFIED != 0;
        fits.then_some((said, i64::from(counter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
    };

    struct Device {
        pair: EcdsaKeyPair,
    }

    fn device() -> Device {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap();
        Device { pair }
    }

    fn encode(bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    impl Device {
        fn answer(&self, kind: &str, site: &Site, challenge: &[u8], flags: u8, counter: u32) -> Answer {
            let client =
                serde_json::json!({"type": kind, "challenge": encode(challenge), "origin": site.origin}).to_string();
            let mut said = Sha256::digest(site.id.as_bytes()).to_vec();
            said.push(flags);
            said.extend_from_slice(&counter.to_be_bytes());
            let mut signed = said.clone();
            signed.extend_from_slice(&Sha256::digest(client.as_bytes()));
            let signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap();
            let mut key = P256.to_vec();
            key.extend_from_slice(self.pair.public_key().as_ref());
            Answer {
                id: encode(b"key one"),
                client: encode(client.as_bytes()),
                authenticator: encode(&said),
                key: encode(&key),
                signature: encode(signature.as_ref()),
            }
        }
    }

    #[test]
    fn a_key_answers_for_its_own_site_and_challenge_only() {
        let site = Site::of("https://duongve.example").unwrap();
        let other = Site::of("https://duongve.example.evil").unwrap();
        let device = device();
        let made = device.answer("webauthn.create", &site, b"made", 5, 1);
        let key = made.registered(&site, b"made").unwrap();
        assert_eq!(made.registered(&site, b"another"), None);
        assert_eq!(made.registered(&other, b"made"), None);
        assert_eq!(device.answer("webauthn.get", &site, b"made", 5, 1).registered(&site, b"made"), None);
        assert_eq!(
            device.answer("webauthn.create", &site, b"made", 1, 1).registered(&site, b"made"),
            None,
            "nobody verified"
        );

        let right = device.answer("webauthn.get", &site, b"now", 5, 2);
        assert_eq!(right.signed(&site, b"now", &key), Some(2));
        assert_eq!(right.signed(&site, b"", &key), None);
        assert_eq!(device.answer("webauthn.get", &site, b"now", 5, 1).signed(&site, b"now", &key), None, "a copy");
        assert_eq!(device.answer("webauthn.get", &other, b"now", 5, 2).signed(&site, b"now", &key), None);
        assert_eq!(device.answer("webauthn.create", &site, b"now", 5, 2).signed(&site, b"now", &key), None);
        assert_eq!(self::device().answer("webauthn.get", &site, b"now", 5, 2).signed(&site, b"now", &key), None);
        let mut changed = device.answer("webauthn.get", &site, b"now", 5, 2);
        changed.client = encode(
            serde_json::json!({"type": "webauthn.get", "challenge": encode(b"now"), "origin": site.origin, "x": 1})
                .to_string()
                .as_bytes(),
        );
        assert_eq!(changed.signed(&site, b"now", &key), None, "what was signed is what counts");
    }

    #[test]
    fn a_bare_number_is_no_site() {
        assert_eq!(Site::of("http://127.0.0.1:8080"), None);
        assert_eq!(Site::of("http://duongve.example"), None);
        assert_eq!(Site::of("http://localhost:8080").unwrap().id, "localhost");
        assert_eq!(Site::of("https://duongve.example:8443/").unwrap().origin, "https://duongve.example:8443");
    }
}
