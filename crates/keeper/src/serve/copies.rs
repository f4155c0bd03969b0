//! Copies of the keeper's own files, for backups: sealed as they lie there. The root key is not among them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::Path;

use sealing::protocol::{Answer, KEPT_PART_BYTES, KeptFile, No};

/// Files that are being copied. Each is replaced whole or only grows, so that one that is open stays what it was.
#[derive(Default)]
pub(super) struct Copies(HashMap<KeptFile, File>);

impl Copies {
    /// Begins a copy: how long the file is.
    pub(super) fn open(&mut self, folder: &Path, file: KeptFile) -> Answer {
        let opened = File::open(folder.join(file.name()));
        let length = opened.and_then(|opened| Ok((opened.metadata()?.len(), opened)));
        match length {
            Ok((length, opened)) => {
                self.0.insert(file, opened);
                Answer::KeptLength(Some(length))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Answer::KeptLength(None),
            Err(error) => unable(file, &error),
        }
    }

    /// A part of one that is open. At its end it is closed.
    pub(super) fn part(&mut self, file: KeptFile, from: u64) -> Answer {
        let Some(opened) = self.0.get(&file) else { return Answer::No(No::Malformed) };
        let mut part = vec![0; KEPT_PART_BYTES];
        match opened.read_at(&mut part, from) {
            Ok(count) => {
                part.truncate(count);
                if count == 0 {
                    self.0.remove(&file);
                }
                Answer::KeptPart(part)
            }
            Err(error) => unable(file, &error),
        }
    }
}

fn unable(file: KeptFile, error: &io::Error) -> Answer {
    tracing::error!(%error, "{} cannot be copied", file.name());
    Answer::No(No::Unable)
}
