//! Reads everything that is kept, which finds whatever is damaged or does not open: a duty of the worker.

mod recordings;

use std::path::Path;
use std::sync::Arc;

use control::Database;
use domain::{Clock, DAY_MS, Site, Timestamp};
use events::query::Range;
use events::{ByVersion, Disk, Kept, Store, StoreError};
use sealing::Client;
use sealing::protocol::{Duty, Purpose};
use serde::{Deserialize, Serialize};

use super::edge::NO_SITE;
use crate::catalog::ControlCatalog;
use crate::logging::{self, with_causes};

/// Bytes of decoded columns that are held meanwhile.
const CACHE_BYTES: usize = 64 << 20;
/// Days that are read at once, so that memory stays small.
const DAYS_AT_ONCE: i64 = 7;

/// What was found to be right.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Checked {
    /// How many events could be read.
    pub(crate) events: u64,
    /// How many segments rest sealed, by the version of the pair that they are sealed to.
    pub(crate) segments: Vec<Rests>,
    /// How many parts of journal files, one a site and file.
    pub(crate) journal: Vec<Rests>,
    /// How many parts of recordings.
    pub(crate) recordings: Vec<Rests>,
}

/// How many rest alike.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rests {
    /// The version of the key; `None` where they rest unsealed, as an older Candor wrote them.
    pub(crate) version: Option<u32>,
    /// How many.
    pub(crate) count: usize,
}

/// Reads every segment and the journal of every site. The error is a sentence that names the first that cannot be read.
pub(crate) fn check_events(
    data: &Path,
    database: &Arc<Database>,
    keeper: &Client,
    clock: &dyn Clock,
) -> Result<Checked, String> {
    // A store of its own: what is held in memory already proves nothing about the disk.
    let disk =
        Disk::open(data, keeper.opener(Purpose::Duty(Duty::Check))).map_err(|error| error.to_string())?;
    let store = Store::new(disk, Arc::new(ControlCatalog(database.clone())), CACHE_BYTES, 1);
    let told = logging::errors_told();
    let mut events = 0;
    for site in database.sites().map_err(|error| with_causes(&error))? {
        read_all(&store, &site, clock.now(), &mut events)
            .map_err(|error| format!("{}: {}", site.domain, with_causes(&error)))?;
    }
    // What was refused of no site: counts, and nothing else.
    store.counts(NO_SITE, clock.now().utc_day()).map_err(|error| with_causes(&error))?;
    check_logs(database, keeper)?;
    let recordings = recordings::check(data, database, keeper)?;
    let resting = store.resting().map_err(|error| with_causes(&error))?;
    match logging::errors_told() - told {
        0 => Ok(Checked {
            events,
            segments: rests(&resting.segments),
            journal: rests(&resting.journal),
            recordings,
        }),
        _ => Err("the journal is damaged; the server's log says where".to_owned()),
    }
}

/// Has every audit log signed as it is now: one that was altered, or put back to an older state, is no continuation of
/// what was signed before.
pub(crate) fn check_logs(database: &Database, keeper: &Client) -> Result<(), String> {
    for log in database.audit_logs().map_err(|error| with_causes(&error))? {
        database.audit_checkpoint(keeper, log).map_err(|error| with_causes(&error))?;
    }
    Ok(())
}

fn rests(counts: &ByVersion) -> Vec<Rests> {
    counts.iter().map(|(version, count)| Rests { version: *version, count: *count }).collect()
}

fn read_all(store: &Store, site: &Site, now: Timestamp, count: &mut u64) -> Result<(), StoreError> {
    let Some(first) = store.first_event(site.id)? else { return Ok(()) };
    let end = Timestamp(now.0 + DAY_MS);
    let mut start = first;
    while start < end {
        let range = Range { start, end: Timestamp((start.0 + DAYS_AT_ONCE * DAY_MS).min(end.0)) };
        for kept in [Kept::Counted, Kept::SetAside] {
            store.export(site.id, range, kept, &mut |_| *count += 1)?;
        }
        start = range.end;
    }
    Ok(())
}
