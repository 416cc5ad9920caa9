//! Folders: what is under way lies in one that has no name of a backup, and gets its name when all of it is on the disk.

use super::model::{Boxed, made_at, order_of};
use std::{
    fs::File,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

const UNDER_WAY: &str = ".duongve-";

/// A folder for something under way, for its owner only; it goes when this is dropped.
pub struct Stage(PathBuf);

impl Stage {
    pub fn under(parent: &Path) -> std::io::Result<Stage> {
        make(parent)?;
        let path = parent.join(format!("{UNDER_WAY}{:016x}", rand::random::<u64>()));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Stage(path))
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Gives it the name of a backup, durably; one that is taken gets a number.
    pub fn name(self, name: &str) -> std::io::Result<String> {
        File::open(&self.0)?.sync_all()?;
        let parent = self.0.parent().unwrap_or(Path::new("/")).to_owned();
        // One more than the last of that second: a number that was free again would look like an older one.
        let there = backups(&parent)?;
        let last = there.iter().filter_map(|one| order_of(one)).filter(|(at, _)| Some(*at) == made_at(name));
        let own = match last.map(|(_, number)| number).max() {
            None => name.to_owned(),
            Some(number) => format!("{name}-{}", number + 1),
        };
        std::fs::rename(&self.0, parent.join(&own))?;
        File::open(&parent)?.sync_all()?;
        Ok(own)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // After a rename there is nothing left of it.
        if self.0.exists()
            && let Err(error) = std::fs::remove_dir_all(&self.0)
        {
            tracing::warn!(%error, folder = %self.0.display(), "what was under way could not be taken away");
        }
    }
}

fn make(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Takes away what was cut off: folders without a name that nothing has touched for hours.
pub fn sweep(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(UNDER_WAY);
        let touched = entry.metadata().and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        if ours && touched.elapsed().is_ok_and(|since| since > Duration::from_secs(6 * 3_600)) {
            let _gone_already = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The backups in a folder, by name.
pub fn backups(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| made_at(name).is_some())
        .collect();
    names.sort();
    Ok(names)
}

/// Writes a new file for its owner only; returns when it is on the disk.
pub fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut open = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    open.write_all(bytes)?;
    open.sync_all()
}

/// Puts a file into its place, where there is none.
pub fn put(from: &Path, to: &Path) -> std::io::Result<()> {
    // An empty file, made by an earlier start, is nothing.
    if std::fs::metadata(to).is_ok_and(|there| there.len() == 0) {
        std::fs::remove_file(to)?;
    }
    // A link does not replace what has come meanwhile, as a rename would.
    match std::fs::hard_link(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => {
            let aside = to.with_extension("new");
            std::fs::copy(from, &aside)?;
            File::open(&aside)?.sync_all()?;
            std::fs::hard_link(&aside, to)?;
            std::fs::remove_file(aside)?;
        }
        linked => linked?,
    }
    std::fs::remove_file(from)?;
    File::open(to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()
}

/// The bytes of all files.
pub fn size(files: &[Boxed]) -> i64 {
    files.iter().map(|file| i64::try_from(file.bytes).unwrap_or(i64::MAX)).sum()
}
