//! What the gate looked at and did, in numbers: it becomes part of what a chunk is sealed under.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::Position;

/// The version of the gate's rules. It grows whenever a chunk could be judged otherwise than before.
pub const CHECKER: u16 = 2;

/// What one position held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Strings that were looked at.
    pub seen: u32,
    /// Of them, those that were the mask already.
    pub masked: u32,
    /// Those that the gate replaced by the mask.
    pub starred: u32,
    /// Those, or parts of them, that the gate took out.
    pub dropped: u32,
}

/// The events of a chunk by what they are, as they went out of the gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    /// Full snapshots.
    pub snapshots: u32,
    /// Changes of a page's tree.
    pub mutations: u32,
    /// Moves of a pointer.
    pub moves: u32,
    /// Everything else that a mouse or finger did, clicks included.
    pub interactions: u32,
    /// Clicks.
    pub clicks: u32,
    /// Scrolls.
    pub scrolls: u32,
    /// Changes of the window's size.
    pub resizes: u32,
    /// Inputs, each a mask.
    pub inputs: u32,
    /// Changes of style sheets.
    pub styles: u32,
    /// Beginnings of a page.
    pub metas: u32,
    /// Events of our own.
    pub customs: u32,
}

/// What the gate looked at and did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The version of its rules.
    pub checker: u16,
    /// What each position held, where it held anything, in their order.
    pub positions: Vec<(Position, Counts)>,
    /// The events that went out.
    pub events: Kinds,
    /// Events that were taken out whole.
    pub events_dropped: u32,
    /// When the first event happened.
    pub first: Option<Timestamp>,
    /// When the last one did.
    pub last: Option<Timestamp>,
    /// The moments of the full snapshots, at which a player can begin.
    pub snapshots_at: Vec<Timestamp>,
    /// The page's address, cleaned.
    pub address: String,
    /// The window's width and height, as last said in this chunk.
    pub window: Option<(u32, u32)>,
}

/// Counts by position while a chunk is read.
#[derive(Default)]
pub(super) struct Tally([Counts; Position::ALL.len()]);

impl Tally {
    pub(super) fn at(&mut self, position: Position) -> &mut Counts {
        &mut self.0[position as usize]
    }

    pub(super) fn positions(&self) -> Vec<(Position, Counts)> {
        let all = Position::ALL.into_iter().zip(self.0);
        all.filter(|(_, counts)| *counts != Counts::default()).collect()
    }
}
