//! Changes of style sheets by a page's own scripts.

use super::events::{Counted, KEY, Outcome};
use super::judge::Judge;
use super::nodes::ID_MAX;
use super::reader::{Kind, Members, Reader};
use super::{Refused, number, write};

/// The largest number of a rule in its sheet.
const INDEX_MAX: u64 = 1_000_000;
/// Rules in rules that an index may lead through.
const INDICES: usize = 16;

/// What a change of a style sheet names: a node's sheet, or one that belongs to none.
#[derive(Default)]
struct Owner {
    node: Option<u32>,
    sheet: bool,
}

impl Judge<'_> {
    /// Rules that came and went, or a sheet that was replaced.
    pub(super) fn sheet_rules(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        let mut owner = Owner::default();
        let mut seen = 0_u8;
        while let Some(name) = reader.key(members)? {
            if self.owner(reader, name, &mut owner)? {
                continue;
            }
            let (key, bit) = match name {
                "removes" => ("removes", 1),
                "adds" => ("adds", 2),
                "replace" => ("replace", 4),
                "replaceSync" => ("replaceSync", 8),
                _ => return Err(KEY),
            };
            if seen & bit != 0 {
                return Err(KEY);
            }
            seen |= bit;
            write::key(key, &mut self.out);
            match key {
                "removes" => self.rules(reader, false)?,
                "adds" => self.rules(reader, true)?,
                _ => self.sheet_text(&reader.text()?)?,
            }
        }
        self.owned(&owner)
    }

    /// One declaration that was set or taken out.
    pub(super) fn style_declaration(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        let mut owner = Owner::default();
        let (mut index, mut stays) = (false, None);
        while let Some(name) = reader.key(members)? {
            match name {
                "index" if !index => {
                    write::key("index", &mut self.out);
                    self.index(reader)?;
                    index = true;
                }
                "set" if stays.is_none() => stays = Some(self.declaration_set(reader)?),
                "remove" if stays.is_none() => stays = Some(self.declaration_removed(reader)?),
                _ if self.owner(reader, name, &mut owner)? => {}
                _ => return Err(KEY),
            }
        }
        if !index {
            return Err(KEY);
        }
        let outcome = self.owned(&owner)?;
        Ok(if stays.ok_or(KEY)? { outcome } else { Outcome::Empty })
    }

    /// Sheets that a document or a shadow adopted.
    pub(super) fn adopted_sheets(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Members,
    ) -> Result<Outcome, Refused> {
        let mut owner = Owner::default();
        let (mut styles, mut ids) = (false, false);
        while let Some(name) = reader.key(members)? {
            match name {
                "styles" if !styles => {
                    self.out.extend_from_slice(b",\"styles\":[");
                    let mut members = reader.array()?;
                    while reader.item(&mut members)? {
                        write::comma(&mut self.out);
                        self.adopted_sheet(reader)?;
                    }
                    self.out.push(b']');
                    styles = true;
                }
                "styleIds" if !ids => {
                    write::key("styleIds", &mut self.out);
                    self.whole_numbers(reader, usize::MAX, ID_MAX)?;
                    ids = true;
                }
                "id" => drop(self.owner(reader, name, &mut owner)?),
                _ => return Err(KEY),
            }
        }
        if ids && owner.node.is_some() { self.owned(&owner) } else { Err(KEY) }
    }

    fn adopted_sheet(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let (mut id, mut rules) = (false, false);
        self.out.push(b'{');
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "styleId" if !id => {
                    write::key("styleId", &mut self.out);
                    self.whole(reader, ID_MAX)?;
                    id = true;
                }
                "rules" if !rules => {
                    write::key("rules", &mut self.out);
                    self.rules(reader, true)?;
                    rules = true;
                }
                _ => return Err(KEY),
            }
        }
        self.out.push(b'}');
        if id && rules { Ok(()) } else { Err(KEY) }
    }

    /// Reads whose sheet it is, if `name` says so; whether it does.
    fn owner(&mut self, reader: &mut Reader<'_>, name: &str, owner: &mut Owner) -> Result<bool, Refused> {
        match name {
            "id" if owner.node.is_none() => {
                write::key("id", &mut self.out);
                owner.node = Some(self.whole(reader, ID_MAX)? as u32);
            }
            "styleId" if !owner.sheet => {
                write::key("styleId", &mut self.out);
                self.whole(reader, ID_MAX)?;
                owner.sheet = true;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What becomes of a change with that owner.
    fn owned(&mut self, owner: &Owner) -> Result<Outcome, Refused> {
        match owner.node {
            Some(node) if !self.page.has(node) => {
                self.meet_unknown();
                Ok(Outcome::Empty)
            }
            None if !owner.sheet => Err(KEY),
            _ => Ok(Outcome::Goes(Counted::Styles)),
        }
    }

    /// Reads an array of rules with their places, or of places alone.
    fn rules(&mut self, reader: &mut Reader<'_>, with_text: bool) -> Result<(), Refused> {
        self.out.push(b'[');
        let mut rules = reader.array()?;
        while reader.item(&mut rules)? {
            write::comma(&mut self.out);
            self.out.push(b'{');
            let (mut rule, mut index) = (false, false);
            let mut members = reader.object()?;
            while let Some(name) = reader.key(&mut members)? {
                match name {
                    "rule" if with_text && !rule => {
                        write::key("rule", &mut self.out);
                        self.rule(&reader.text()?)?;
                        rule = true;
                    }
                    "index" if !index => {
                        write::key("index", &mut self.out);
                        self.index(reader)?;
                        index = true;
                    }
                    _ => return Err(KEY),
                }
            }
            if rule != with_text || !index && !with_text {
                return Err(KEY);
            }
            self.out.push(b'}');
        }
        self.out.push(b']');
        Ok(())
    }

    /// The place of a rule: a number, or one for each rule that it is in.
    fn index(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        if reader.kind()? == Kind::Array {
            return self.whole_numbers(reader, INDICES, INDEX_MAX);
        }
        self.whole(reader, INDEX_MAX).map(drop)
    }

    fn whole_numbers(&mut self, reader: &mut Reader<'_>, count_max: usize, most: u64) -> Result<(), Refused> {
        self.out.push(b'[');
        let mut members = reader.array()?;
        let mut count = 0;
        while reader.item(&mut members)? {
            write::comma(&mut self.out);
            number::write_whole(reader.whole(most)?, &mut self.out);
            count += 1;
            if count > count_max {
                return Err(KEY);
            }
        }
        self.out.push(b']');
        Ok(())
    }

    /// `{property, value, priority}`; whether it stays.
    fn declaration_set(&mut self, reader: &mut Reader<'_>) -> Result<bool, Refused> {
        let (mut property, mut value, mut priority) = (None, None, None);
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "property" if property.is_none() => property = Some(reader.text()?),
                "value" if value.is_none() => {
                    value = Some(if reader.null()? { None } else { Some(reader.text()?) });
                }
                "priority" if priority.is_none() => {
                    priority = Some(!reader.null()? && reader.text()? == "important");
                }
                _ => return Err(KEY),
            }
        }
        let (Some(property), Some(value)) = (property, value) else { return Err(KEY) };
        self.out.extend_from_slice(b",\"set\":{\"property\":");
        write::text(&property, &mut self.out);
        write::key("value", &mut self.out);
        let stays = match value {
            Some(value) => self.declaration(&property, &value)?,
            None => {
                self.out.extend_from_slice(b"null");
                self.property(&property)?
            }
        };
        let important = priority == Some(true);
        self.out.extend_from_slice(if important {
            b",\"priority\":\"important\"}"
        } else {
            b",\"priority\":\"\"}"
        });
        Ok(stays)
    }

    fn declaration_removed(&mut self, reader: &mut Reader<'_>) -> Result<bool, Refused> {
        let mut property = None;
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            match name {
                "property" if property.is_none() => property = Some(reader.text()?),
                _ => return Err(KEY),
            }
        }
        let property = property.ok_or(KEY)?;
        self.out.extend_from_slice(b",\"remove\":{\"property\":");
        write::text(&property, &mut self.out);
        self.out.push(b'}');
        self.property(&property)
    }
}
