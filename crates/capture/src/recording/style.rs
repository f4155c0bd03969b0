//! Styles: parsed by a small strict grammar and written anew, token by token.
//!
//! Whatever is written here was understood here: a string with letters or digits in it, an address, a function that
//! is not on the list or an escape in a value is never written. What does not fit goes, rule by rule and declaration
//! by declaration, and is counted. Nothing here fails, and no nesting recurses deeper than [`sheet::NESTING`].

mod scan;
mod selector;
mod sheet;
mod value;
mod words;

use std::borrow::Cow;

use scan::Scan;

/// A name as CSS compares names.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    Cow::Borrowed(name)
}

/// Whether what was written ends in one of these signs.
fn ends_in<const SIGNS: usize>(out: &str, signs: &[u8; SIGNS]) -> bool {
    out.as_bytes().last().is_some_and(|last| signs.iter().any(|sign| sign == last))
}

/// Writes the declarations of a `style` attribute; how many went.
pub(super) fn write_declarations(text: &str, out: &mut String) -> u32 {
    let mut scan = Scan::new(text);
    let dropped = sheet::write_block(&mut scan, sheet::NESTING, out);
    // A bracket that closes nothing ends what is read.
    dropped + u32::from(!scan.is_done())
}

/// Writes a style sheet. A rule that goes leaves an empty one in its place, since rules are changed by their numbers.
pub(super) fn write_sheet(text: &str, out: &mut String) -> u32 {
    sheet::write_rules(&mut Scan::new(text), 0, out)
}

/// Writes one rule, or an empty one in its place; how much went. What follows the first one goes.
pub(super) fn write_rule(text: &str, out: &mut String) -> u32 {
    let mut scan = Scan::new(text);
    let dropped = sheet::write_one_rule(&mut scan, out);
    dropped + u32::from(!scan.is_done())
}

/// Writes the value of a property; whether it fits.
pub(super) fn write_value(property: &str, text: &str, out: &mut String) -> bool {
    let mut scan = Scan::new(text);
    value::is_property(property) && value::write(&mut scan, property, out).is_ok() && scan.is_done()
}

/// Whether a property may be named.
pub(super) fn is_property(name: &str) -> bool {
    value::is_property(name)
}

/// Writes a list of media.
pub(super) fn write_media(text: &str, out: &mut String) -> bool {
    let mut scan = Scan::new(text);
    sheet::write_prelude(&mut scan, out) && scan.is_done()
}

/// Writes a colour that is a function.
pub(super) fn write_colour(text: &str, out: &mut String) -> bool {
    let mut scan = Scan::new(text);
    value::write(&mut scan, "--colour", out).is_ok() && scan.is_done()
}

#[cfg(test)]
mod tests;
