//! Changes: of the tree, and by whatever else [`Judge::change`] knows a source for.
//!
//! A change of the tree is read in the order in which a replay applies it: what went, what came, texts, attributes. So
//! each string is judged by where it will stand.

use super::events::{Counted, KEY, Outcome};
use super::judge::{Bearer, Judge};
use super::nodes::ID_MAX;
use super::page::{Kind, marks};
use super::reader::{Kind as Value, Members, Reader};
use super::{Place, Position, Refused, number, write};

/// The arrays of a change of the tree, as they go out.
const ARRAYS: [&str; 4] = ["removes", "adds", "texts", "attributes"];

impl Judge<'_> {
    /// Reads the data of a change, whose source comes first.
    pub(super) fn change(&mut self, reader: &mut Reader<'_>) -> Result<Outcome, Refused> {
        let mut members = reader.object()?;
        if reader.key(&mut members)? != Some("source") {
            return Err(KEY);
        }
        let source = reader.whole(255)?;
        self.out.extend_from_slice(b"{\"source\":");
        number::write_whole(source, &mut self.out);
        let outcome = match source {
            0 => self.mutation(reader, &mut members),
            1 | 6 | 12 => self.moves(reader, &mut members),
            2 => self.interaction(reader, &mut members),
            3 => self.scroll(reader, &mut members),
            4 => self.resize(reader, &mut members),
            5 => self.input_event(reader, &mut members),
            8 => self.sheet_rules(reader, &mut members),
            13 => self.style_declaration(reader, &mut members),
            15 => self.adopted_sheets(reader, &mut members),
            _ => Err(Refused::NotDialect { place: Place::Source }),
        }?;
        self.out.push(b'}');
        Ok(outcome)
    }

    fn mutation(&mut self, reader: &mut Reader<'_>, members: &mut Members) -> Result<Outcome, Refused> {
        let mut places = [None; ARRAYS.len()];
        while let Some(name) = reader.key(members)? {
            let at = ARRAYS.iter().position(|array| *array == name).ok_or(KEY)?;
            if places[at].replace(reader.place()).is_some() {
                return Err(KEY);
            }
            reader.skip()?;
        }
        let end = reader.place();
        let mut any = false;
        for (array, place) in ARRAYS.into_iter().zip(places) {
            reader.go_to(place.ok_or(KEY)?);
            write::key(array, &mut self.out);
            self.out.push(b'[');
            let mut members = reader.array()?;
            while reader.item(&mut members)? {
                let mark = self.out.len();
                write::comma(&mut self.out);
                let stays = match array {
                    "removes" => self.remove(reader)?,
                    "adds" => self.add(reader)?,
                    "texts" => self.text_change(reader)?,
                    _ => self.attribute_change(reader)?,
                };
                any |= stays;
                if !stays {
                    self.out.truncate(mark);
                }
            }
            self.out.push(b']');
        }
        reader.go_to(end);
        Ok(if any { Outcome::Goes(Counted::Mutation) } else { Outcome::Empty })
    }

    /// A node that went. It says nothing but numbers, so one that is not known may be said to go.
    fn remove(&mut self, reader: &mut Reader<'_>) -> Result<bool, Refused> {
        let (mut parent, mut id, mut shadow) = (None, None, None);
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "parentId" if parent.is_none() => parent = Some(reader.whole(ID_MAX)?),
                "id" if id.is_none() => id = Some(reader.whole(ID_MAX)?),
                "isShadow" if shadow.is_none() => shadow = Some(reader.truth()?),
                _ => return Err(KEY),
            }
        }
        let (Some(parent), Some(id)) = (parent, id) else { return Err(KEY) };
        self.page.remove(id as u32);
        self.out.extend_from_slice(b"{\"parentId\":");
        number::write_whole(parent, &mut self.out);
        write::key("id", &mut self.out);
        number::write_whole(id, &mut self.out);
        self.out.extend_from_slice(if shadow == Some(true) { b",\"isShadow\":true}" } else { b"}" });
        Ok(true)
    }

    /// A node that came. Where it is not known what it came into, it goes.
    fn add(&mut self, reader: &mut Reader<'_>) -> Result<bool, Refused> {
        let (mut parent, mut next, mut previous, mut node) = (None, None, false, None);
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "parentId" if parent.is_none() => parent = Some(reader.whole(ID_MAX)? as u32),
                "nextId" if next.is_none() => next = Some(optional_id(reader)?),
                "previousId" if !previous => {
                    optional_id(reader)?;
                    previous = true;
                }
                "node" if node.is_none() => {
                    node = Some(reader.place());
                    reader.skip()?;
                }
                _ => return Err(KEY),
            }
        }
        let end = reader.place();
        let (Some(parent), Some(next), Some(node)) = (parent, next, node) else { return Err(KEY) };
        self.out.extend_from_slice(b"{\"parentId\":");
        number::write_whole(u64::from(parent), &mut self.out);
        write::key("nextId", &mut self.out);
        match next {
            Some(next) => number::write_whole(next, &mut self.out),
            None => self.out.extend_from_slice(b"null"),
        }
        write::key("node", &mut self.out);
        reader.go_to(node);
        let stays = self.added_node(reader, parent)?;
        self.out.push(b'}');
        reader.go_to(end);
        Ok(stays)
    }

    fn added_node(&mut self, reader: &mut Reader<'_>, parent: u32) -> Result<bool, Refused> {
        let known = self.page.find(parent).filter(|known| known.kind != Kind::Text);
        let Some(known) = known else {
            self.meet_unknown();
            return Ok(false);
        };
        let inside = known.around.inside(known.marks);
        if inside.boxed {
            let stays = self.settle(Position::BoxContent, super::Judgement::Dropped)?;
            if stays == super::Judgement::Dropped {
                return Ok(false);
            }
        }
        let stays = self.node(reader, inside)?;
        self.plant(Some(parent))?;
        Ok(stays)
    }

    fn text_change(&mut self, reader: &mut Reader<'_>) -> Result<bool, Refused> {
        let (mut id, mut value) = (None, None);
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "id" if id.is_none() => id = Some(reader.whole(ID_MAX)? as u32),
                "value" if value.is_none() => {
                    value = Some(if reader.null()? { None } else { Some(reader.text()?) });
                }
                _ => return Err(KEY),
            }
        }
        let (Some(id), Some(value)) = (id, value) else { return Err(KEY) };
        let Some(known) = self.page.find(id) else {
            self.meet_unknown();
            return Ok(false);
        };
        // A text that is set on an element stands in it.
        let around = if known.kind == Kind::Text { known.around } else { known.around.inside(known.marks) };
        if around.boxed {
            self.drop_at(Position::BoxContent);
            return Ok(false);
        }
        self.out.extend_from_slice(b"{\"id\":");
        number::write_whole(u64::from(id), &mut self.out);
        write::key("value", &mut self.out);
        match value {
            Some(text) => self.text(around, &text)?,
            None => self.out.extend_from_slice(b"null"),
        }
        self.out.push(b'}');
        Ok(true)
    }

    fn attribute_change(&mut self, reader: &mut Reader<'_>) -> Result<bool, Refused> {
        let (mut id, mut attributes) = (None, None);
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "id" if id.is_none() => id = Some(reader.whole(ID_MAX)? as u32),
                "attributes" if attributes.is_none() => {
                    attributes = Some(reader.place());
                    reader.skip()?;
                }
                _ => return Err(KEY),
            }
        }
        let end = reader.place();
        let (Some(id), Some(attributes)) = (id, attributes) else { return Err(KEY) };
        let Some(known) = self.page.find(id).filter(|known| known.kind == Kind::Element) else {
            self.meet_unknown();
            return Ok(false);
        };
        if known.around.boxed {
            self.drop_at(Position::BoxContent);
            return Ok(false);
        }
        let mut bearer = Bearer {
            code: known.tag,
            marks: known.marks,
            svg: known.around.svg || known.marks & marks::SVG != 0,
            in_form: known.around.form,
        };
        self.out.extend_from_slice(b"{\"id\":");
        number::write_whole(u64::from(id), &mut self.out);
        write::key("attributes", &mut self.out);
        let mark = self.out.len();
        reader.go_to(attributes);
        self.attributes(reader, &mut bearer)?;
        reader.go_to(end);
        self.page.set_marks(id, bearer.marks);
        let any = self.out.len() > mark + b"{}".len();
        self.out.push(b'}');
        Ok(any)
    }

    fn input_event(&mut self, reader: &mut Reader<'_>, members: &mut Members) -> Result<Outcome, Refused> {
        let (mut id, mut text, mut checked, mut triggered) = (None, None, None, None);
        while let Some(name) = reader.key(members)? {
            match name {
                "id" if id.is_none() => id = Some(reader.whole(ID_MAX)? as u32),
                "text" if text.is_none() => text = Some(reader.text()?),
                "isChecked" if checked.is_none() => checked = Some(reader.truth()?),
                "userTriggered" if triggered.is_none() => triggered = Some(reader.truth()?),
                _ => return Err(KEY),
            }
        }
        let (Some(id), Some(text), Some(checked)) = (id, text, checked) else { return Err(KEY) };
        write::key("id", &mut self.out);
        number::write_whole(u64::from(id), &mut self.out);
        write::key("text", &mut self.out);
        self.input(&text, checked)?;
        if !self.page.has(id) {
            self.meet_unknown();
            return Ok(Outcome::Empty);
        }
        Ok(Outcome::Input(id))
    }
}

/// A node's number, or none.
fn optional_id(reader: &mut Reader<'_>) -> Result<Option<u64>, Refused> {
    if reader.kind()? == Value::Null {
        reader.null()?;
        return Ok(None);
    }
    reader.whole(ID_MAX).map(Some)
}
