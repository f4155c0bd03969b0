//! Reads JSON a value at a time, in one pass and without building anything.
//!
//! It is lenient where it does no harm, because nothing that it reads is passed on as it came: what leaves the gate
//! is written anew. It never recurses, never reads past its text, and takes no number beyond its bounds.

use std::borrow::Cow;

use super::number::Decimal;
use super::{Place, Refused};

/// What kind of value comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Object,
    Array,
    Text,
    Number,
    True,
    False,
    Null,
}

/// A place in a JSON text.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Whether an object or array was read from already: parts its members by commas.
#[derive(Default)]
pub(super) struct Members(bool);

impl<'a> Reader<'a> {
    /// Reads `body` from its beginning.
    pub(super) fn new(body: &'a [u8]) -> Result<Self, Refused> {
        let text = std::str::from_utf8(body).map_err(|_| not_json())?;
        Ok(Self { text, at: 0 })
    }

    /// Where it stands, to come back to.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Goes back to a place that [`Self::place`] gave.
    pub(super) fn go_to(&mut self, place: usize) {
        self.at = place;
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Refused> {
        self.skip_space();
        if self.byte() != Some(wanted) {
            return Err(not_json());
        }
        self.at += 1;
        Ok(())
    }

    /// The kind of the next value.
    pub(super) fn kind(&mut self) -> Result<Kind, Refused> {
        self.skip_space();
        match self.byte() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't') => Ok(Kind::True),
            Some(b'f') => Ok(Kind::False),
            Some(b'n') => Ok(Kind::Null),
            _ => Err(not_json()),
        }
    }

    /// Enters an object.
    pub(super) fn object(&mut self) -> Result<Members, Refused> {
        self.expect(b'{')?;
        Ok(Members::default())
    }

    /// The next key of an object that was entered, or none at its end. Keys of ours hold no escapes.
    pub(super) fn key(&mut self, members: &mut Members) -> Result<Option<&'a str>, Refused> {
        if !self.another(members, b'}')? {
            return Ok(None);
        }
        self.expect(b'"')?;
        let start = self.at;
        let end = self.end_of_plain(start);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return Err(Refused::NotDialect { place: Place::Key });
        }
        self.at = end + 1;
        self.expect(b':')?;
        Ok(Some(&self.text[start..end]))
    }

    /// Enters an array.
    pub(super) fn array(&mut self) -> Result<Members, Refused> {
        self.expect(b'[')?;
        Ok(Members::default())
    }

    /// Whether an array that was entered has another member; leaves it where not.
    pub(super) fn item(&mut self, members: &mut Members) -> Result<bool, Refused> {
        self.another(members, b']')
    }

    fn another(&mut self, members: &mut Members, close: u8) -> Result<bool, Refused> {
        self.skip_space();
        match self.byte() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') if members.0 => {
                self.at += 1;
                Ok(true)
            }
            Some(_) if !members.0 => {
                members.0 = true;
                Ok(true)
            }
            _ => Err(not_json()),
        }
    }

    /// A text. Half a surrogate pair in it, as a cut emoji leaves, becomes `U+FFFD`.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, Refused> {
        self.expect(b'"')?;
        let start = self.at;
        let end = self.end_of_plain(start);
        match self.text.as_bytes().get(end) {
            Some(b'"') => {
                self.at = end + 1;
                Ok(Cow::Borrowed(&self.text[start..end]))
            }
            Some(_) => self.escaped_text(start, end).map(Cow::Owned),
            None => Err(not_json()),
        }
    }

    /// The first quote or backslash from `at`, or the end of all.
    fn end_of_plain(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(at..).unwrap_or_default();
        memchr::memchr2(b'"', b'\\', rest).map_or(bytes.len(), |n| at + n)
    }

    fn escaped_text(&mut self, start: usize, first_escape: usize) -> Result<String, Refused> {
        let mut text = String::with_capacity((first_escape - start) * 2);
        let mut plain = start;
        let mut end = first_escape;
        loop {
            text.push_str(&self.text[plain..end]);
            match self.text.as_bytes().get(end) {
                Some(b'"') => break,
                Some(_) => {
                    let (decoded, past) = self.escape(end)?;
                    text.push(decoded);
                    plain = past;
                    end = self.end_of_plain(past);
                }
                None => return Err(not_json()),
            }
        }
        self.at = end + 1;
        Ok(text)
    }

    /// The character of the escape at `at`, and what is past it.
    fn escape(&self, at: usize) -> Result<(char, usize), Refused> {
        let simple = match self.text.as_bytes().get(at + 1).ok_or_else(not_json)? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'u' => return self.unicode_escape(at),
            _ => return Err(not_json()),
        };
        Ok((simple, at + 2))
    }

    fn unicode_escape(&self, at: usize) -> Result<(char, usize), Refused> {
        let unit = self.unit(at).ok_or_else(not_json)?;
        let low = self.unit(at + 6).filter(|low| (0xdc00..0xe000).contains(low));
        match (unit, low) {
            (0xd800..0xdc00, Some(low)) => {
                let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                Ok((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), at + 12))
            }
            _ => Ok((char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), at + 6)),
        }
    }

    /// The UTF-16 unit of an escape `\uXXXX` that begins at `at`.
    fn unit(&self, at: usize) -> Option<u32> {
        let hex = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok())?
    }

    /// A number within the bounds of [`Decimal`].
    pub(super) fn decimal(&mut self) -> Result<Decimal, Refused> {
        self.skip_space();
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let (number, length) = Decimal::read(rest).ok_or(Refused::NotDialect { place: Place::Number })?;
        self.at += length;
        Ok(number)
    }

    /// A whole number from 0 to `most`.
    pub(super) fn whole(&mut self, most: u64) -> Result<u64, Refused> {
        let number = self.decimal()?.whole().and_then(|number| u64::try_from(number).ok());
        number.filter(|&number| number <= most).ok_or(Refused::NotDialect { place: Place::Number })
    }

    /// True or false.
    pub(super) fn truth(&mut self) -> Result<bool, Refused> {
        match self.kind()? {
            Kind::True => self.word("true").map(|()| true),
            Kind::False => self.word("false").map(|()| false),
            _ => Err(Refused::NotDialect { place: Place::Truth }),
        }
    }

    /// Takes a `null` where one stands.
    pub(super) fn null(&mut self) -> Result<bool, Refused> {
        if self.kind()? != Kind::Null {
            return Ok(false);
        }
        self.word("null").map(|()| true)
    }

    fn word(&mut self, word: &str) -> Result<(), Refused> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(not_json());
        }
        self.at += word.len();
        Ok(())
    }

    /// Goes past the next value without looking at it. What it holds may be no JSON: nothing of it is used.
    pub(super) fn skip(&mut self) -> Result<(), Refused> {
        match self.kind()? {
            Kind::Object | Kind::Array => self.skip_brackets(),
            Kind::Text => self.skip_text(),
            Kind::Number => self.decimal().map(drop),
            Kind::True | Kind::False => self.truth().map(drop),
            Kind::Null => self.null().map(drop),
        }
    }

    /// Goes past what stands in brackets, to the end of which all that counts is brackets and texts.
    fn skip_brackets(&mut self) -> Result<(), Refused> {
        let mut depth = 0_usize;
        loop {
            match self.byte().ok_or_else(not_json)? {
                b'"' => {
                    self.skip_text()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn skip_text(&mut self) -> Result<(), Refused> {
        self.at += 1;
        loop {
            let end = self.end_of_plain(self.at);
            match self.text.as_bytes().get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    return Ok(());
                }
                // A character after a backslash may be a long one: its first byte is no quote, so one step will do.
                Some(_) => self.at = (end + 2).min(self.text.len()),
                None => return Err(not_json()),
            }
        }
    }

    /// That nothing follows any more.
    pub(super) fn end(&mut self) -> Result<(), Refused> {
        self.skip_space();
        if self.at == self.text.len() { Ok(()) } else { Err(not_json()) }
    }
}

fn not_json() -> Refused {
    Refused::NotDialect { place: Place::Json }
}

#[cfg(test)]
mod tests;
