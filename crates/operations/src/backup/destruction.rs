//! What was destroyed, told to the target at once and apart from the snapshots: that a visitor was erased, that a site's keys are
//! no more. And the wrapped keys, which are in no snapshot: one set that holds what is left of them, in the place of all before.
//!
//! First the note goes to the target, then the set of keys that remain, then the sets of before are deleted. Killed between any
//! two of these it is done again; a note that is there twice says the same.

use std::collections::BTreeSet;
use std::io::Read as _;

use control::{Database, ErasedVisitor, Untold, WrappedVisitorKey};
use domain::{SiteId, Timestamp};
use sealing::protocol::KeptFile;
use serde::{Deserialize, Serialize};

use super::BackupError;
use super::archive::{Archive, MIXED};
use super::crypt::Identity;
use super::hold::Copies;
use super::names::{Found, SnapshotId, Sum};
use super::target::{Staged, Target};
use super::verify::Inside;
use super::write::Backups;

/// The format of a note. Newer ones are refused.
const FORMAT: u32 = 1;
/// Bytes of a note at most.
const NOTE_BYTES_MAX: u64 = 64 << 10;
/// Bytes of the files in a set of keys at most.
const KEYS_BYTES_MAX: u64 = 1 << 30;
/// In a set of keys: which notes there were when it was written, so that none can be taken away unseen.
const NOTES: &str = "keys/destroyed.json";
/// In a set of keys: those of visitors.
const VISITORS: &str = "keys/visitors.json";

/// Something that is to stay destroyed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destroyed {
    /// Everything of a visitor.
    Visitor {
        /// Of which site.
        site: SiteId,
        /// Who, in hexadecimal.
        visitor: String,
    },
    /// The keys of a site, and everything with them.
    Site {
        /// Which.
        site: SiteId,
    },
}

/// That it was, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Destruction {
    format: u32,
    /// When it was asked for.
    pub at: Timestamp,
    /// What.
    pub what: Destroyed,
}

impl Destruction {
    /// That `what` was destroyed.
    pub const fn new(at: Timestamp, what: Destroyed) -> Self {
        Self { format: FORMAT, at, what }
    }

    /// All that the control database says the target does not know of. When a site was removed it does not say.
    pub fn untold(untold: &Untold, now: Timestamp) -> Vec<Self> {
        let visitor = |one: &ErasedVisitor| {
            let what = Destroyed::Visitor { site: one.site, visitor: hex(&one.visitor) };
            Self::new(one.asked_at, what)
        };
        let site = |site: &SiteId| Self::new(now, Destroyed::Site { site: *site });
        untold.visitors.iter().map(visitor).chain(untold.sites.iter().map(site)).collect()
    }
}

/// A visitor's key, wrapped under the site's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorKey {
    /// Of which site.
    pub site: SiteId,
    /// Whose, in hexadecimal.
    pub visitor: String,
    /// The wrapped key, in hexadecimal.
    pub wrapped: String,
}

impl VisitorKey {
    fn of(key: &WrappedVisitorKey) -> Self {
        Self { site: key.site, visitor: hex(&key.visitor), wrapped: hex(&key.wrapped) }
    }

    /// As the control database keeps it; `None` where it is not written as one.
    pub(super) fn read(&self) -> Option<WrappedVisitorKey> {
        let visitor = unhex(&self.visitor)?.try_into().ok()?;
        Some(WrappedVisitorKey { site: self.site, visitor, wrapped: unhex(&self.wrapped)? })
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect())
}

/// What a set of keys holds.
pub(super) struct KeySet {
    pub(super) keys: Vec<u8>,
    pub(super) visitors: Vec<VisitorKey>,
    notes: BTreeSet<String>,
}

impl Backups {
    /// Tells the target what was destroyed; the names of the notes that say so, in the same order.
    ///
    /// # Errors
    /// [`BackupError`]; what was told already stays told.
    pub fn tell_destroyed(&self, destroyed: &[Destruction]) -> Result<Vec<String>, BackupError> {
        let mut notes = Vec::with_capacity(destroyed.len());
        for one in destroyed {
            let text = serde_json::to_vec(one).expect("a note is JSON");
            let mut bytes = Vec::new();
            let name = "a note in the making";
            let failed = |error| BackupError::Target { name: name.to_owned(), error };
            match self.encrypt_to() {
                Some(recipients) => {
                    let mut sealed = recipients.encrypt(&mut bytes).map_err(failed)?;
                    std::io::Write::write_all(&mut sealed, &text).map_err(failed)?;
                    sealed.finish().map_err(failed)?;
                }
                None => bytes = text,
            }
            let id = SnapshotId::new(one.at, Sum::of(&bytes));
            let note = Found::Destruction(id);
            self.put(&note, &Staged::Bytes(bytes.into()))?;
            notes.push(note.name());
        }
        Ok(notes)
    }

    /// Whether a note is in the target as it was put there.
    ///
    /// # Errors
    /// [`BackupError`] where the target does not say.
    pub fn has_note(&self, name: &str) -> Result<bool, BackupError> {
        let Some(note @ Found::Destruction(_)) = Found::of(name) else { return Ok(false) };
        match self.target.read(name, NOTE_BYTES_MAX) {
            Ok(bytes) => Ok(note.sum() == Some(&Sum::of(&bytes))),
            Err(BackupError::Damaged { .. }) => Ok(false),
            Err(BackupError::Target { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Puts the keys that there are now in the place of those that were there.
    ///
    /// # Errors
    /// [`BackupError`]; then the sets of before are still there.
    pub fn replace_keys(
        &self,
        keeper: &dyn Copies,
        database: &Database,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let visitors: Vec<VisitorKey> = database.visitor_keys()?.iter().map(VisitorKey::of).collect();
        let mut keys = Vec::new();
        let length = keeper.length(KeptFile::Keys)?;
        keeper.copy(KeptFile::Keys, length.unwrap_or(0), &mut keys)?;
        let listed = self.target.list()?.0;
        let notes: BTreeSet<String> = listed
            .iter()
            .filter(|(found, _)| matches!(found, Found::Destruction(_)))
            .map(|(found, _)| found.name())
            .collect();
        let failed = |error| BackupError::Target { name: "keys in the making".to_owned(), error };
        let mut archive = Archive::begin(Vec::new(), self.encrypt_to(), MIXED, now).map_err(failed)?;
        let (visitors, notes) = (
            serde_json::to_vec(&visitors).expect("keys are JSON"),
            serde_json::to_vec(&notes).expect("names are JSON"),
        );
        let path = format!("keys/{}", KeptFile::Keys.name());
        for (path, bytes) in [(&*path, &keys), (VISITORS, &visitors), (NOTES, &notes)] {
            archive.add(path, bytes.len() as u64, &bytes[..]).map_err(failed)?;
        }
        let bytes = archive.finish().map_err(failed)?;
        let fresh = Found::Keys(SnapshotId::new(now, Sum::of(&bytes)));
        self.put(&fresh, &Staged::Bytes(bytes.into()))?;
        for (found, _) in listed {
            if matches!(found, Found::Keys(_)) && found != fresh {
                self.target.delete(&found.name())?;
            }
        }
        Ok(())
    }
}

impl Target {
    /// The newest set of keys.
    pub(super) fn keys(&self, identity: &Identity) -> Result<KeySet, BackupError> {
        let listed = self.list()?.0;
        let newest = listed.into_iter().rev().find(|(found, _)| matches!(found, Found::Keys(_)));
        let name = newest.map(|(found, _)| found.name()).ok_or(BackupError::NoBackup)?;
        let damaged = |what: &str| BackupError::Damaged { name: name.clone(), what: what.to_owned() };
        let (mut keys, mut visitors, mut notes) = (None, None, None);
        let own = format!("keys/{}", KeptFile::Keys.name());
        self.unpack(&name, identity, |path, bytes, input| {
            if bytes > KEYS_BYTES_MAX {
                return Err(Inside::Own(damaged("it is too long")));
            }
            let mut read = Vec::new();
            input.read_to_end(&mut read)?;
            match path {
                VISITORS => visitors = serde_json::from_slice(&read).ok(),
                NOTES => notes = serde_json::from_slice(&read).ok(),
                path if path == own => keys = Some(read),
                _ => {}
            }
            Ok(())
        })?;
        match (keys, visitors, notes) {
            (Some(keys), Some(visitors), Some(notes)) => Ok(KeySet { keys, visitors, notes }),
            _ => Err(damaged("keys are missing from it")),
        }
    }

    /// Everything that was destroyed. It fails rather than leave one out: also where a note is gone that was there when the keys
    /// were written.
    pub(super) fn destroyed(
        &self,
        identity: &Identity,
        keys: &KeySet,
    ) -> Result<Vec<Destruction>, BackupError> {
        let listed = self.list()?.0;
        let names: BTreeSet<String> = listed
            .iter()
            .filter(|(found, _)| matches!(found, Found::Destruction(_)))
            .map(|(found, _)| found.name())
            .collect();
        if let Some(gone) = keys.notes.difference(&names).next() {
            return Err(BackupError::NoDestructionList(format!("{gone} is not there")));
        }
        let mut destroyed = BTreeSet::new();
        for name in names {
            let damaged = |what: String| BackupError::NoDestructionList(format!("{name}: {what}"));
            let bytes = self.read(&name, NOTE_BYTES_MAX).map_err(|error| match error {
                BackupError::Damaged { what, .. } => damaged(what),
                error => error,
            })?;
            let mut text = Vec::new();
            let opened = identity.open(&bytes[..]).and_then(|mut opened| opened.read_to_end(&mut text));
            opened.map_err(|error| damaged(error.to_string()))?;
            let note: Destruction =
                serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
            if note.format > FORMAT {
                return Err(damaged(format!("it has format {}, newer than this Candor reads", note.format)));
            }
            destroyed.insert(note);
        }
        Ok(destroyed.into_iter().collect())
    }
}
