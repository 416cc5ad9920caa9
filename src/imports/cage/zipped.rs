//! The directory of a zip file, looked at before anything is unpacked, and then counted while unpacking, because the
//! sizes in a directory lie. By hand: the libraries that unpack hide doubles, overlaps and the flags that we ask for.

use crate::base::refusal::Invalid;
use flate2::read::DeflateDecoder;
use std::{collections::HashSet, io::Read};

/// The most entries; a workbook has a dozen, one with pictures some hundred.
const MAX_ENTRIES: usize = 2_000;
/// The most that all entries may be when they are unpacked.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// An entry above a megabyte may unpack to so many times its size.
const MAX_RATIO: u64 = 100;
const SMALL: u64 = 1024 * 1024;

struct Entry {
    name: Vec<u8>,
    method: u16,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

/// Is this a zip file that may be unpacked?
///
/// # Errors
/// [`Invalid`] on `file`: `file_locked` (a password), `file_unpacks_too_large` (size, ratio, number of entries),
/// `file_damaged` (cut off, overlapping or doubled entries, names that climb, a document type with entities).
pub fn look(bytes: &[u8]) -> Result<(), Invalid> {
    let mut entries = directory(bytes)?;
    let mut names = HashSet::new();
    for entry in &entries {
        if climbs(&entry.name) || !names.insert(entry.name.to_ascii_lowercase()) || !matches!(entry.method, 0 | 8) {
            return Err(damaged());
        }
        if is_too_large(entry.unpacked, entry.packed) {
            return Err(too_large());
        }
    }
    if entries.iter().map(|entry| entry.unpacked).sum::<u64>() > MAX_UNPACKED {
        return Err(too_large());
    }
    entries.sort_by_key(|entry| entry.offset);
    let mut free_from = 0;
    let mut all = 0;
    for entry in &entries {
        let begin = body(bytes, entry, free_from)?;
        free_from = begin + entry.packed;
        let packed = slice(bytes, begin, entry.packed)?;
        all += unpack(packed, entry, MAX_UNPACKED - all)?;
    }
    Ok(())
}

fn damaged() -> Invalid {
    Invalid::one("file", "file_damaged")
}

fn too_large() -> Invalid {
    Invalid::telling("file", "file_unpacks_too_large", (MAX_UNPACKED / 1024 / 1024).to_string())
}

fn is_too_large(unpacked: u64, packed: u64) -> bool {
    unpacked > MAX_UNPACKED || unpacked > SMALL && unpacked / MAX_RATIO > packed
}

fn slice(bytes: &[u8], begin: u64, length: u64) -> Result<&[u8], Invalid> {
    let range = usize::try_from(begin).ok().zip(begin.checked_add(length).and_then(|end| usize::try_from(end).ok()));
    range.and_then(|(begin, end)| bytes.get(begin..end)).ok_or_else(damaged)
}

fn number(bytes: &[u8], at: u64, length: u64) -> Result<u64, Invalid> {
    let bytes = slice(bytes, at, length)?;
    Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The entries that the directory at the end of the file names.
fn directory(bytes: &[u8]) -> Result<Vec<Entry>, Invalid> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let found = bytes.get(tail..).unwrap_or_default().windows(4).rposition(|four| four == b"PK\x05\x06");
    let end = (tail + found.ok_or_else(damaged)?) as u64;
    let count = number(bytes, end + 10, 2)?;
    if count as usize > MAX_ENTRIES {
        return Err(too_large());
    }
    let mut at = number(bytes, end + 16, 4)?;
    let mut entries = Vec::new();
    // The directory ends where its end begins: entries that are not counted are looked at, too.
    while at + 46 <= end {
        if slice(bytes, at, 4)? != b"PK\x01\x02" {
            return Err(damaged());
        }
        if entries.len() >= MAX_ENTRIES {
            return Err(too_large());
        }
        if number(bytes, at + 8, 2)? & 0x2041 != 0 {
            return Err(Invalid::one("file", "file_locked"));
        }
        let name = number(bytes, at + 28, 2)?;
        entries.push(Entry {
            name: slice(bytes, at + 46, name)?.to_vec(),
            method: number(bytes, at + 10, 2)? as u16,
            packed: number(bytes, at + 20, 4)?,
            unpacked: number(bytes, at + 24, 4)?,
            offset: number(bytes, at + 42, 4)?,
        });
        at += 46 + name + number(bytes, at + 30, 2)? + number(bytes, at + 32, 2)?;
    }
    if entries.is_empty() || at != end { Err(damaged()) } else { Ok(entries) }
}

/// A name that leads out of where it is unpacked. Nothing is written here; whoever makes such a file means harm.
fn climbs(name: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name);
    name.is_empty()
        || name.contains(['\\', '\0', ':'])
        || name.starts_with('/')
        || name.split('/').any(|part| part == "..")
}

/// Where the bytes of an entry begin: behind its own heading, and behind the entry before.
fn body(bytes: &[u8], entry: &Entry, free_from: u64) -> Result<u64, Invalid> {
    if entry.offset < free_from || slice(bytes, entry.offset, 4)? != b"PK\x03\x04" {
        return Err(damaged());
    }
    let (name, more) = (number(bytes, entry.offset + 26, 2)?, number(bytes, entry.offset + 28, 2)?);
    Ok(entry.offset + 30 + name + more)
}

/// Unpacks into nothing, counting; how much it was.
fn unpack(packed: &[u8], entry: &Entry, most: u64) -> Result<u64, Invalid> {
    let mut reader: Box<dyn Read> =
        if entry.method == 0 { Box::new(packed) } else { Box::new(DeflateDecoder::new(packed)) };
    let is_text = [b".xml".as_slice(), b".rels", b".vml"].iter().any(|end| entry.name.ends_with(end));
    let mut buffer = vec![0; 64 * 1024];
    // What may be the beginning of a word is kept for the next piece.
    let (mut kept, mut all) = (0, 0);
    loop {
        let read = reader.read(&mut buffer[kept..]).map_err(|_broken| damaged())?;
        if read == 0 {
            break;
        }
        all += read as u64;
        // Said to be small and is not: a lie, whatever it hides.
        if all > most || all > entry.unpacked || is_too_large(all, entry.packed) {
            return Err(too_large());
        }
        let filled = kept + read;
        let piece = &buffer[..filled];
        if is_text && [b"<!DOCTYPE".as_slice(), b"<!ENTITY"].iter().any(|word| holds(piece, word)) {
            return Err(damaged());
        }
        kept = filled.min(8);
        buffer.copy_within(filled - kept..filled, 0);
    }
    if all == entry.unpacked { Ok(all) } else { Err(damaged()) }
}

fn holds(piece: &[u8], word: &[u8]) -> bool {
    // Such a word begins with `<!`, which hardly occurs in the parts of a workbook.
    piece.windows(2).enumerate().any(|(at, two)| two == b"<!" && piece[at..].starts_with(word))
}
