//! Words: classes, names, colours, languages, references.

use crate::recording::style;

/// Bytes of one word.
pub(crate) const WORD_BYTES: usize = 128;
/// Digits of a word that may follow each other: fewer than a number of a telephone has.
pub(crate) const DIGITS_IN_A_ROW: usize = 8;

/// Signs that a class may hold beside letters and digits. An `@` stands at its beginning alone.
static IN_CLASSES: Signs = signs(b"-_:/.[]()%#!,&>*+=~^|$@{}?;'\"");
/// Signs that a name may hold beside letters and digits.
static IN_NAMES: Signs = signs(b"-_:.");

/// By byte: whether it may stand in a word. Of what is no ASCII each character is looked at besides.
pub(crate) type Signs = [bool; 256];

/// Letters, digits, and `more`.
pub(crate) const fn signs(more: &[u8]) -> Signs {
    let mut signs = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        signs[byte] = byte >= 0x80 || (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < more.len() {
        signs[more[at] as usize] = true;
        at += 1;
    }
    signs
}

/// The namespaces that browsers know.
const NAMESPACES: &[&str] = &[
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/XML/1998/namespace",
];

/// Appends what is known to fit.
pub(super) fn put(known: &str, out: &mut String) -> bool {
    out.push_str(known);
    true
}

/// Whether a word has the signs and the length of a class.
pub(crate) fn word_fits(word: &str) -> bool {
    fits(word, &IN_CLASSES)
}

fn fits(word: &str, signs: &Signs) -> bool {
    if word.is_empty() || word.len() > WORD_BYTES {
        return false;
    }
    let mut digits = 0;
    word.bytes().enumerate().all(|(at, byte)| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits <= DIGITS_IN_A_ROW && signs[usize::from(byte)] && (byte != b'@' || at == 0)
    }) && (word.is_ascii() || word.chars().all(|c| c.is_ascii() || c.is_alphanumeric()))
}

/// The words of `value` that fit; how many did not.
pub(super) fn class(value: &str, out: &mut String) -> u32 {
    let start = out.len();
    let mut dropped = 0;
    for word in value.split_ascii_whitespace() {
        if !word_fits(word) {
            dropped += 1;
            continue;
        }
        if out.len() > start {
            out.push(' ');
        }
        out.push_str(word);
    }
    dropped
}

pub(super) fn token(value: &str, out: &mut String) -> bool {
    let word = value.trim_ascii();
    fits(word, &IN_NAMES) && put(word, out)
}

/// As it is in the list: letters' case counts only where the list has both.
pub(super) fn one_of(list: &[String], value: &str, out: &mut String) -> bool {
    let value = value.trim_ascii();
    let exact = list.iter().find(|listed| *listed == value);
    let found = exact.or_else(|| list.iter().find(|listed| listed.eq_ignore_ascii_case(value)));
    found.is_some_and(|listed| put(listed, out))
}

pub(super) fn language(value: &str, out: &mut String) -> bool {
    let fits =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let tag = value.trim_ascii();
    let letters = tag.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    letters && tag.len() <= 35 && tag.split('-').all(fits) && put(tag, out)
}

pub(super) fn namespace(value: &str, out: &mut String) -> bool {
    NAMESPACES.iter().find(|known| **known == value).is_some_and(|known| put(known, out))
}

/// `#name`.
pub(super) fn fragment(value: &str, out: &mut String) -> bool {
    let name = value.trim_ascii().strip_prefix('#');
    out.push('#');
    name.is_some_and(|name| fits(name, &IN_NAMES) && put(name, out))
}

/// `url(#name)`, quoted or not, or none.
pub(super) fn fragment_url(value: &str, out: &mut String) -> bool {
    let value = value.trim_ascii();
    if value.eq_ignore_ascii_case("none") {
        return put("none", out);
    }
    let Some(inner) = value.strip_prefix("url(").and_then(|rest| rest.strip_suffix(')')) else {
        return false;
    };
    let inner = inner.trim_ascii();
    let quoted = |quote: char| inner.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    out.push_str("url(");
    let fits = fragment(quoted('"').or_else(|| quoted('\'')).unwrap_or(inner), out);
    out.push(')');
    fits
}

/// A name of a colour, hexadecimal digits with or without their sign, or a function of numbers.
pub(super) fn colour(value: &str, out: &mut String) -> bool {
    let value = value.trim_ascii();
    let hex = value.strip_prefix('#').unwrap_or(value);
    is_colour(value) && put(&value.to_ascii_lowercase(), out)
        || is_hex_colour(hex) && put(value, out)
        || value.ends_with(')') && style::write_colour(value, out)
}

/// What a shape is filled with: a colour, a reference and perhaps a colour, or a word for another's.
pub(super) fn paint(value: &str, out: &mut String) -> bool {
    const WORDS: &[&str] = &["none", "inherit", "context-fill", "context-stroke"];
    let value = value.trim_ascii();
    if let Some(word) = WORDS.iter().find(|word| word.eq_ignore_ascii_case(value)) {
        return put(word, out);
    }
    if !value.starts_with("url(") {
        return colour(value, out);
    }
    let end = value.find(')').map_or(value.len(), |at| at + 1);
    let (reference, other) = value.split_at(end);
    if !fragment_url(reference, out) {
        return false;
    }
    let other = other.trim_ascii();
    if other.is_empty() {
        return true;
    }
    out.push(' ');
    other.eq_ignore_ascii_case("none") && put("none", out) || colour(other, out)
}

/// Hexadecimal digits of a colour.
pub(crate) fn is_hex_colour(text: &str) -> bool {
    matches!(text.len(), 3 | 4 | 6 | 8) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether it is a colour's name.
pub(crate) fn is_colour(name: &str) -> bool {
    name.len() <= 20 && COLOURS.binary_search(&&*name.to_ascii_lowercase()).is_ok()
}

/// The names of CSS, in their order.
const COLOURS: &[&str] = &[
    "accentcolor",
    "accentcolortext",
    "activetext",
    "aliceblue",
    "antiquewhite",
    "aqua",
    "aquamarine",
    "azure",
    "beige",
    "bisque",
    "black",
    "blanchedalmond",
    "blue",
    "blueviolet",
    "brown",
    "burlywood",
    "buttonborder",
    "buttonface",
    "buttontext",
    "cadetblue",
    "canvas",
    "canvastext",
    "chartreuse",
    "chocolate",
    "coral",
    "cornflowerblue",
    "cornsilk",
    "crimson",
    "currentcolor",
    "cyan",
    "darkblue",
    "darkcyan",
    "darkgoldenrod",
    "darkgray",
    "darkgreen",
    "darkgrey",
    "darkkhaki",
    "darkmagenta",
    "darkolivegreen",
    "darkorange",
    "darkorchid",
    "darkred",
    "darksalmon",
    "darkseagreen",
    "darkslateblue",
    "darkslategray",
    "darkslategrey",
    "darkturquoise",
    "darkviolet",
    "deeppink",
    "deepskyblue",
    "dimgray",
    "dimgrey",
    "dodgerblue",
    "field",
    "fieldtext",
    "firebrick",
    "floralwhite",
    "forestgreen",
    "fuchsia",
    "gainsboro",
    "ghostwhite",
    "gold",
    "goldenrod",
    "gray",
    "graytext",
    "green",
    "greenyellow",
    "grey",
    "highlight",
    "highlighttext",
    "honeydew",
    "hotpink",
    "indianred",
    "indigo",
    "ivory",
    "khaki",
    "lavender",
    "lavenderblush",
    "lawngreen",
    "lemonchiffon",
    "lightblue",
    "lightcoral",
    "lightcyan",
    "lightgoldenrodyellow",
    "lightgray",
    "lightgreen",
    "lightgrey",
    "lightpink",
    "lightsalmon",
    "lightseagreen",
    "lightskyblue",
    "lightslategray",
    "lightslategrey",
    "lightsteelblue",
    "lightyellow",
    "lime",
    "limegreen",
    "linen",
    "linktext",
    "magenta",
    "mark",
    "marktext",
    "maroon",
    "mediumaquamarine",
    "mediumblue",
    "mediumorchid",
    "mediumpurple",
    "mediumseagreen",
    "mediumslateblue",
    "mediumspringgreen",
    "mediumturquoise",
    "mediumvioletred",
    "midnightblue",
    "mintcream",
    "mistyrose",
    "moccasin",
    "navajowhite",
    "navy",
    "oldlace",
    "olive",
    "olivedrab",
    "orange",
    "orangered",
    "orchid",
    "palegoldenrod",
    "palegreen",
    "paleturquoise",
    "palevioletred",
    "papayawhip",
    "peachpuff",
    "peru",
    "pink",
    "plum",
    "powderblue",
    "purple",
    "rebeccapurple",
    "red",
    "rosybrown",
    "royalblue",
    "saddlebrown",
    "salmon",
    "sandybrown",
    "seagreen",
    "seashell",
    "selecteditem",
    "selecteditemtext",
    "sienna",
    "silver",
    "skyblue",
    "slateblue",
    "slategray",
    "slategrey",
    "snow",
    "springgreen",
    "steelblue",
    "tan",
    "teal",
    "thistle",
    "tomato",
    "transparent",
    "turquoise",
    "violet",
    "visitedtext",
    "wheat",
    "white",
    "whitesmoke",
    "yellow",
    "yellowgreen",
];

/// Whether it is `#` and a name.
pub(crate) fn fragment_fits(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|name| fits(name, &IN_NAMES))
}
