//! The keeper's files, asked of the keeper part by part: `worker` cannot read its folder.

use std::io::Write;

use operations::backup::{BackupError, Copies, KeptFile};
use sealing::Client;

/// Copies by way of the keeper.
pub(super) struct KeeperCopies<'a>(pub(super) &'a Client);

impl Copies for KeeperCopies<'_> {
    fn length(&self, file: KeptFile) -> Result<Option<u64>, BackupError> {
        Ok(self.0.kept_length(file)?)
    }

    fn copy(&self, file: KeptFile, length: u64, to: &mut dyn Write) -> Result<(), BackupError> {
        let mut at = 0;
        while at < length {
            let part = self.0.kept_part(file, at)?;
            let wanted = part.len().min((length - at) as usize);
            if wanted == 0 {
                return Err(BackupError::Missing(file.name().to_owned()));
            }
            let failed = |error| BackupError::Disk { path: file.name().into(), error };
            to.write_all(&part[..wanted]).map_err(failed)?;
            at += wanted as u64;
        }
        Ok(())
    }
}
