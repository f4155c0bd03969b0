//! The events of a chunk, one after another.

use domain::Timestamp;

use super::dialect::DIALECT;
use super::judge::{Judge, NUMBER_MAX};
use super::page::Surroundings;
use super::reader::Reader;
use super::{Limit, Place, Position, Refused, address, number, write};

/// How far an event's moment may lie before the latest one of its page: clocks are set, and events gathered.
pub(super) const BACKWARDS_MS: i64 = 10_000;
/// The last moment of the year 9999.
const MOMENT_MAX: u64 = 253_402_300_799_999;
/// The largest number of pixels of a window.
const WINDOW_MAX: u64 = 100_000;
/// Bytes of an event's name.
const EVENT_NAME_BYTES: usize = 4 * domain::limits::NAME_CHARS;

pub(super) const KEY: Refused = Refused::NotDialect { place: Place::Key };

/// What becomes of an event that was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It goes out, and counts as this.
    Goes(Counted),
    /// It goes out if its field was not written in just now.
    Input(u32),
    /// Nothing of it is left.
    Empty,
}

/// What an event counts as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Snapshot,
    Mutation,
    Moves,
    Interaction,
    Click,
    Scroll,
    Resize,
    Styles,
    Meta,
    Custom,
}

impl Judge<'_> {
    /// Reads the array of events and writes it.
    pub(super) fn events(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let mut members = reader.array()?;
        self.out.push(b'[');
        let mut count = 0_u32;
        while reader.item(&mut members)? {
            count += 1;
            if count > DIALECT.limits.events {
                return Err(Refused::TooLarge { limit: Limit::Events });
            }
            let mark = self.out.len();
            if !self.event(reader)? {
                self.summary.events_dropped += 1;
                self.out.truncate(mark);
            }
        }
        self.out.push(b']');
        Ok(())
    }

    /// Reads one event; whether it goes out.
    fn event(&mut self, reader: &mut Reader<'_>) -> Result<bool, Refused> {
        let was_known = self.page.is_known();
        write::comma(&mut self.out);
        let (mut kind, mut outcome, mut at) = (None, None, None);
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "type" if kind.is_none() => kind = Some(reader.whole(255)?),
                "timestamp" if at.is_none() => at = Some(Timestamp(reader.whole(MOMENT_MAX)? as i64)),
                "data" if outcome.is_none() => {
                    let kind = kind.ok_or(KEY)?;
                    self.out.extend_from_slice(b"{\"type\":");
                    number::write_whole(kind, &mut self.out);
                    self.out.extend_from_slice(b",\"data\":");
                    outcome = Some(self.data(reader, kind)?);
                }
                _ => return Err(KEY),
            }
        }
        let (Some(outcome), Some(at)) = (outcome, at) else { return Err(KEY) };
        self.out.extend_from_slice(b",\"timestamp\":");
        number::write_whole(at.0 as u64, &mut self.out);
        self.out.push(b'}');
        if self.page.latest().is_some_and(|latest| at.0 < latest.0 - BACKWARDS_MS) {
            return Err(Refused::NotDialect { place: Place::Time });
        }
        self.page.reach(at);
        let is_change = kind == Some(3);
        Ok((was_known || !is_change || self.lose_change()) && self.goes(outcome, at))
    }

    /// A change of a tree that nobody knows: it goes, and a snapshot is asked for.
    fn lose_change(&mut self) -> bool {
        self.ask = true;
        false
    }

    /// Counts an event that was read whole; whether it goes out.
    fn goes(&mut self, outcome: Outcome, at: Timestamp) -> bool {
        let kinds = &mut self.summary.events;
        let count = match outcome {
            Outcome::Empty => return false,
            Outcome::Input(field) if !self.page.may_input(field, at) => return false,
            Outcome::Input(_) => &mut kinds.inputs,
            Outcome::Goes(Counted::Snapshot) => {
                self.summary.snapshots_at.push(at);
                &mut kinds.snapshots
            }
            Outcome::Goes(Counted::Click) => {
                kinds.clicks += 1;
                &mut kinds.interactions
            }
            Outcome::Goes(Counted::Mutation) => &mut kinds.mutations,
            Outcome::Goes(Counted::Moves) => &mut kinds.moves,
            Outcome::Goes(Counted::Interaction) => &mut kinds.interactions,
            Outcome::Goes(Counted::Scroll) => &mut kinds.scrolls,
            Outcome::Goes(Counted::Resize) => &mut kinds.resizes,
            Outcome::Goes(Counted::Styles) => &mut kinds.styles,
            Outcome::Goes(Counted::Meta) => &mut kinds.metas,
            Outcome::Goes(Counted::Custom) => &mut kinds.customs,
        };
        *count += 1;
        self.note_moment(at);
        true
    }

    fn data(&mut self, reader: &mut Reader<'_>, kind: u64) -> Result<Outcome, Refused> {
        match kind {
            2 => self.snapshot(reader).map(|()| Outcome::Goes(Counted::Snapshot)),
            3 => self.change(reader),
            4 => self.meta(reader).map(|()| Outcome::Goes(Counted::Meta)),
            5 => self.custom(reader).map(|()| Outcome::Goes(Counted::Custom)),
            _ => Err(Refused::NotDialect { place: Place::EventType }),
        }
    }

    /// A full snapshot: from here on the tree is known.
    fn snapshot(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let (mut node, mut offset) = (false, false);
        self.out.push(b'{');
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "node" if !node => {
                    write::key("node", &mut self.out);
                    node = self.node(reader, Surroundings::default())?;
                    self.plant(None)?;
                }
                "initialOffset" if !offset => {
                    write::key("initialOffset", &mut self.out);
                    self.offset(reader)?;
                    offset = true;
                }
                _ => return Err(KEY),
            }
        }
        self.out.push(b'}');
        if !(node && offset) {
            return Err(KEY);
        }
        self.ask = false;
        Ok(())
    }

    /// Reads how far the document is scrolled and writes it.
    fn offset(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        const KEYS: [&str; 2] = ["top", "left"];
        let mut seen = 0_u8;
        self.out.push(b'{');
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            let at = KEYS.iter().position(|key| *key == name).filter(|at| seen & 1 << at == 0).ok_or(KEY)?;
            seen |= 1 << at;
            write::key(KEYS[at], &mut self.out);
            self.coordinate(reader)?;
        }
        self.out.push(b'}');
        if seen == 0b11 { Ok(()) } else { Err(KEY) }
    }

    /// Reads a coordinate and writes it.
    pub(super) fn coordinate(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let number = reader.decimal()?;
        if !number.is_within(NUMBER_MAX) {
            return Err(Refused::NotDialect { place: Place::Number });
        }
        number.write(&mut self.out);
        Ok(())
    }

    fn meta(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let (mut href, mut width, mut height, mut page_height) = (false, None, None, None);
        self.out.push(b'{');
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "href" if !href => {
                    write::key("href", &mut self.out);
                    self.written(Position::Address, &reader.text()?, |raw, out| {
                        out.push_str(&address::clean(raw)?);
                        Some(u32::from(out.as_str() != raw))
                    })?;
                    href = true;
                }
                "width" if width.is_none() => width = Some(self.pixels(reader, "width")?),
                "height" if height.is_none() => height = Some(self.pixels(reader, "height")?),
                "h" if page_height.is_none() => {
                    write::key("h", &mut self.out);
                    page_height = Some(self.whole(reader, NUMBER_MAX as u64)?);
                }
                _ => return Err(KEY),
            }
        }
        self.out.push(b'}');
        self.note_window(width.zip(height)).filter(|()| href).ok_or(KEY)
    }

    pub(super) fn note_window(&mut self, window: Option<(u32, u32)>) -> Option<()> {
        self.summary.window = Some(window?);
        Some(())
    }

    /// Reads a whole number of pixels and writes it with its key.
    pub(super) fn pixels(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Result<u32, Refused> {
        write::key(key, &mut self.out);
        let pixels = reader.whole(WINDOW_MAX)?;
        number::write_whole(pixels, &mut self.out);
        Ok(pixels as u32)
    }

    fn custom(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let (mut tag, mut payload) = (None, false);
        self.out.push(b'{');
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "tag" if tag.is_none() => {
                    let sent = reader.text()?;
                    let known = DIALECT.custom.iter().find(|known| **known == sent);
                    let known = known.ok_or(Refused::NotDialect { place: Place::Custom })?;
                    write::key("tag", &mut self.out);
                    write::text(known, &mut self.out);
                    tag = Some(known);
                }
                "payload" if !payload => {
                    let is_event = tag.ok_or(KEY)? == "event";
                    write::key("payload", &mut self.out);
                    self.payload(reader, is_event)?;
                    payload = true;
                }
                _ => return Err(KEY),
            }
        }
        self.out.push(b'}');
        if payload { Ok(()) } else { Err(KEY) }
    }

    /// Of an event its name, of everything else nothing.
    fn payload(&mut self, reader: &mut Reader<'_>, is_event: bool) -> Result<(), Refused> {
        let mut named = false;
        self.out.push(b'{');
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            if name != "name" || !is_event || named {
                return Err(KEY);
            }
            write::key("name", &mut self.out);
            self.written(Position::EventName, &reader.text()?, |raw, out| {
                let fits = raw.len() <= EVENT_NAME_BYTES && event_name_fits(raw);
                out.push_str(if fits { raw } else { &DIALECT.mask });
                Some(u32::from(!fits))
            })?;
            named = true;
        }
        self.out.push(b'}');
        Ok(())
    }
}

/// Whether a name is one that somebody gave an event, and no piece of what was entered.
fn event_name_fits(name: &str) -> bool {
    let mut digits = 0;
    name.chars().count() <= domain::limits::NAME_CHARS
        && name.chars().all(|c| {
            digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
            digits <= super::grammar::DIGITS_IN_A_ROW && (c.is_alphanumeric() || " -_.:/()*".contains(c))
        })
}
