//! When something of backups is due, and when it is late.

use std::time::Duration;

use control::{BackupMark, Database, DatabaseError};
use domain::Timestamp;

use crate::processes::messages::BackupState;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// How often a backup is made.
const BACKUP_EVERY: Duration = DAY;
/// How old the last good one may be before health says so: the day, and an hour to make one.
pub(super) const BACKUP_LATE: Duration = Duration::from_secs(25 * 3_600);
/// How often it is looked whether a backup restores.
const DRILL_EVERY: Duration = Duration::from_secs(7 * 86_400);
/// How old the last good drill may be where the server can restore by itself.
pub(super) const DRILL_LATE: Duration = Duration::from_secs(8 * 86_400);
/// And where a person must.
pub(super) const DRILL_BY_HAND_LATE: Duration = Duration::from_secs(35 * 86_400);
/// How long it rests after a backup or a drill that failed.
const REST: Duration = Duration::from_secs(15 * 60);
/// How long it rests after the target could not be told what was destroyed.
const TELLING_REST: Duration = Duration::from_secs(60);

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Backup,
    Drill,
}

/// When what was tried.
pub(super) struct Schedule {
    drills_itself: bool,
    backup_tried: Option<Timestamp>,
    drill_tried: Option<Timestamp>,
    telling_failed: Option<Timestamp>,
}

impl Schedule {
    pub(super) const fn new(drills_itself: bool) -> Self {
        Self { drills_itself, backup_tried: None, drill_tried: None, telling_failed: None }
    }

    /// What is due now, if anything: backups come first.
    pub(super) fn due(&self, database: &Database, now: Timestamp) -> Result<Option<Due>, DatabaseError> {
        let rests = |tried: Option<Timestamp>| tried.is_some_and(|at| now < at + REST && at <= now);
        let backup = database.backup_mark(BackupMark::Backup)?;
        if backup.is_none_or(|at| is_over(at, BACKUP_EVERY, now)) {
            return Ok((!rests(self.backup_tried)).then_some(Due::Backup));
        }
        let looked = if self.drills_itself { BackupMark::Drill } else { BackupMark::Look };
        let drill = database.backup_mark(looked)?;
        // What somebody found by hand the server tries again by itself, where it can.
        let failed = self.drills_itself && database.backup_mark(BackupMark::DrillFailed)?.is_some();
        let due = failed || drill.is_none_or(|at| is_over(at, DRILL_EVERY, now));
        let due = due && !rests(self.drill_tried);
        Ok(due.then_some(Due::Drill))
    }

    pub(super) const fn tried(&mut self, what: Due, now: Timestamp) {
        match what {
            Due::Backup => self.backup_tried = Some(now),
            Due::Drill => self.drill_tried = Some(now),
        }
    }

    /// Whether the target may be told now what was destroyed.
    pub(super) fn may_tell(&self, now: Timestamp) -> bool {
        self.telling_failed.is_none_or(|at| is_over(at, TELLING_REST, now))
    }

    pub(super) const fn tried_to_tell(&mut self, now: Timestamp) {
        self.telling_failed = Some(now);
    }

    pub(super) const fn told(&mut self) {
        self.telling_failed = None;
    }
}

/// Whether something is late, or a drill failed. What was never done is late when as much time is over since it was first to be done.
pub(super) fn state(
    database: &Database,
    drills_itself: bool,
    now: Timestamp,
) -> Result<BackupState, DatabaseError> {
    let begun = database.backup_mark(BackupMark::Begun)?;
    let since = |mark| Ok::<_, DatabaseError>(database.backup_mark(mark)?.or(begun));
    let drill_late = if drills_itself { DRILL_LATE } else { DRILL_BY_HAND_LATE };
    Ok(match (since(BackupMark::Backup)?, since(BackupMark::Drill)?) {
        (Some(at), _) if is_over(at, BACKUP_LATE, now) => BackupState::BackupLate,
        (_, Some(at)) if is_over(at, drill_late, now) => BackupState::DrillLate,
        _ if database.backup_mark(BackupMark::DrillFailed)?.is_some() => BackupState::DrillFailed,
        _ => BackupState::Ok,
    })
}

/// Whether so much time is over. A clock that was put back by more than an hour counts as if it were: who knows how long.
fn is_over(at: Timestamp, span: Duration, now: Timestamp) -> bool {
    now >= at + span || now + HOUR < at
}

#[cfg(test)]
mod tests;
