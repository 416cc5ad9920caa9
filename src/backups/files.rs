//! The files that are put with cases: each lies in the folder of the backups once, under its hash, however many backups name
//! it. They are sealed already, under keys that are in the keyring alone, and are copied as they are.

use super::NotSound;
use crate::{base::words::BackupWhy, store::files};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Beside the backups.
pub fn folder(backups: &Path) -> PathBuf {
    backups.join("attachments")
}

fn is(bytes: &[u8], hash: &str) -> bool {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>() == hash
}

/// Takes along what is not there yet; which files there are now. One that was taken out since it was listed is passed over.
pub fn take_along(from: &Path, backups: &Path, hashes: &[String]) -> std::io::Result<Vec<String>> {
    let to = folder(backups);
    let mut taken = Vec::new();
    for hash in hashes {
        let Some((source, target)) = files::place(from, hash).zip(files::place(&to, hash)) else { continue };
        if !target.exists() {
            let bytes = match std::fs::read(&source) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                read => read?,
            };
            if !is(&bytes, hash) {
                return Err(std::io::Error::other(format!("{} is not what was put there", source.display())));
            }
            std::fs::create_dir_all(&to)?;
            files::put(&to, hash, &bytes)?;
        }
        taken.push(hash.clone());
    }
    Ok(taken)
}

/// Takes away what no backup names any more.
pub fn forget(backups: &Path, named: &BTreeSet<String>) -> std::io::Result<()> {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    for one in entries(&folder(backups)) {
        for file in entries(&one.path()).filter(|file| !named.contains(&*file.file_name().to_string_lossy())) {
            std::fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

/// Looks whether every file that a backup names is there and is itself, and with `to` puts each into its place; how many.
///
/// # Errors
/// One is not there, or is another: nothing was put back of the database yet.
pub fn bring_back(backup: &Path, hashes: &[String], to: Option<&Path>) -> Result<usize, NotSound> {
    let from = folder(backup.parent().unwrap_or(Path::new("..")));
    for hash in hashes {
        let place = files::place(&from, hash);
        let bytes = place.as_ref().and_then(|place| std::fs::read(place).ok()).filter(|bytes| is(bytes, hash));
        let Some(bytes) = bytes else {
            return Err(NotSound::new(BackupWhy::File, format!("the file {hash} is not in {}", from.display())));
        };
        if let Some(to) = to.filter(|to| files::place(to, hash).is_some_and(|place| !place.exists())) {
            std::fs::create_dir_all(to).and_then(|()| files::put(to, hash, &bytes)).map_err(NotSound::place)?;
        }
    }
    Ok(hashes.len())
}
