//! Who signs checkpoints.

use domain::audit::Log;

use crate::protocol::{LastCheckpoint, LogState};
use crate::ring::OpenError;

/// Signs the checkpoints of audit logs, and remembers what it signed.
pub trait Signer: Send + Sync {
    /// By what the checkpoints of a log are checked, and what was last signed of it.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    fn last_checkpoint(&self, log: Log) -> Result<LastCheckpoint, OpenError>;

    /// The signed checkpoint of a log; `None` where it is not a continuation of what was last signed of it.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    fn sign_checkpoint(&self, state: LogState) -> Result<Option<String>, OpenError>;
}
