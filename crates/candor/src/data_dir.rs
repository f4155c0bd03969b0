//! Where everything lies under the data directory, and how the directory is taken by one server at a time.
//!
//! The lock is one descriptor that the supervisor hands to every child: it stays taken until the last process of
//! a server is gone, so that a new server never works beside the remains of an old one.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// The version of the directory's layout that this program writes; it reads older ones and refuses newer ones.
const FORMAT: u32 = 1;
/// How long a server waits for the processes of its killed predecessor to be gone.
const LOCK_PATIENCE: Duration = Duration::from_millis(1_500);
/// How often the lock is tried meanwhile.
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataDirError {
    #[error("cannot use the data directory {path}: {error}")]
    Unusable { path: PathBuf, error: io::Error },
    #[error("another Candor server is running on {0}; stop it first, or give this one another --data")]
    Taken(PathBuf),
    #[error(
        "{path} was written by a newer Candor (format {found}, this one knows up to {FORMAT}); \
         run that version or a later one"
    )]
    Newer { path: PathBuf, found: u32 },
    #[error("a backup is half restored to {0}: run candor restore again, which goes on where it was cut off")]
    Unfinished(PathBuf),
    #[error("{path} is damaged: {error}")]
    Damaged { path: PathBuf, error: serde_json::Error },
}

/// The data directory of one server.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(PathBuf);

#[derive(Serialize, Deserialize)]
struct Format {
    format: u32,
    written_by: String,
}

impl DataDir {
    /// The directory at `path`, which need not exist yet.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The directory at `path`, made ready: whatever is missing of it is made, readable by this account alone.
    pub(crate) fn ready(path: &Path) -> Result<Self, DataDirError> {
        let unusable = |error| DataDirError::Unusable { path: path.to_owned(), error };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let directory = Self(std::fs::canonicalize(path).map_err(unusable)?);
        directory.prepare()?;
        Ok(directory)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn control_database(&self) -> PathBuf {
        self.0.join("control.db")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    pub(crate) fn segments(&self) -> PathBuf {
        self.0.join("segments")
    }

    /// Where chunks of recordings wait to be taken in.
    pub(crate) fn spool(&self) -> PathBuf {
        self.0.join("spool")
    }

    pub(crate) fn recordings(&self) -> PathBuf {
        self.0.join("recordings")
    }

    /// How many damaged files of the journal and of the spool were put aside.
    pub(crate) fn put_aside(&self) -> io::Result<u64> {
        let mut count = 0;
        for folder in [self.journal(), self.spool()] {
            for file in std::fs::read_dir(folder)? {
                count += u64::from(file?.path().extension().is_some_and(|extension| extension == "damaged"));
            }
        }
        Ok(count)
    }

    pub(crate) fn scratch(&self) -> PathBuf {
        self.0.join("tmp")
    }

    /// The networks that are blocked, for the machine's firewall.
    pub(crate) fn blocked_networks(&self) -> PathBuf {
        self.0.join("blocked.nft")
    }

    pub(crate) fn command_socket(&self) -> PathBuf {
        self.0.join("candor.sock")
    }

    /// The one-time setup token, until it is used.
    pub(crate) fn setup_token(&self) -> PathBuf {
        self.0.join("setup-token")
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.0.join("lock")
    }

    pub(crate) fn format_file(&self) -> PathBuf {
        self.0.join("format.json")
    }

    /// Makes what is missing and checks the format.
    fn prepare(&self) -> Result<(), DataDirError> {
        let unusable = |error| self.unusable(error);
        if operations::backup::unfinished(&self.0) {
            return Err(DataDirError::Unfinished(self.0.clone()));
        }
        let own = [self.journal(), self.segments(), self.spool(), self.recordings(), self.scratch()];
        for folder in std::iter::once(self.0.clone()).chain(own) {
            DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(unusable)?;
        }
        match self.read_format()? {
            Some(_) => Ok(()),
            None => self.write_format().map_err(unusable),
        }
    }

    /// The format the directory was written in; `None` where there is none yet.
    pub(crate) fn read_format(&self) -> Result<Option<u32>, DataDirError> {
        let path = self.format_file();
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unusable(error)),
        };
        let format: Format =
            serde_json::from_slice(&bytes).map_err(|error| DataDirError::Damaged { path, error })?;
        if format.format > FORMAT {
            return Err(DataDirError::Newer { path: self.0.clone(), found: format.format });
        }
        Ok(Some(format.format))
    }

    fn write_format(&self) -> io::Result<()> {
        let format = Format { format: FORMAT, written_by: format!("candor {}", env!("CARGO_PKG_VERSION")) };
        let fresh = self.0.join("format.json.tmp");
        let mut file = File::create(&fresh)?;
        file.write_all(&serde_json::to_vec(&format).expect("a format is JSON"))?;
        file.sync_all()?;
        std::fs::rename(fresh, self.format_file())?;
        File::open(&self.0)?.sync_all()
    }

    /// Takes the directory for this server. Refuses when another server holds it.
    pub(crate) fn take(&self) -> Result<File, DataDirError> {
        let started = Instant::now();
        loop {
            match self.try_take()? {
                Some(lock) => return Ok(lock),
                None if started.elapsed() > LOCK_PATIENCE => return Err(DataDirError::Taken(self.0.clone())),
                None => std::thread::sleep(LOCK_PAUSE),
            }
        }
    }

    /// Takes the directory if nobody holds it.
    pub(crate) fn try_take(&self) -> Result<Option<File>, DataDirError> {
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.lock_file())
            .map_err(|error| self.unusable(error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(self.unusable(error)),
        }
    }

    /// Binds a Unix socket that only this account can connect to, in place of one left by an earlier server.
    /// Call it with the directory taken.
    pub(crate) fn bind_socket(&self, path: &Path) -> Result<std::os::unix::net::UnixListener, DataDirError> {
        let bind = || {
            if let Err(error) = std::fs::remove_file(path)
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(error);
            }
            let listener = std::os::unix::net::UnixListener::bind(path)?;
            std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
            listener.set_nonblocking(true)?;
            Ok(listener)
        };
        bind().map_err(|error| DataDirError::Unusable { path: path.to_owned(), error })
    }

    fn unusable(&self, error: io::Error) -> DataDirError {
        DataDirError::Unusable { path: self.0.clone(), error }
    }
}
