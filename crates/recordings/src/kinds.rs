//! The kinds of events by their numbers in the dialect (`fixtures/recording/dialect.json`), for whoever looks into what was kept. What
//! passed the gate has no others.

pub(crate) const FULL_SNAPSHOT: u8 = 2;
pub(crate) const CHANGE: u8 = 3;
pub(crate) const META: u8 = 4;
pub(crate) const CUSTOM: u8 = 5;

/// Changes by their sources.
pub(crate) mod source {
    pub(crate) const MUTATION: u8 = 0;
    pub(crate) const MOUSE_MOVE: u8 = 1;
    pub(crate) const MOUSE: u8 = 2;
    pub(crate) const SCROLL: u8 = 3;
    pub(crate) const SIZE: u8 = 4;
    pub(crate) const INPUT: u8 = 5;
    pub(crate) const TOUCH_MOVE: u8 = 6;
    pub(crate) const DRAG: u8 = 12;
}

/// Among what a mouse or a finger does.
pub(crate) const CLICK: u8 = 2;
