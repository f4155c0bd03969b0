//! Nodes of a page's tree, in snapshots and where they are added.
//!
//! They are read in the recorder's own order, in which whatever decides about a node stands before what it decides: its
//! type first, an element's name before its attributes, these before its children. Another order is not our dialect.

use super::dialect::{DIALECT, Tag};
use super::judge::{Bearer, Judge};
use super::page::{Kind, Surroundings, marks};
use super::reader::{Members, Reader};
use super::{Limit, Place, Position, Refused, number, write};

/// Bytes of an element's name.
const NAME_BYTES: usize = 64;
/// The largest number of a node.
pub(super) const ID_MAX: u64 = (1 << 31) - 1;

/// Kinds of documents that a doctype may name; another becomes the plain one.
const PUBLIC_IDS: &[&str] = &[
    "-//W3C//DTD XHTML 1.0 Strict//EN",
    "-//W3C//DTD XHTML 1.0 Transitional//EN",
    "-//W3C//DTD HTML 4.01//EN",
    "-//W3C//DTD HTML 4.01 Transitional//EN",
];

/// The keys of a node.
const KEYS: [&str; 17] = [
    "type",
    "id",
    "tagName",
    "attributes",
    "childNodes",
    "textContent",
    "name",
    "publicId",
    "systemId",
    "compatMode",
    "isSVG",
    "isShadowHost",
    "isShadow",
    "isCustom",
    "isStyle",
    "needBlock",
    "rootId",
];
/// The first of the keys that only say something true.
const FIRST_TRUTH: usize = 10;
/// Keys of truths that go out again, as bits of [`KEYS`]. The others say nothing that a replay needs.
const TRUTHS_KEPT: u32 = 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13;

/// A node that was read and is not in the tree yet.
#[derive(Clone, Copy)]
pub(super) struct Fresh {
    id: u32,
    parent: Option<u32>,
    kind: Kind,
    tag: u8,
    marks: u8,
}

/// What has been read of a node.
struct Reading {
    kind: Sort,
    id: Option<u32>,
    bearer: Option<Bearer>,
    seen: u32,
    truths: u32,
    is_dropped: bool,
    /// Where its children begin among the orphans.
    orphans: usize,
}

/// The types of nodes that are recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Unread,
    Document,
    DocumentType,
    Element,
    Text,
}

impl Judge<'_> {
    /// Reads a node that stands in `around` and writes it with all that is in it; whether it stays.
    pub(super) fn node(&mut self, reader: &mut Reader<'_>, around: Surroundings) -> Result<bool, Refused> {
        if around.depth > DIALECT.limits.depth {
            return Err(Refused::TooLarge { limit: Limit::Depth });
        }
        let mark = self.out.len();
        write::comma(&mut self.out);
        let mut reading = Reading {
            kind: Sort::Unread,
            id: None,
            bearer: None,
            seen: 0,
            truths: 0,
            is_dropped: false,
            orphans: self.orphans.len(),
        };
        let mut members = reader.object()?;
        while let Some(name) = reader.key(&mut members)? {
            let at = KEYS.iter().position(|known| *known == name).ok_or(KEY)?;
            if reading.seen & 1 << at != 0 {
                return Err(KEY);
            }
            reading.seen |= 1 << at;
            if reading.is_dropped && name != "id" {
                reader.skip()?;
                continue;
            }
            self.node_key(reader, name, at, &mut reading, around)?;
        }
        self.end_node(&reading, around, mark)
    }

    fn node_key(
        &mut self,
        reader: &mut Reader<'_>,
        name: &str,
        at: usize,
        reading: &mut Reading,
        around: Surroundings,
    ) -> Result<(), Refused> {
        match (name, reading.kind) {
            ("type", _) => {
                reading.kind = sort(reader.whole(5)?)?;
                self.out.extend_from_slice(b"{\"type\":");
                number::write_whole(reading.kind.number(), &mut self.out);
            }
            ("id", _) => reading.id = Some(reader.whole(ID_MAX)? as u32),
            ("rootId", _) => drop(reader.whole(ID_MAX)?),
            ("tagName", Sort::Element) => self.tag_name(&reader.text()?, reading, around)?,
            ("attributes", Sort::Element) if reading.seen & CHILD_NODES == 0 => {
                let bearer = reading.bearer.as_mut().ok_or(KEY)?;
                self.out.extend_from_slice(b",\"attributes\":");
                self.attributes(reader, bearer)?;
            }
            ("childNodes", Sort::Element | Sort::Document) => self.children(reader, reading, around)?,
            ("textContent", Sort::Text) => {
                self.out.extend_from_slice(b",\"textContent\":");
                self.text(around, &reader.text()?)?;
            }
            ("name" | "publicId" | "systemId", Sort::DocumentType) => self.doctype(name, &reader.text()?)?,
            ("compatMode", Sort::Document) => {
                let modes = ["BackCompat", "CSS1Compat"];
                self.document_type("compatMode", &reader.text()?, &modes, "CSS1Compat")?;
            }
            _ if (FIRST_TRUTH..FIRST_TRUTH + 6).contains(&at) => {
                reading.truths |= u32::from(reader.truth()?) << at;
            }
            _ => return Err(KEY),
        }
        Ok(())
    }

    fn tag_name(&mut self, name: &str, reading: &mut Reading, around: Surroundings) -> Result<(), Refused> {
        let plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b':')
        };
        let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !begins || name.len() > NAME_BYTES || !name.bytes().all(plain) {
            return Err(Refused::NotDialect { place: Place::Node });
        }
        let tag: Tag = DIALECT.tag(name);
        reading.is_dropped = tag.dropped && !self.lets_through(Position::DroppedElement)?;
        reading.bearer = Some(Bearer::new(tag, around));
        self.out.extend_from_slice(b",\"tagName\":");
        write::text(name, &mut self.out);
        Ok(())
    }

    fn children(
        &mut self,
        reader: &mut Reader<'_>,
        reading: &Reading,
        around: Surroundings,
    ) -> Result<(), Refused> {
        let (marks, is_box) = match (reading.kind, reading.bearer) {
            (Sort::Document, _) => (0, false),
            (_, Some(bearer)) => (bearer.marks, bearer.marks & marks::BOXED != 0),
            _ => return Err(KEY),
        };
        self.out.extend_from_slice(b",\"childNodes\":[");
        let inside = around.inside(marks);
        let mut members: Members = reader.array()?;
        while reader.item(&mut members)? {
            if is_box && !self.lets_through(Position::BoxContent)? {
                reader.skip()?;
            } else {
                self.node(reader, inside)?;
            }
        }
        self.out.push(b']');
        Ok(())
    }

    fn doctype(&mut self, key: &str, raw: &str) -> Result<(), Refused> {
        match key {
            "name" => self.document_type("name", raw, &["html"], "html"),
            "publicId" => self.document_type("publicId", raw, PUBLIC_IDS, ""),
            _ => self.document_type("systemId", raw, &[""], ""),
        }
    }

    /// Writes what a document says of its kind, if it is one of `known`.
    fn document_type(
        &mut self,
        key: &'static str,
        raw: &str,
        known: &[&str],
        plain: &str,
    ) -> Result<(), Refused> {
        write::key(key, &mut self.out);
        let mark = self.out.len();
        let stays = self.written(Position::DocumentType, raw, |raw, out| {
            known.iter().find(|known| **known == raw || raw.is_empty()).map(|_| {
                out.push_str(raw);
                0
            })
        })?;
        if !stays {
            self.out.truncate(mark);
            write::text(plain, &mut self.out);
        }
        Ok(())
    }

    /// Whether something stays that is always dropped: never, but in a twin.
    fn lets_through(&mut self, position: Position) -> Result<bool, Refused> {
        Ok(self.settle(position, super::Judgement::Dropped)? != super::Judgement::Dropped)
    }

    /// Checks that a node is whole, ends it, and remembers where it stands.
    fn end_node(&mut self, reading: &Reading, around: Surroundings, mark: usize) -> Result<bool, Refused> {
        let id = reading.id.ok_or(KEY)?;
        if reading.is_dropped {
            self.out.truncate(mark);
            return Ok(false);
        }
        let needed = match reading.kind {
            Sort::Unread => return Err(KEY),
            Sort::Document => CHILD_NODES,
            Sort::DocumentType => 1 << 6,
            Sort::Element => 1 << 2 | 1 << 3 | CHILD_NODES,
            Sort::Text => 1 << 5,
        };
        if reading.seen & needed != needed || reading.kind == Sort::Document && around.depth > 0 {
            return Err(KEY);
        }
        let is_svg = reading.bearer.is_some_and(|bearer| bearer.svg);
        let kept = reading.truths & TRUTHS_KEPT & if is_svg { !0 } else { !(1 << FIRST_TRUTH) };
        for (at, name) in KEYS.iter().enumerate().filter(|(at, _)| kept & 1 << at != 0) {
            debug_assert!(at >= FIRST_TRUTH, "other keys are no truths");
            write::key(name, &mut self.out);
            self.out.extend_from_slice(b"true");
        }
        write::key("id", &mut self.out);
        number::write_whole(u64::from(id), &mut self.out);
        self.out.push(b'}');
        for orphan in self.orphans.drain(reading.orphans..) {
            self.fresh[orphan].parent = Some(id);
        }
        if self.fresh.len() >= DIALECT.limits.nodes as usize {
            return Err(Refused::TooLarge { limit: Limit::Nodes });
        }
        let (tag, marks) = reading.bearer.map_or((0, 0), |bearer| (bearer.code, bearer.marks));
        self.orphans.push(self.fresh.len());
        self.fresh.push(Fresh { id, parent: None, kind: reading.kind.kind(), tag, marks });
        Ok(true)
    }

    /// Puts what was read into the tree, under `parent` or as a new tree.
    pub(super) fn plant(&mut self, parent: Option<u32>) -> Result<(), Refused> {
        if parent.is_none() {
            self.page.forget();
            self.page.reserve(self.fresh.len());
        }
        for fresh in std::mem::take(&mut self.fresh) {
            if parent.is_none() && self.page.has(fresh.id) {
                return Err(Refused::NotDialect { place: Place::Node });
            }
            if !self.page.put(fresh.id, fresh.parent.or(parent), fresh.kind, fresh.tag, fresh.marks) {
                self.ask = true;
            }
        }
        self.orphans.clear();
        Ok(())
    }
}

const KEY: Refused = Refused::NotDialect { place: Place::Key };
/// `childNodes` as a bit of [`KEYS`].
const CHILD_NODES: u32 = 1 << 4;

fn sort(number: u64) -> Result<Sort, Refused> {
    Ok(match number {
        0 => Sort::Document,
        1 => Sort::DocumentType,
        2 => Sort::Element,
        3 => Sort::Text,
        _ => return Err(Refused::NotDialect { place: Place::Node }),
    })
}

impl Sort {
    fn number(self) -> u64 {
        match self {
            Self::Unread | Self::Document => 0,
            Self::DocumentType => 1,
            Self::Element => 2,
            Self::Text => 3,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Element => Kind::Element,
            Self::Unread | Self::Document | Self::DocumentType => Kind::Document,
        }
    }
}
