//! Rules, and the blocks of declarations in them.

use std::borrow::Cow;

use super::scan::{Scan, Token};
use super::selector;
use super::value::{self, Unfit, name_fits, write_number};
use super::{ends_in, lower};

/// Blocks in blocks that a style sheet may have.
pub(super) const NESTING: u8 = 16;

/// What stands where a rule went, so that the rules behind it keep their numbers.
const NO_RULE: &str = "x{}";
/// How a recorder parts the texts that one element's style sheet is made of.
const SPLIT: &str = "/* rr_split */";

/// Rules that hold rules, and name nothing but conditions.
const GROUPS: &[&str] = &["container", "layer", "media", "scope", "starting-style", "supports"];
/// Rules of animations.
const ANIMATIONS: &[&str] = &["keyframes", "-webkit-keyframes"];
/// What says of which kind a property of the page's own is.
const PROPERTY: &str = "property";
/// Functions of conditions, beside those of values.
const CONDITIONS: &[&str] = &["selector", "style"];

/// Writes rules up to the end, or up to the `}` of the group they stand in, which is not taken. How many went.
pub(super) fn write_rules(scan: &mut Scan<'_>, depth: u8, out: &mut String) -> u32 {
    let mut dropped = 0;
    loop {
        if scan.take(SPLIT) {
            out.push_str(SPLIT);
            continue;
        }
        match scan.peek() {
            0 if scan.is_done() => return dropped,
            b'}' if depth > 0 => return dropped,
            b' ' | b'\n' | b'\t' | b'\r' | b'\x0c' => step_over_space(scan),
            // What browsers take for the sign of a comment, and what closes nothing.
            b'}' | b';' => drop(scan.next()),
            b'/' if scan.skip_space() => {}
            _ => dropped += write_rule(scan, depth, out),
        }
    }
}

/// Goes past blanks, but not past a comment: it may be [`SPLIT`].
fn step_over_space(scan: &mut Scan<'_>) {
    while matches!(scan.peek(), b' ' | b'\n' | b'\t' | b'\r' | b'\x0c') {
        scan.go_to(scan.place() + 1);
    }
}

/// Writes the first rule there is, or [`NO_RULE`].
pub(super) fn write_one_rule(scan: &mut Scan<'_>, out: &mut String) -> u32 {
    scan.skip_space();
    write_rule(scan, 0, out)
}

/// Writes one rule with all that is in it, or [`NO_RULE`]; how much of it went.
fn write_rule(scan: &mut Scan<'_>, depth: u8, out: &mut String) -> u32 {
    try_rule(scan, depth, Within::Sheet, out).unwrap_or_else(|| {
        out.push_str(NO_RULE);
        1
    })
}

/// What a rule stands in, which says what a group of its may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// The sheet: rules.
    Sheet,
    /// Another rule: declarations too.
    Rule,
}

/// Writes one rule. None where it does not fit: then it is gone past and nothing is written.
fn try_rule(scan: &mut Scan<'_>, depth: u8, within: Within, out: &mut String) -> Option<u32> {
    let (mark, place) = (out.len(), scan.place());
    let written = match scan.peek() {
        _ if depth >= NESTING => None,
        b'@' => write_at_rule(scan, depth, within, out),
        _ => write_style_rule(scan, depth, out),
    };
    if written.is_none() {
        out.truncate(mark);
        scan.go_to(place);
        skip_rule(scan, within);
    }
    written
}

fn write_style_rule(scan: &mut Scan<'_>, depth: u8, out: &mut String) -> Option<u32> {
    let dropped = selector::write_list(scan, out)?;
    write_braces(scan, out, |scan, out| write_block(scan, depth + 1, out)).map(|inner| dropped + inner)
}

/// Writes `{`, what stands in it, and `}`. A style that breaks off ends all that is open, as browsers have it.
fn write_braces(
    scan: &mut Scan<'_>,
    out: &mut String,
    inner: impl FnOnce(&mut Scan<'_>, &mut String) -> u32,
) -> Option<u32> {
    scan.skip_space();
    if !scan.take("{") {
        return None;
    }
    out.push('{');
    let dropped = inner(scan, out);
    out.push('}');
    scan.take("}");
    Some(dropped)
}

fn write_at_rule(scan: &mut Scan<'_>, depth: u8, within: Within, out: &mut String) -> Option<u32> {
    let Token::At(name) = scan.next() else { return None };
    let name = lower(&name);
    if let Some(known) = ANIMATIONS.iter().find(|known| **known == name) {
        out.extend(["@", known, " "]);
        scan.skip_space();
        let Token::Name(name) = scan.next() else { return None };
        if !name_fits(&name) {
            return None;
        }
        out.push_str(&name);
        return write_braces(scan, out, write_frames);
    }
    if name == PROPERTY {
        out.extend(["@", PROPERTY, " "]);
        scan.skip_space();
        let Token::Name(name) = scan.next() else { return None };
        out.push_str(&name);
        if !name.starts_with("--") || !name_fits(&name) {
            return None;
        }
        return write_braces(scan, out, |scan, out| write_block(scan, NESTING, out));
    }
    let known = GROUPS.iter().find(|known| **known == name)?;
    out.extend(["@", known]);
    let mark = out.len();
    out.push(' ');
    if !write_prelude(scan, out) {
        return None;
    }
    if out.len() == mark + 1 {
        out.truncate(mark);
    }
    // The order of layers may be said without a block.
    if *known == "layer" && scan.take(";") {
        out.push(';');
        return Some(0);
    }
    write_braces(scan, out, |scan, out| match within {
        Within::Sheet => write_rules(scan, depth + 1, out),
        Within::Rule => write_block(scan, depth + 1, out),
    })
}

/// Writes a condition up to `{`, `;` or the end.
pub(super) fn write_prelude(scan: &mut Scan<'_>, out: &mut String) -> bool {
    let start = out.len();
    let mut space = false;
    let mut depth = 0_i32;
    loop {
        if matches!(scan.peek(), b'{' | b';' | b'}') {
            return depth == 0;
        }
        let token = scan.next();
        if matches!(token, Token::Space) {
            space = true;
            continue;
        }
        let tight =
            matches!(token, Token::Sign(b',' | b')' | b':')) || out.len() == start || ends_in(out, b",(:");
        if std::mem::take(&mut space) && !tight {
            out.push(' ');
        }
        let fits = match token {
            Token::End => return depth == 0,
            Token::Name(name) => {
                out.push_str(&name);
                name_fits(&name)
            }
            Token::Number { digits, unit } => write_number(digits, unit, out),
            Token::Function(name) => {
                depth += 1;
                let name = lower(&name);
                out.push_str(&name);
                out.push('(');
                CONDITIONS.contains(&&*name) || value::is_function(&name)
            }
            Token::Sign(sign @ (b'(' | b')')) => {
                depth += if sign == b'(' { 1 } else { -1 };
                out.push(char::from(sign));
                (0..=i32::from(NESTING)).contains(&depth)
            }
            Token::Sign(
                sign @ (b',' | b':' | b'<' | b'>' | b'=' | b'/' | b'*' | b'+' | b'-' | b'.' | b'&'),
            ) => {
                out.push(char::from(sign));
                true
            }
            _ => false,
        };
        if !fits {
            return false;
        }
    }
}

/// Writes the frames of an animation; one that does not fit goes.
fn write_frames(scan: &mut Scan<'_>, out: &mut String) -> u32 {
    let mut dropped = 0;
    loop {
        scan.skip_space();
        if matches!(scan.peek(), b'}' | 0) {
            return dropped;
        }
        let (mark, place) = (out.len(), scan.place());
        let written = write_moments(scan, out)
            .and_then(|()| write_braces(scan, out, |scan, out| write_block(scan, NESTING, out)));
        dropped += written.unwrap_or_else(|| {
            out.truncate(mark);
            scan.go_to(place);
            skip_rule(scan, Within::Sheet);
            1
        });
    }
}

/// Writes `from, 50%`.
fn write_moments(scan: &mut Scan<'_>, out: &mut String) -> Option<()> {
    loop {
        scan.skip_space();
        match scan.next() {
            Token::Name(name) if name.eq_ignore_ascii_case("from") => out.push_str("from"),
            Token::Name(name) if name.eq_ignore_ascii_case("to") => out.push_str("to"),
            Token::Number { digits, unit: "%" } if write_number(digits, "%", out) => {}
            _ => return None,
        }
        scan.skip_space();
        if !scan.take(",") {
            return Some(());
        }
        out.push(',');
    }
}

/// Writes declarations, and at a depth below [`NESTING`] nested rules, up to the end or the `}` that closes them,
/// which is not taken. How many went.
pub(super) fn write_block(scan: &mut Scan<'_>, depth: u8, out: &mut String) -> u32 {
    let start = out.len();
    let mut dropped = 0;
    loop {
        scan.skip_space();
        match scan.peek() {
            0 if scan.is_done() => return dropped,
            b'}' => return dropped,
            b';' => drop(scan.next()),
            _ => {
                let mark = out.len();
                if mark > start && !ends_in(out, b";}") {
                    out.push(';');
                }
                let place = scan.place();
                match write_declaration(scan, out) {
                    Ok(parts) => dropped += parts,
                    Err(unfit) => {
                        out.truncate(mark);
                        scan.go_to(place);
                        dropped += write_other(scan, unfit, depth, out);
                    }
                }
            }
        }
    }
}

/// What is no declaration: a nested rule, or nothing that fits. How much of it went.
fn write_other(scan: &mut Scan<'_>, unfit: Unfit, depth: u8, out: &mut String) -> u32 {
    if depth < NESTING && (unfit == Unfit::Block || begins_block(scan)) {
        let mark = out.len();
        if !ends_in(out, b"{};") {
            out.push(';');
        }
        return try_rule(scan, depth, Within::Rule, out).unwrap_or_else(|| {
            out.truncate(mark);
            1
        });
    }
    skip_declaration(scan);
    1
}

/// Whether a block begins before a declaration would end.
fn begins_block(scan: &mut Scan<'_>) -> bool {
    let place = scan.place();
    let begins = loop {
        match scan.peek() {
            b'{' => break true,
            b';' | b'}' => break false,
            _ => {}
        }
        if matches!(scan.next(), Token::End) {
            break false;
        }
    };
    scan.go_to(place);
    begins && !scan.begins_with("--")
}

fn write_declaration(scan: &mut Scan<'_>, out: &mut String) -> Result<u32, Unfit> {
    let Token::Name(name) = scan.next() else { return Err(Unfit::Block) };
    scan.skip_space();
    if !scan.take(":") {
        return Err(Unfit::Block);
    }
    let property = if name.starts_with("--") { Cow::Borrowed(&*name) } else { lower(&name) };
    out.push_str(&property);
    out.push(':');
    let parts = value::write(scan, &property, out)?;
    if value::is_property(&property) { Ok(parts) } else { Err(Unfit::Value) }
}

/// Goes past a declaration that does not fit: to its `;`, or to the `}` around it.
fn skip_declaration(scan: &mut Scan<'_>) {
    let mut open = Open::default();
    loop {
        match scan.peek() {
            b'}' if open.is_none() => return,
            b';' if open.is_none() => return drop(scan.next()),
            _ => {}
        }
        let token = scan.next();
        if matches!(token, Token::End) {
            return;
        }
        open.see(&token);
    }
}

/// Goes past a rule that does not fit: to the end of its block, or to its `;` where it can have one.
fn skip_rule(scan: &mut Scan<'_>, within: Within) {
    let may_have_no_block = scan.peek() == b'@' || within == Within::Rule;
    let mut open = Open::default();
    loop {
        match scan.peek() {
            b';' if open.is_none() && may_have_no_block => return drop(scan.next()),
            b'}' if open.is_none() => return,
            _ => {}
        }
        let token = scan.next();
        open.see(&token);
        if matches!(token, Token::End) || matches!(token, Token::Sign(b'}')) && open.is_none() {
            return;
        }
    }
}

/// Brackets that are open while something is skipped.
#[derive(Default)]
struct Open(Vec<u8>);

impl Open {
    fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    fn see(&mut self, token: &Token<'_>) {
        match token {
            Token::Function(_) | Token::Sign(b'(') => self.0.push(b')'),
            Token::Sign(b'[') => self.0.push(b']'),
            Token::Sign(b'{') => self.0.push(b'}'),
            Token::Sign(sign) if self.0.last() == Some(sign) => drop(self.0.pop()),
            _ => {}
        }
    }
}
