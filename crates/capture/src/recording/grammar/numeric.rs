//! Numbers, lengths, outlines and transformations, as SVG and HTML write them.

/// Digits before the point of a number in an attribute or a style.
pub(crate) const INTEGER_DIGITS: usize = 7;
/// Digits behind it; more are cut off.
const FRACTION_DIGITS: usize = 6;

/// The units of CSS and SVG that a length may have.
const UNITS: &[&str] = &[
    "", "%", "px", "em", "rem", "ex", "ch", "pt", "pc", "in", "cm", "mm", "q", "vw", "vh", "vmin", "vmax",
    "lh", "rlh",
];

/// A number at the beginning of `text`, written to `out`; what follows it, or none where no fitting number begins.
pub(crate) fn leading<'a>(text: &'a str, out: &mut String) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let integer = run(sign);
    let point = sign + integer;
    let fraction = if bytes.get(point) == Some(&b'.') { run(point + 1) } else { 0 };
    if integer > INTEGER_DIGITS || integer + fraction == 0 {
        return None;
    }
    out.push_str(&text[..point]);
    let mut end = point;
    if fraction > 0 {
        out.push_str(&text[point..=point + fraction.min(FRACTION_DIGITS)]);
        end = point + 1 + fraction;
    }
    // An exponent must be short and have digits; else the letter is a unit's.
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let digits = bytes.get(signed..).map_or(0, |_| run(signed));
        if (1..=2).contains(&digits) {
            out.push_str(&text[end..signed + digits]);
            end = signed + digits;
        } else if digits > 2 {
            return None;
        }
    }
    Some(&text[end..])
}

pub(super) fn number(text: &str, out: &mut String) -> bool {
    leading(text.trim(), out) == Some("")
}

pub(super) fn pixels(text: &str, out: &mut String) -> bool {
    let fits =
        leading(text.trim(), out).is_some_and(|unit| unit.is_empty() || unit.eq_ignore_ascii_case("px"));
    out.push_str("px");
    fits
}

pub(super) fn length(text: &str, out: &mut String) -> bool {
    let text = text.trim();
    if text.eq_ignore_ascii_case("auto") {
        out.push_str("auto");
        return true;
    }
    let Some(unit) = leading(text, out) else { return false };
    let known = UNITS.iter().find(|known| known.eq_ignore_ascii_case(unit));
    out.push_str(known.copied().unwrap_or_default());
    known.is_some()
}

/// Numbers, which may follow each other without a blank.
pub(super) fn numbers(text: &str, out: &mut String) -> bool {
    arguments_fit(text, &[], out)
}

/// Lengths parted by commas and white space, or none.
pub(super) fn lengths(text: &str, out: &mut String) -> bool {
    if text.trim().eq_ignore_ascii_case("none") {
        out.push_str("none");
        return true;
    }
    let parts = text.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|part| !part.is_empty());
    parts.enumerate().all(|(at, part)| {
        if at > 0 {
            out.push(' ');
        }
        length(part, out)
    })
}

/// Letters of commands with their numbers, which may follow each other without a blank.
pub(super) fn path(text: &str, out: &mut String) -> bool {
    let mut rest = text.trim_start();
    while let Some(&first) = rest.as_bytes().first() {
        rest = match first {
            b'M' | b'm' | b'Z' | b'z' | b'L' | b'l' | b'H' | b'h' | b'V' | b'v' | b'C' | b'c' | b'S'
            | b's' | b'Q' | b'q' | b'T' | b't' | b'A' | b'a' => {
                out.push(char::from(first));
                &rest[1..]
            }
            b',' | b' ' | b'\n' | b'\t' | b'\r' => {
                out.push(' ');
                rest.trim_start_matches([',', ' ', '\n', '\t', '\r'])
            }
            _ => match leading(rest, out) {
                Some(after) => after,
                None => return false,
            },
        };
    }
    true
}

/// Functions of numbers, parted by white space or commas.
pub(super) fn transform(text: &str, out: &mut String) -> bool {
    const FUNCTIONS: &[&str] = &["matrix", "translate", "scale", "rotate", "skewX", "skewY"];
    let mut rest = text.trim();
    if rest.eq_ignore_ascii_case("none") {
        out.push_str("none");
        return true;
    }
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('(') else { return false };
        let Some((arguments, after)) = after.split_once(')') else { return false };
        let Some(known) = FUNCTIONS.iter().find(|known| known.eq_ignore_ascii_case(name.trim())) else {
            return false;
        };
        out.push_str(known);
        out.push('(');
        if !arguments_fit(arguments, &["deg", "rad", "grad", "turn", "px", "%"], out) {
            return false;
        }
        out.push(')');
        rest = after.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    }
    true
}

/// Numbers that may follow each other without a blank, with one of `units` perhaps.
fn arguments_fit(arguments: &str, units: &[&str], out: &mut String) -> bool {
    let mut rest = arguments.trim();
    let mut first = true;
    while !rest.is_empty() {
        if !std::mem::take(&mut first) {
            out.push(' ');
        }
        let Some(after) = leading(rest, out) else { return false };
        let unit = units.iter().find(|unit| after.starts_with(**unit)).copied().unwrap_or_default();
        out.push_str(unit);
        rest = after[unit.len()..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    }
    true
}
