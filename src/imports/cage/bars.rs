//! The inside of the cage: the bars, and the life of the process between them.

use super::{book, frames};
use crate::{
    base::refusal::Invalid,
    imports::model::{file::MAX_BYTES, sheet},
};
use rlimit::{Resource, setrlimit};
use std::{
    io::{BufWriter, Read, Write},
    os::unix::process::ExitStatusExt,
    process::{ExitCode, ExitStatus},
};

/// What the reader of a file may take for itself.
const MEMORY: u64 = 80 * 1024 * 1024;
/// Addresses, the program's own code with them.
const ADDRESSES: u64 = 2 * 1024 * 1024 * 1024;
/// Seconds of a processor.
const SECONDS: u64 = 4;

/// `duongve cage`: reads one file from standard input and writes its rows to standard output.
pub fn main() -> ExitCode {
    // Without its bars it is no cage: nothing is read then.
    if bars().is_err() {
        return ExitCode::from(3);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let done = match read(&mut out) {
        Ok(()) => frames::end(&mut out),
        Err(Stopped::Refused(invalid)) => frames::refusal(&mut out, &invalid),
        Err(Stopped::NobodyListens(error)) => Err(error),
    };
    match done.and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_nobody_listens) => ExitCode::FAILURE,
    }
}

/// Why the reading ended before the last row.
pub enum Stopped {
    Refused(Invalid),
    NobodyListens(std::io::Error),
}

impl From<Invalid> for Stopped {
    fn from(invalid: Invalid) -> Stopped {
        Stopped::Refused(invalid)
    }
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Stopped {
        Stopped::NobodyListens(error)
    }
}

fn bars() -> std::io::Result<()> {
    for (what, most) in [
        (Resource::DATA, MEMORY),
        (Resource::AS, ADDRESSES),
        (Resource::CPU, SECONDS),
        // No file but the three that are open, none written to, no other process or thread, no image of its memory.
        (Resource::NOFILE, 3),
        (Resource::FSIZE, 0),
        (Resource::NPROC, 0),
        (Resource::CORE, 0),
    ] {
        setrlimit(what, most, most)?;
    }
    Ok(())
}

fn read(out: &mut impl Write) -> Result<(), Stopped> {
    let mut bytes = Vec::new();
    let most = MAX_BYTES as u64 + 1;
    std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return book::read(bytes, out);
    }
    let table = sheet::csv(&bytes)?;
    drop(bytes);
    for record in &table.records {
        frames::record(out, record)?;
    }
    Ok(())
}

/// How a reader ended that did not say so itself.
pub fn why(status: ExitStatus) -> Invalid {
    // SIGABRT: no memory was left. SIGKILL and SIGXCPU: its time was over.
    match status.signal() {
        Some(6 | 11) => Invalid::one("file", "file_too_greedy"),
        Some(9 | 24) => Invalid::one("file", "file_took_too_long"),
        _ => Invalid::one("file", "file_damaged"),
    }
}
