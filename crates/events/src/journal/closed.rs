//! Journal files as their readers find them: which there are, which are closed, and what is in them.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};

use super::files::JournalFolder;

/// A file that nobody will write again.
#[derive(Debug)]
pub(crate) struct ClosedFile {
    pub(crate) number: u64,
    file: File,
}

impl ClosedFile {
    /// All its bytes.
    pub(crate) fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The closed files among `numbers`, in ascending order.
///
/// A file's writer holds its lock from before the file has its name until it will write no more.
pub(crate) fn closed_files(folder: &JournalFolder, numbers: &[u64]) -> io::Result<Vec<ClosedFile>> {
    let mut closed = Vec::new();
    for &number in numbers {
        let file = match File::open(folder.path(number)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => closed.push(ClosedFile { number, file }),
            Err(fs::TryLockError::WouldBlock) => {}
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(closed)
}
