//! What of a chunk goes on, as the gate says it, in the words of what keeps it.

use std::collections::BTreeMap;

use capture::recording::{self, Counts, Gate, Gated, Page, Policy, Refused, Summary};
use domain::{RecordedText, RecordingSettings, Text, limits};
use recordings::Checked;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What went through.
pub(super) struct Passed {
    /// Events, each a line.
    pub(super) lines: Vec<u8>,
    pub(super) checked: Checked,
    /// The page's path, cleaned.
    pub(super) path: Text,
    /// Whether the page's tree is not known, so that a snapshot is wanted.
    pub(super) asks_snapshot: bool,
}

/// A chunk as the gate writes it; what else it says is known.
#[derive(Deserialize)]
struct Events<'a> {
    #[serde(borrow)]
    e: Vec<&'a RawValue>,
}

/// Has a chunk judged, under what its site allows.
pub(super) fn pass(
    gate: Gate,
    page: &mut Page,
    settings: &RecordingSettings,
    body: &[u8],
) -> Result<Passed, Refused> {
    let text = match settings.text {
        RecordedText::Starred => recording::Text::Starred,
        RecordedText::Clear => recording::Text::Clear,
    };
    let Gated { chunk, summary, ask_snapshot } = gate.pass(page, Policy { text }, body)?;
    Ok(Passed {
        lines: lines(&chunk)?,
        path: Text::clean(path_of(&summary.address), limits::PATH_BYTES),
        checked: checked(&summary),
        asks_snapshot: ask_snapshot,
    })
}

/// The events of a chunk that the gate wrote, each a line: it puts no line breaks into one.
fn lines(chunk: &[u8]) -> Result<Vec<u8>, Refused> {
    let no_json = |_| Refused::NotDialect { place: recording::Place::Json };
    let events: Events<'_> = serde_json::from_slice(chunk).map_err(no_json)?;
    let mut lines = Vec::with_capacity(chunk.len());
    for event in events.e {
        lines.extend_from_slice(event.get().as_bytes());
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The path of an address that is clean already.
fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// The counts of a summary by name: of each position what was seen there, and what became of it.
fn checked(summary: &Summary) -> Checked {
    let mut counts = BTreeMap::new();
    let mut add = |name: &str, what: &str, count: u32| {
        if count > 0 {
            counts.insert(format!("{name}.{what}"), u64::from(count));
        }
    };
    for (position, Counts { seen, masked, starred, dropped }) in &summary.positions {
        for (what, count) in [("seen", seen), ("masked", masked), ("starred", starred), ("dropped", dropped)]
        {
            add(position.name(), what, *count);
        }
    }
    add("events", "dropped", summary.events_dropped);
    Checked { version: u32::from(summary.checker), counts }
}
