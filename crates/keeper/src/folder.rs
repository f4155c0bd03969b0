//! The lock on the folder for keys: two keepers of one folder would each write what the other does not know of, and
//! neither could open what the other made.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::KeeperError;

/// The file that is locked.
pub(crate) const LOCK: &str = "lock";
/// How long a keeper waits for one before it to be gone.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How often it tries meanwhile.
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the folder, for as long as the file that is returned is open.
pub(crate) fn take(folder: &Path) -> Result<File, KeeperError> {
    let failed = |error| KeeperError::Folder { path: folder.to_owned(), error };
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(folder.join(LOCK));
    let file = file.map_err(failed)?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => {
                return Err(KeeperError::Taken { path: folder.to_owned() });
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}
