//! The cage: a file from outside is read by a process of its own, which may use little memory and little time, opens
//! nothing, and gives back nothing but rows. Whatever the file does to its reader, it does not do to the server.
//!
//! `duongve cage` is this very program once more: it sets its own bars before it reads a byte (`bars`), takes the
//! file from standard input and writes frames (`frames`) to standard output. Whoever waits for it counts along,
//! and kills it when its time is over or nobody waits any more.

mod bars;
mod book;
mod frames;
mod zipped;

pub use bars::main;

use super::model::{Sheet, Table, file::MAX_BYTES};
use crate::{app::Refused, base::refusal::Invalid, store::Fault};
use sha2::{Digest, Sha256};
use std::{path::Path, process::Stdio, sync::LazyLock, time::Duration};
use tokio::{io::AsyncWriteExt, process::Command, sync::Semaphore};

/// So long one file may take, from its first byte to its last row.
const LONGEST: Duration = Duration::from_secs(5);
/// So many files are read at once; the next one waits.
const CAGES: usize = 2;
static ROOM: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(CAGES));

/// Reads a list, text or workbook, in the cage. `program`: this program's own file.
///
/// # Errors
/// [`Refused::Invalid`] on `file`: what [`Sheet`] and the cage refuse, each with its own word; `file_too_greedy`,
/// `file_took_too_long`, `file_damaged` if the reader had to be stopped. [`Fault::Unavailable`]: no process could be started.
pub async fn read(program: &Path, bytes: Vec<u8>) -> Result<Sheet, Refused> {
    if bytes.len() > MAX_BYTES {
        return Err(Invalid::telling("file", "file_too_large", (MAX_BYTES / 1024 / 1024).to_string()).into());
    }
    let _room = ROOM.acquire().await.map_err(|_closed| Fault::Unavailable)?;
    let hash = Sha256::digest(&bytes).to_vec();
    let table = match tokio::time::timeout(LONGEST, in_the_cage(program, bytes)).await {
        Ok(table) => table?,
        // The child was dropped with its future, and `kill_on_drop` ended it.
        Err(_elapsed) => return Err(Invalid::one("file", "file_took_too_long").into()),
    };
    // The rows are few and short by now; still, they are not looked at on a thread that answers others.
    let sheet = tokio::task::spawn_blocking(move || Sheet::of(table, hash)).await;
    Ok(sheet.map_err(|_stopped| Fault::Unavailable)??)
}

async fn in_the_cage(program: &Path, bytes: Vec<u8>) -> Result<Table, Refused> {
    let mut child = Command::new(program)
        .arg("cage")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            tracing::error!(%error, "the cage could not be started");
            Fault::Unavailable
        })?;
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Fault::Inconsistent("a cage without pipes").into());
    };
    let send = async move {
        // A reader that has refused closes its ears before all was said.
        let _refused_early = to.write_all(&bytes).await;
    };
    let ((), told) = tokio::join!(send, frames::gather(from));
    if let Some(told) = told {
        return Ok(told?);
    }
    let status = child.wait().await.map_err(|_lost| Fault::Unavailable)?;
    tracing::warn!(%status, "a file was stopped in the cage");
    Err(bars::why(status).into())
}
