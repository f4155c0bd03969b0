//! What of an event heatmaps look at.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::trace::Place;
use crate::kinds::source::{DRAG, INPUT, MOUSE, MOUSE_MOVE, MUTATION, SCROLL, SIZE, TOUCH_MOVE};
use crate::kinds::{CHANGE, CLICK, CUSTOM, FULL_SNAPSHOT, META};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: u8,
    timestamp: f64,
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Deserialize)]
struct Data<'a> {
    source: Option<u8>,
    #[serde(rename = "type")]
    kind: Option<u8>,
    id: Option<i64>,
    x: Option<f64>,
    y: Option<f64>,
    el: Option<u32>,
    ex: Option<u16>,
    ey: Option<u16>,
    h: Option<f64>,
    width: Option<f64>,
    height: Option<f64>,
    #[serde(borrow)]
    href: Option<Cow<'a, str>>,
    #[serde(borrow)]
    tag: Option<Cow<'a, str>>,
    positions: Option<Vec<RawPosition>>,
    #[serde(rename = "initialOffset")]
    offset: Option<Offset>,
    node: Option<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: Option<i64>,
}

#[derive(Deserialize)]
struct RawPosition {
    #[serde(rename = "timeOffset")]
    offset: f64,
    el: Option<u32>,
    ex: Option<u16>,
    ey: Option<u16>,
}

#[derive(Deserialize)]
struct Offset {
    top: f64,
}

/// An event.
pub(super) struct Event<'a> {
    pub(super) at: i64,
    pub(super) what: What<'a>,
}

/// What happened.
pub(super) enum What<'a> {
    /// The page's address and the window's size are told.
    Meta {
        path: Option<String>,
        window: Option<(u32, u32)>,
        height: Option<u32>,
    },
    /// The whole tree, the number of the document itself, and how far down the window is.
    Snapshot {
        tree: &'a [u8],
        document: Option<i64>,
        top: u32,
    },
    /// The tree changed.
    Mutation {
        change: &'a [u8],
    },
    /// The pointer went; when, and where that is told.
    Moves(Vec<(i64, Option<Place>)>),
    /// A click on a node.
    Click {
        id: i64,
        x: f64,
        y: f64,
        place: Option<Place>,
    },
    /// Something scrolled, so far down; how tall it is is told of the document alone, and not always.
    Scroll {
        id: Option<i64>,
        top: u32,
        height: Option<u32>,
    },
    /// The window has another size.
    Size {
        window: (u32, u32),
    },
    /// A field took something.
    Input,
    /// Something else that a person does.
    Act,
    /// The page is in the background, is seen again, or is left.
    Hidden,
    Shown,
    Left,
    /// Nothing that matters here.
    Other,
}

/// Reads a line; `None` where it is no event.
pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    let Line { kind, timestamp, data } = serde_json::from_slice(line).ok()?;
    let at = timestamp as i64;
    let text = data.get();
    let known: Data<'_> = serde_json::from_str(text).ok()?;
    let what = match kind {
        META => What::Meta {
            path: known.href.as_deref().and_then(path_of),
            window: window_of(&known),
            height: known.h.map(pixels),
        },
        FULL_SNAPSHOT => What::Snapshot {
            tree: text.as_bytes(),
            document: known.node.and_then(|node| node.id),
            top: known.offset.map(|offset| pixels(offset.top)).unwrap_or_default(),
        },
        CUSTOM => match known.tag.as_deref() {
            Some("hidden") => What::Hidden,
            Some("shown") => What::Shown,
            Some("left") => What::Left,
            _ => What::Other,
        },
        CHANGE => change(at, text, known),
        _ => What::Other,
    };
    Some(Event { at, what })
}

fn change<'a>(at: i64, text: &'a str, known: Data<'a>) -> What<'a> {
    let place = place_of(known.el, known.ex, known.ey);
    match known.source {
        Some(MUTATION) => What::Mutation { change: text.as_bytes() },
        Some(MOUSE_MOVE | TOUCH_MOVE | DRAG) => What::Moves(
            known
                .positions
                .unwrap_or_default()
                .into_iter()
                .map(|one| (at.saturating_add(one.offset as i64), place_of(one.el, one.ex, one.ey)))
                .collect(),
        ),
        Some(MOUSE) if known.kind == Some(CLICK) => What::Click {
            id: known.id.unwrap_or_default(),
            x: known.x.unwrap_or_default(),
            y: known.y.unwrap_or_default(),
            place,
        },
        Some(SCROLL) => What::Scroll {
            id: known.id,
            top: known.y.map(pixels).unwrap_or_default(),
            height: known.h.map(pixels),
        },
        Some(SIZE) => window_of(&known).map_or(What::Act, |window| What::Size { window }),
        Some(INPUT) => What::Input,
        Some(MOUSE) => What::Act,
        _ => What::Other,
    }
}

fn place_of(element: Option<u32>, x: Option<u16>, y: Option<u16>) -> Option<Place> {
    Some(Place::of(element?, x?, y?))
}

fn window_of(known: &Data<'_>) -> Option<(u32, u32)> {
    Some((pixels(known.width?), pixels(known.height?)))
}

/// A number of pixels; what is below the first is the first.
fn pixels(number: f64) -> u32 {
    number as u32
}

/// The path of an address.
fn path_of(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    Some(rest.find('/').map_or("/", |at| &rest[at..]).to_owned())
}
