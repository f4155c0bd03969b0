//! The ledger that `recordings` asks for, kept in the tables that `control` has for it. Nothing is decided here.

use std::collections::BTreeSet;
use std::sync::Arc;

use control::{
    Database, DictionaryRow, KnownRecording, PartRow, RecordingChange, RecordingKey, RecordingRow,
};
use domain::limits::PATH_BYTES;
use domain::{SiteId, Text, Timestamp};
use recordings::{Change, Found, Learned, Ledger, LedgerError, Lesson, Part, Taken, Whose};

/// The ledger in the control database.
pub struct ControlLedger(pub Arc<Database>);

impl Ledger for ControlLedger {
    fn spooled(&self) -> Result<BTreeSet<String>, LedgerError> {
        self.0.spooled().map_err(failed)
    }

    fn find(&self, whose: &Whose) -> Result<Found, LedgerError> {
        Ok(match self.0.known_recording(&key_of(whose)).map_err(failed)? {
            KnownRecording::New => Found::New,
            KnownRecording::Removed => Found::Removed,
            KnownRecording::Parts(parts) => Found::Known(parts.into_iter().map(part_of).collect()),
        })
    }

    fn publish(&self, change: &Change) -> Result<(), LedgerError> {
        let taken: Vec<RecordingChange> = change.taken.iter().map(change_of).collect();
        let learned = change.learned.as_ref().map(row_of);
        let spooled = change.spooled.as_deref();
        self.0.take_in_recordings(&taken, spooled, &change.forget, learned.as_ref()).map_err(failed)
    }

    fn objects(&self) -> Result<BTreeSet<String>, LedgerError> {
        self.0.recording_objects().map_err(failed)
    }

    fn expire(&self, now: Timestamp) -> Result<u64, LedgerError> {
        self.0.expire_recordings(now).map_err(failed)
    }

    fn lesson(
        &self,
        visitors_min: u32,
        visitors_max: u32,
        over: Timestamp,
        anew: Timestamp,
    ) -> Result<Option<Lesson>, LedgerError> {
        let row = self.0.recording_lesson(visitors_min, visitors_max, over, anew).map_err(failed)?;
        Ok(row.map(|row| Lesson {
            site: row.site,
            path: Text::clean(&row.path, PATH_BYTES),
            recordings: row
                .recordings
                .into_iter()
                .map(|(visitor, parts)| (visitor, parts.into_iter().map(part_of).collect()))
                .collect(),
        }))
    }

    fn dictionary(&self, site: SiteId, path: &Text) -> Result<Option<String>, LedgerError> {
        self.0.recording_dictionary(site, path).map_err(failed)
    }

    fn in_parts(&self, ended_before: Timestamp) -> Result<Vec<Whose>, LedgerError> {
        let keys = self.0.recordings_in_parts(ended_before).map_err(failed)?;
        let whose = |key: RecordingKey| {
            let tab = key.tab.parse().map_err(failed)?;
            Ok(Whose { site: key.site, visitor: key.visitor, tab })
        };
        keys.into_iter().map(whose).collect()
    }
}

/// A part as `recordings` knows it.
pub(crate) fn part_of(PartRow { object, contents }: PartRow) -> Part {
    Part { object, contents }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> LedgerError {
    LedgerError(Box::new(error))
}

fn key_of(whose: &Whose) -> RecordingKey {
    RecordingKey { site: whose.site, visitor: whose.visitor, tab: whose.tab.to_string() }
}

fn row_of(learned: &Learned) -> DictionaryRow {
    DictionaryRow {
        object: learned.object.clone(),
        site: learned.site,
        path: learned.path.to_string(),
        at: learned.at,
        empty: learned.empty,
    }
}

fn change_of(taken: &Taken) -> RecordingChange {
    let Taken { whose, onlooker, totals, paths, part, replaces, dictionaries } = taken;
    RecordingChange {
        key: key_of(whose),
        row: RecordingRow {
            id: 0,
            visitor: whose.visitor,
            started_at: totals.started_at,
            ended_at: totals.ended_at,
            country: onlooker.country.to_string(),
            browser: onlooker.browser.to_string(),
            os: onlooker.os.to_string(),
            device: onlooker.device.to_string(),
            pages: totals.pages,
            clicks: totals.clicks,
            bytes: totals.bytes,
            gaps: totals.gaps,
        },
        paths: paths.iter().map(Text::to_string).collect(),
        part: PartRow { object: part.object.clone(), contents: part.contents.clone() },
        replaces: replaces.clone(),
        dictionaries: dictionaries.clone(),
    }
}
