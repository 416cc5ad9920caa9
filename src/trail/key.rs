//! The key that checkpoints are signed with: the one place that knows where it comes from.

use crate::config::Settings;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::{
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Why there is no key: the file and the reason, in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyFault(String);

/// Signs checkpoints. Never printed.
pub struct Signer(Ed25519KeyPair);

/// Who signed: the public half, 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Public([u8; 32]);

impl Signer {
    /// From 32 secret bytes.
    ///
    /// # Errors
    /// [`KeyFault`]: not 32 bytes.
    pub fn new(secret: &[u8]) -> Result<Signer, KeyFault> {
        let pair = Ed25519KeyPair::from_seed_unchecked(secret);
        pair.map(Signer).map_err(|_| KeyFault("an Ed25519 key has 32 bytes".to_owned()))
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

/// The signing key of this office: read from its file, which is made at the first start.
///
/// # Errors
/// [`KeyFault`]: the file cannot be read or made, others can read it, or it holds no key.
pub fn signing_key(settings: &Settings) -> Result<Signer, KeyFault> {
    match known(&settings.audit_key_file)? {
        Some(signer) => Ok(signer),
        None => make(&settings.audit_key_file),
    }
}

/// The public half, if there is a key. Makes none: who only looks should not.
///
/// # Errors
/// As [`signing_key`].
pub fn public_key(settings: &Settings) -> Result<Option<Public>, KeyFault> {
    Ok(known(&settings.audit_key_file)?.map(|signer| signer.public()))
}

fn known(file: &Path) -> Result<Option<Signer>, KeyFault> {
    let fault = |reason: &str| KeyFault(format!("audit key {}: {reason}", file.display()));
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(&error.to_string())),
    };
    let mode = std::fs::metadata(file).map_err(|error| fault(&error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(fault("other users of this machine can read it: chmod 600"));
    }
    let secret = super::model::from_hex(text.trim()).ok_or_else(|| fault("is no key"))?;
    Signer::new(&secret).map(Some).map_err(|KeyFault(reason)| fault(&reason))
}

fn make(file: &Path) -> Result<Signer, KeyFault> {
    let fault = |error: std::io::Error| KeyFault(format!("audit key {} cannot be made: {error}", file.display()));
    let secret: [u8; 32] = rand::random();
    // Not over one that another start has just made.
    let mut made = match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(made) => made,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return known(file)?.ok_or_else(|| fault(error));
        }
        Err(error) => return Err(fault(error)),
    };
    let written = made.write_all(format!("{}\n", super::model::hex(&secret)).as_bytes());
    written.and_then(|()| made.sync_all()).map_err(fault)?;
    Signer::new(&secret)
}
