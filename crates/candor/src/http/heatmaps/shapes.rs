//! Heatmaps as the API shows them; `docs/heatmaps.md` says what each number counts.

use control::RecordingRow;
use recordings::{Clicked, Moved, Screen, TWENTIETHS};
use serde::Serialize;
use utoipa::ToSchema;

use crate::processes::app::heatmaps::Summed;

/// Page views of each screen class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapScreens {
    phone: u64,
    tablet: u64,
    desktop: u64,
}

/// What a heatmap is drawn over.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapBackground {
    recording: String,
    /// A moment in the recording: milliseconds since 1970, by the visitor's clock.
    at: i64,
    /// The size of the window.
    width: u32,
    height: u32,
    /// The height of the page; absent where it was not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
}

/// Clicks in a place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapClicks {
    element: u32,
    x: u16,
    y: u16,
    clicks: u64,
    rage: u64,
    dead: u64,
}

/// How long the pointer was in a place, in milliseconds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapMoves {
    element: u32,
    x: u16,
    y: u16,
    ms: u64,
}

/// A heatmap.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Heatmap {
    /// How many recordings were read, of how many that matched.
    recordings: usize,
    matching: usize,
    /// Page views in them, of this screen class.
    views: u64,
    screens: HeatmapScreens,
    /// Absent where there is nothing to draw over.
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<HeatmapBackground>,
    clicks: Vec<HeatmapClicks>,
    moves: Vec<HeatmapMoves>,
    /// How many views came to each twentieth of the page.
    reached: [u64; TWENTIETHS],
    /// For how many milliseconds each was in view.
    attention: [u64; TWENTIETHS],
}

/// A page that was recorded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapPage {
    pub(super) path: String,
    pub(super) recordings: u64,
}

/// Pages that were recorded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapPages {
    pub(super) pages: Vec<HeatmapPage>,
}

/// A recording in which something was clicked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapRecording {
    id: String,
    /// The moment of the first click there: milliseconds since 1970, by the visitor's clock.
    at: i64,
    #[schema(format = DateTime)]
    started_at: String,
    visitor: String,
    /// Empty where it is not known.
    country: String,
}

/// Recordings in which something was clicked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeatmapRecordings {
    pub(super) recordings: Vec<HeatmapRecording>,
}

impl Heatmap {
    pub(super) fn of(summed: &Summed, screen: Screen) -> Self {
        let Summed { heatmap, recordings, matching } = summed;
        let background = heatmap.background().map(|shown| HeatmapBackground {
            recording: format!("{:016x}", shown.recording),
            at: shown.at,
            width: shown.window.0,
            height: shown.window.1,
            page: shown.height,
        });
        let screens = HeatmapScreens {
            phone: heatmap.views(Screen::Phone),
            tablet: heatmap.views(Screen::Tablet),
            desktop: heatmap.views(Screen::Desktop),
        };
        Self {
            recordings: *recordings,
            matching: *matching,
            views: heatmap.views(screen),
            screens,
            background,
            clicks: heatmap.clicks().into_iter().map(HeatmapClicks::from).collect(),
            moves: heatmap.moves().into_iter().map(HeatmapMoves::from).collect(),
            reached: heatmap.reached(),
            attention: *heatmap.attention(),
        }
    }
}

impl From<Clicked> for HeatmapClicks {
    fn from(Clicked { element, x, y, clicks, rage, dead }: Clicked) -> Self {
        Self { element, x, y, clicks, rage, dead }
    }
}

impl From<Moved> for HeatmapMoves {
    fn from(Moved { element, x, y, ms }: Moved) -> Self {
        Self { element, x, y, ms }
    }
}

impl HeatmapRecording {
    pub(super) fn of(row: &RecordingRow, at: i64) -> Self {
        Self {
            id: format!("{:016x}", row.id),
            at,
            started_at: row.started_at.to_string(),
            visitor: row.visitor.to_string(),
            country: row.country.clone(),
        }
    }
}
