//! Recordings as the API shows them. Moments in a recording are those of its events: milliseconds since 1970, by the
//! visitor's clock.

use std::collections::BTreeMap;

use control::RecordingRow;
use domain::Timestamp;
use recordings::Index;
use serde::Serialize;
use utoipa::ToSchema;

use crate::processes::app::recordings::matching::Cursor;

/// A recording.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Recording {
    id: String,
    visitor: String,
    #[schema(format = DateTime)]
    started_at: String,
    #[schema(format = DateTime)]
    ended_at: String,
    /// Each is empty where it is not known.
    country: String,
    browser: String,
    os: String,
    device: String,
    pages: u32,
    clicks: u32,
    /// Bytes that are kept.
    bytes: u64,
    /// How many chunks are missing.
    gaps: u32,
}

/// When what came from a site's pages was refused because a form position held something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordingAlarm {
    #[schema(format = DateTime)]
    first_at: String,
    #[schema(format = DateTime)]
    last_at: String,
}

/// A page of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordingList {
    recordings: Vec<Recording>,
    /// What to ask for `after` to get more; absent where these were all.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Absent where it never happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm: Option<RecordingAlarm>,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct RecordingsRemoved {
    /// How many recordings.
    pub(super) removed: u64,
}

/// A page of a recording.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordedPage {
    id: String,
    path: String,
    from: i64,
    to: i64,
    /// The size of the window at first, where it is known.
    width: Option<u32>,
    height: Option<u32>,
    /// Whether it ended as pages do, and was not lost.
    ended: bool,
}

/// Events from a full snapshot of a page up to the next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordedScene {
    page: String,
    from: i64,
    to: i64,
    /// Bytes of its events.
    bytes: u64,
    /// Whether it can be played: what came before a page's first snapshot cannot.
    playable: bool,
}

/// Chunks of a page that are missing, the last among them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordingGap {
    page: String,
    first: u32,
    last: u32,
}

/// What the gate checked before anything was kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordingCheck {
    /// The version of its rules.
    version: u32,
    /// By position and what became of what was there.
    counts: BTreeMap<String, u64>,
}

/// What is in a recording.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordingIndex {
    recording: Recording,
    pages: Vec<RecordedPage>,
    scenes: Vec<RecordedScene>,
    gaps: Vec<RecordingGap>,
    checked: RecordingCheck,
}

impl RecordingList {
    pub(super) fn of(
        rows: Vec<RecordingRow>,
        next: Option<String>,
        alarm: Option<(Timestamp, Timestamp)>,
    ) -> Self {
        let alarm = alarm
            .map(|(first, last)| RecordingAlarm { first_at: first.to_string(), last_at: last.to_string() });
        Self { recordings: rows.into_iter().map(Recording::of).collect(), next, alarm }
    }
}

impl RecordingIndex {
    pub(in crate::http) fn of(row: RecordingRow, index: Index) -> Self {
        let pages = index.pages.into_iter().map(|page| RecordedPage {
            id: page.page.to_string(),
            path: page.path.to_string(),
            from: page.from.0,
            to: page.to.0,
            width: page.window.map(|(width, _)| width),
            height: page.window.map(|(_, height)| height),
            ended: page.ended,
        });
        let scenes = index.scenes.into_iter().map(|scene| RecordedScene {
            page: scene.page.to_string(),
            from: scene.from.0,
            to: scene.to.0,
            bytes: scene.bytes,
            playable: scene.snapshot,
        });
        let gaps = index.gaps.into_iter().map(|gap| RecordingGap {
            page: gap.page.to_string(),
            first: gap.first,
            last: gap.last,
        });
        Self {
            recording: Recording::of(row),
            pages: pages.collect(),
            scenes: scenes.collect(),
            gaps: gaps.collect(),
            checked: RecordingCheck { version: index.checked.version, counts: index.checked.counts },
        }
    }
}

impl Recording {
    pub(in crate::http) fn of(row: RecordingRow) -> Self {
        Self {
            id: format!("{:016x}", row.id),
            visitor: row.visitor.to_string(),
            started_at: row.started_at.to_string(),
            ended_at: row.ended_at.to_string(),
            country: row.country,
            browser: row.browser,
            os: row.os,
            device: row.device,
            pages: row.pages,
            clicks: row.clicks,
            bytes: row.bytes,
            gaps: row.gaps,
        }
    }
}

/// A place in the list: after the recording that began then and has this number.
pub(super) fn cursor((at, id): Cursor) -> String {
    format!("{}-{id:x}", at.0)
}

pub(super) fn read_cursor(text: &str) -> Option<Cursor> {
    let (at, id) = text.rsplit_once('-')?;
    Some((Timestamp(at.parse().ok()?), u64::from_str_radix(id, 16).ok()?))
}
