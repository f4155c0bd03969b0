//! What a restore leaves beside the data, and what becomes of it before anything is served: it is written down that a backup was
//! restored, keys of visitors come back that are in no snapshot, and whoever was erased since is erased again.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use control::{Database, DatabaseError};
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{SiteId, Timestamp};
use serde::{Deserialize, Serialize};

use super::destruction::{Destroyed, Destruction, VisitorKey, unhex};
use super::manifest::Manifest;
use super::names::SnapshotId;
use super::restore::TO_TAKE_IN;
use super::{BackupError, disk};

/// While it is there, whoever was erased is erased again.
const ERASING: &str = "restored.erasing";

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Which backup.
    pub snapshot: SnapshotId,
    /// What it holds.
    pub manifest: Manifest,
    /// What was destroyed since, and before.
    pub destroyed: Vec<Destruction>,
    /// Whether it was restored without knowing that.
    pub without_destruction_list: bool,
    /// The keys of visitors that are not destroyed.
    pub visitor_keys: Vec<VisitorKey>,
}

impl Restored {
    /// What is to be taken in; `None` where nothing is.
    ///
    /// # Errors
    /// [`BackupError`] where it cannot be read: nothing must be served then.
    pub fn read(data: &Path) -> Result<Option<Self>, BackupError> {
        let path = data.join(TO_TAKE_IN);
        match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => {
                let bytes = read.map_err(disk(&path))?;
                let parsed = serde_json::from_slice(&bytes).map_err(io::Error::other);
                parsed.map(Some).map_err(disk(&path))
            }
        }
    }

    /// Sites whose keys were destroyed: nothing of them opens.
    pub fn destroyed_sites(&self) -> BTreeSet<SiteId> {
        let site = |one: &Destruction| match &one.what {
            Destroyed::Site { site } => Some(*site),
            Destroyed::Visitor { .. } => None,
        };
        self.destroyed.iter().filter_map(site).collect()
    }

    /// Takes in what a restore left in a data directory, once; whether there was anything. Killed in between, it is done again,
    /// and written down again.
    ///
    /// # Errors
    /// [`BackupError`]: nothing must be served then.
    pub fn take_in(data: &Path, database: &Database, now: Timestamp) -> Result<bool, BackupError> {
        let Some(restored) = Self::read(data)? else { return Ok(false) };
        let object = Object::new(ObjectKind::Backup, restored.snapshot.short());
        let entry = NewEntry::new(now, Actor::system(), Act::BackupRestore, object)
            .with("made_at", restored.manifest.made_at)
            .with("destroyed_since", restored.destroyed.len())
            .with("without_destruction_list", restored.without_destruction_list);
        database.act(Log::SERVER, &entry, |work| {
            for key in restored.visitor_keys.iter().filter_map(VisitorKey::read) {
                work.put_visitor_key_back(&key)?;
            }
            for one in &restored.destroyed {
                if let Destroyed::Visitor { site, visitor } = &one.what
                    && let Some(visitor) = unhex(visitor).and_then(|bytes| bytes.try_into().ok())
                {
                    work.erase_again(*site, visitor, one.at)?;
                }
            }
            Ok::<_, DatabaseError>(())
        })?;
        // Their keys may be in the set that was restored, where the server was cut off between the note and the keys.
        for site in restored.destroyed_sites() {
            database.remove_site(site)?;
        }
        let (from, to) = (data.join(TO_TAKE_IN), data.join(ERASING));
        fs::rename(&from, &to).and_then(|()| File::open(data)?.sync_all()).map_err(disk(from))?;
        Ok(true)
    }

    /// Whether everybody is erased again whom a restore brought back.
    ///
    /// # Errors
    /// [`BackupError`]: nothing must be served then.
    pub fn may_serve(data: &Path, database: &Database) -> Result<bool, BackupError> {
        let path: PathBuf = data.join(ERASING);
        if !path.exists() {
            return Ok(true);
        }
        if database.has_erasures_to_do()? {
            return Ok(false);
        }
        fs::remove_file(&path).map_err(disk(path))?;
        Ok(true)
    }
}
