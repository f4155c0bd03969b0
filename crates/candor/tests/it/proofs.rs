//! Promises of the security policy, each with a twin of the server that breaks it and is caught.

mod accounts;
mod addresses;
mod door;
mod durability;
mod erasing;
pub(crate) mod forgetting;
mod memory;
mod rotation;
mod sandbox;
pub(crate) mod scanner;
mod sealing;
mod sign_ins;

use std::path::{Path, PathBuf};

use crate::house::{Server, kill};

/// The files of all segments in a data directory.
pub(crate) fn segments(data: &Path) -> Vec<PathBuf> {
    let sites = std::fs::read_dir(data.join("segments")).into_iter().flatten().flatten();
    let files = sites.flat_map(|site| std::fs::read_dir(site.path()).into_iter().flatten().flatten());
    // What is still being written has no such name yet.
    files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|ends| ends == "parquet"))
        .collect()
}

/// Closes the journal file that is written, so that it is absorbed: another edge takes another file.
pub(crate) fn close_journal_file(server: &Server) {
    kill(server.pid_of("edge").expect("an edge"), rustix::process::Signal::KILL);
    server.wait_until_whole();
}
