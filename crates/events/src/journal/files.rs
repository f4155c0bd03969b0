//! The file operations of the journal, behind a small trait so that tests can make each of them fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sealing::Seals;

use super::frame::write_header;
use super::seal::format;

/// So much room lets a disk that was full take events again.
pub(crate) const PROBE_BYTES: usize = 256 << 10;

/// Where journal files are made.
pub(crate) trait Files: Send + Sync {
    /// Makes the file `number`, locked and beginning with `header`, both durable before it can be seen.
    /// `AlreadyExists` when the number is taken.
    fn create(&self, number: u64, header: &[u8]) -> io::Result<Box<dyn OpenFile>>;

    /// The highest number in the folder, 0 for none.
    fn highest(&self) -> io::Result<u64>;

    /// Tries whether the disk takes [`PROBE_BYTES`], and gives them back.
    fn probe(&self) -> io::Result<()>;
}

/// A journal file that this process may write. Its lock is held until it is dropped.
pub(crate) trait OpenFile: Send {
    /// Writes some of `bytes` at `offset`; how many.
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize>;

    /// Makes everything written durable.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts the file off after `length` bytes.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

/// The real folder of journal files, `DATA/journal`, and one for files in the making, `DATA/tmp`.
#[derive(Clone, Debug)]
pub struct JournalFolder {
    folder: PathBuf,
    making: PathBuf,
}

impl JournalFolder {
    /// The journal in the data directory `data`; its folders are made where they are missing.
    pub fn open(data: &Path) -> io::Result<Self> {
        let opened = Self { folder: data.join("journal"), making: data.join("tmp") };
        fs::create_dir_all(&opened.folder)?;
        fs::create_dir_all(&opened.making)?;
        Ok(opened)
    }

    /// Where file `number` is.
    pub(crate) fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:010}.journal"))
    }

    /// Deletes file `number`; one that is not there is deleted.
    pub(crate) fn delete(&self, number: u64) -> io::Result<()> {
        match fs::remove_file(self.path(number)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Makes a closed file that holds nothing, unless somebody else makes one of its number first: so the highest of those
    /// that there were before may be deleted.
    pub(crate) fn put_empty(&self, seals: &Seals) -> io::Result<()> {
        let number = self.highest()? + 1;
        let (header, _) = write_header(number, format(seals));
        match self.create(number, &header) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    /// Gives file `number` a second name under which it stays when the first is deleted.
    pub(crate) fn keep_damaged(&self, number: u64) -> io::Result<PathBuf> {
        let kept = self.folder.join(format!("{number:010}.damaged"));
        match fs::hard_link(self.path(number), &kept) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(kept),
        }
    }

    /// A file that was put aside as damaged, if there is one.
    pub(crate) fn damaged(&self) -> io::Result<Option<PathBuf>> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "damaged") {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// The numbers of all files, ascending.
    pub(crate) fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".journal")?.parse().ok());
            numbers.extend::<Option<u64>>(number);
        }
        numbers.sort_unstable();
        Ok(numbers)
    }
}

impl Files for JournalFolder {
    fn create(&self, number: u64, header: &[u8]) -> io::Result<Box<dyn OpenFile>> {
        // The file is complete and locked before it gets its name in the journal: one that is seen there with
        // its lock free is closed, without exception.
        let making = self.making.join(format!("{number:010}-{}.journal", std::process::id()));
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&making)?;
        let made = (|| {
            file.try_lock()?;
            file.write_all_at(header, 0)?;
            file.sync_all()?;
            fs::hard_link(&making, self.path(number))
        })();
        let unlinked = fs::remove_file(&making);
        made?;
        unlinked?;
        File::open(&self.folder)?.sync_all()?;
        Ok(Box::new(file))
    }

    fn highest(&self) -> io::Result<u64> {
        Ok(self.numbers()?.last().copied().unwrap_or_default())
    }

    fn probe(&self) -> io::Result<()> {
        let path = self.making.join(format!("room-{}", std::process::id()));
        let tried = (|| {
            let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
            file.write_all_at(&[0; PROBE_BYTES], 0)?;
            file.sync_all()
        })();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => tried.and(Err(error)),
            _ => tried,
        }
    }
}

impl OpenFile for File {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        FileExt::write_at(self, bytes, offset)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// Writes all of `bytes`. A write that moves nothing is a full disk.
pub(super) fn write_all(file: &mut dyn OpenFile, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write_at(bytes, offset) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => {
                bytes = &bytes[count..];
                offset += count as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
