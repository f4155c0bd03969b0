//! One moment of everything that is kept, while the server goes on: links to what never changes, copies of what does. It is
//! taken while every writer of the control database waits, so that segments, journal and database belong together; what is
//! replaced and deleted meanwhile stays under its link until the backup is made.
//!
//! It holds nobody up for longer than the copy of the database and the links take.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use control::Database;
use domain::SiteId;
use sealing::Key;
use sealing::protocol::KeptFile;

use super::{BackupError, disk};

/// Gives copies of the keeper's files: the keeper alone can read them.
pub trait Copies {
    /// How long a file is by now; `None` where there is none.
    fn length(&self, file: KeptFile) -> Result<Option<u64>, BackupError>;

    /// The first `length` bytes of a file that only grows, or the whole of another.
    fn copy(&self, file: KeptFile, length: u64, to: &mut dyn io::Write) -> Result<(), BackupError>;
}

/// A file that is held.
pub(super) struct HeldFile {
    /// Where it lies in a backup.
    pub(super) path: String,
    /// Where it lies meanwhile.
    pub(super) at: PathBuf,
    pub(super) bytes: u64,
    /// Whether it never changes, so that later backups may name it again.
    pub(super) lasting: bool,
}

/// One moment. What is held is let go of with it.
pub(super) struct Held {
    folder: PathBuf,
    pub(super) files: Vec<HeldFile>,
    pub(super) without_recordings: Vec<SiteId>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.folder) {
            tracing::warn!(%error, "what a backup held could not be let go of");
        }
    }
}

/// Deletes what a backup that was cut off held. Only whoever makes backups may ask for it.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Held {
    /// Takes it. `folder` must lie on the same disk as the data.
    pub(super) fn take(
        data: &Path,
        folder: &Path,
        database: &Database,
        key: &Key,
        keeper: &dyn Copies,
    ) -> Result<Self, BackupError> {
        remove(folder).map_err(disk(folder))?;
        let mut held = Self { folder: folder.to_owned(), files: Vec::new(), without_recordings: Vec::new() };
        for part in ["keys", "journal", "segments", "recordings", "tmp"] {
            let path = folder.join(part);
            DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(disk(&path))?;
        }
        let sites = database.sites()?;
        let (with, without): (Vec<_>, Vec<_>) =
            sites.iter().partition(|site| site.settings.recording.in_backups);
        held.without_recordings = without.iter().map(|site| site.id).collect();
        let copy = folder.join("tmp/control.db");
        let (journal, audit) = database.copy_still(&copy, || {
            link_all(&data.join("segments"), &folder.join("segments"), &|_| true)?;
            let of_sites = |folder: &str| with.iter().any(|site| site.id.to_string() == folder);
            link_all(&data.join("recordings"), &folder.join("recordings"), &of_sites)?;
            let journal = link_journal(&data.join("journal"), &folder.join("tmp"))?;
            // Read first, so that nothing else is older than what it tells of.
            let audit = keeper.length(KeptFile::Audit)?.unwrap_or(0);
            for file in [KeptFile::People, KeptFile::Checkpoints] {
                if let Some(length) = keeper.length(file)? {
                    held.copy_kept(keeper, file, length)?;
                }
            }
            Ok::<_, BackupError>((journal, audit))
        })?;
        held.copy_kept(keeper, KeptFile::Audit, audit)?;
        for (name, bytes) in journal {
            held.settle_journal(&name, bytes)?;
        }
        Database::settle_copy(&copy, key, &folder.join("control.db"))?;
        held.list(data, key)?;
        Ok(held)
    }

    /// The folder, which is one for data as far as events and the control database go.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn copy_kept(&mut self, keeper: &dyn Copies, file: KeptFile, length: u64) -> Result<(), BackupError> {
        let at = self.folder.join("keys").join(file.name());
        let mut output = File::create(&at).map_err(disk(&at))?;
        keeper.copy(file, length, &mut output)?;
        self.add(format!("keys/{}", file.name()), at, false)
    }

    /// A file of the journal grows on behind its link: what it was then is copied.
    fn settle_journal(&mut self, name: &str, bytes: u64) -> Result<(), BackupError> {
        let (link, at) = (self.folder.join("tmp").join(name), self.folder.join("journal").join(name));
        let mut input = File::open(&link).map_err(disk(&link))?.take(bytes);
        let copied = File::create(&at).and_then(|mut output| io::copy(&mut input, &mut output));
        copied.map_err(disk(&at))?;
        fs::remove_file(&link).map_err(disk(&link))?;
        self.add(format!("data/journal/{name}"), at, false)
    }

    /// Lists what the database of that moment names; what it does not is let go of.
    fn list(&mut self, data: &Path, key: &Key) -> Result<(), BackupError> {
        let database = self.folder.join("control.db");
        let (segments, parts) = {
            let opened = Database::open(&database, key)?;
            (opened.catalog()?.segments, opened.listed_recording_objects()?)
        };
        let mut wanted: BTreeSet<String> =
            segments.iter().map(|row| format!("segments/{}/{}.parquet", row.site, row.id)).collect();
        wanted.extend(parts.iter().map(|(site, id)| format!("recordings/{site}/{id}.recording")));
        for path in wanted {
            let at = self.folder.join(&path);
            if !at.exists() {
                return Err(BackupError::Missing(data.join(&path).display().to_string()));
            }
            self.add(format!("data/{path}"), at, true)?;
        }
        self.add("data/control.db".to_owned(), database, false)?;
        self.add("data/format.json".to_owned(), data.join("format.json"), false)
    }

    fn add(&mut self, path: String, at: PathBuf, lasting: bool) -> Result<(), BackupError> {
        let bytes = fs::metadata(&at).map_err(disk(&at))?.len();
        self.files.push(HeldFile { path, at, bytes, lasting });
        Ok(())
    }
}

/// Links the files of each site's folder; those that are in the making are no part of anything yet.
fn link_all(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<(), BackupError> {
    for folder in entries(from)? {
        let name = folder.file_name().to_string_lossy().into_owned();
        if !wanted(&name) || !folder.path().is_dir() {
            continue;
        }
        let into = to.join(&name);
        DirBuilder::new().recursive(true).mode(0o700).create(&into).map_err(disk(&into))?;
        for file in entries(&folder.path())? {
            if !file.file_name().to_string_lossy().contains('#') {
                link(&file.path(), &into.join(file.file_name()))?;
            }
        }
    }
    Ok(())
}

/// Links the files of the journal, and notes how long each is.
fn link_journal(from: &Path, to: &Path) -> Result<Vec<(String, u64)>, BackupError> {
    let mut linked = Vec::new();
    for file in entries(from)? {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".journal") || name.ends_with(".damaged") {
            let into = to.join(&name);
            link(&file.path(), &into)?;
            if let Ok(metadata) = fs::metadata(&into) {
                linked.push((name, metadata.len()));
            }
        }
    }
    Ok(linked)
}

fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, BackupError> {
    match fs::read_dir(folder).and_then(Iterator::collect) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(disk(folder)),
    }
}

/// One that is gone by now is not part of the moment: what is, nobody deletes while writers wait.
fn link(from: &Path, to: &Path) -> Result<(), BackupError> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(disk(from)(error)),
        _ => Ok(()),
    }
}
