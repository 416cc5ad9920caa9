//! Files beside the database: each sealed under a key of its own, which stands in its row, sealed under the key of the person.
//! A file is called by the hash of what lies on the disk, and is on the disk before its row is committed.

use super::{
    Fault, Store,
    keys::{self, Place, Secret},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use sha2::{Digest, Sha256};
use std::{
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};
use uuid::Uuid;

/// A file that was kept: what it is called, and the key that opens it.
pub struct KeptFile {
    pub hash: String,
    pub key: String,
}

const PLACE: Place = Place { table: "attachments", column: "file", row: Uuid::nil() };

/// What lies on the way to its name.
const UNDER_WAY: &str = ".new-";

impl Store {
    /// Files lie in this folder.
    pub fn keep_files_in(&self, folder: PathBuf) {
        // Said once, when the program starts.
        let _said_before = self.0.files.set(folder);
    }

    fn files(&self) -> Result<&Path, Fault> {
        self.0.files.get().map(PathBuf::as_path).ok_or(Fault::Inconsistent("nobody has said where files lie"))
    }

    /// Seals a file under a fresh key and puts it on the disk. Returns when it would be there after a power cut.
    ///
    /// # Errors
    /// [`Fault::Full`]; [`Fault::Unavailable`]: the disk failed. Nothing of it is left then but what the sweep takes away.
    pub(crate) async fn keep_file(&self, bytes: Vec<u8>) -> Result<KeptFile, Fault> {
        let folder = self.files()?.to_owned();
        off(move || {
            let key = Secret::random();
            let shut = keys::shut(&key, Uuid::nil(), PLACE, &bytes)?;
            let hash = hash_of(&shut);
            put(&folder, &hash, &shut).map_err(|error| fault_of(&error))?;
            Ok(KeptFile { hash, key: STANDARD_NO_PAD.encode(key.bytes()) })
        })
        .await
    }

    /// What is in a file; `None`: it is not there, or is not what was kept.
    pub(crate) async fn read_file(&self, hash: &str, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        let Some(file) = place(self.files()?, hash) else { return Ok(None) };
        let key = STANDARD_NO_PAD.decode(key).ok().and_then(|bytes| Secret::of(&bytes));
        let Some(key) = key else { return Ok(None) };
        off(move || match std::fs::read(&file) {
            Ok(shut) => Ok(keys::unshut(&key, PLACE, &shut).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault_of(&error)),
        })
        .await
    }

    /// Takes files away. One that is not there any more is gone already.
    pub(crate) async fn drop_files(&self, hashes: Vec<String>) -> Result<(), Fault> {
        let folder = self.files()?.to_owned();
        off(move || {
            for file in hashes.iter().filter_map(|hash| place(&folder, hash)) {
                match std::fs::remove_file(&file) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fault_of(&error)),
                    _ => {}
                }
            }
            Ok(())
        })
        .await
    }

    /// Every file that nothing has touched for so long, by its hash; what was cut off on its way goes at once.
    pub(crate) async fn old_files(&self, least: Duration) -> Result<Vec<String>, Fault> {
        let folder = self.files()?.to_owned();
        off(move || {
            let mut found = Vec::new();
            for (file, name) in all(&folder) {
                let touched = std::fs::metadata(&file).and_then(|about| about.modified());
                if !touched.is_ok_and(|at| at.elapsed().is_ok_and(|since| since >= least)) {
                    continue;
                }
                if name.starts_with(UNDER_WAY) {
                    let _gone_already = std::fs::remove_file(&file);
                } else if is_hash(&name) {
                    found.push(name);
                }
            }
            Ok(found)
        })
        .await
    }

    /// Is this file there, and is it what was kept? Asks the disk, and no key.
    pub(crate) async fn has_file(&self, hash: &str) -> Result<bool, Fault> {
        let Some(file) = place(self.files()?, hash) else { return Ok(false) };
        let hash = hash.to_owned();
        off(move || Ok(std::fs::read(&file).is_ok_and(|shut| hash_of(&shut) == hash))).await
    }
}

async fn off<T: Send + 'static>(job: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(job).await.map_err(|_stopped| Fault::Unavailable)?
}

fn fault_of(error: &std::io::Error) -> Fault {
    tracing::error!(%error, "a file could not be kept or read");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Fault::Full,
        _ => Fault::Unavailable,
    }
}

fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Where a file lies. `None`: that is no hash, and so no path is made of it.
pub fn place(folder: &Path, hash: &str) -> Option<PathBuf> {
    is_hash(hash).then(|| folder.join(&hash[..2]).join(hash))
}

fn all(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries(folder).filter(|entry| entry.path().is_dir());
    folders
        .flat_map(|one| entries(&one.path()))
        .map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// Writes a file beside its place, has it on the disk, gives it its name, and has that on the disk too.
pub fn put(folder: &Path, hash: &str, bytes: &[u8]) -> std::io::Result<()> {
    let file = place(folder, hash).ok_or(std::io::ErrorKind::InvalidInput)?;
    let parent = file.parent().unwrap_or(folder);
    let made = !parent.exists();
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    if made {
        for above in [Some(folder), folder.parent()].into_iter().flatten().filter(|one| !one.as_os_str().is_empty()) {
            std::fs::File::open(above)?.sync_all()?;
        }
    }
    let aside = parent.join(format!("{UNDER_WAY}{:016x}", rand::random::<u64>()));
    let mut open = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    let written = open.write_all(bytes).and_then(|()| open.sync_all()).and_then(|()| std::fs::rename(&aside, &file));
    if written.is_err() {
        let _nothing_is_left = std::fs::remove_file(&aside);
    }
    written?;
    std::fs::File::open(parent)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_is_made_of_what_is_no_hash() {
        let hash = "ab".repeat(32);
        assert_eq!(place(Path::new("/x"), &hash), Some(PathBuf::from(format!("/x/ab/{hash}"))));
        for other in ["", "../../etc/passwd", &hash[1..], &"AB".repeat(32), &format!("../{}", &hash[3..])] {
            assert_eq!(place(Path::new("/x"), other), None, "{other}");
        }
    }

    #[test]
    fn a_full_disk_is_told_from_one_that_is_broken() {
        let fault = |code| fault_of(&std::io::Error::from_raw_os_error(code));
        assert!(
            matches!(fault(28), Fault::Full)
                && matches!(fault(122), Fault::Full)
                && matches!(fault(5), Fault::Unavailable)
        );
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let hash = hash_of(b"abc");
        put(folder.path(), &hash, b"abc").unwrap();
        assert_eq!(std::fs::read(place(folder.path(), &hash).unwrap()).unwrap(), b"abc");
        assert_eq!(all(folder.path()).len(), 1);
        assert!(put(Path::new("/proc/nothing"), &hash, b"abc").is_err());
    }
}
