//! The bytes of a segment's file: sealed, or as a Candor before the keeper left them.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sealing::{Environment, HEADER_BYTES, Label, ObjectError, OpenError, Opened, Opener, Wanted};

use super::SegmentError;

/// An open file of which any range can be read, checked and opened.
pub(crate) struct Source {
    path: PathBuf,
    file: File,
    /// Bytes as they were before they were sealed.
    length: u64,
    opened: Option<Opened>,
}

impl Source {
    /// Opens the file at `path`. If it is sealed, the key for `label` is asked for.
    pub(crate) fn open(
        path: PathBuf,
        label: impl FnOnce(Environment) -> Label,
        opener: &dyn Opener,
    ) -> Result<Self, SegmentError> {
        let disk = |error| SegmentError::Disk { path: path.clone(), error };
        let file = File::open(&path).map_err(disk)?;
        let bytes = file.metadata().map_err(disk)?.len();
        let mut header = vec![0; bytes.min(HEADER_BYTES as u64) as usize];
        file.read_exact_at(&mut header, 0).map_err(disk)?;
        let sealed = |error: ObjectError| SegmentError::Sealed { path: path.clone(), error };
        let sealed_key = match Opened::sealed_key(&header) {
            Ok(sealed_key) => sealed_key,
            Err(ObjectError::NotSealed) => return Ok(Self { path, file, length: bytes, opened: None }),
            Err(error) => return Err(sealed(error)),
        };
        let closed = |error: OpenError| SegmentError::Closed { path: path.clone(), error };
        let label = label(opener.environment().map_err(closed)?);
        let as_bytes = label.to_bytes();
        let keys = opener.open(&[Wanted { label, sealed: sealed_key }]).map_err(closed)?;
        let key = keys.first().ok_or_else(|| closed(OpenError::Away))?;
        let opened = Opened::new(&header, bytes, key, as_bytes).map_err(sealed)?;
        Ok(Self { file, length: opened.length(), opened: Some(opened), path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes as they were before they were sealed.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// Some of the bytes.
    pub(crate) fn read(&self, range: Range<u64>) -> Result<Vec<u8>, SegmentError> {
        let Some(opened) = &self.opened else { return self.read_file(&range) };
        let sealed = self.read_file(&opened.sealed_range(&range))?;
        opened
            .open(&range, sealed)
            .map_err(|refused| SegmentError::Sealed { path: self.path.clone(), error: refused.into() })
    }

    fn read_file(&self, range: &Range<u64>) -> Result<Vec<u8>, SegmentError> {
        let mut bytes = vec![0; (range.end - range.start) as usize];
        self.file
            .read_exact_at(&mut bytes, range.start)
            .map_err(|error| SegmentError::Disk { path: self.path.clone(), error })?;
        Ok(bytes)
    }
}
