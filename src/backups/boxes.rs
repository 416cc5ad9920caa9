//! Files that are shut to keys which are not on this machine (age), with the hashes of what goes in and what comes out.

use super::model::Boxed;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// The halves of keys that open boxes: lines of a file, as `age-keygen` or `duongve backup key` makes it.
pub struct Identities(Vec<Box<dyn age::Identity>>);

impl Identities {
    /// # Errors
    /// In one line: the file cannot be read, or holds no key.
    pub fn read(file: &Path) -> Result<Identities, String> {
        let told = |error: &dyn std::fmt::Display| format!("key file {}: {error}", file.display());
        let open = File::open(file).map_err(|error| told(&error))?;
        let keys = age::IdentityFile::from_buffer(BufReader::new(open)).map_err(|error| told(&error))?;
        let keys = keys.into_identities().map_err(|error| told(&error))?;
        if keys.is_empty() {
            return Err(told(&"no key in it"));
        }
        Ok(Identities(keys.into_iter().map(|key| key as Box<dyn age::Identity>).collect()))
    }
}

/// Makes a pair of keys: the secret half into a new file for its owner only, the public half is given back.
///
/// # Errors
/// There is such a file already; the disk's own words.
pub fn new_key(file: &Path) -> std::io::Result<String> {
    let key = age::x25519::Identity::generate();
    let public = key.to_public().to_string();
    let mut open = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    let secret = age::secrecy::ExposeSecret::expose_secret(&key.to_string()).to_owned();
    open.write_all(format!("# Opens backups of Đường Về. Keep it off the machine that makes them, and keep a copy.\n# public key: {public}\n{secret}\n").as_bytes())?;
    open.sync_all()?;
    Ok(public)
}

/// Shuts a file to these public keys; returns when it is on the disk.
///
/// # Errors
/// The disk's own words; no such key.
pub fn shut(from: &Path, to: &Path, recipients: &[String]) -> std::io::Result<Boxed> {
    let keys: Vec<age::x25519::Recipient> = recipients
        .iter()
        .map(|one| one.parse().map_err(|word: &str| std::io::Error::other(format!("{one}: {word}"))))
        .collect::<Result<_, _>>()?;
    let shutter = age::Encryptor::with_recipients(keys.iter().map(|key| key as &dyn age::Recipient))
        .map_err(std::io::Error::other)?;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    let mut plain = Counted::of(File::open(from)?);
    let mut out = shutter.wrap_output(Counted::of(BufWriter::with_capacity(PIECE, file)))?;
    pour(&mut plain, &mut out)?;
    let mut out = out.finish()?;
    out.flush()?;
    let file = out.inner.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Boxed {
        name: name(to),
        bytes: out.bytes,
        sha256: hex(out.hash),
        plain_name: name(from),
        plain_bytes: plain.bytes,
        plain_sha256: hex(plain.hash),
    })
}

/// Opens a shut file into a new one, if it is as it was described, shut and open.
///
/// # Errors
/// In one line: it was changed, it is shut to another key, the disk's own words.
pub fn open(from: &Path, to: &Path, keys: &Identities, as_described: &Boxed) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", from.display());
    let mut shut = Counted::of(BufReader::with_capacity(PIECE, File::open(from).map_err(|error| told(&error))?));
    std::io::copy(&mut shut, &mut std::io::sink()).map_err(|error| told(&error))?;
    if shut.bytes != as_described.bytes || hex(shut.hash) != as_described.sha256 {
        return Err(told(&"not the file that was described: it was changed or cut off"));
    }
    let file = File::open(from).map_err(|error| told(&error))?;
    let opener = age::Decryptor::new(BufReader::with_capacity(PIECE, file)).map_err(|error| told(&error))?;
    let mut plain = opener.decrypt(keys.0.iter().map(AsRef::as_ref)).map_err(|error| told(&error))?;
    let mut pour = || -> std::io::Result<(u64, String)> {
        let out = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
        let mut out = Counted::of(out);
        pour(&mut plain, &mut out)?;
        out.inner.sync_all()?;
        Ok((out.bytes, hex(out.hash)))
    };
    let (bytes, hash) = pour().map_err(|error| told(&error))?;
    if bytes != as_described.plain_bytes || hash != as_described.plain_sha256 {
        return Err(told(&"does not hold what was described"));
    }
    Ok(())
}

/// Opens a shut file into a new one, whatever it is: for whoever holds the key and wants to look.
///
/// # Errors
/// In one line: it is shut to another key, the disk's own words.
pub fn open_box(from: &Path, identity: &Path, to: &Path) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", from.display());
    let keys = Identities::read(identity)?;
    let file = BufReader::with_capacity(PIECE, File::open(from).map_err(|error| told(&error))?);
    let opener = age::Decryptor::new(file).map_err(|error| told(&error))?;
    let mut plain = opener.decrypt(keys.0.iter().map(AsRef::as_ref)).map_err(|error| told(&error))?;
    let mut out =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(|error| told(&error))?;
    pour(&mut plain, &mut out).map_err(|error| told(&error))
}

/// So many bytes at a time.
const PIECE: usize = 256 * 1024;

fn pour(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => to.write_all(&piece[..read])?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Counts and hashes what goes through.
struct Counted<T> {
    inner: T,
    bytes: u64,
    hash: Sha256,
}

impl<T> Counted<T> {
    fn of(inner: T) -> Counted<T> {
        Counted { inner, bytes: 0, hash: Sha256::new() }
    }

    fn took(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }
}

impl<T: Read> Read for Counted<T> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.took(&into[..read]);
        Ok(read)
    }
}

impl<T: Write> Write for Counted<T> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.took(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_opens_to_its_own_key_only_and_a_changed_byte_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let own = new_key(&at("own")).unwrap();
        new_key(&at("other")).unwrap();
        assert!(new_key(&at("own")).is_err(), "a key that is there is kept");
        let words: Vec<u8> = (0..700_000_u32).flat_map(u32::to_le_bytes).collect();
        std::fs::write(at("plain"), &words).unwrap();
        let described = shut(&at("plain"), &at("plain.age"), &[own]).unwrap();
        assert!(!std::fs::read(at("plain.age")).unwrap().windows(64).any(|window| window == &words[1_000..1_064]));
        open(&at("plain.age"), &at("again"), &Identities::read(&at("own")).unwrap(), &described).unwrap();
        assert_eq!(std::fs::read(at("again")).unwrap(), words);
        let refused = open(&at("plain.age"), &at("x"), &Identities::read(&at("other")).unwrap(), &described);
        assert!(refused.is_err());
        let mut changed = std::fs::read(at("plain.age")).unwrap();
        changed[1_000_000] ^= 1;
        std::fs::write(at("plain.age"), &changed).unwrap();
        let keys = Identities::read(&at("own")).unwrap();
        let refused = open(&at("plain.age"), &at("y"), &keys, &described).unwrap_err();
        assert!(refused.contains("changed or cut off"), "{refused}");
        // Whoever changes the description with it meets the seal of the box itself.
        let mut hash = Sha256::new();
        hash.update(&changed);
        let lied = Boxed { sha256: hex(hash), ..described };
        assert!(open(&at("plain.age"), &at("z"), &keys, &lied).is_err());
    }
}
