//! Selectors.

use super::lower;
use super::scan::{Scan, Token};
use super::value::{name_fits, write_number};
use crate::recording::grammar::word_fits;

/// Brackets in brackets that a selector may have.
const BRACKETS: u8 = 8;

/// Attributes by whose value a rule may choose, in their order. Others do not travel; `value` is what spies choose by.
const CHOSEN_BY: &[&str] = &[
    "aria-current",
    "aria-expanded",
    "aria-hidden",
    "class",
    "data-bs-theme",
    "data-state",
    "data-theme",
    "dir",
    "disabled",
    "hidden",
    "id",
    "lang",
    "open",
    "rel",
    "role",
    "tabindex",
    "type",
];

/// Functions that a selector may have.
const FUNCTIONS: &[&str] = &[
    "-moz-any",
    "-webkit-any",
    "cue",
    "dir",
    "has",
    "host",
    "host-context",
    "is",
    "lang",
    "not",
    "nth-child",
    "nth-last-child",
    "nth-last-of-type",
    "nth-of-type",
    "part",
    "slotted",
    "state",
    "where",
];

/// Writes the selectors of a list that fit, up to the `{` of their block, which is not taken. How many went; none
/// where all did, or where no block follows.
pub(super) fn write_list(scan: &mut Scan<'_>, out: &mut String) -> Option<u32> {
    let start = out.len();
    let mut dropped = 0;
    loop {
        let mark = out.len();
        if mark > start {
            out.push(',');
        }
        let place = scan.place();
        let mut fits = write_selector(scan, 0, out);
        if !fits {
            scan.go_to(place);
            skip_selector(scan);
        }
        fits &= !out[mark..].trim_start_matches(',').is_empty();
        if !fits {
            out.truncate(mark);
            dropped += 1;
        }
        match scan.peek() {
            b'{' => break,
            b',' => drop(scan.next()),
            _ => return None,
        }
    }
    (out.len() > start).then_some(dropped)
}

/// Goes on to the next comma, block or end.
fn skip_selector(scan: &mut Scan<'_>) {
    let mut depth = 0_u32;
    loop {
        match scan.peek() {
            b',' if depth == 0 => return,
            b'{' | b'}' | b';' | 0 if depth == 0 => return,
            _ => {}
        }
        match scan.next() {
            Token::Function(_) | Token::Sign(b'(' | b'[') => depth += 1,
            Token::Sign(b')' | b']') => depth = depth.saturating_sub(1),
            Token::End => return,
            _ => {}
        }
    }
}

/// Writes one selector up to a comma, a block, or the bracket that closes what it stands in.
fn write_selector(scan: &mut Scan<'_>, depth: u8, out: &mut String) -> bool {
    let mut space = false;
    // At its beginning, and behind a comma or `>`, a blank means nothing.
    let mut tight = true;
    loop {
        match scan.peek() {
            b'{' | b'}' | b';' | b',' if depth == 0 => return true,
            b')' if depth > 0 => return true,
            _ => {}
        }
        let token = scan.next();
        if matches!(token, Token::Space) {
            space = true;
            continue;
        }
        let is_tight = matches!(token, Token::Sign(b',' | b'>'));
        if std::mem::take(&mut space) && !tight && !is_tight {
            out.push(' ');
        }
        tight = is_tight;
        let fits = match token {
            Token::End => return depth == 0,
            Token::Name(name) => write_name(&name, out),
            Token::Hash(name) => {
                out.push('#');
                write_name(&name, out)
            }
            Token::Function(name) => write_function(&name, scan, depth, out),
            Token::Sign(b'[') => write_attribute(scan, out),
            Token::Sign(b',') if depth > 0 => {
                out.push(',');
                true
            }
            Token::Sign(sign @ (b'.' | b':' | b'*' | b'&' | b'>' | b'+' | b'~' | b'|')) => {
                out.push(char::from(sign));
                true
            }
            // `2n+1` and the like, which only functions take.
            Token::Number { digits, unit } if depth > 0 => write_step(digits, unit, out),
            Token::Sign(b'-') if depth > 0 => {
                out.push('-');
                true
            }
            _ => false,
        };
        if !fits {
            return false;
        }
    }
}

fn write_function(name: &str, scan: &mut Scan<'_>, depth: u8, out: &mut String) -> bool {
    let Ok(at) = FUNCTIONS.binary_search(&&*lower(name)) else { return false };
    if depth >= BRACKETS {
        return false;
    }
    out.push_str(FUNCTIONS[at]);
    out.push('(');
    let fits = write_selector(scan, depth + 1, out) && scan.take(")");
    out.push(')');
    fits
}

fn write_step(digits: &str, unit: &str, out: &mut String) -> bool {
    let rest = unit.strip_prefix(['n', 'N']);
    match rest {
        None => unit.is_empty() && write_number(digits, "", out),
        Some(offset) => {
            let number = offset.strip_prefix('-');
            let fits = offset.is_empty()
                || number.is_some_and(|number| {
                    number.len() <= 5 && number.bytes().all(|byte| byte.is_ascii_digit())
                });
            let written = write_number(digits, "", out);
            out.push('n');
            out.push_str(offset);
            fits && written
        }
    }
}

/// What stands in `[…]`.
fn write_attribute(scan: &mut Scan<'_>, out: &mut String) -> bool {
    scan.skip_space();
    let Token::Name(name) = scan.next() else { return false };
    if !name_fits(&name) {
        return false;
    }
    out.push('[');
    out.push_str(&name);
    scan.skip_space();
    if scan.take("]") {
        out.push(']');
        return true;
    }
    let Token::Sign(mut sign) = scan.next() else { return false };
    if matches!(sign, b'~' | b'|' | b'^' | b'$' | b'*') {
        out.push(char::from(sign));
        let Token::Sign(equals) = scan.next() else { return false };
        sign = equals;
    }
    out.push('=');
    scan.skip_space();
    let value = match scan.next() {
        Token::Name(value) | Token::Text(value) => value,
        _ => return false,
    };
    let fits = sign == b'=' && CHOSEN_BY.contains(&&*lower(&name)) && write_attribute_value(&value, out);
    fits && write_case_flag(scan, out)
}

/// A value is written as a name: strings hold no letters.
fn write_attribute_value(value: &str, out: &mut String) -> bool {
    if value.is_empty() {
        out.push_str("\"\"");
        return true;
    }
    write_name(value, out)
}

fn write_case_flag(scan: &mut Scan<'_>, out: &mut String) -> bool {
    scan.skip_space();
    if !scan.take("]") {
        match scan.next() {
            Token::Name(flag) if flag.eq_ignore_ascii_case("i") => out.push_str(" i"),
            Token::Name(flag) if flag.eq_ignore_ascii_case("s") => out.push_str(" s"),
            _ => return false,
        }
        scan.skip_space();
        if !scan.take("]") {
            return false;
        }
    }
    out.push(']');
    true
}

/// Writes a name so that CSS reads the same name again.
pub(super) fn write_name(name: &str, out: &mut String) -> bool {
    if !word_fits(name) {
        return false;
    }
    let bytes = name.as_bytes();
    let hyphens = usize::from(bytes[0] == b'-');
    match bytes.get(hyphens) {
        None => {
            out.push_str("\\-");
            return true;
        }
        Some(first) if first.is_ascii_digit() => {
            out.push_str(&name[..hyphens]);
            out.push_str("\\3");
            out.push(char::from(*first));
            out.push(' ');
            write_rest(&name[hyphens + 1..], out);
        }
        Some(_) => write_rest(name, out),
    }
    true
}

fn write_rest(name: &str, out: &mut String) {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.bytes().all(is_plain) {
        return out.push_str(name);
    }
    for character in name.chars() {
        if character.is_ascii() && !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_') {
            out.push('\\');
        }
        out.push(character);
    }
}
