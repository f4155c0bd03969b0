//! Files that hold a secret and must be this account's alone.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::RootError;

/// Refuses what others can read, or could put there. Root could do either anyway.
pub(super) fn check_private(path: &Path, wanted: &'static str) -> Result<(), RootError> {
    let metadata = fs::metadata(path).map_err(|error| RootError::Disk { path: path.to_owned(), error })?;
    if ![0, rustix::process::geteuid().as_raw()].contains(&metadata.uid()) {
        return Err(RootError::Foreign { path: path.to_owned() });
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(RootError::TooOpen { path: path.to_owned(), mode, wanted });
    }
    Ok(())
}
