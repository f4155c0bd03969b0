//! What a mouse or a finger did, and how the window moved. All of it is numbers.

use super::events::{Counted, KEY, Outcome};
use super::judge::{Judge, NUMBER_MAX};
use super::nodes::ID_MAX;
use super::reader::{Members, Reader};
use super::{Refused, number, write};

/// Kinds of interactions: from a button's going up to a touch that was cancelled.
const INTERACTIONS: u64 = 10;
/// The interaction that is a click.
const CLICK: u64 = 2;
/// Kinds of pointers: mouse, pen, touch.
const POINTERS: u64 = 2;

/// Where in which element it happened (`docs/heatmaps.md`): the element's number, and thousandths of its width and height.
const WHERE: [(&str, Rule); 3] = [
    ("el", Rule::Whole(u32::MAX as u64)),
    ("ex", Rule::Whole(THOUSANDTHS)),
    ("ey", Rule::Whole(THOUSANDTHS)),
];
const THOUSANDTHS: u64 = 1_000;
const POSITION: [(&str, Rule); 7] = [
    ("x", Rule::Coordinate),
    ("y", Rule::Coordinate),
    ("id", Rule::Coordinate),
    ("timeOffset", Rule::Coordinate),
    WHERE[0],
    WHERE[1],
    WHERE[2],
];
const INTERACTION: [(&str, Rule); 8] = [
    ("type", Rule::Whole(INTERACTIONS)),
    ("id", Rule::Whole(ID_MAX)),
    ("x", Rule::Coordinate),
    ("y", Rule::Coordinate),
    ("pointerType", Rule::Whole(POINTERS)),
    WHERE[0],
    WHERE[1],
    WHERE[2],
];
const SCROLL: [(&str, Rule); 4] = [
    ("id", Rule::Whole(ID_MAX)),
    ("x", Rule::Coordinate),
    ("y", Rule::Coordinate),
    ("h", Rule::Whole(NUMBER_MAX as u64)),
];

/// What a number may be.
#[derive(Clone, Copy)]
enum Rule {
    Coordinate,
    /// A whole number from 0 to this.
    Whole(u64),
}

/// Which of the known keys were there, and the whole numbers among them, in the order of the keys.
#[derive(Default)]
struct Found {
    seen: u8,
    numbers: [u64; 8],
}

impl Found {
    fn has(&self, at: usize) -> bool {
        self.seen & 1 << at != 0
    }

    /// Whether the first so many keys are all there.
    fn has_first(&self, needed: u32) -> bool {
        self.seen.trailing_ones() >= needed
    }

    /// Whether of the three that say where it happened, of which this is the first, all are there or none.
    fn is_placed_well(&self, first: usize) -> bool {
        matches!(self.seen >> first & 0b111, 0 | 0b111)
    }
}

impl Judge<'_> {
    pub(super) fn moves(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        if reader.key(members)? != Some("positions") {
            return Err(KEY);
        }
        self.out.extend_from_slice(b",\"positions\":[");
        let mut positions = reader.array()?;
        let mut any = false;
        while reader.item(&mut positions)? {
            write::comma(&mut self.out);
            self.out.push(b'{');
            let mut members = reader.object()?;
            let found = self.known_numbers(reader, &mut members, &POSITION)?;
            if !(found.has_first(4) && found.is_placed_well(4)) {
                return Err(KEY);
            }
            self.out.push(b'}');
            any = true;
        }
        self.out.push(b']');
        if reader.key(members)?.is_some() {
            return Err(KEY);
        }
        Ok(if any { Outcome::Goes(Counted::Moves) } else { Outcome::Empty })
    }

    /// What a button or a finger did. Only a click says where in an element.
    pub(super) fn interaction(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        let found = self.known_numbers(reader, members, &INTERACTION)?;
        let is_click = found.numbers[0] == CLICK;
        if !(found.has_first(2) && found.is_placed_well(5)) || found.has(5) && !is_click {
            return Err(KEY);
        }
        Ok(Outcome::Goes(if is_click { Counted::Click } else { Counted::Interaction }))
    }

    /// Reads members that are numbers, each of one of these keys and no key twice, and writes them.
    fn known_numbers(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
        keys: &[(&'static str, Rule)],
    ) -> Result<Found, Refused> {
        let mut found = Found::default();
        while let Some(name) = reader.key(members)? {
            let at = keys.iter().position(|(key, _)| *key == name).filter(|&at| !found.has(at)).ok_or(KEY)?;
            found.seen |= 1 << at;
            let (key, rule) = keys[at];
            write::key(key, &mut self.out);
            match rule {
                Rule::Coordinate => self.coordinate(reader)?,
                Rule::Whole(most) => found.numbers[at] = self.whole(reader, most)?,
            }
        }
        Ok(found)
    }

    /// Reads a whole number from 0 to `most` and writes it.
    pub(super) fn whole(&mut self, reader: &mut Reader<'_>, most: u64) -> Result<u64, Refused> {
        let number = reader.whole(most)?;
        number::write_whole(number, &mut self.out);
        Ok(number)
    }

    pub(super) fn scroll(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        let found = self.known_numbers(reader, members, &SCROLL)?;
        if !found.has_first(3) {
            return Err(KEY);
        }
        let id = found.numbers[0] as u32;
        // How tall the page is, its document alone says. Of a page that nobody knows any more nothing goes out.
        if found.has(3) && self.page.is_known() && !self.page.is_root(id) {
            return Err(KEY);
        }
        // A field scrolls with what is entered.
        let is_form = self.page.find(id).is_some_and(|known| known.around.inside(known.marks).form);
        Ok(if is_form { Outcome::Empty } else { Outcome::Goes(Counted::Scroll) })
    }

    pub(super) fn resize(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        let (mut width, mut height) = (None, None);
        while let Some(name) = reader.key(members)? {
            match name {
                "width" if width.is_none() => width = Some(self.pixels(reader, "width")?),
                "height" if height.is_none() => height = Some(self.pixels(reader, "height")?),
                _ => return Err(KEY),
            }
        }
        self.note_window(width.zip(height)).ok_or(KEY)?;
        Ok(Outcome::Goes(Counted::Resize))
    }
}
