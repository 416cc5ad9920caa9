//! The list of the erased: a file of its own, a line a person, only ever added to. It holds an id and an instant. A database
//! that comes back from an old copy is read against it.

use super::{super::Fault, root::sync_folder};
use crate::base::{ids::PersonId, time::At};
use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path};

fn told(file: &Path, error: &std::io::Error) -> Fault {
    Fault::Keys(format!("the list of the erased, {}: {error}", file.display()))
}

/// Adds people, and returns when their lines are on the disk.
pub fn add(file: &Path, people: &[PersonId], at: At) -> Result<(), Fault> {
    if people.is_empty() {
        return Ok(());
    }
    let lines: String = people.iter().map(|person| format!("{person} {}\n", at.micros())).collect();
    let add = || {
        let mut open = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
        open.write_all(lines.as_bytes())?;
        open.sync_all()?;
        sync_folder(file)
    };
    add().map_err(|error: std::io::Error| told(file, &error))
}

/// Everybody in it. A last line that was cut off is nobody: that erasure is finished from the database.
pub fn all(file: &Path) -> Result<Vec<PersonId>, Fault> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.lines().filter_map(|line| line.split(' ').next()?.parse().ok()).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(told(file, &error)),
    }
}
