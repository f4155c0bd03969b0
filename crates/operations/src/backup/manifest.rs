//! What a backup holds, in words: the first entry of a snapshot, readable by whoever can decrypt it.

use std::collections::BTreeSet;

use control::Database;
use domain::{SiteId, Timestamp};
use serde::{Deserialize, Serialize};

use super::BackupError;
use super::names::Sum;
use super::write::audit_heads;

/// The format written here. Newer ones are refused.
pub(super) const FORMAT: u32 = 1;
/// What the manifest is called in the archive.
pub(super) const MANIFEST: &str = "manifest.json";

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this list.
    pub format: u32,
    /// Which Candor wrote it.
    pub written_by: String,
    /// The one moment that it shows.
    pub made_at: Timestamp,
    /// Every file.
    pub files: Vec<FileEntry>,
    /// Where those lie that are not in the snapshot itself.
    pub packs: Vec<Sum>,
    /// Every audit log as it was.
    pub audit: Vec<AuditHead>,
    /// Questions and what they were answered.
    pub canaries: Vec<Canary>,
    /// Sites whose recordings are not in it.
    pub without_recordings: Vec<SiteId>,
}

impl Manifest {
    /// What of a restored database and of the answers to the same questions is not as it was, in words. Sites whose keys were
    /// destroyed since cannot be asked.
    ///
    /// # Errors
    /// [`BackupError`] where the database cannot be read.
    pub fn differs(
        &self,
        answers: &[Canary],
        database: &Database,
        destroyed: &BTreeSet<SiteId>,
    ) -> Result<Option<String>, BackupError> {
        let heads = audit_heads(database)?;
        if let Some(was) = self.audit.iter().find(|was| !heads.contains(was)) {
            return Ok(Some(format!("audit log {} is not what it was", was.log)));
        }
        let asked: Vec<&Canary> =
            self.canaries.iter().filter(|canary| !destroyed.contains(&canary.site)).collect();
        if answers.len() != asked.len() {
            let (now, then) = (answers.len(), asked.len());
            return Ok(Some(format!("{now} questions can be asked where {then} were")));
        }
        let other = asked.into_iter().zip(answers).find(|(was, is)| was != is);
        Ok(other.map(|(was, is)| {
            format!("of site {}, {} was {} and is {}", was.site, was.question, was.answer, is.answer)
        }))
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Where it lies, such as `data/segments/1/a.parquet`.
    pub path: String,
    /// How large it is.
    pub bytes: u64,
    /// Of what it holds.
    pub sha256: Sum,
    /// By its place among the packs, if it is in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<usize>,
}

/// An audit log as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// Which one; 0 is the server's own.
    pub log: u32,
    /// How many entries it had.
    pub size: u64,
    /// The root over them, in hexadecimal.
    pub root: String,
}

/// A question about what is kept, and what it was answered when the backup was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// About which site.
    pub site: SiteId,
    /// In words.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Whether a path may be restored: plain names below one of the two folders, and nothing that leads out of them.
pub(super) fn is_plain(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    path.split_once('/')
        .is_some_and(|(folder, below)| matches!(folder, "data" | "keys") && below.split('/').all(part))
}
