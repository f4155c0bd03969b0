//! Values of declarations.

use super::scan::{Scan, Token};
use super::words::{begins_fonts, is_word};
use super::{ends_in, lower};
use crate::recording::grammar::{
    DIGITS_IN_A_ROW, WORD_BYTES, fragment_fits, is_colour, is_hex_colour, numeric,
};

/// Why a value does not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unfit {
    /// Something in it.
    Value,
    /// It was no value: a block begins, as that of a nested rule does.
    Block,
}

/// Brackets in brackets that a value may have.
const BRACKETS: usize = 24;
/// Characters of a string in a style.
const STRING_CHARS: usize = 32;
/// Properties that can load something, or run it.
const NEVER: &[&str] = &["-moz-binding", "behavior", "src"];
/// Of which kinds `@property` may say that one is.
const KINDS: &[&str] = &[
    "<angle>",
    "<color>",
    "<integer>",
    "<length>",
    "<length-percentage>",
    "<number>",
    "<percentage>",
    "<time>",
];
/// Digits of the number that stands for an area's name.
const AREA_DIGITS: usize = 3;

/// Functions, in their order. None of them fetches anything, and none can hold a text of the page.
const FUNCTIONS: &[&str] = &[
    "-webkit-gradient",
    "-webkit-linear-gradient",
    "-webkit-radial-gradient",
    "abs",
    "acos",
    "anchor",
    "anchor-size",
    "asin",
    "atan",
    "atan2",
    "attr",
    "blur",
    "brightness",
    "calc",
    "calc-size",
    "circle",
    "clamp",
    "color",
    "color-mix",
    "color-stop",
    "conic-gradient",
    "contrast",
    "cos",
    "counter",
    "counters",
    "cubic-bezier",
    "drop-shadow",
    "ellipse",
    "env",
    "exp",
    "fit-content",
    "from",
    "grayscale",
    "hsl",
    "hsla",
    "hue-rotate",
    "hwb",
    "hypot",
    "inset",
    "invert",
    "lab",
    "lch",
    "light-dark",
    "linear",
    "linear-gradient",
    "log",
    "matrix",
    "matrix3d",
    "max",
    "min",
    "minmax",
    "mod",
    "oklab",
    "oklch",
    "opacity",
    "perspective",
    "polygon",
    "pow",
    "radial-gradient",
    "ray",
    "rect",
    "rem",
    "repeat",
    "repeating-conic-gradient",
    "repeating-linear-gradient",
    "repeating-radial-gradient",
    "rgb",
    "rgba",
    "rotate",
    "rotate3d",
    "rotatex",
    "rotatey",
    "rotatez",
    "round",
    "saturate",
    "scale",
    "scale3d",
    "scalex",
    "scaley",
    "scalez",
    "scroll",
    "sepia",
    "sign",
    "sin",
    "skew",
    "skewx",
    "skewy",
    "sqrt",
    "steps",
    "tan",
    "to",
    "translate",
    "translate3d",
    "translatex",
    "translatey",
    "translatez",
    "url",
    "var",
    "view",
    "xywh",
];

/// Of them, those that a property of the page's own may not hold: they name something.
const NAMING_FUNCTIONS: &[&str] =
    &["anchor", "anchor-size", "attr", "counter", "counters", "scroll", "url", "view"];

/// Units, the most frequent first.
const UNITS: &[&str] = &[
    "", "px", "%", "em", "rem", "s", "ms", "vw", "vh", "deg", "fr", "ch", "ex", "lh", "pt", "x", "cap", "cm",
    "cqb", "cqh", "cqi", "cqmax", "cqmin", "cqw", "dpcm", "dpi", "dppx", "dvh", "dvw", "grad", "hz", "ic",
    "in", "khz", "lvh", "lvw", "mm", "pc", "q", "rad", "rlh", "svh", "svw", "turn", "vb", "vi", "vmax",
    "vmin",
];

/// Whether a property may be named: those of CSS by their signs, and the page's own.
pub(super) fn is_property(name: &str) -> bool {
    if name.starts_with("--") {
        return name_fits(name);
    }
    name.len() <= 48
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && name.bytes().any(|byte| byte != b'-')
        && !NEVER.contains(&name)
}

/// Whether a name may stand in a value: it is plain, and has the length of a word.
pub(super) fn name_fits(name: &str) -> bool {
    let mut digits = 0;
    (1..=WORD_BYTES).contains(&name.len())
        && name.bytes().all(|byte| {
            digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
            digits <= DIGITS_IN_A_ROW && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

/// Writes a number with its unit.
pub(super) fn write_number(digits: &str, unit: &str, out: &mut String) -> bool {
    let known = UNITS.iter().find(|known| known.eq_ignore_ascii_case(unit));
    let fits = known.is_some() && numeric::leading(digits, out) == Some("");
    out.push_str(known.copied().unwrap_or_default());
    fits
}

/// Whether a function may stand in a value.
pub(super) fn is_function(name: &str) -> bool {
    FUNCTIONS.binary_search(&&*lower(name)).is_ok()
}

/// Writes the value of `property` up to what ends a declaration; how many parts of it went.
pub(super) fn write(scan: &mut Scan<'_>, property: &str, out: &mut String) -> Result<u32, Unfit> {
    // What `@property` says one is from the start is what one may hold.
    let custom = property.starts_with("--") || matches!(property, "initial-value" | "inherits");
    let mut writer = Writer {
        custom,
        fonts: matches!(property, "font-family" | "font") || custom && begins_fonts(scan),
        syntax: property == "syntax",
        areas: matches!(property, "grid-template-areas" | "grid-template" | "grid"),
        open: [0; BRACKETS],
        depth: 0,
        dropped: 0,
        out,
    };
    let start = writer.out.len();
    let mut space = false;
    loop {
        if writer.depth == 0 && matches!(scan.peek(), b';' | b'}') {
            break;
        }
        let token = scan.next();
        match token {
            Token::Space => {
                space = true;
                continue;
            }
            Token::End => break,
            _ => {}
        }
        let tight = matches!(token, Token::Sign(b',' | b')' | b'!'))
            || writer.out.len() == start
            || ends_in(writer.out, b",(!");
        if std::mem::take(&mut space) && !tight {
            writer.out.push(' ');
        }
        writer.token(token, scan)?;
    }
    if writer.depth > 0 || writer.out.len() == start && !writer.custom {
        return Err(Unfit::Value);
    }
    Ok(writer.dropped)
}

struct Writer<'o> {
    custom: bool,
    fonts: bool,
    syntax: bool,
    areas: bool,
    open: [u8; BRACKETS],
    depth: usize,
    dropped: u32,
    out: &'o mut String,
}

impl Writer<'_> {
    fn token(&mut self, token: Token<'_>, scan: &mut Scan<'_>) -> Result<(), Unfit> {
        let fits = match token {
            Token::Name(name) => self.name(&name),
            Token::Number { digits, unit } => write_number(digits, unit, self.out),
            Token::Hash(hex) => {
                self.out.push('#');
                self.out.push_str(&hex);
                is_hex_colour(&hex)
            }
            Token::Function(name) if name.eq_ignore_ascii_case("url") => self.quoted_address(scan),
            Token::Function(name) => self.function(&name),
            Token::Address(inner) => self.address(inner),
            Token::Text(text) => self.string(&text),
            Token::Sign(b'{') => return Err(Unfit::Block),
            Token::Sign(sign) => self.sign(sign),
            Token::At(_) | Token::Other | Token::Space | Token::End => false,
        };
        if fits { Ok(()) } else { Err(Unfit::Value) }
    }

    fn name(&mut self, name: &str) -> bool {
        if self.out.ends_with('!') {
            self.out.push_str("important");
            return name.eq_ignore_ascii_case("important");
        }
        self.out.push_str(name);
        if self.custom && !self.fonts && !name.starts_with("--") {
            // The spaces that `color-mix` and `color` name are colours' as well.
            let space =
                || self.depth > 0 && COLOUR_SPACES.iter().any(|space| space.eq_ignore_ascii_case(name));
            return is_colour(name) || is_word(name) || space();
        }
        name_fits(name)
    }

    fn function(&mut self, name: &str) -> bool {
        let Ok(at) = FUNCTIONS.binary_search(&&*lower(name)) else { return false };
        self.out.push_str(FUNCTIONS[at]);
        !(self.custom && NAMING_FUNCTIONS.contains(&FUNCTIONS[at])) && self.sign(b'(')
    }

    fn sign(&mut self, sign: u8) -> bool {
        self.out.push(char::from(sign));
        match sign {
            b'(' | b'[' => {
                let Some(place) = self.open.get_mut(self.depth) else { return false };
                *place = if sign == b'(' { b')' } else { b']' };
                self.depth += 1;
                true
            }
            b')' | b']' => {
                self.depth = self.depth.wrapping_sub(1);
                self.open.get(self.depth) == Some(&sign)
            }
            b',' | b'/' | b'*' | b'+' | b'-' => true,
            b'!' => self.depth == 0,
            _ => false,
        }
    }

    fn address(&mut self, inner: &str) -> bool {
        self.out.push_str("url(");
        self.out.push_str(inner);
        self.out.push(')');
        !self.custom && fragment_fits(inner)
    }

    fn quoted_address(&mut self, scan: &mut Scan<'_>) -> bool {
        scan.skip_space();
        let Token::Text(inner) = scan.next() else { return false };
        scan.skip_space();
        scan.take(")") && self.address(&inner)
    }

    fn string(&mut self, text: &str) -> bool {
        if self.fonts && self.depth == 0 && text.contains(char::is_alphanumeric) {
            return self.font(text);
        }
        if self.syntax {
            self.out.extend(["\"", text, "\""]);
            return text == "*"
                || text.split(" | ").all(|kind| KINDS.contains(&kind.trim_end_matches(['+', '#'])));
        }
        if self.areas && text.contains(char::is_alphanumeric) {
            return self.row(text);
        }
        write_string(text, self.out)
    }

    /// A row of a grid's areas, of which each is called by a number: what a page calls them goes nowhere.
    fn row(&mut self, text: &str) -> bool {
        let is_area = |cell: &str| {
            let number = cell.strip_prefix('a').unwrap_or_default();
            (1..=AREA_DIGITS).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        };
        self.out.extend(["\"", text, "\""]);
        text.split(' ').all(|cell| is_area(cell) || !cell.is_empty() && cell.bytes().all(|byte| byte == b'.'))
    }

    /// A font's name needs no quotes where its words are plain names. Another's goes, and the next one serves.
    fn font(&mut self, text: &str) -> bool {
        let plain = |word: &str| {
            word.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) && name_fits(word)
        };
        if text.len() <= WORD_BYTES && text.split(' ').all(plain) {
            self.out.push_str(text);
        } else {
            self.out.push('_');
            self.dropped += 1;
        }
        true
    }
}

/// The spaces and methods that functions of colours name.
const COLOUR_SPACES: &[&str] = &[
    "a98-rgb",
    "b",
    "c",
    "display-p3",
    "from",
    "g",
    "h",
    "hsl",
    "hue",
    "hwb",
    "in",
    "l",
    "lab",
    "lch",
    "longer",
    "oklab",
    "oklch",
    "prophoto-rgb",
    "r",
    "rec2020",
    "s",
    "shorter",
    "srgb",
    "srgb-linear",
    "xyz",
    "xyz-d50",
    "xyz-d65",
];

/// Writes a string without letters and digits.
pub(super) fn write_string(text: &str, out: &mut String) -> bool {
    out.push('"');
    for character in text.chars() {
        if character.is_alphanumeric() || character.is_control() {
            return false;
        }
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
    text.chars().nth(STRING_CHARS).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_the_order_that_a_search_needs() {
        assert!(FUNCTIONS.is_sorted());
        assert!(NAMING_FUNCTIONS.iter().all(|name| FUNCTIONS.contains(name)));
    }
}
