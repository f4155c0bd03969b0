//! What was learned of pages: by which dictionaries recordings are compressed. What one holds is opaque here.

use domain::{SiteId, Timestamp, VisitorId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{PartRow, parts, visitor};
use crate::{Database, DatabaseError};

/// A page to learn from: recordings of it, each of another visitor, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonRow {
    /// Of which site.
    pub site: SiteId,
    /// Its path.
    pub path: String,
    /// The visitors, and the parts of a recording of each.
    pub recordings: Vec<(VisitorId, Vec<PartRow>)>,
}

/// What was learned of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryRow {
    /// The object that it is in.
    pub object: String,
    /// Of which site.
    pub site: SiteId,
    /// The page's path.
    pub path: String,
    /// When.
    pub at: Timestamp,
    /// Whether there is nothing in it, and no object.
    pub empty: bool,
}

impl Database {
    /// A page that so many visitors were recorded on, in recordings that ended before `over`, and of which nothing was
    /// learned since `anew`; with recordings of so many visitors at most.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recording_lesson(
        &self,
        visitors_min: u32,
        visitors_max: u32,
        over: Timestamp,
        anew: Timestamp,
    ) -> Result<Option<LessonRow>, DatabaseError> {
        let connection = self.connection();
        let page: Option<(u32, String)> = connection
            .prepare_cached(
                "SELECT recording.site, path FROM recording JOIN recording_path ON recording_path.recording = recording.id
                 WHERE ended_at < ?1 AND NOT EXISTS (SELECT 1 FROM recording_dictionary AS known
                     WHERE known.site = recording.site AND known.path = recording_path.path AND known.at > ?2)
                 GROUP BY recording.site, path HAVING count(DISTINCT visitor) >= ?3 LIMIT 1",
            )?
            .query_row(params![over.0, anew.0, visitors_min], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((site, path)) = page else { return Ok(None) };
        // Of each visitor the newest.
        let mut statement = connection.prepare_cached(
            "SELECT max(recording.id), visitor FROM recording JOIN recording_path ON recording_path.recording = recording.id
             WHERE site = ?1 AND path = ?2 AND ended_at < ?3
             GROUP BY visitor ORDER BY max(recording.id) DESC LIMIT ?4",
        )?;
        let rows = statement
            .query_map(params![site, path, over.0, visitors_max], |row| {
                Ok((row.get::<_, i64>(0)?, visitor(row, 1)?))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let of = |(id, visitor)| Ok((visitor, parts(&connection, id)?));
        let recordings = rows.into_iter().map(of).collect::<rusqlite::Result<_>>()?;
        Ok(Some(LessonRow { site: SiteId(site), path, recordings }))
    }

    /// The object in which the newest dictionary for a page is, if there is one.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recording_dictionary(&self, site: SiteId, path: &str) -> Result<Option<String>, DatabaseError> {
        let connection = self.connection();
        let newest: Option<(String, bool)> = connection
            .prepare_cached(
                "SELECT object, empty FROM recording_dictionary WHERE site = ?1 AND path = ?2 ORDER BY at DESC LIMIT 1",
            )?
            .query_row(params![site.0, path], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(newest.and_then(|(object, empty)| (!empty).then_some(object)))
    }
}

/// Adds what was learned of a page, and has the recordings of it put together anew.
pub(super) fn learn(transaction: &Transaction<'_>, learned: &DictionaryRow) -> rusqlite::Result<()> {
    let added = transaction.execute(
        "INSERT INTO recording_dictionary (object, site, path, at, empty) SELECT ?1, ?2, ?3, ?4, ?5
         WHERE EXISTS (SELECT 1 FROM site WHERE id = ?2)",
        params![learned.object, learned.site.0, learned.path, learned.at.0, learned.empty],
    )?;
    if added > 0 && !learned.empty {
        transaction.execute(
            "UPDATE recording SET anew = 1 WHERE site = ?1
             AND id IN (SELECT recording FROM recording_path WHERE path = ?2)",
            params![learned.site.0, learned.path],
        )?;
    }
    Ok(())
}

/// Notes by which dictionaries a part is compressed.
pub(super) fn note(
    transaction: &Transaction<'_>,
    object: &str,
    dictionaries: &[String],
) -> rusqlite::Result<()> {
    for dictionary in dictionaries {
        transaction
            .prepare_cached("INSERT INTO recording_part_dictionary (object, dictionary) VALUES (?1, ?2)")?
            .execute(params![object, dictionary])?;
    }
    Ok(())
}

/// Lets go of dictionaries that a newer one took the place of and nothing is compressed by.
pub(super) fn collect(connection: &Connection) -> rusqlite::Result<usize> {
    connection.execute(
        "DELETE FROM recording_dictionary WHERE object NOT IN (SELECT dictionary FROM recording_part_dictionary)
         AND EXISTS (SELECT 1 FROM recording_dictionary AS newer WHERE newer.site = recording_dictionary.site
             AND newer.path = recording_dictionary.path AND newer.at > recording_dictionary.at)",
        [],
    )
}
