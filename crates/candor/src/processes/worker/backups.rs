//! The duty of backing up, on a thread of its own: what was destroyed is told at once, a backup is made every day, and every week
//! it is looked whether one restores. What fails is tried again, and is late when the time for it is over; nobody waits for it.

mod keeper;
mod schedule;
mod telling;

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{panic, thread};

use control::{BackupMark, Database, DatabaseError};
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{Clock, Timestamp};
use operations::backup::{
    BackupError, Backups, Canary, Controls, Destruction, Identity, Made, Recipients, Restore, Restored,
    SnapshotId, Source, Target,
};
use sealing::{Client, Key};

use self::keeper::KeeperCopies;
use self::schedule::{Due, Schedule};
use self::telling::Telling;
use crate::config::{BackupOrders, BackupTarget};
use crate::logging::with_causes;
use crate::processes::birth::Voice;
use crate::processes::canaries;
use crate::processes::dialer::{Dial, Whom};
use crate::processes::messages::{BackupListed, BackupMade, BackupState, BackupTold, BackupWish, FromChild};
use crate::s3;

/// How often it looks for work.
const ROUND_EVERY: Duration = Duration::from_secs(1);
/// Bytes that are to stay free when restoring is tried.
const ROOM_BYTES_MIN: u64 = 1 << 30;

/// What is said to whoever asks about backups where none are made.
pub(super) const OFF: &str =
    "no backups are made here: start candor serve with --backup-to and --backup-recipient";

/// Something that somebody asked for, by its number.
pub(super) type Wish = (u64, BackupWish);

/// What the duty is made of.
pub(super) struct Means {
    pub(super) data: PathBuf,
    pub(super) database: Arc<Database>,
    pub(super) key: Key,
    pub(super) keeper: Client,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) voice: Voice,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) controls: Controls,
    /// How long a server that backups go to is waited for.
    pub(super) s3_patience: s3::Patience,
    /// Where whoever watches over promises reads whether backups are late.
    pub(super) shown: Arc<Mutex<BackupState>>,
}

/// The duty.
pub(super) struct BackUp {
    means: Means,
    backups: Backups,
    drill_identity: Option<Identity>,
    schedule: Schedule,
    telling: Arc<Telling>,
    /// While it is held the state is told without it, too.
    _told_meanwhile: mpsc::Sender<()>,
    /// Of which keeper the keys in the target are.
    generation: Option<u64>,
    /// What was last complained of, so that one trouble is one line in the log.
    complaint: String,
}

/// Begins the duty on a thread of its own, for as long as the answer is held.
pub(super) fn begin(
    orders: BackupOrders,
    means: Means,
    line: Option<OwnedFd>,
) -> anyhow::Result<mpsc::Sender<Wish>> {
    let (tell, told) = mpsc::channel();
    let mut duty = BackUp::new(orders, means, line)?;
    thread::Builder::new().name("backups".to_owned()).spawn(move || duty.go_on(&told))?;
    Ok(tell)
}

impl BackUp {
    fn new(orders: BackupOrders, means: Means, line: Option<OwnedFd>) -> anyhow::Result<Self> {
        let target = match (&orders.target, line) {
            (BackupTarget::Folder(folder), _) => Target::folder(folder),
            (BackupTarget::S3(place), Some(line)) => {
                let dial = Dial::new(line, means.voice.clone())?;
                s3::target(place, Arc::new(move || dial.connect(Whom::Backups)), means.s3_patience)?
            }
            (BackupTarget::S3(_), None) => anyhow::bail!("nothing dials the server that backups go to"),
        };
        let recipients = Recipients::new(&orders.recipients)?;
        let identity = orders.drill_identity.map(|line| Identity::parse(line.as_str())).transpose()?;
        let now = means.clock.now();
        means.database.begin_backups(now)?;
        let telling = Arc::new(Telling::new(&means, identity.is_some()));
        Ok(Self {
            backups: Backups::new(target, recipients, &means.key, means.controls),
            schedule: Schedule::new(identity.is_some()),
            drill_identity: identity,
            _told_meanwhile: telling.clone().begin()?,
            telling,
            means,
            generation: None,
            complaint: String::new(),
        })
    }

    /// Works until the other end of `told` is gone.
    fn go_on(&mut self, told: &Receiver<Wish>) {
        loop {
            if let Err(error) = self.round() {
                if matches!(error, BackupError::Stopped) {
                    return;
                }
                self.complain(with_causes(&error));
            }
            self.tell_state();
            match told.recv_timeout(ROUND_EVERY) {
                Ok((number, wish)) => {
                    let told = self.grant(&wish);
                    self.tell_state();
                    self.means.voice.say(FromChild::OfBackups(number, told));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// What is due.
    pub(super) fn round(&mut self) -> Result<(), BackupError> {
        let now = self.means.clock.now();
        if self.schedule.may_tell(now) {
            self.schedule.tried_to_tell(now);
            self.tell_destroyed(now)?;
            self.schedule.told();
        }
        match self.schedule.due(&self.means.database, now)? {
            Some(Due::Backup) => {
                self.schedule.tried(Due::Backup, now);
                self.make()?;
            }
            Some(Due::Drill) => {
                self.schedule.tried(Due::Drill, now);
                if self.means.controls.drills {
                    self.try_to_restore()?;
                }
            }
            None => {}
        }
        Ok(())
    }

    fn grant(&mut self, wish: &BackupWish) -> Result<BackupTold, String> {
        let granted = match wish {
            BackupWish::Make => self.make().map(|made| BackupTold::Made(told_of(&made))),
            BackupWish::List => self.list(),
            BackupWish::Drill => self.drill_of(&self.drill_folder()).map(drilled).inspect_err(|error| {
                self.complain(with_causes(error));
            }),
            BackupWish::DrillFailed { why, is_wrong } => self.drill_failed(why, *is_wrong),
            BackupWish::LookForErasure { number, done_at } => self.look_for_erasure(*number, *done_at),
        };
        granted.map_err(|error| with_causes(&error))
    }

    /// What was destroyed and the target does not know of: first the note, then the keys that are left. A keeper that was
    /// started again may have replaced the root key: what is wrapped under the one before would be lost with it.
    fn tell_destroyed(&mut self, now: Timestamp) -> Result<(), BackupError> {
        let untold = self.means.database.untold_destroyed()?;
        let generation = self.means.keeper.generation();
        if untold == control::Untold::default() && self.generation == Some(generation) {
            return Ok(());
        }
        // Visitors come first.
        let notes = self.backups.tell_destroyed(&Destruction::untold(&untold, now))?;
        if self.backups.controls().withdraws_keys {
            self.backups.replace_keys(&KeeperCopies(&self.means.keeper), &self.means.database, now)?;
        }
        self.means.database.told_destroyed(&untold, &notes)?;
        self.generation = Some(generation);
        Ok(())
    }

    fn make(&mut self) -> Result<Made, BackupError> {
        let now = self.means.clock.now();
        let (keeper, stop) = (KeeperCopies(&self.means.keeper), self.means.stop.clone());
        let ask = |folder: &Path| self.stepped_back(|keys| canaries::ask(folder, keys, now));
        let source = Source {
            data: self.means.data.clone(),
            database: &self.means.database,
            keeper: &keeper,
            canaries: &ask,
            now,
            stop: &|| stop.load(Ordering::Relaxed),
        };
        let made = self.backups.make(&source, &self.means.key);
        let entry = |object| NewEntry::new(now, Actor::system(), Act::BackupMake, object);
        match made {
            Ok(made) => {
                let entry = entry(Object::new(ObjectKind::Backup, made.id.short()))
                    .with("files", made.files)
                    .with("bytes", made.bytes)
                    .with("sent", made.sent);
                self.means
                    .database
                    .act(Log::SERVER, &entry, |work| work.mark_backup(BackupMark::Backup, now))?;
                self.complaint.clear();
                tracing::info!("backup {} is made: {} bytes were sent", made.id.short(), made.sent);
                self.backups.prune(now)?;
                Ok(made)
            }
            Err(BackupError::Stopped) => Err(BackupError::Stopped),
            Err(error) => {
                let entry = entry(Object::sole(ObjectKind::Backup)).with("failed", with_causes(&error));
                self.means.database.note(Log::SERVER, &entry)?;
                Err(error)
            }
        }
    }

    /// Whether a restore of any backup from before an erasure would carry it out again.
    fn look_for_erasure(&mut self, number: u64, done_at: Timestamp) -> Result<BackupTold, BackupError> {
        self.tell_destroyed(self.means.clock.now())?;
        let older = self.backups.list()?.backups.iter().any(|backup| backup.made_at <= done_at);
        let note = self.means.database.told_note(number)?;
        let listed = note.map(|note| self.backups.has_note(&note)).transpose()?.unwrap_or(false);
        Ok(BackupTold::LookedForErasure { older, listed })
    }

    fn list(&self) -> Result<BackupTold, BackupError> {
        let listed = self.backups.list()?;
        for wrong in &listed.wrong {
            tracing::warn!("{wrong}");
        }
        let shown = listed.backups.iter().map(|backup| BackupListed {
            backup: backup.id.to_string(),
            made_at: backup.made_at.to_string(),
            bytes: backup.bytes,
        });
        Ok(BackupTold::Listed(shown.collect()))
    }

    /// Asks on a thread that lets those of reports go first.
    fn stepped_back(
        &self,
        ask: impl FnOnce((&Key, &Client)) -> Result<Vec<Canary>, BackupError> + Send,
    ) -> Result<Vec<Canary>, BackupError> {
        let keys = (&self.means.key, &self.means.keeper);
        thread::scope(|scope| {
            let asking = scope.spawn(|| {
                operations::step_back();
                ask(keys)
            });
            asking.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
        })
    }

    fn drill_folder(&self) -> PathBuf {
        self.means.data.join("tmp/drill")
    }

    /// Restores the newest backup to a folder of its own, if that can be done without a person; else looks at all that can be
    /// looked at.
    fn try_to_restore(&mut self) -> Result<(), BackupError> {
        let Some(identity) = &self.drill_identity else { return self.look() };
        let folder = self.drill_folder();
        remove(&folder)?;
        let restored = self.has_room().and_then(|()| {
            let restore = Restore {
                target: self.backups.target(),
                identity,
                data: folder.join("data"),
                keys: folder.join("keys"),
                snapshot: None,
                without_destruction_list: false,
                replays: self.backups.controls().replays,
            };
            restore.run(|_| {})
        });
        match restored {
            Ok(_) => self.drill_of(&folder).map(drop),
            Err(error) => {
                remove(&folder)?;
                Err(self.note_drill(Err(error)).err().unwrap_or(BackupError::NoBackup))
            }
        }
    }

    /// Whether there is room for all of it once more.
    fn has_room(&self) -> Result<(), BackupError> {
        let newest = self.backups.list()?.backups.pop().ok_or(BackupError::NoBackup)?;
        let disk = rustix::fs::statvfs(&self.means.data).map_err(std::io::Error::from);
        let disk = disk.map_err(|error| BackupError::Disk { path: self.means.data.clone(), error })?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free > newest.bytes.saturating_add(ROOM_BYTES_MIN) {
            return Ok(());
        }
        let error = std::io::ErrorKind::StorageFull.into();
        Err(BackupError::Disk { path: self.means.data.clone(), error })
    }

    /// Holds what was restored to `folder` against what it should be, and deletes it.
    fn drill_of(&self, folder: &Path) -> Result<(SnapshotId, usize), BackupError> {
        let compared = self.compare(folder);
        remove(folder)?;
        self.note_drill(compared)
    }

    fn compare(&self, folder: &Path) -> Result<(SnapshotId, usize), BackupError> {
        let data = folder.join("data");
        let restored = Restored::read(&data)?.ok_or(BackupError::NoBackup)?;
        let destroyed = restored.destroyed_sites();
        let (asked, then) = (&restored.manifest.canaries, restored.manifest.made_at);
        let answers = self.stepped_back(|keys| canaries::ask_again(&data, keys, then, asked, &destroyed))?;
        let heads = Database::open(&data.join("control.db"), &self.means.key)?;
        let differs = restored.manifest.differs(&answers, &heads, &destroyed)?;
        match differs {
            None => Ok((restored.snapshot, answers.len())),
            Some(what) => Err(BackupError::Canary(what)),
        }
    }

    fn note_drill(
        &self,
        outcome: Result<(SnapshotId, usize), BackupError>,
    ) -> Result<(SnapshotId, usize), BackupError> {
        match &outcome {
            Ok((id, questions)) => {
                let now = self.means.clock.now();
                let object = Object::new(ObjectKind::Backup, id.short());
                let entry = NewEntry::new(now, Actor::system(), Act::BackupDrill, object);
                let entry = entry.with("questions", questions);
                self.means
                    .database
                    .act(Log::SERVER, &entry, |work| work.mark_backup(BackupMark::Drill, now))?;
            }
            Err(error) => self.note_failed_drill(&with_causes(error), error.finds_wrong())?,
        }
        outcome
    }

    /// Health is red from now on where the backup is wrong, until a drill is good. Where it could not be looked at, nothing was
    /// found, and what was found before holds on.
    fn note_failed_drill(&self, why: &str, is_wrong: bool) -> Result<(), BackupError> {
        let now = self.means.clock.now();
        let entry = NewEntry::new(now, Actor::system(), Act::BackupDrill, Object::sole(ObjectKind::Backup))
            .with("failed", why);
        let database = &self.means.database;
        if is_wrong {
            database.act(Log::SERVER, &entry, |work| work.mark_backup(BackupMark::DrillFailed, now))?;
        } else {
            database.note(Log::SERVER, &entry)?;
        }
        Ok(())
    }

    /// A command restored to the folder for drills, and that failed.
    fn drill_failed(&mut self, why: &str, is_wrong: bool) -> Result<BackupTold, BackupError> {
        remove(&self.drill_folder())?;
        self.note_failed_drill(why, is_wrong)?;
        self.complain(why.to_owned());
        Ok(BackupTold::DrillNoted)
    }

    /// Every object by its digest: all that can be done without opening one.
    fn look(&mut self) -> Result<(), BackupError> {
        let now = self.means.clock.now();
        let verified = self.backups.target().verify(None, |_, _| {})?;
        let entry = NewEntry::new(now, Actor::system(), Act::BackupDrill, Object::sole(ObjectKind::Backup))
            .with("without_identity", true)
            .with("objects", verified.objects);
        if let Some(found) = verified.findings.first() {
            let (name, what) = (found.name.clone(), found.what.clone());
            self.means.database.note(Log::SERVER, &entry.with("failed", format!("{name}: {what}")))?;
            self.telling.looked(false);
            return Err(BackupError::Damaged { name, what });
        }
        if verified.backups == 0 {
            // A disk that is not mounted says nothing of what lies on it.
            return Err(BackupError::NoBackup);
        }
        self.telling.looked(true);
        let marked = |work: &control::Work<'_>| work.mark_backup(BackupMark::Look, now);
        Ok(self.means.database.act::<(), DatabaseError>(Log::SERVER, &entry, marked)?)
    }

    fn tell_state(&mut self) {
        if let Err(error) = self.telling.tell() {
            self.complain(with_causes(&error));
        }
    }

    fn complain(&mut self, sentence: String) {
        if self.complaint != sentence {
            tracing::error!("backups: {sentence}");
            self.complaint = sentence;
        }
    }
}

fn told_of(made: &Made) -> BackupMade {
    BackupMade {
        backup: made.id.to_string(),
        files: made.files,
        reused: made.reused,
        bytes: made.bytes,
        sent: made.sent,
    }
}

fn drilled((id, questions): (SnapshotId, usize)) -> BackupTold {
    BackupTold::Drilled { backup: id.to_string(), questions }
}

fn remove(folder: &Path) -> Result<(), BackupError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(BackupError::Disk { path: folder.to_owned(), error })
        }
        _ => Ok(()),
    }
}
