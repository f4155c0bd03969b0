//! Reads every recording that is kept.

use std::collections::BTreeMap;
use std::path::Path;

use control::{Database, RECORDINGS_PAGE_MAX, RecordingFilter};
use domain::SiteId;
use recordings::Recordings;
use sealing::Client;
use sealing::protocol::{Duty, Purpose};

use super::Rests;
use crate::ledger::part_of;
use crate::logging::with_causes;

/// How many parts rest sealed to which version of their sites' keys. The error is a sentence that names the first recording
/// that cannot be read.
pub(super) fn check(data: &Path, database: &Database, keeper: &Client) -> Result<Vec<Rests>, String> {
    let opener = keeper.opener(Purpose::Duty(Duty::Check));
    let recordings = Recordings::open(data, opener).map_err(|error| error.to_string())?;
    let mut counts = BTreeMap::new();
    for site in database.sites().map_err(|error| with_causes(&error))? {
        let (limit, also_restricted) = (RECORDINGS_PAGE_MAX, true);
        let mut filter = RecordingFilter { limit, also_restricted, ..RecordingFilter::default() };
        loop {
            let page = database.recordings(site.id, &filter).map_err(|error| with_causes(&error))?;
            for row in &page.recordings {
                check_one(&recordings, database, site.id, row.id, &mut counts)
                    .map_err(|sentence| format!("{}: recording {:016x}: {sentence}", site.domain, row.id))?;
            }
            filter.after = page.recordings.last().map(|row| (row.started_at, row.id));
            if !page.more {
                break;
            }
        }
    }
    Ok(counts.into_iter().map(|(version, count)| Rests { version, count }).collect())
}

fn check_one(
    recordings: &Recordings,
    database: &Database,
    site: SiteId,
    id: u64,
    counts: &mut BTreeMap<Option<u32>, usize>,
) -> Result<(), String> {
    loop {
        let find = || database.recording(site, id).map_err(|error| with_causes(&error));
        // One that was removed meanwhile is none.
        let Some((_, rows)) = find()? else { return Ok(()) };
        let parts: Vec<_> = rows.iter().cloned().map(part_of).collect();
        match recordings.check(site, &parts) {
            Ok(versions) => {
                versions.into_iter().for_each(|version| *counts.entry(version).or_default() += 1);
                return Ok(());
            }
            // Its parts may have been put together while they were read.
            Err(_) if find()?.is_none_or(|(_, now)| now != rows) => {}
            Err(error) => return Err(with_causes(&error)),
        }
    }
}
