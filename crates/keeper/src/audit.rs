//! The keeper's own audit file: a line for every answer, durable before the answer is given, and one more before keys
//! are made or destroyed. Each line holds the hash of all before it, so that none can be altered, dropped or put
//! elsewhere without all that follow showing it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use domain::Timestamp;
use domain::audit::Log;
use serde::{Deserialize, Serialize};

use crate::file;

/// What a line says that was asked where keys were destroyed.
pub(crate) const DESTROY: &str = "destroy";
/// What a line says that was asked where a checkpoint was signed.
pub(crate) const SIGN: &str = "sign-checkpoint";
/// What a line says where what was asked was done.
pub(crate) const GIVEN: &str = "given";
/// What the first line follows.
const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Why the audit file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A line is not as it was written.
    #[error(
        "{path} was altered in line {line}: keep it as evidence under another name, and restore it from a copy or \
         let the keeper begin a new one"
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// The first line that does not fit.
        line: u64,
    },
    /// Anything else.
    #[error("{path} cannot be used: {error}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Counted from 1.
    number: u64,
    /// Milliseconds since 1970.
    at: i64,
    /// Who asked.
    peer: String,
    /// What for.
    asks: String,
    /// Of what.
    about: Vec<String>,
    /// What the answer is, or `begun`.
    answer: String,
    /// How often what is known of people was changed, where the line is about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    people: Option<u64>,
    /// The hash of the line before.
    after: String,
}

/// What is about to be done or answered.
pub(crate) struct Line<'a> {
    pub(crate) at: Timestamp,
    pub(crate) peer: &'a str,
    pub(crate) asks: &'a str,
    pub(crate) about: &'a [String],
    pub(crate) answer: &'a str,
    pub(crate) people: Option<u64>,
}

/// The file, open at its end.
pub(crate) struct Audit {
    path: PathBuf,
    file: File,
    length: u64,
    lines: u64,
    last: String,
    /// Whose keys it says were destroyed.
    destroyed: BTreeSet<String>,
    /// How often it says that what is known of people was changed.
    people: u64,
    /// How many entries of which audit log it says were signed.
    signed: BTreeMap<Log, u64>,
}

impl Audit {
    /// Opens the file at `path` and reads it through. A last line that was never finished belongs to an answer that
    /// was never given, and is cut off.
    pub(crate) fn open(path: &Path) -> Result<Self, AuditError> {
        let failed = |error| AuditError::Disk { path: path.to_owned(), error };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        file::sync_folder_of(path).map_err(failed)?;
        let (mut length, mut lines, mut last) = (0, 0, NOTHING_BEFORE.to_owned());
        let (mut destroyed, mut people, mut signed) = (BTreeSet::new(), 0, BTreeMap::new());
        // A line at a time: the file grows for as long as the server lives.
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).map_err(failed)? > 0 && line.ends_with(b"\n") {
            lines += 1;
            let entry: Option<Entry> = serde_json::from_slice(&line).ok();
            let Some(entry) = entry.filter(|entry| entry.number == lines && entry.after == last) else {
                return Err(AuditError::Altered { path: path.to_owned(), line: lines });
            };
            people = people.max(entry.people.unwrap_or(0));
            match (entry.asks.as_str(), entry.answer.as_str(), &*entry.about) {
                (DESTROY, GIVEN, about) => destroyed.extend(about.iter().cloned()),
                (SIGN, GIVEN, about) => signed.extend(signed_in(about)),
                _ => {}
            }
            last = hash(&line);
            length += line.len() as u64;
            line.clear();
        }
        file.set_len(length).map_err(failed)?;
        Ok(Self { path: path.to_owned(), file, length, lines, last, destroyed, people, signed })
    }

    /// Whose keys were destroyed, as it was written down.
    pub(crate) fn destroyed(&self) -> &BTreeSet<String> {
        &self.destroyed
    }

    /// How often what is known of people was changed, as it was written down.
    pub(crate) const fn people(&self) -> u64 {
        self.people
    }

    /// How many entries of each audit log had been signed when the file was opened.
    pub(crate) fn signed(&self) -> impl Iterator<Item = (Log, u64)> {
        self.signed.iter().map(|(log, size)| (*log, *size))
    }

    /// Whether anything was ever answered.
    pub(crate) fn has_entries(&self) -> bool {
        self.lines > 0
    }

    /// Writes a line. Durable when it returns; after an error nothing of it is left.
    pub(crate) fn append(&mut self, told: &Line<'_>) -> Result<(), AuditError> {
        let entry = Entry {
            number: self.lines + 1,
            at: told.at.0,
            peer: told.peer.to_owned(),
            asks: told.asks.to_owned(),
            about: told.about.to_vec(),
            answer: told.answer.to_owned(),
            people: told.people,
            after: self.last.clone(),
        };
        let mut line = serde_json::to_vec(&entry).expect("an entry is JSON");
        line.push(b'\n');
        let written = self.write(&line);
        if written.is_err() {
            // What could not be cut off is cut off when the file is next opened.
            let _ = self.file.set_len(self.length);
        }
        written.map_err(|error| AuditError::Disk { path: self.path.clone(), error })?;
        self.length += line.len() as u64;
        self.lines += 1;
        self.last = hash(&line);
        Ok(())
    }

    /// Goes on in another file: for tests of a disk that takes nothing.
    #[cfg(test)]
    pub(crate) fn replace_file(&mut self, file: File) {
        self.file = file;
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(line)?;
        self.file.sync_data()
    }
}

/// What a line says of an audit log that was signed.
pub(crate) fn of_log(log: Log, size: u64) -> Vec<String> {
    vec![format!("audit log {log}"), format!("{size} entries")]
}

fn signed_in(about: &[String]) -> Option<(Log, u64)> {
    let [log, size] = about else { return None };
    let log = log.strip_prefix("audit log ")?.parse().ok()?;
    Some((Log(log), size.strip_suffix(" entries")?.parse().ok()?))
}

fn hash(line: &[u8]) -> String {
    digest(&SHA256, line).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
