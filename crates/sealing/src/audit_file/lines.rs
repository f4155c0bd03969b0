//! Reading the lines of an audit log's file. Anything may stand there; nothing of it is believed.

use std::io::{self, BufRead, Read};

use serde::Deserialize;

use super::{BEFORE_ENTRY, BEFORE_LEAF, FORMAT, Header, LINE_BYTES_MAX, Last};
use crate::merkle::Hash;

/// A line after the first.
pub(super) enum Line<'a> {
    Entry {
        /// The place it claims, counted from 1.
        number: u64,
        /// The hash it claims.
        leaf: Hash,
        /// What is hashed.
        bytes: &'a [u8],
    },
    Checkpoint(String),
}

/// The next line without its end; `None` after the last, and an empty one in the place of one that is too long.
pub(super) fn next<'a>(file: &mut impl BufRead, room: &'a mut Vec<u8>) -> io::Result<Option<&'a [u8]>> {
    room.clear();
    let read = file.by_ref().take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', room)?;
    if read > LINE_BYTES_MAX {
        room.clear();
        skip_line(file)?;
        return Ok(Some(room));
    }
    Ok((read > 0).then(|| room.strip_suffix(b"\n").unwrap_or(room)))
}

fn skip_line(file: &mut impl BufRead) -> io::Result<()> {
    loop {
        let (used, ended) = match file.fill_buf()? {
            [] => return Ok(()),
            bytes => match bytes.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (bytes.len(), false),
            },
        };
        file.consume(used);
        if ended {
            return Ok(());
        }
    }
}

/// The first line; the error is whether it was written by a newer Candor.
pub(super) fn header(line: &[u8]) -> Result<Header, bool> {
    #[derive(Deserialize)]
    struct Format {
        candor_audit_log: u32,
    }
    let Format { candor_audit_log: format } = serde_json::from_slice(line).map_err(|_| false)?;
    if format > FORMAT {
        return Err(true);
    }
    serde_json::from_slice(line).map_err(|_| false)
}

/// A line after the first; `None` where it is none that may stand there.
pub(super) fn parse(line: &[u8]) -> Option<Line<'_>> {
    #[derive(Deserialize)]
    struct Numbered {
        number: u64,
    }
    let Some(rest) = line.strip_prefix(BEFORE_LEAF.as_bytes()) else {
        let Last { checkpoint } = serde_json::from_slice(line).ok()?;
        return Some(Line::Checkpoint(checkpoint));
    };
    let (digits, rest) = rest.split_at_checked(64)?;
    let bytes = rest.strip_prefix(BEFORE_ENTRY.as_bytes())?.strip_suffix(b"}")?;
    let Numbered { number } = serde_json::from_slice(bytes).ok()?;
    Some(Line::Entry { number, leaf: hash(digits)?, bytes })
}

fn hash(digits: &[u8]) -> Option<Hash> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (value(pair[0])? << 4 | value(pair[1])?) as u8;
    }
    Some(hash)
}
