//! Events in order of arrival become sorted rows.

use std::sync::Arc;

use domain::{Event, EventId, Timestamp};
use rustc_hash::FxHashSet;

use super::texts::text_of;
use super::{Codes, Column, NO_SCROLL_DEPTH, Run, Spine, VisitorKey};
use crate::dictionary::Dictionaries;

impl Run {
    /// The rows of `events`, which are in order of arrival and span less than 49 days. Of events with the same
    /// visitor and id, the first in (time, arrival) is kept.
    pub(crate) fn from_events(events: &[Event], dictionaries: &Dictionaries, arrival: u64) -> Self {
        let order = sorted(events);
        let columns = Column::ALL
            .into_iter()
            .map(|column| (column, Arc::new(codes(events, &order, column, dictionaries))))
            .collect();
        Self { spine: Arc::new(spine(events, &order)), columns, arrival }
    }
}

/// The positions of the events that are kept, in order of (visitor, time, arrival), each with its visitor.
fn sorted(events: &[Event]) -> Vec<(VisitorKey, usize)> {
    let mut order: Vec<(VisitorKey, usize)> =
        events.iter().enumerate().map(|(row, event)| (event.visitor.into(), row)).collect();
    order.sort_unstable_by_key(|(visitor, row)| (*visitor, events[*row].at, *row));
    let mut seen = FxHashSet::default();
    order.retain(|(visitor, row)| events[*row].id.is_none_or(|id| seen.insert((*visitor, id))));
    order
}

fn spine(events: &[Event], order: &[(VisitorKey, usize)]) -> Spine {
    let base = events.iter().map(|event| event.at).min().unwrap_or(Timestamp(0));
    let id_of = |row: usize| events[row].id.map_or(0, EventId::as_u128);
    let mut visitors = Vec::new();
    let mut starts = Vec::new();
    for (at, (visitor, _)) in order.iter().enumerate() {
        if visitors.last() != Some(visitor) {
            visitors.push(*visitor);
            starts.push(u32::try_from(at).expect("a run has fewer than 2^32 rows"));
        }
    }
    starts.push(u32::try_from(order.len()).expect("a run has fewer than 2^32 rows"));
    let offset =
        |row: usize| u32::try_from(events[row].at.since(base)).expect("a run spans less than 49 days");
    let has_ids = order.iter().any(|(_, row)| events[*row].id.is_some());
    Spine {
        visitors,
        starts,
        base,
        times: order.iter().map(|(_, row)| offset(*row)).collect(),
        ids: has_ids.then(|| order.iter().map(|(_, row)| id_of(*row)).collect()),
    }
}

fn codes(events: &[Event], order: &[(VisitorKey, usize)], column: Column, to: &Dictionaries) -> Codes {
    let rows = order.iter().map(|(_, row)| &events[*row]);
    Codes::narrow(match column {
        Column::Interactive => rows.map(|event| u32::from(event.interactive)).collect(),
        Column::ScrollDepth => {
            rows.map(|event| event.scroll_depth.map_or(NO_SCROLL_DEPTH, u32::from)).collect()
        }
        Column::EngagedMs => rows.map(|event| event.engaged_ms.unwrap_or_default()).collect(),
        _ => to.of(column).intern(rows.map(|event| text_of(event, column))),
    })
}
