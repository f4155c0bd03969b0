//! What a folder of objects holds beside them: files that were being written when their writer was killed. The object
//! store shows them to nobody and deletes none.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Deletes the files of objects with this extension that were never given their names.
pub(super) fn delete_unfinished(folder: &Path, extension: &str) -> io::Result<()> {
    for site in fs::read_dir(folder)? {
        let site = site?;
        if !site.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(site.path())? {
            let file = file?;
            if file.file_name().to_str().is_some_and(|name| is_unfinished(name, extension)) {
                delete(&file.path())?;
            }
        }
    }
    Ok(())
}

/// The object store writes `NAME#1`, or the next number that is free, and renames it to `NAME`.
fn is_unfinished(file: &str, extension: &str) -> bool {
    let Some((name, number)) = file.rsplit_once('#') else { return false };
    let of_ours = name.strip_suffix(extension).is_some_and(|name| name.ends_with('.'));
    of_ours && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
