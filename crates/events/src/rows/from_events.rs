//! Events in order of arrival become sorted rows.

use std::borrow::Borrow;
use std::sync::Arc;

use domain::{Event, EventId, Timestamp};
use rustc_hash::FxHashSet;

use super::texts::text_of;
use super::{Codes, Column, Ids, NO_SCROLL_DEPTH, Run, Spine, VisitorKey, latest};
use crate::dictionary::Dictionaries;

/// A row's visitor, time and place in the order of arrival.
type Place = (VisitorKey, Timestamp, u32);

impl Run {
    /// The rows of `events`, which are in order of arrival and span less than 49 days. Of events with the same
    /// visitor and id, the first in (time, arrival) is kept.
    pub(crate) fn from_events(
        events: &[impl Borrow<Event>],
        dictionaries: &Dictionaries,
        arrival: u64,
    ) -> Self {
        let events: Vec<&Event> = events.iter().map(Borrow::borrow).collect();
        let order = sorted(&events);
        let column = |column| {
            // Looked up in order of arrival, which is that of memory, and sorted as numbers.
            let codes = codes(&events, column, dictionaries);
            (column, Arc::new(Codes::narrow(order.iter().map(|(.., row)| codes[*row as usize]).collect())))
        };
        let columns = Column::ALL.into_iter().map(column).collect();
        Self { spine: Arc::new(spine(&events, &order)), columns, arrival }
    }
}

/// The places of the events that are kept, in order.
fn sorted(events: &[&Event]) -> Vec<Place> {
    let place = |(row, event): (u32, &&Event)| (VisitorKey::from(event.visitor), event.at, row);
    let mut order: Vec<Place> = (0..).zip(events).map(place).collect();
    order.sort_unstable();
    let mut seen = FxHashSet::default();
    let mut of = None;
    order.retain(|(visitor, _, row)| {
        if of.replace(*visitor) != Some(*visitor) {
            seen.clear();
        }
        events[*row as usize].id.is_none_or(|id| seen.insert(id))
    });
    order
}

fn spine(events: &[&Event], order: &[Place]) -> Spine {
    let base = order.iter().map(|(_, at, _)| *at).min().unwrap_or(Timestamp(0));
    let mut visitors = Vec::new();
    let mut starts = Vec::new();
    for (row, (visitor, ..)) in (0..).zip(order) {
        if visitors.last() != Some(visitor) {
            visitors.push(*visitor);
            starts.push(row);
        }
    }
    starts.push(u32::try_from(order.len()).expect("a run has fewer than 2^32 rows"));
    let offset = |at: Timestamp| u32::try_from(at.since(base)).expect("a run spans less than 49 days");
    let id = |row: u32| events[row as usize].id.map_or(0, EventId::as_u128);
    let times: Vec<u32> = order.iter().map(|(_, at, _)| offset(*at)).collect();
    Spine {
        visitors,
        starts,
        base,
        latest: latest(&times),
        times,
        ids: Ids::of_rows(order.iter().map(|(.., row)| id(*row))),
    }
}

/// The codes of `events` in order of arrival.
fn codes(events: &[&Event], column: Column, dictionaries: &Dictionaries) -> Vec<u32> {
    match column {
        Column::Interactive => events.iter().map(|event| u32::from(event.interactive)).collect(),
        Column::ScrollDepth => {
            events.iter().map(|event| event.scroll_depth.map_or(NO_SCROLL_DEPTH, u32::from)).collect()
        }
        Column::EngagedMs => events.iter().map(|event| event.engaged_ms.unwrap_or_default()).collect(),
        _ => dictionaries.of(column).intern(events.iter().map(|event| text_of(event, column))),
    }
}
