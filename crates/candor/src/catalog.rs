//! The catalog that `events` asks for, kept in the tables that `control` has for it. Nothing is decided here.

use std::sync::Arc;

use control::{CatalogChange, CatalogChangeError, CountRow, Database, DatabaseError, SegmentRow};
use domain::SiteId;
use events::{Aliases, Catalog, CatalogError, Change, Reason, ReasonCount, Segment, Snapshot};

/// The catalog in the control database.
pub(crate) struct ControlCatalog(pub(crate) Arc<Database>);

/// A row that only a damaged or a newer database can hold.
#[derive(Debug, thiserror::Error)]
#[error("the catalog holds {0}, which this version cannot read")]
struct Unreadable(String);

impl Catalog for ControlCatalog {
    fn version(&self) -> Result<u64, CatalogError> {
        self.0.catalog_version().map_err(failed)
    }

    fn snapshot(&self) -> Result<Snapshot, CatalogError> {
        let rows = self.0.catalog().map_err(failed)?;
        let segment = |row: &SegmentRow| Segment::from_description(&row.description).map_err(unavailable);
        let replaced = |row: control::ReplacedRow| {
            let id = row.id.parse().map_err(|_| unavailable(Unreadable(row.id)))?;
            Ok::<_, CatalogError>((id, row.site, row.at))
        };
        Ok(Snapshot {
            version: rows.version,
            segments: rows.segments.iter().map(segment).collect::<Result<_, _>>()?,
            absorbed: rows.absorbed.into_iter().collect(),
            replaced: rows.replaced.into_iter().map(replaced).collect::<Result<_, _>>()?,
            aliases: rows.aliases.into_iter().collect(),
        })
    }

    fn aliases(&self, site: SiteId) -> Result<Aliases, CatalogError> {
        let control::AliasRows { version, merged, restricted } = self.0.aliases(site).map_err(failed)?;
        Ok(Aliases { version, merged, restricted })
    }

    fn publish(&self, change: &Change) -> Result<(), CatalogError> {
        self.0.change_catalog(&rows_of(change)).map_err(|error| match error {
            CatalogChangeError::Conflict => CatalogError::Conflict,
            CatalogChangeError::Database(error) => failed(error),
        })
    }

    fn has_site(&self, site: SiteId) -> Result<bool, CatalogError> {
        self.0.has_site(site).map_err(failed)
    }

    fn counts(&self, site: SiteId, since: i64) -> Result<Vec<ReasonCount>, CatalogError> {
        let rows = self.0.reason_counts(site, since).map_err(failed)?;
        rows.iter().map(count_of).collect()
    }
}

fn failed(error: DatabaseError) -> CatalogError {
    unavailable(error)
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> CatalogError {
    CatalogError::Unavailable(Box::new(error))
}

fn count_of(row: &CountRow) -> Result<ReasonCount, CatalogError> {
    let reason = Reason::from_words(&row.outcome, &row.reason)
        .ok_or_else(|| unavailable(Unreadable(format!("{} {}", row.outcome, row.reason))))?;
    Ok(ReasonCount { site: row.site, utc_day: row.utc_day, reason, count: row.count })
}

fn rows_of(change: &Change) -> CatalogChange {
    let names = |ids: &[events::SegmentId]| ids.iter().map(ToString::to_string).collect();
    let segment = |segment: &Segment| SegmentRow {
        id: segment.id.to_string(),
        site: segment.site,
        description: segment.description(),
    };
    let count = |count: &ReasonCount| {
        let (outcome, reason) = count.reason.words();
        CountRow {
            site: count.site,
            utc_day: count.utc_day,
            outcome: outcome.to_owned(),
            reason: reason.to_owned(),
            count: count.count,
        }
    };
    CatalogChange {
        at: change.at,
        add: change.add.iter().map(segment).collect(),
        replace: names(&change.replace),
        absorb: change.absorb.clone(),
        count: change.count.iter().map(count).collect(),
        forget_absorbed: change.forget_absorbed.clone(),
        forget_replaced: names(&change.forget_replaced),
        erased: change.erased.clone(),
        forget_counts: change.forget_counts.clone(),
    }
}
