//! The key that checkpoints are signed with: the one place that knows where it comes from.

use crate::store::{Fault, Store};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

/// Signs checkpoints. Never printed.
pub struct Signer(Ed25519KeyPair);

/// Who signed: the public half, 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Public([u8; 32]);

impl Signer {
    /// From 32 secret bytes.
    ///
    /// # Errors
    /// [`Fault::Inconsistent`]: not 32 bytes.
    pub fn new(secret: &[u8]) -> Result<Signer, Fault> {
        let pair = Ed25519KeyPair::from_seed_unchecked(secret);
        pair.map(Signer).map_err(|_| Fault::Inconsistent("an Ed25519 key has 32 bytes"))
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }

    pub fn public(&self) -> Public {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        Public(bytes)
    }
}

impl Public {
    pub fn from_hex(text: &str) -> Option<Public> {
        super::model::from_hex(text.trim())?.try_into().ok().map(Public)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn is_of(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}

impl std::fmt::Display for Public {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&super::model::hex(&self.0))
    }
}

/// The signing key of this office: one of its keys in the keyring, under the root key. Servers on one database have the same,
/// and a new root key leaves it as it is.
///
/// # Errors
/// [`Fault::Inconsistent`]: the keyring has no such key.
pub fn signing_key(store: &Store) -> Result<Signer, Fault> {
    Signer::new(&store.checkpoint_secret()?)
}
