//! The folder of spooled files, and one for files in the making.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::{Rng, Timestamp};

use super::frame::header;

const EXTENSION: &str = "chunks";

/// `DATA/spool`, and `DATA/tmp`.
#[derive(Clone, Debug)]
pub struct SpoolFolder {
    folder: PathBuf,
    making: PathBuf,
}

/// A spooled file that nobody will write again.
#[derive(Debug)]
pub(crate) struct ClosedFile {
    pub(crate) name: String,
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

impl SpoolFolder {
    /// The spool in the data directory `data`; its folders are made where they are missing.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(data: &Path) -> io::Result<Self> {
        let opened = Self { folder: data.join("spool"), making: data.join("tmp") };
        fs::create_dir_all(&opened.folder)?;
        fs::create_dir_all(&opened.making)?;
        Ok(opened)
    }

    /// Makes a file that no other is called like, complete and locked before it can be seen, and durable.
    pub(super) fn create(&self, now: Timestamp, rng: &dyn Rng) -> io::Result<File> {
        let name = format!("{:013}-{:016x}.{EXTENSION}", now.0.max(0), rng.next_u128() as u64);
        let making = self.making.join(&name);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&making)?;
        let made = (|| {
            file.try_lock()?;
            file.write_all_at(&header(), 0)?;
            file.sync_all()?;
            fs::hard_link(&making, self.folder.join(&name))
        })();
        let unlinked = fs::remove_file(&making);
        made?;
        unlinked?;
        File::open(&self.folder)?.sync_all()?;
        Ok(file)
    }

    /// The names of all files, in the order in which they were begun.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let spooled = path.extension().is_some_and(|extension| extension == EXTENSION);
            names.extend(
                path.file_stem().filter(|_| spooled).and_then(|name| Some(name.to_str()?.to_owned())),
            );
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The file of this name if it is closed. Its writer holds its lock from before the file has its name until it will
    /// write no more.
    pub(crate) fn closed(&self, name: &str) -> io::Result<Option<ClosedFile>> {
        let file = match File::open(self.path(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => Ok(Some(ClosedFile { name: name.to_owned(), file })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Deletes a file; one that is not there is deleted.
    pub(crate) fn delete(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Gives a file a second name under which it stays when the first is deleted.
    pub(crate) fn keep_damaged(&self, name: &str) -> io::Result<PathBuf> {
        let kept = self.folder.join(format!("{name}.damaged"));
        match fs::hard_link(self.path(name), &kept) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(kept),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{EXTENSION}"))
    }
}
