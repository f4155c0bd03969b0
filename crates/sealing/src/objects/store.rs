//! An object store, asked from threads that have no runtime.
//!
//! A store of files does its work at once where there is no runtime, and hands it to the runtime's own threads where
//! there is one. Those may be the very threads that wait here, so it is never asked from one.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::thread;

use futures_executor::{block_on, block_on_stream};
use object_store::path::Path;
use object_store::{GetOptions, GetResult, ObjectStore, ObjectStoreExt};

/// Does `work` on a thread that has no runtime, and waits for it.
pub(super) fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("objects".to_owned()).spawn_scoped(scope, work)?;
        thread.join().map_err(|_| io::Error::other("the thread that asks the object store died"))
    })
}

pub(super) fn put(store: &dyn ObjectStore, path: &Path, bytes: Vec<u8>) -> io::Result<()> {
    aside(|| block_on(store.put(path, bytes.into())))?.map(drop).map_err(failed)
}

/// What is there, without its bytes; a store of files gives the file, open. To be asked [`aside`].
pub(super) fn find(store: &dyn ObjectStore, path: &Path) -> io::Result<GetResult> {
    block_on(store.get_opts(path, GetOptions::new().with_head(true))).map_err(failed)
}

/// A range that is not empty.
pub(super) fn read(store: &dyn ObjectStore, path: &Path, range: &Range<u64>) -> io::Result<Vec<u8>> {
    let bytes = aside(|| block_on(store.get_range(path, range.clone())))?.map_err(failed)?;
    match bytes.len() as u64 == range.end - range.start {
        true => Ok(bytes.into()),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Deletes what is there, if anything is.
pub(super) fn delete(store: &dyn ObjectStore, path: &Path) -> io::Result<()> {
    match aside(|| block_on(store.delete(path)))? {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

pub(super) fn list(store: &dyn ObjectStore) -> io::Result<Vec<Path>> {
    let path = |found: object_store::Result<object_store::ObjectMeta>| match found {
        Ok(found) => Some(Ok(found.location)),
        // A name that no object can have.
        Err(object_store::Error::InvalidPath { .. }) => None,
        Err(error) => Some(Err(failed(error))),
    };
    aside(|| block_on_stream(store.list(None)).filter_map(path).collect())?
}

/// What the store said, as what the system said where it came from there.
pub(super) fn failed(error: object_store::Error) -> io::Error {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(error) = cause {
        if let Some(code) = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error) {
            return io::Error::from_raw_os_error(code);
        }
        cause = error.source();
    }
    match error {
        object_store::Error::NotFound { .. } => io::Error::new(ErrorKind::NotFound, error),
        error => io::Error::other(error),
    }
}
