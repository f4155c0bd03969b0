//! How events become the stretches of a part, and a part the bytes of an object.
//!
//! An object: magic (8), format (u32, little-endian), then each stretch by itself, compressed, and the trace, if there is one.

use std::io;

use domain::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use zstd::bulk::{Compressor, Decompressor};

use super::contents::{Contents, Stretch, TracePlace};
use crate::chunk::{Checked, Head};
use crate::heat::Trace;
use crate::kinds::{CHANGE, CLICK, FULL_SNAPSHOT, META, source};

/// Begins every part.
pub(super) const MAGIC: [u8; 8] = *b"CNDRREC\0";
const FORMAT: u32 = 1;
/// How hard what was just taken in is compressed, and what is put together once a recording is over.
pub(super) const LEVEL: i32 = 3;
pub(super) const LEVEL_AT_REST: i32 = 12;
/// Bytes of events in what is taken in as one part, but for the chunk that reaches it.
const PART_BYTES: u64 = 32 << 20;
/// Milliseconds that a visitor's clock may run ahead of this server's, and that an event may be old, before its time is
/// not believed.
const AHEAD_MS: i64 = 10 * 60 * 1_000;
const OLD_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is looked at of an event.
#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: u8,
    timestamp: f64,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Changes {
    source: u8,
    #[serde(rename = "type")]
    kind: Option<u8>,
}

#[derive(Deserialize)]
struct Meta {
    width: f64,
    height: f64,
}

/// A stretch and its events, each a line; where it will be is not known yet.
pub(super) type Piece = (Stretch, Vec<u8>);

/// An event, and what was seen of it.
struct Line<'a> {
    text: &'a [u8],
    kind: u8,
    at: i64,
    click: bool,
    window: Option<(u32, u32)>,
}

/// The stretches of a chunk: a new one begins at each full snapshot, with the window's size that is told before it. Of a
/// chunk without any event one empty stretch tells that it came.
pub(super) fn cut(head: &Head, lines: &[u8]) -> Vec<Piece> {
    let lines = lines.split(|byte| *byte == b'\n').filter_map(look_at);
    let lines: Vec<Line<'_>> = lines.collect();
    let kind = |at: usize| lines.get(at).map(|line| line.kind);
    let begins = |at: &usize| match kind(*at) {
        Some(META) => kind(at + 1) == Some(FULL_SNAPSHOT),
        Some(FULL_SNAPSHOT) => *at == 0 || kind(at - 1) != Some(META),
        _ => false,
    };
    let mut bounds: Vec<usize> = (0..lines.len()).filter(begins).collect();
    if bounds.first() != Some(&0) {
        bounds.insert(0, 0);
    }
    let ends = bounds.iter().skip(1).copied().chain([lines.len()]);
    let mut pieces: Vec<Piece> =
        bounds.iter().zip(ends).map(|(from, to)| piece(head, &lines[*from..to])).collect();
    if let Some((stretch, _)) = pieces.last_mut() {
        stretch.last = head.last;
    }
    pieces
}

fn look_at(text: &[u8]) -> Option<Line<'_>> {
    let event: Event<'_> = serde_json::from_slice(text).ok()?;
    Some(Line {
        text,
        kind: event.kind,
        at: event.timestamp as i64,
        click: is_click(&event),
        window: if event.kind == META { window_of(&event) } else { None },
    })
}

fn piece(head: &Head, lines: &[Line<'_>]) -> Piece {
    let mut events = Vec::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    for line in lines {
        events.extend_from_slice(line.text);
        events.push(b'\n');
    }
    let at = || lines.iter().map(|line| line.at);
    let (from, to) = (at().min().unwrap_or(head.received_at.0), at().max().unwrap_or(head.received_at.0));
    let stretch = Stretch {
        from,
        to,
        began: believed(from, head.received_at),
        ended: believed(to, head.received_at),
        snapshot: lines.iter().take(2).any(|line| line.kind == FULL_SNAPSHOT),
        window: lines.iter().find_map(|line| line.window),
        clicks: lines.iter().filter(|line| line.click).count() as u32,
        unpacked: events.len() as u64,
        ..begin(head)
    };
    (stretch, events)
}

fn begin(head: &Head) -> Stretch {
    Stretch {
        page: head.page,
        path: head.path.clone(),
        numbers: vec![(head.number, head.number)],
        last: false,
        from: head.received_at.0,
        to: head.received_at.0,
        began: head.received_at.0,
        ended: head.received_at.0,
        snapshot: false,
        window: None,
        clicks: 0,
        unpacked: 0,
        place: 0..0,
        dictionary: None,
    }
}

/// When something happened: what the visitor's clock says, where that can be; else when it came.
fn believed(said: i64, received_at: Timestamp) -> i64 {
    let can_be = (received_at.0 - OLD_MS..=received_at.0 + AHEAD_MS).contains(&said);
    if can_be { said } else { received_at.0 }
}

fn window_of(event: &Event<'_>) -> Option<(u32, u32)> {
    let meta: Meta = serde_json::from_str(event.data?.get()).ok()?;
    Some((meta.width as u32, meta.height as u32))
}

fn is_click(event: &Event<'_>) -> bool {
    event.kind == CHANGE
        && event.data.is_some_and(|data| {
            serde_json::from_str(data.get())
                .is_ok_and(|changes: Changes| changes.source == source::MOUSE && changes.kind == Some(CLICK))
        })
}

/// A part in the making: each piece is compressed as it comes, so that all of it need not be in memory.
pub(super) struct Builder {
    level: i32,
    bytes: Vec<u8>,
    contents: Contents,
    /// Bytes of events so far.
    unpacked: u64,
}

impl Builder {
    pub(super) fn new(level: i32) -> Self {
        let bytes = [&MAGIC[..], &FORMAT.to_le_bytes()].concat();
        Self { level, bytes, contents: Contents::default(), unpacked: 0 }
    }

    /// Adds a piece, compressed by a dictionary if there is one for it.
    pub(super) fn add(&mut self, piece: Piece, dictionary: Option<&Dictionary>) -> io::Result<()> {
        let (mut stretch, events) = piece;
        let from = self.bytes.len() as u64;
        let known = dictionary.filter(|_| !events.is_empty());
        if let Some(dictionary) = known {
            let mut compressor = Compressor::with_dictionary(self.level, &dictionary.bytes)?;
            self.bytes.extend_from_slice(&compressor.compress(&events)?);
        } else if !events.is_empty() {
            self.bytes.extend_from_slice(&zstd::bulk::compress(&events, self.level)?);
        }
        stretch.dictionary = known.map(|dictionary| self.number_of(&dictionary.object));
        stretch.unpacked = events.len() as u64;
        stretch.place = from..self.bytes.len() as u64;
        self.unpacked += stretch.unpacked;
        self.contents.stretches.push(stretch);
        Ok(())
    }

    fn number_of(&mut self, object: &str) -> u32 {
        let known = &mut self.contents.dictionaries;
        let at = known.iter().position(|known| known == object).unwrap_or_else(|| {
            known.push(object.to_owned());
            known.len() - 1
        });
        at as u32
    }

    /// Adds what heatmaps know of the whole recording.
    pub(super) fn trace(&mut self, trace: &Trace) -> io::Result<()> {
        let (bytes, from) = (trace.to_bytes(), self.bytes.len() as u64);
        self.bytes.extend_from_slice(&zstd::bulk::compress(&bytes, self.level)?);
        let place = from..self.bytes.len() as u64;
        self.contents.trace = Some(TracePlace { place, unpacked: bytes.len() as u64 });
        Ok(())
    }

    /// Adds what was checked.
    pub(super) fn check(&mut self, checked: &Checked) {
        self.contents.checked.add(checked);
    }

    /// Whether it holds nothing yet.
    pub(super) const fn is_empty(&self) -> bool {
        self.contents.stretches.is_empty()
    }

    /// Whether it holds so much that the next piece goes to another part.
    pub(super) const fn is_full(&self) -> bool {
        self.unpacked >= PART_BYTES
    }

    /// The bytes of the object, and what is in it.
    pub(super) fn finish(self) -> (Vec<u8>, Contents) {
        (self.bytes, self.contents)
    }
}

/// What many visitors were shown of a page, and the object that it is in.
pub(super) struct Dictionary {
    pub(super) object: String,
    pub(super) bytes: Vec<u8>,
}

impl Dictionary {
    /// The bytes of the object that it is in.
    pub(super) fn to_bytes(dictionary: &[u8]) -> Vec<u8> {
        [&MAGIC[..], &FORMAT.to_le_bytes(), dictionary].concat()
    }

    /// Out of the bytes of its object; `None` where it is none.
    pub(super) fn read(object: String, bytes: &[u8]) -> Option<Self> {
        let begin = [&MAGIC[..], &FORMAT.to_le_bytes()].concat();
        Some(Self { object, bytes: bytes.strip_prefix(&*begin)?.to_vec() })
    }
}

/// The events of a stretch out of what its place holds.
pub(super) fn unpack(
    packed: &[u8],
    stretch: &Stretch,
    dictionary: Option<&Dictionary>,
) -> io::Result<Vec<u8>> {
    if packed.is_empty() {
        return Ok(Vec::new());
    }
    let most = usize::try_from(stretch.unpacked).unwrap_or_default();
    match dictionary {
        Some(dictionary) => Decompressor::with_dictionary(&dictionary.bytes)?.decompress(packed, most),
        None => zstd::bulk::decompress(packed, most),
    }
}

/// The trace out of what its place holds; `None` where it is none, or one that is to be made anew.
pub(super) fn unpack_trace(packed: &[u8], place: &TracePlace) -> Option<Trace> {
    let most = usize::try_from(place.unpacked).ok()?;
    Trace::read(&zstd::bulk::decompress(packed, most).ok()?)
}
