//! Questions that every backup answers: how many events of each site are in reports, and how many visitors viewed how many pages
//! in the week before. They are asked of a folder that holds one moment: of what is backed up, and of what was restored.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use control::Database;
use domain::{Site, SiteId, Timestamp};
use events::query::{Calendar, Query};
use events::{Disk, Store, StoreError};
use operations::backup::{BackupError, Canary};
use sealing::protocol::{Duty, Purpose};
use sealing::{Client, Key};
use serde_json::json;

use crate::catalog::ControlCatalog;
use crate::logging::with_causes;

/// Bytes of decoded columns that are held meanwhile.
const CACHE_BYTES: usize = 64 << 20;

/// Asks them, as of `now`, of all sites but those whose keys were destroyed. A keeper that does not
/// answer is told apart from what was read and is wrong.
pub(crate) fn ask(
    folder: &Path,
    (key, keeper): (&Key, &Client),
    now: Timestamp,
    destroyed: &BTreeSet<SiteId>,
) -> Result<Vec<Canary>, BackupError> {
    let database = Database::open(&folder.join("control.db"), key)?;
    let sites = database.sites()?;
    let disk = Disk::open(folder, keeper.opener(Purpose::Duty(Duty::BackUp)))
        .map_err(|error| BackupError::Disk { path: folder.to_owned(), error })?;
    let store = Store::new(disk, Arc::new(ControlCatalog(Arc::new(database))), CACHE_BYTES, 1);
    let mut canaries = Vec::new();
    for site in sites.iter().filter(|site| !destroyed.contains(&site.id)) {
        canaries.extend(of_site(&store, site, now)?);
    }
    Ok(canaries)
}

fn of_site(store: &Store, site: &Site, now: Timestamp) -> Result<[Canary; 2], BackupError> {
    let failed = |error: &dyn std::error::Error| {
        BackupError::Canary(format!("{}: {}", site.domain, with_causes(error)))
    };
    let unread = |error: StoreError| match error.closed() {
        Some(closed) => BackupError::Keeper(closed.clone()),
        None => failed(&error),
    };
    let arrived = store.arrived(site.id).map_err(unread)?;
    let question = json!({
        "site_id": site.domain.to_string(),
        "metrics": ["visitors", "pageviews"],
        "date_range": "7d",
    });
    let calendar = Calendar { zone: site.timezone.clone(), now, first_event: None };
    let query = Query::parse(&question, &calendar).map_err(|error| failed(&error))?;
    let (answers, _) = store.answer(site.id, &[query], 1).map_err(unread)?;
    let rows: Vec<_> = answers.iter().flat_map(|answer| &answer.results).map(|row| &row.metrics).collect();
    let answer = serde_json::to_string(&rows).map_err(|error| failed(&error))?;
    let canary = |question: String, answer| Canary { site: site.id, question, answer };
    Ok([canary("events that are kept".to_owned(), arrived.to_string()), canary(question.to_string(), answer)])
}
