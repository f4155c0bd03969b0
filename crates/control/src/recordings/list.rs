//! What of recordings is listed, newest first.

use std::collections::BTreeMap;

use domain::{SiteId, Timestamp, VisitorId};
use rusqlite::{OptionalExtension, Row, ToSql, params};

use super::{PartRow, RecordingRow, bytes_of, parts, visitor};
use crate::aliases::{RESTRICTED, everybody};
use crate::{Database, DatabaseError};

/// Recordings that are read at once, at most.
pub const RECORDINGS_PAGE_MAX: u32 = 500;

/// Which of a site's recordings are wanted; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct RecordingFilter {
    /// That began then or later.
    pub from: Option<Timestamp>,
    /// That began before then.
    pub until: Option<Timestamp>,
    /// Of this visitor, by whichever of the ids.
    pub visitor: Option<VisitorId>,
    /// Also those of visitors who are in no report; otherwise they are in no list either.
    pub also_restricted: bool,
    /// In which a page of one of these paths is.
    pub paths: Option<Vec<String>>,
    /// That are listed after this one: when it began, and its number.
    pub after: Option<(Timestamp, u64)>,
    /// How many, up to [`RECORDINGS_PAGE_MAX`].
    pub limit: u32,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingPage {
    /// The newest first.
    pub recordings: Vec<RecordingRow>,
    /// Whether there are more.
    pub more: bool,
}

const COLUMNS: &str =
    "id, visitor, started_at, ended_at, country, browser, os, device, pages, clicks, bytes, gaps";

impl Database {
    /// The recordings of a site that are wanted, newest first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recordings(&self, site: SiteId, filter: &RecordingFilter) -> Result<RecordingPage, DatabaseError> {
        let limit = filter.limit.clamp(1, RECORDINGS_PAGE_MAX);
        let (mut conditions, mut values): (Vec<&str>, Vec<Box<dyn ToSql>>) =
            (vec!["site = ?1"], vec![Box::new(site.0)]);
        let shown = format!("visitor NOT IN ({})", everybody(RESTRICTED));
        if !filter.also_restricted {
            conditions.push(&shown);
        }
        let mut add = |condition, value: Option<Box<dyn ToSql>>| {
            if let Some(value) = value {
                conditions.push(condition);
                values.push(value);
            }
        };
        let moment = |at: Option<Timestamp>| at.map(|at| Box::new(at.0) as Box<dyn ToSql>);
        add("started_at >= ?", moment(filter.from));
        add("started_at < ?", moment(filter.until));
        let whose = format!("visitor IN ({})", everybody("SELECT ?"));
        add(&whose, filter.visitor.map(|visitor| Box::new(bytes_of(visitor)) as Box<dyn ToSql>));
        add(
            "id IN (SELECT recording FROM recording_path WHERE path IN (SELECT value FROM json_each(?)))",
            filter.paths.as_ref().map(|paths| Box::new(list_of(paths.iter())) as Box<dyn ToSql>),
        );
        if let Some((at, id)) = filter.after {
            conditions.push("(started_at, id) < (?, ?)");
            values.extend([Box::new(at.0) as Box<dyn ToSql>, Box::new(id.cast_signed())]);
        }
        let statement = format!(
            "SELECT {COLUMNS} FROM recording WHERE {} ORDER BY started_at DESC, id DESC LIMIT {}",
            conditions.join(" AND "),
            limit + 1
        );
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&statement)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), read)?;
        let mut recordings = rows.collect::<Result<Vec<_>, _>>()?;
        let more = recordings.len() > limit as usize;
        recordings.truncate(limit as usize);
        Ok(RecordingPage { recordings, more })
    }

    /// The paths of pages in a site's recordings that began then or later and before `until`, which fit a pattern of SQLite's
    /// GLOB, and in how many recordings each is; in those of `ids` alone, where they are said. Those in most come first. What
    /// visitors left who are in no report is not among them.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recorded_paths(
        &self,
        site: SiteId,
        (from, until): (Option<Timestamp>, Option<Timestamp>),
        glob: &str,
        ids: Option<&[u64]>,
    ) -> Result<Vec<(String, u64)>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT path, count(*) AS recordings FROM recording JOIN recording_path ON recording = id
             WHERE site = ?1 AND started_at >= ?2 AND started_at < ?3 AND path GLOB ?4
             AND (?5 IS NULL OR id IN (SELECT value FROM json_each(?5))) AND visitor NOT IN ({})
             GROUP BY path ORDER BY recordings DESC, path",
            everybody(RESTRICTED)
        ))?;
        let moment = |at: Option<Timestamp>, otherwise| at.map_or(otherwise, |at| at.0);
        let ids = ids.map(|ids| list_of(ids.iter().map(|id| id.cast_signed())));
        let rows = statement.query_map(
            params![site.0, moment(from, i64::MIN), moment(until, i64::MAX), glob, ids],
            |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One recording of a site and its parts, in order.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recording(
        &self,
        site: SiteId,
        id: u64,
    ) -> Result<Option<(RecordingRow, Vec<PartRow>)>, DatabaseError> {
        let mut connection = self.connection();
        // One transaction, so that both are of one moment.
        let reading = connection.transaction()?;
        let statement = format!("SELECT {COLUMNS} FROM recording WHERE id = ?1 AND site = ?2");
        let found = reading.query_row(&statement, params![id.cast_signed(), site.0], read).optional()?;
        let Some(row) = found else { return Ok(None) };
        let parts = parts(&reading, id.cast_signed())?;
        Ok(Some((row, parts)))
    }

    /// Bytes that are kept of the recordings of each site that began then or later; of a site without any it is not said.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recorded_since(&self, from: Timestamp) -> Result<BTreeMap<SiteId, u64>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, (SELECT sum(bytes) FROM recording WHERE recording.site = site.id AND started_at >= ?1) AS kept
             FROM site WHERE kept IS NOT NULL",
        )?;
        let rows = statement
            .query_map([from.0], |row| Ok((SiteId(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Since when and until when what came from a site was a violation, if anything was.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recording_alarm(&self, site: SiteId) -> Result<Option<(Timestamp, Timestamp)>, DatabaseError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT first_at, last_at FROM recording_alarm WHERE site = ?1")?;
        Ok(statement
            .query_row([site.0], |row| Ok((Timestamp(row.get(0)?), Timestamp(row.get(1)?))))
            .optional()?)
    }
}

/// As JSON, of which `json_each` makes rows.
fn list_of<T: serde::Serialize>(members: impl Iterator<Item = T>) -> String {
    serde_json::Value::from_iter(members.filter_map(|member| serde_json::to_value(member).ok())).to_string()
}

fn read(row: &Row<'_>) -> rusqlite::Result<RecordingRow> {
    Ok(RecordingRow {
        id: row.get::<_, i64>(0)?.cast_unsigned(),
        visitor: visitor(row, 1)?,
        started_at: Timestamp(row.get(2)?),
        ended_at: Timestamp(row.get(3)?),
        country: row.get(4)?,
        browser: row.get(5)?,
        os: row.get(6)?,
        device: row.get(7)?,
        pages: row.get(8)?,
        clicks: row.get(9)?,
        bytes: row.get::<_, i64>(10)?.cast_unsigned(),
        gaps: row.get(11)?,
    })
}
