//! What heatmaps know of one recording, and how it is kept beside its events.

use std::str::FromStr;

use domain::Text;
use serde::{Deserialize, Serialize};

/// The format written here. A trace in another is made anew of the recording's events.
const FORMAT: u8 = 1;
/// Parts into which the height of a page is cut.
pub const TWENTIETHS: usize = 20;
/// Cells of an element in each direction.
const CELLS: u16 = 40;
/// Thousandths of an element's width or height.
const THOUSANDTHS: u16 = 1_000;

/// Page views of one recording that are looked at; those that follow are in no heatmap.
pub(super) const VIEWS_MAX: usize = 1_000;
/// Clicks of one recording that are counted.
pub(super) const CLICKS_MAX: usize = 10_000;
/// Places of one recording in which the pointer is told to have been, of all its page views together.
pub(super) const MOVED_MAX: usize = 20_000;

/// A cell of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) element: u32,
    pub(super) x: u8,
    pub(super) y: u8,
}

impl Place {
    /// Where something is that is told in thousandths of an element.
    pub(super) fn of(element: u32, x: u16, y: u16) -> Self {
        let cell = |at: u16| (at.min(THOUSANDTHS - 1) * CELLS / THOUSANDTHS) as u8;
        Self { element, x: cell(x), y: cell(y) }
    }

    /// The middle of the cell, in thousandths of the element.
    pub(super) fn middle(self) -> (u16, u16) {
        let middle = |cell: u8| (u16::from(cell) * 2 + 1) * (THOUSANDTHS / CELLS) / 2;
        (middle(self.x), middle(self.y))
    }
}

/// What a click was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClickKind {
    /// One like others.
    Plain,
    /// The third in anger, or one after it.
    Rage,
    /// One that nothing answered.
    Dead,
}

/// A click of which it is known where it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Click {
    pub(super) place: Place,
    pub(super) at: i64,
    pub(super) kind: ClickKind,
}

/// A page from one address to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct View {
    pub(super) path: Text,
    /// When it began, as the visitor's clock says.
    pub(super) from: i64,
    /// The size of the window that it began with.
    pub(super) window: (u32, u32),
    /// How tall the page was at last, where that was told.
    pub(super) height: Option<u32>,
    /// A moment at which it can be shown.
    pub(super) shown_at: Option<i64>,
    /// In the order in which they happened.
    pub(super) clicks: Vec<Click>,
    /// For how many milliseconds the pointer was in each place.
    pub(super) moves: Vec<(Place, u32)>,
    /// The deepest twentieth that was in the window, where the page's height was told.
    pub(super) deepest: Option<u8>,
    /// For how many milliseconds each twentieth was looked at.
    pub(super) attention: [u32; TWENTIETHS],
}

/// What heatmaps know of a recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub(super) views: Vec<View>,
}

impl Trace {
    /// As it is kept.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        postcard::to_extend(self, vec![FORMAT]).expect("memory takes every trace")
    }

    /// From what was kept; `None` where it is none, or one in another format.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (&FORMAT, rest) = bytes.split_first()? else { return None };
        postcard::from_bytes(rest).ok()
    }
}

/// How wide the window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Screen {
    /// Below 640 pixels.
    Phone,
    /// Below 1,024 pixels.
    Tablet,
    /// From there on.
    Desktop,
}

impl Screen {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Tablet, Self::Desktop];

    /// That of a window of this width.
    pub const fn of_width(pixels: u32) -> Self {
        match pixels {
            0..640 => Self::Phone,
            640..1_024 => Self::Tablet,
            _ => Self::Desktop,
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Desktop => "desktop",
        }
    }
}

impl FromStr for Screen {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|screen| screen.as_str() == word).ok_or(())
    }
}
