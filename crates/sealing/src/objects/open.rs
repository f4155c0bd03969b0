//! One object: found, then opened, then read a range at a time. Nothing of it is given before its end was found to be
//! its end.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStore};

use super::{ObjectId, Objects, ReadError, store};
use crate::key::Key;
use crate::label::Label;
use crate::object::{HEADER_BYTES, ObjectError, Opened};
use crate::pair::SealedKey;

/// A key, and what the object is bound to that it opens.
pub(super) type Bound = (Key, Label);

/// An open object of which any range can be read.
pub struct Object {
    name: String,
    body: Body,
    /// Bytes as they were before they were sealed.
    length: u64,
    opened: Option<Opened>,
    /// The last chunk, open: that the object ends there is what says that nothing was cut off, and what is read first of
    /// most objects is their end.
    last: OnceLock<Vec<u8>>,
    ranges_opened: Arc<AtomicU64>,
}

/// Where the bytes are, as they rest.
enum Body {
    /// It stays readable after it was deleted or replaced, for as long as it is open.
    File(File),
    Stored(Arc<dyn ObjectStore>, Path),
}

/// An object whose key, if it is sealed, is not known yet.
pub(super) struct Found {
    name: String,
    body: Body,
    /// Bytes as they rest.
    bytes: u64,
    header: Vec<u8>,
    /// `None` where it rests unsealed.
    pub(super) sealed_key: Option<SealedKey>,
}

impl Found {
    /// To be asked [`store::aside`].
    pub(super) fn at(objects: &Objects, id: &ObjectId) -> Result<Self, ReadError> {
        let (name, path) = (objects.name(id), objects.path(id));
        let failed = |error| ReadError::Store { name: name.clone(), error };
        let found = store::find(&*objects.store, &path).map_err(failed)?;
        let bytes = found.meta.size;
        let body = match found.payload {
            GetResultPayload::File(file, _) => Body::File(file),
            GetResultPayload::Stream(_) => Body::Stored(objects.store.clone(), path),
        };
        let header = body.read(&(0..bytes.min(HEADER_BYTES as u64))).map_err(failed)?;
        let sealed_key = match Opened::sealed_key(&header) {
            Ok(sealed_key) => Some(sealed_key),
            Err(ObjectError::NotSealed) if header.starts_with(objects.form.unsealed) => None,
            Err(error) => return Err(ReadError::Damaged { name, error }),
        };
        Ok(Self { name, body, bytes, header, sealed_key })
    }

    pub(super) fn opened(
        self,
        bound: Option<Bound>,
        ranges_opened: &Arc<AtomicU64>,
    ) -> Result<Object, ReadError> {
        let Self { name, body, bytes, header, .. } = self;
        let opened = bound.map(|(key, label)| Opened::new(&header, bytes, &key, label.to_bytes()));
        let opened = match opened.transpose() {
            Ok(opened) => opened,
            Err(error) => return Err(ReadError::Damaged { name, error }),
        };
        let length = opened.as_ref().map_or(bytes, Opened::length);
        let ranges_opened = ranges_opened.clone();
        Ok(Object { name, body, length, opened, last: OnceLock::new(), ranges_opened })
    }
}

impl Object {
    /// What it is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes as they were before they were sealed: proved by the first read.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Some of the bytes.
    ///
    /// # Errors
    /// [`ReadError`], with the object's name.
    pub fn read(&self, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        if range.start > range.end || range.end > self.length {
            return Err(self.failed(ErrorKind::UnexpectedEof.into()));
        }
        let Some(opened) = &self.opened else { return self.fetch(&range) };
        let end = opened.last_chunk();
        if range.start >= end.start {
            let wanted = (range.start - end.start) as usize..(range.end - end.start) as usize;
            return Ok(self.last(opened)?[wanted].to_vec());
        }
        if range.end <= end.start {
            self.last(opened)?;
        }
        self.open(opened, &range)
    }

    fn last(&self, opened: &Opened) -> Result<&[u8], ReadError> {
        if let Some(last) = self.last.get() {
            return Ok(last);
        }
        let last = self.open(opened, &opened.last_chunk())?;
        Ok(self.last.get_or_init(|| last))
    }

    fn open(&self, opened: &Opened, range: &Range<u64>) -> Result<Vec<u8>, ReadError> {
        let sealed = self.fetch(&opened.sealed_range(range))?;
        self.ranges_opened.fetch_add(1, Ordering::Relaxed);
        opened
            .open(range, sealed)
            .map_err(|refused| ReadError::Damaged { name: self.name.clone(), error: refused.into() })
    }

    fn fetch(&self, range: &Range<u64>) -> Result<Vec<u8>, ReadError> {
        self.body.read(range).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> ReadError {
        ReadError::Store { name: self.name.clone(), error }
    }
}

impl Body {
    /// A range of the bytes as they rest.
    fn read(&self, range: &Range<u64>) -> io::Result<Vec<u8>> {
        match self {
            _ if range.is_empty() => Ok(Vec::new()),
            Self::File(file) => {
                let mut bytes = vec![0; (range.end - range.start) as usize];
                file.read_exact_at(&mut bytes, range.start)?;
                Ok(bytes)
            }
            Self::Stored(store, path) => store::read(&**store, path, range),
        }
    }
}
