//! The bytes of a segment's file: sealed, or as a Candor before the keeper left them.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sealing::{
    Environment, HEADER_BYTES, Key, Label, ObjectError, OpenError, Opened, Opener, SealedKey, Wanted,
};

use super::SegmentError;

/// An open file of which any range can be read, checked and opened.
pub(crate) struct Source {
    path: PathBuf,
    file: File,
    /// Bytes as they were before they were sealed.
    length: u64,
    opened: Option<Opened>,
    /// Counts the sealed ranges that were opened, of all sources that share it.
    ranges_opened: Arc<AtomicU64>,
}

/// A file whose key, if it is sealed, is not known yet.
struct Found {
    path: PathBuf,
    file: File,
    /// Bytes as they rest.
    bytes: u64,
    header: Vec<u8>,
    sealed_key: Option<SealedKey>,
}

impl Found {
    fn at(path: PathBuf) -> Result<Self, SegmentError> {
        let disk = |error| SegmentError::Disk { path: path.clone(), error };
        let file = File::open(&path).map_err(disk)?;
        let bytes = file.metadata().map_err(disk)?.len();
        let mut header = vec![0; bytes.min(HEADER_BYTES as u64) as usize];
        file.read_exact_at(&mut header, 0).map_err(disk)?;
        let sealed_key = match Opened::sealed_key(&header) {
            Ok(sealed_key) => Some(sealed_key),
            Err(ObjectError::NotSealed) => None,
            Err(error) => return Err(SegmentError::Sealed { path, error }),
        };
        Ok(Self { path, file, bytes, header, sealed_key })
    }

    fn opened(self, key: Option<(&Key, &Label)>, count: &Arc<AtomicU64>) -> Result<Source, SegmentError> {
        let Self { path, file, bytes, header, .. } = self;
        let opened = key.map(|(key, label)| Opened::new(&header, bytes, key, label.to_bytes())).transpose();
        let opened = match opened {
            Ok(opened) => opened,
            Err(error) => return Err(SegmentError::Sealed { path, error }),
        };
        let length = opened.as_ref().map_or(bytes, Opened::length);
        Ok(Source { path, file, length, opened, ranges_opened: count.clone() })
    }
}

impl Source {
    /// Opens the files at these paths, in their order. The keys of all that are sealed, each under its label, are asked
    /// for together: the keeper writes down every question before it answers, and that is what takes its time.
    pub(crate) fn open_all<L: FnOnce(Environment) -> Label>(
        files: impl IntoIterator<Item = (PathBuf, L)>,
        opener: &dyn Opener,
        ranges_opened: &Arc<AtomicU64>,
    ) -> Result<Vec<Self>, SegmentError> {
        let (mut found, mut wanted) = (Vec::new(), Vec::new());
        for (path, label) in files {
            let file = Found::at(path)?;
            if let Some(sealed) = file.sealed_key {
                let closed = |error| SegmentError::Closed { path: file.path.clone(), error };
                let label = label(opener.environment().map_err(closed)?);
                wanted.push(Wanted { label, sealed });
            }
            found.push(file);
        }
        let keys = if wanted.is_empty() { vec![] } else { keys(&found, &wanted, opener)? };
        let mut given = keys.iter().zip(wanted.iter().map(|wanted| &wanted.label));
        let open = |file: Found| {
            let key = if file.sealed_key.is_some() { given.next() } else { None };
            file.opened(key, ranges_opened)
        };
        found.into_iter().map(open).collect()
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
        self.ranges_opened.fetch_add(1, Ordering::Relaxed);
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

/// The keys of the sealed ones among `files`; where one is not given, the error is of its file.
fn keys(files: &[Found], wanted: &[Wanted], opener: &dyn Opener) -> Result<Vec<Key>, SegmentError> {
    let closed = |error: OpenError| {
        let about = wanted.iter().position(|wanted| error.is_about(&wanted.label)).unwrap_or(0);
        let mut sealed = files.iter().filter(|file| file.sealed_key.is_some());
        let path = sealed.nth(about).map(|file| file.path.clone()).unwrap_or_default();
        SegmentError::Closed { path, error }
    };
    match opener.open(wanted) {
        Ok(keys) if keys.len() == wanted.len() => Ok(keys),
        Ok(_) => Err(closed(OpenError::Away)),
        Err(error) => Err(closed(error)),
    }
}
