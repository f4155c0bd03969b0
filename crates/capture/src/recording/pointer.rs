//! What a mouse or a finger did, and how the window moved. All of it is numbers.

use super::events::{Counted, KEY, Outcome};
use super::judge::Judge;
use super::nodes::ID_MAX;
use super::reader::{Members, Reader};
use super::{Refused, number, write};

/// Kinds of interactions: from a button's going up to a touch that was cancelled.
const INTERACTIONS: u64 = 10;
/// The interaction that is a click.
const CLICK: u64 = 2;
/// Kinds of pointers: mouse, pen, touch.
const POINTERS: u64 = 2;

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
            self.numbers(reader, &["x", "y", "id", "timeOffset"], 0)?;
            any = true;
        }
        self.out.push(b']');
        if reader.key(members)?.is_some() {
            return Err(KEY);
        }
        Ok(if any { Outcome::Goes(Counted::Moves) } else { Outcome::Empty })
    }

    pub(super) fn interaction(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        let (mut kind, mut id, mut seen) = (None, None, 0_u8);
        while let Some(name) = reader.key(members)? {
            let (key, bit) = match name {
                "type" => ("type", 1),
                "id" => ("id", 2),
                "x" => ("x", 4),
                "y" => ("y", 8),
                "pointerType" => ("pointerType", 16),
                _ => return Err(KEY),
            };
            if seen & bit != 0 {
                return Err(KEY);
            }
            seen |= bit;
            write::key(key, &mut self.out);
            match key {
                "type" => kind = Some(self.whole(reader, INTERACTIONS)?),
                "id" => id = Some(self.whole(reader, ID_MAX)?),
                "pointerType" => self.whole(reader, POINTERS).map(drop)?,
                _ => self.coordinate(reader)?,
            }
        }
        let (Some(kind), Some(_)) = (kind, id) else { return Err(KEY) };
        Ok(Outcome::Goes(if kind == CLICK { Counted::Click } else { Counted::Interaction }))
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
        let (mut id, mut seen) = (0, 0_u8);
        while let Some(name) = reader.key(members)? {
            let (key, bit) = match name {
                "id" => ("id", 1),
                "x" => ("x", 2),
                "y" => ("y", 4),
                _ => return Err(KEY),
            };
            if seen & bit != 0 {
                return Err(KEY);
            }
            seen |= bit;
            write::key(key, &mut self.out);
            match key {
                "id" => id = self.whole(reader, ID_MAX)? as u32,
                _ => self.coordinate(reader)?,
            }
        }
        if seen != 7 {
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
