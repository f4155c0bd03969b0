//! Where backups go: an object store, a folder of this machine or one that speaks S3. Whatever it answers is believed only as
//! far as its digest says.

use std::future::Future;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest as _, Sha256};

use super::names::{FOLDERS, Found, Sum};
use super::{BackupError, disk};

/// Bytes that are put or read at once.
const PART_BYTES: usize = 8 << 20;
/// Bytes up to which an object is put in one piece.
const WHOLE_BYTES_MAX: usize = 64 << 20;
/// How often an object is put or read before it is given up; the store's own client tries each request again beside it.
const TRIES: usize = 3;

/// Waits for what is asked of a store, on a runtime if the store needs one.
pub type Wait = Arc<dyn Fn(Pin<Box<dyn Future<Output = ()> + '_>>) + Send + Sync>;

/// Where backups go.
#[derive(Clone)]
pub struct Target {
    place: Place,
    wait: Wait,
}

#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Store(Arc<dyn ObjectStore>),
}

/// What Candor put there, in the order of names, with its size; and the names of what it did not.
pub(super) type Contents = (Vec<(Found, u64)>, Vec<String>);

/// What is to be put.
pub(super) enum Staged {
    /// In memory.
    Bytes(Bytes),
    /// In a file of this machine.
    File(std::path::PathBuf, u64),
}

impl Staged {
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, bytes) => *bytes,
        }
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(&bytes[..]),
            Self::File(path, _) => Box::new(std::fs::File::open(path)?),
        })
    }
}

impl Target {
    /// A folder of this machine. It is never made: where a disk is not mounted another one would be filled.
    pub fn folder(path: &Path) -> Self {
        let place = Place::Folder(path.to_owned());
        Self { place, wait: Arc::new(|work| futures_executor::block_on(work)) }
    }

    /// A store that somebody else made.
    pub fn over(store: Arc<dyn ObjectStore>, wait: Wait) -> Self {
        Self { place: Place::Store(store), wait }
    }

    fn store(&self) -> io::Result<Arc<dyn ObjectStore>> {
        match &self.place {
            // A file is synced before it has its name, and its folder after.
            Place::Folder(path) => {
                let local = LocalFileSystem::new_with_prefix(path).map_err(failed)?;
                Ok(Arc::new(local.with_fsync(true)))
            }
            Place::Store(store) => Ok(store.clone()),
        }
    }

    /// Puts an object. It is durable when this returns, if the store keeps its word.
    pub(super) fn put(&self, name: &str, staged: &Staged) -> Result<(), BackupError> {
        self.again(name, || match staged {
            Staged::Bytes(bytes) if bytes.len() <= WHOLE_BYTES_MAX => {
                let (store, payload) = (self.store()?, PutPayload::from_bytes(bytes.clone()));
                self.wait(async { store.put(&Name::from(name), payload).await.map(drop) })
            }
            staged => self.put_in_parts(name, staged),
        })
    }

    fn put_in_parts(&self, name: &str, staged: &Staged) -> io::Result<()> {
        let mut input = staged.open()?;
        let store = self.store()?;
        let mut upload = self.wait(async { store.put_multipart(&Name::from(name)).await })?;
        let mut put = || {
            loop {
                let mut part = Vec::with_capacity(PART_BYTES);
                input.by_ref().take(PART_BYTES as u64).read_to_end(&mut part)?;
                if part.is_empty() {
                    return self.wait(async { upload.complete().await.map(drop) });
                }
                self.wait(upload.put_part(part.into()))?;
            }
        };
        let done = put();
        if done.is_err() {
            let _ = self.wait(upload.abort());
        }
        done
    }

    /// How large an object is; `None` where there is none.
    pub(super) fn bytes_of(&self, name: &str) -> Result<Option<u64>, BackupError> {
        self.again(name, || match self.wait(self.store()?.head(&Name::from(name))) {
            Ok(found) => Ok(Some(found.size)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// Begins to read an object.
    pub(super) fn open(&self, name: &str) -> Result<Reading<'_>, BackupError> {
        let size = self.bytes_of(name)?;
        let size = size.ok_or_else(|| BackupError::Damaged {
            name: name.to_owned(),
            what: "it is not there".to_owned(),
        })?;
        Ok(Reading {
            target: self,
            name: name.to_owned(),
            size,
            at: 0,
            part: Bytes::new(),
            hasher: Sha256::new(),
            failed: false,
        })
    }

    /// A small object whole.
    pub(super) fn read(&self, name: &str, bytes_max: u64) -> Result<Vec<u8>, BackupError> {
        let mut reading = self.open(name)?;
        if reading.size > bytes_max {
            let what = format!("it has {} bytes, more than it may have", reading.size);
            return Err(BackupError::Damaged { name: name.to_owned(), what });
        }
        let mut bytes = Vec::new();
        reading.read_to_end(&mut bytes).map_err(|error| target(name, error))?;
        Ok(bytes)
    }

    /// Everything that is there.
    pub(super) fn list(&self) -> Result<Contents, BackupError> {
        let all = || self.wait(self.store()?.list(None).try_collect::<Vec<_>>());
        let (mut known, mut other) = (Vec::new(), Vec::new());
        for found in self.again("the list", all)? {
            match Found::of(found.location.as_ref()) {
                Some(name) => known.push((name, found.size)),
                None => other.push(found.location.to_string()),
            }
        }
        known.sort();
        Ok((known, other))
    }

    /// Deletes an object; one that is not there is deleted.
    pub(super) fn delete(&self, name: &str) -> Result<(), BackupError> {
        self.again(name, || match self.wait(self.store()?.delete(&Name::from(name))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
    }

    /// Deletes what is left of puts that were cut off, where the target is a folder; a server deletes its own. Only whoever puts
    /// may ask for it.
    pub(super) fn delete_unfinished(&self) -> Result<(), BackupError> {
        let Place::Folder(root) = &self.place else { return Ok(()) };
        for folder in FOLDERS {
            for file in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
                if file.file_name().to_string_lossy().contains('#') {
                    std::fs::remove_file(file.path()).map_err(disk(file.path()))?;
                }
            }
        }
        Ok(())
    }

    /// Tries a few times. What a store refuses it refuses again, but one that is away may be back.
    fn again<T>(&self, name: &str, mut ask: impl FnMut() -> io::Result<T>) -> Result<T, BackupError> {
        let mut tries = 1;
        loop {
            match ask() {
                Ok(answer) => return Ok(answer),
                Err(error) if tries >= TRIES || is_final(&error) => return Err(target(name, error)),
                Err(error) => tracing::debug!(%error, name, tries, "the backup target is asked again"),
            }
            tries += 1;
        }
    }

    fn wait<T>(&self, asked: impl Future<Output = object_store::Result<T>>) -> io::Result<T> {
        let mut answer = None;
        (self.wait)(Box::pin(async { answer = Some(asked.await) }));
        answer.unwrap_or_else(|| unreachable!("what is waited for is done")).map_err(failed)
    }
}

/// Whether to try again is of no use.
fn is_final(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::StorageFull | io::ErrorKind::NotFound
    )
}

pub(super) fn target(name: &str, error: io::Error) -> BackupError {
    BackupError::Target { name: name.to_owned(), error }
}

/// An object that is being read, and the digest of what was read of it.
pub(super) struct Reading<'a> {
    target: &'a Target,
    name: String,
    size: u64,
    at: u64,
    part: Bytes,
    hasher: Sha256,
    failed: bool,
}

impl Reading<'_> {
    /// Whether it was the target that failed, and not what it gave.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Reads what is left, and gives the digest of the whole.
    pub(super) fn finish(mut self) -> Result<Sum, BackupError> {
        let name = self.name.clone();
        let mut room = vec![0; 256 << 10];
        while self.read(&mut room).map_err(|error| target(&name, error))? > 0 {}
        Ok(Sum::finish(self.hasher))
    }
}

impl Read for Reading<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.part.is_empty() && self.at < self.size {
            let (from, to) = (self.at, (self.at + PART_BYTES as u64).min(self.size));
            let target = self.target;
            let part = target.again(&self.name, || {
                let part =
                    target.wait(target.store()?.get_range(&Name::from(self.name.as_str()), from..to))?;
                if part.len() as u64 == to - from {
                    Ok(part)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                }
            });
            self.failed = part.is_err();
            self.part = part.map_err(|error| match error {
                BackupError::Target { error, .. } => error,
                error => io::Error::other(error),
            })?;
            self.at = to;
        }
        let count = room.len().min(self.part.len());
        room[..count].copy_from_slice(&self.part.split_to(count));
        self.hasher.update(&room[..count]);
        Ok(count)
    }
}

/// What the store said, as what the system said where it came from there.
fn failed(error: object_store::Error) -> io::Error {
    use object_store::Error;
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(code) = inner.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error) {
            return io::Error::from_raw_os_error(code);
        }
        cause = inner.source();
    }
    let kind = match error {
        Error::NotFound { .. } => io::ErrorKind::NotFound,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}
