//! How long backups are kept: three days, and the newest that is whole always. What no index names any more goes with them.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Timestamp;

use super::index::Index;
use super::names::Found;
use super::write::Backups;
use super::{BackupError, SnapshotId};

/// How long a backup is kept.
pub const KEPT_FOR: Duration = Duration::from_secs(3 * 86_400);

/// Backups that are whole, and what is wrong with others.
#[derive(Debug)]
pub struct Listed {
    /// Oldest first.
    pub backups: Vec<Backup>,
    /// What is wrong.
    pub wrong: Vec<BackupError>,
}

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Which.
    pub id: SnapshotId,
    /// The moment that it shows.
    pub made_at: Timestamp,
    /// Bytes that it names in the target.
    pub bytes: u64,
}

/// What was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Backups.
    pub backups: Vec<SnapshotId>,
    /// Objects, those of these backups and those of some that were never finished.
    pub objects: usize,
}

impl Backups {
    /// All backups there are.
    ///
    /// # Errors
    /// [`BackupError`] where the target does not answer.
    pub fn list(&self) -> Result<Listed, BackupError> {
        let (indexes, wrong) = Index::all(&self.target, Some(&self.key))?;
        let told = indexes.iter().map(|index| Backup {
            id: index.id().clone(),
            made_at: index.made_at,
            bytes: index.bytes(),
        });
        Ok(Listed { backups: told.collect(), wrong })
    }

    /// Deletes what was kept long enough. The index goes first, so that no backup is listed that is not whole. To be asked for
    /// by whoever makes backups, while none is made. What is wrong with an index is not judged here: while one cannot be read,
    /// nothing is deleted but what is known to be old.
    ///
    /// # Errors
    /// [`BackupError`] where the target does not answer.
    pub fn prune(&self, now: Timestamp) -> Result<Pruned, BackupError> {
        self.target.delete_unfinished()?;
        let (mut indexes, wrong) = Index::all(&self.target, Some(&self.key))?;
        let newest = self.newest_whole(&indexes)?;
        let mut pruned = Pruned::default();
        let is_old = |index: &Index| index.made_at + KEPT_FOR < now;
        for index in indexes.extract_if(.., |index| is_old(index) && Some(index.id()) != newest.as_ref()) {
            self.target.delete(&Found::Index(index.id().clone()).name())?;
            pruned.objects += 1;
            pruned.backups.push(index.id().clone());
        }
        if !wrong.is_empty() {
            return Ok(pruned);
        }
        let named: BTreeSet<String> = indexes.iter().flat_map(names_of).collect();
        for (found, _) in self.target.list()?.0 {
            let name = found.name();
            if matches!(found, Found::Pack(_) | Found::Snapshot(_)) && !named.contains(&name) {
                self.target.delete(&name)?;
                pruned.objects += 1;
            }
        }
        Ok(pruned)
    }

    /// The newest of which every object is there in its size.
    fn newest_whole(&self, indexes: &[Index]) -> Result<Option<SnapshotId>, BackupError> {
        let there: BTreeSet<(String, u64)> =
            self.target.list()?.0.into_iter().map(|(found, bytes)| (found.name(), bytes)).collect();
        let is_whole = |index: &&Index| sizes_of(index).all(|sized| there.contains(&sized));
        Ok(indexes.iter().rev().find(is_whole).map(|index| index.id().clone()))
    }
}

fn names_of(index: &Index) -> Vec<String> {
    sizes_of(index).map(|(name, _)| name).collect()
}

fn sizes_of(index: &Index) -> impl Iterator<Item = (String, u64)> + '_ {
    let snapshot = (Found::Snapshot(index.snapshot.clone()).name(), index.snapshot_bytes);
    let packs = index.packs.iter().map(|pack| (Found::Pack(pack.sum.clone()).name(), pack.bytes));
    std::iter::once(snapshot).chain(packs)
}
