//! Judges one chunk: what it holds at each position, and what goes out instead.

use domain::Timestamp;

use super::dialect::{DIALECT, Tag};
use super::grammar::Grammar;
use super::nodes::Fresh;
use super::page::{Page, Surroundings, marks};
use super::reader::{Kind, Reader};
use super::summary::Tally;
use super::{CHECKER, Gated, Place, Policy, Position, Refused, Summary, style, text, write};

/// What is to become of one string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It goes out as its grammar wrote it.
    Fits,
    /// It is the mask.
    Masked,
    /// The mask goes out instead.
    Starred,
    /// Nothing goes out instead.
    Dropped,
    /// The chunk is refused.
    Violation,
    /// It goes out as it came. No rule of the gate says so: it is what a twin without the gate makes of all others.
    Unjudged,
}

/// One chunk under judgement.
pub(super) struct Judge<'p> {
    pub(super) page: &'p mut Page,
    policy: Policy,
    heed: fn(Judgement) -> Judgement,
    pub(super) out: Vec<u8>,
    tally: Tally,
    pub(super) summary: Summary,
    /// Whether something stood where the tree is not known.
    pub(super) ask: bool,
    /// What a grammar writes, before it goes out.
    scratch: String,
    /// Nodes that were read and are not in the tree yet.
    pub(super) fresh: Vec<Fresh>,
    /// Of them, those whose parent's number has not been read yet.
    pub(super) orphans: Vec<usize>,
}

/// The element that an attribute belongs to.
#[derive(Clone, Copy)]
pub(super) struct Bearer {
    pub(super) code: u8,
    pub(super) marks: u8,
    pub(super) svg: bool,
    /// Whether what is around it is a form position.
    pub(super) in_form: bool,
}

impl Bearer {
    pub(super) fn new(tag: Tag, around: Surroundings) -> Self {
        let mark = |on: bool, mark: u8| if on { mark } else { 0 };
        let svg = tag.in_svg(around.svg);
        let marks = mark(tag.form, marks::FORM)
            | mark(tag.boxed, marks::BOXED)
            | mark(tag.style, marks::STYLE)
            | mark(tag.holds_svg(around.svg), marks::SVG);
        Self { code: tag.code, marks, svg, in_form: around.form }
    }

    /// What a `value`, or being checked, is here other than the mask.
    fn judge_state(&self) -> Judgement {
        if self.marks & marks::FORM != 0 { Judgement::Violation } else { Judgement::Dropped }
    }

    /// The grammar of an attribute; none where it is not let in. A field scrolls with what is entered.
    fn grammar(&self, name: &str) -> Option<&'static Grammar> {
        let boxed = self.marks & marks::BOXED != 0;
        let tells = self.is_form() && name.starts_with("rr_scroll");
        DIALECT.attribute(self.code, self.svg, boxed, name).filter(|_| !tells)
    }

    fn is_form(&self) -> bool {
        self.in_form || self.marks & marks::ANY_FORM != 0
    }
}

impl<'p> Judge<'p> {
    pub(super) fn new(
        page: &'p mut Page,
        policy: Policy,
        heed: fn(Judgement) -> Judgement,
        bytes: usize,
    ) -> Self {
        Self {
            page,
            policy,
            heed,
            out: Vec::with_capacity(bytes + bytes / 8),
            tally: Tally::default(),
            summary: Summary { checker: CHECKER, ..Summary::default() },
            ask: false,
            scratch: String::new(),
            fresh: Vec::new(),
            orphans: Vec::new(),
        }
    }

    pub(super) fn finish(mut self, address: String) -> Gated {
        self.summary.positions = self.tally.positions();
        self.summary.address = address;
        let ask_snapshot = self.ask || !self.page.is_known();
        Gated { chunk: self.out, summary: self.summary, ask_snapshot }
    }

    /// Counts a judgement, and refuses where it says so.
    pub(super) fn settle(&mut self, position: Position, judgement: Judgement) -> Result<Judgement, Refused> {
        let judgement = (self.heed)(judgement);
        let counts = self.tally.at(position);
        counts.seen += 1;
        match judgement {
            Judgement::Masked => counts.masked += 1,
            Judgement::Starred => counts.starred += 1,
            Judgement::Dropped => counts.dropped += 1,
            Judgement::Violation => return Err(Refused::Violation { position }),
            Judgement::Fits | Judgement::Unjudged => {}
        }
        Ok(judgement)
    }

    /// Counts something that is dropped whatever else is judged, because there is no place for it in what goes out.
    pub(super) fn drop_at(&mut self, position: Position) {
        let counts = self.tally.at(position);
        counts.seen += 1;
        counts.dropped += 1;
    }

    /// Counts parts that a grammar left out of what fits otherwise.
    fn count_parts(&mut self, position: Position, parts: u32) {
        self.tally.at(position).dropped += parts;
    }

    /// Notes that content stood where the tree is not known.
    pub(super) fn meet_unknown(&mut self) {
        self.drop_at(Position::Unknown);
        self.ask = true;
    }

    /// Writes what was settled: the mask, what a grammar wrote, or nothing.
    fn write_settled(&mut self, settled: Judgement, raw: &str) {
        match settled {
            Judgement::Fits => write::text(&self.scratch, &mut self.out),
            Judgement::Masked | Judgement::Starred => write::text(&DIALECT.mask, &mut self.out),
            Judgement::Unjudged => write::text(raw, &mut self.out),
            Judgement::Dropped | Judgement::Violation => write::text("", &mut self.out),
        }
    }

    /// Writes the text of a node with `around` around it.
    pub(super) fn text(&mut self, around: Surroundings, raw: &str) -> Result<(), Refused> {
        self.scratch.clear();
        let (position, judgement) = if around.form {
            (Position::FormText, self.form_text(raw))
        } else if around.style {
            (Position::Sheet, self.sheet(raw))
        } else {
            let fits = raw.len() <= DIALECT.limits.text_bytes
                && text::write(raw, self.policy.text, &mut self.scratch);
            (Position::Text, if fits { Judgement::Fits } else { Judgement::Starred })
        };
        let settled = self.settle(position, judgement)?;
        self.write_settled(settled, raw);
        Ok(())
    }

    /// The mask, or white space, of which not even the length goes on.
    fn form_text(&mut self, raw: &str) -> Judgement {
        if raw == DIALECT.mask {
            return Judgement::Masked;
        }
        self.scratch.push_str(if raw.is_empty() { "" } else { " " });
        if text::is_white(raw) { Judgement::Fits } else { Judgement::Violation }
    }

    fn sheet(&mut self, raw: &str) -> Judgement {
        if raw.len() > DIALECT.limits.sheet_bytes {
            return Judgement::Dropped;
        }
        let parts = style::write_sheet(raw, &mut self.scratch);
        self.count_parts(Position::Sheet, parts);
        Judgement::Fits
    }

    /// Writes a string that `write` wrote anew, or an empty one. Whether anything of it is left.
    pub(super) fn written(
        &mut self,
        position: Position,
        raw: &str,
        write: impl FnOnce(&str, &mut String) -> Option<u32>,
    ) -> Result<bool, Refused> {
        self.scratch.clear();
        let judgement = match write(raw, &mut self.scratch) {
            Some(parts) => {
                self.count_parts(position, parts);
                Judgement::Fits
            }
            None => Judgement::Dropped,
        };
        let settled = self.settle(position, judgement)?;
        self.write_settled(settled, raw);
        Ok(settled != Judgement::Dropped)
    }

    /// What an input event says: the mask or nothing.
    pub(super) fn input(&mut self, raw: &str, is_checked: bool) -> Result<(), Refused> {
        self.scratch.clear();
        let judgement = match raw {
            "" => Judgement::Fits,
            raw if raw == DIALECT.mask => Judgement::Masked,
            _ => Judgement::Violation,
        };
        let settled = self.settle(Position::Input, judgement)?;
        self.write_settled(settled, raw);
        let state = if is_checked { Judgement::Violation } else { Judgement::Fits };
        let state = self.settle(Position::FormState, state)?;
        let is_checked = is_checked && state == Judgement::Unjudged;
        self.out.extend_from_slice(if is_checked { b",\"isChecked\":true" } else { b",\"isChecked\":false" });
        Ok(())
    }

    /// Reads an object of attributes and writes those that stay. What they make of their element is marked on it.
    pub(super) fn attributes(&mut self, reader: &mut Reader<'_>, bearer: &mut Bearer) -> Result<(), Refused> {
        let mut members = reader.object()?;
        self.out.push(b'{');
        while let Some(name) = reader.key(&mut members)? {
            let mark = self.out.len();
            let stays = match reader.kind()? {
                Kind::Text => {
                    let value = reader.text()?;
                    bearer.become_what(name, Some(&value));
                    self.attribute(bearer, name, &value)?
                }
                Kind::Null => {
                    reader.null()?;
                    bearer.become_what(name, None);
                    self.attribute_gone(bearer, name)?
                }
                Kind::Number => self.attribute_number(reader, bearer, name)?,
                Kind::True | Kind::False => {
                    let there = reader.truth()?.then_some("");
                    bearer.become_what(name, there);
                    match there {
                        Some(value) => self.attribute(bearer, name, value)?,
                        None => self.attribute_gone(bearer, name)?,
                    }
                }
                Kind::Object if name == "style" => {
                    write::key(name, &mut self.out);
                    self.style_changes(reader)?;
                    true
                }
                Kind::Object | Kind::Array => return Err(Refused::NotDialect { place: Place::Attribute }),
            };
            if !stays {
                self.out.truncate(mark);
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Judges one attribute and writes it with its name; whether it stays.
    fn attribute(&mut self, bearer: &Bearer, name: &str, raw: &str) -> Result<bool, Refused> {
        write::key(name, &mut self.out);
        if bearer.is_form() {
            match name {
                "value" if raw != DIALECT.mask => return self.form_state(bearer, Position::FormValue, raw),
                "checked" | "selected" => return self.form_state(bearer, Position::FormState, raw),
                _ => {}
            }
        }
        let Some(grammar) = bearer.grammar(name) else {
            let settled = self.settle(Position::Attribute, Judgement::Dropped)?;
            self.write_settled(settled, raw);
            return Ok(settled == Judgement::Unjudged);
        };
        let (position, limit) = match grammar {
            Grammar::Declarations => (Position::Declaration, DIALECT.limits.attribute_bytes),
            Grammar::Sheet => (Position::Sheet, DIALECT.limits.sheet_bytes),
            Grammar::Mask => (Position::FormValue, DIALECT.limits.attribute_bytes),
            _ => (Position::Attribute, DIALECT.limits.attribute_bytes),
        };
        if *grammar == Grammar::Mask && raw == DIALECT.mask {
            let settled = self.settle(position, Judgement::Masked)?;
            self.write_settled(settled, raw);
            return Ok(true);
        }
        self.written(position, raw, |raw, out| {
            (raw.len() <= limit).then(|| grammar.write(raw, out)).flatten()
        })
    }

    /// What a control is, other than the mask. On what is no control by its name it says nothing, and goes.
    fn form_state(&mut self, bearer: &Bearer, position: Position, raw: &str) -> Result<bool, Refused> {
        let settled = self.settle(position, bearer.judge_state())?;
        self.write_settled(settled, raw);
        Ok(settled == Judgement::Unjudged)
    }

    /// An attribute that went: its name alone. That a control is not checked any more is as much as that it is.
    fn attribute_gone(&mut self, bearer: &Bearer, name: &str) -> Result<bool, Refused> {
        write::key(name, &mut self.out);
        self.out.extend_from_slice(b"null");
        if bearer.is_form() && matches!(name, "checked" | "selected") {
            return self
                .settle(Position::FormState, bearer.judge_state())
                .map(|it| it == Judgement::Unjudged);
        }
        let judgement = if bearer.grammar(name).is_some() { Judgement::Fits } else { Judgement::Dropped };
        Ok(self.settle(Position::Attribute, judgement)? != Judgement::Dropped)
    }

    fn attribute_number(
        &mut self,
        reader: &mut Reader<'_>,
        bearer: &Bearer,
        name: &str,
    ) -> Result<bool, Refused> {
        let number = reader.decimal()?;
        write::key(name, &mut self.out);
        number.write(&mut self.out);
        if bearer.is_form() && name == "value" {
            return self
                .settle(Position::FormValue, bearer.judge_state())
                .map(|it| it == Judgement::Unjudged);
        }
        let grammar = bearer.grammar(name);
        let fits = grammar.is_some_and(Grammar::takes_numbers) && number.is_within(NUMBER_MAX);
        let judgement = if fits { Judgement::Fits } else { Judgement::Dropped };
        Ok(self.settle(Position::Attribute, judgement)? != Judgement::Dropped)
    }

    /// The declarations of a `style` attribute that changed: each its value, a value and a priority, or that it went.
    fn style_changes(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let mut members = reader.object()?;
        self.out.push(b'{');
        while let Some(property) = reader.key(&mut members)? {
            let mark = self.out.len();
            write::key(property, &mut self.out);
            let stays = match reader.kind()? {
                Kind::Text => {
                    let value = reader.text()?;
                    self.declaration(property, &value)?
                }
                Kind::False => {
                    reader.truth()?;
                    self.out.extend_from_slice(b"false");
                    self.property(property)?
                }
                Kind::Array => self.style_with_priority(reader, property)?,
                _ => return Err(Refused::NotDialect { place: Place::Attribute }),
            };
            if !stays {
                self.out.truncate(mark);
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn style_with_priority(&mut self, reader: &mut Reader<'_>, property: &str) -> Result<bool, Refused> {
        let wrong = Refused::NotDialect { place: Place::Attribute };
        let mut members = reader.array()?;
        let (mut value, mut priority) = (None, None);
        while reader.item(&mut members)? {
            let next = reader.text()?;
            let place = if value.is_none() { &mut value } else { &mut priority };
            if place.replace(next).is_some() {
                return Err(wrong);
            }
        }
        let value = value.ok_or(wrong)?;
        self.out.push(b'[');
        let stays = self.declaration(property, &value)?;
        self.out.extend_from_slice(if priority.as_deref() == Some("important") {
            b",\"important\"]"
        } else {
            b",\"\"]"
        });
        Ok(stays)
    }

    /// Judges the value of a property and writes it; whether it stays.
    pub(super) fn declaration(&mut self, property: &str, raw: &str) -> Result<bool, Refused> {
        self.written(Position::Declaration, raw, |raw, out| {
            let fits = raw.len() <= DIALECT.limits.attribute_bytes && style::write_value(property, raw, out);
            fits.then_some(0)
        })
    }

    /// Judges a property that is named without a value; whether it stays.
    pub(super) fn property(&mut self, property: &str) -> Result<bool, Refused> {
        let judgement = if style::is_property(property) { Judgement::Fits } else { Judgement::Dropped };
        Ok(self.settle(Position::Declaration, judgement)? != Judgement::Dropped)
    }

    /// Writes a style sheet; nothing is left of one that is too long.
    pub(super) fn sheet_text(&mut self, raw: &str) -> Result<(), Refused> {
        self.scratch.clear();
        let judgement = self.sheet(raw);
        let settled = self.settle(Position::Sheet, judgement)?;
        self.write_settled(settled, raw);
        Ok(())
    }

    /// Writes one rule of a style sheet, or an empty one in its place.
    pub(super) fn rule(&mut self, raw: &str) -> Result<(), Refused> {
        let short = |raw: &str| raw.len() <= DIALECT.limits.sheet_bytes;
        self.written(Position::Sheet, raw, |raw, out| {
            Some(style::write_rule(if short(raw) { raw } else { "" }, out))
        })?;
        Ok(())
    }

    /// Notes when an event that goes out happened.
    pub(super) fn note_moment(&mut self, at: Timestamp) {
        self.summary.first = Some(self.summary.first.map_or(at, |first| first.min(at)));
        self.summary.last = self.summary.last.max(Some(at));
    }
}

/// The largest number that an attribute or a coordinate may be.
pub(super) const NUMBER_MAX: i64 = 10_000_000;

impl Bearer {
    /// Marks what an attribute that can make a form position makes of its element, or does not make of it any more.
    fn become_what(&mut self, name: &str, value: Option<&str>) {
        let (mark, on) = match name {
            "role" => (marks::ROLE, value.is_some_and(|role| DIALECT.is_form_role(role))),
            "contenteditable" => (marks::EDITABLE, value.is_some_and(is_editable)),
            _ => return,
        };
        self.marks = if on { self.marks | mark } else { self.marks & !mark };
    }
}

fn is_editable(value: &str) -> bool {
    let value = value.trim_ascii();
    value.is_empty() || value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("plaintext-only")
}
