//! Cuts a style into the tokens of CSS Syntax.

use std::borrow::Cow;

use crate::recording::grammar::{Signs, signs};

/// One token. What a token of CSS can be and none of these is [`Token::Other`], which fits nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// White space and comments.
    Space,
    Name(Cow<'a, str>),
    /// A name and an opening parenthesis.
    Function(Cow<'a, str>),
    /// `@name`.
    At(Cow<'a, str>),
    /// `#name`.
    Hash(Cow<'a, str>),
    /// A string, decoded.
    Text(Cow<'a, str>),
    /// `url(…)` without quotes: what is in it.
    Address(&'a str),
    /// A number, and its unit or `%`.
    Number {
        digits: &'a str,
        unit: &'a str,
    },
    /// Punctuation, brackets included.
    Sign(u8),
    Other,
    End,
}

/// A place in a style.
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn go_to(&mut self, place: usize) {
        self.at = place;
    }

    /// Whether only white space is left.
    pub(super) fn is_done(&mut self) -> bool {
        self.skip_space();
        self.at >= self.text.len()
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The next byte, without taking it; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.byte(0)
    }

    /// Whether `text` stands next.
    pub(super) fn begins_with(&self, text: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(text.as_bytes())
    }

    /// Takes `text` where it stands next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_next = self.begins_with(text);
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    /// Goes past white space and comments; whether there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let start = self.at;
        loop {
            match self.byte(0) {
                b' ' | b'\n' | b'\t' | b'\r' | b'\x0c' => self.at += 1,
                b'/' if self.byte(1) == b'*' => {
                    let end = self.text.as_bytes()[self.at + 2..].windows(2).position(|two| two == b"*/");
                    self.at = end.map_or(self.text.len(), |end| self.at + 2 + end + 2);
                }
                _ => return self.at > start,
            }
        }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Token<'a> {
        if self.at >= self.text.len() {
            return Token::End;
        }
        if self.skip_space() {
            return Token::Space;
        }
        match self.byte(0) {
            // Most tokens begin with what can begin nothing else.
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.name_or_function(),
            b'0'..=b'9' => self.number(),
            b'"' | b'\'' => self.string(),
            b'#' if self.is_name_part(1) => {
                self.at += 1;
                self.name().map_or(Token::Other, Token::Hash)
            }
            b'@' if self.begins_name(1) => {
                self.at += 1;
                self.name().map_or(Token::Other, Token::At)
            }
            _ if self.begins_number() => self.number(),
            _ if self.begins_name(0) => self.name_or_function(),
            byte @ 0x21..=0x7e => {
                self.at += 1;
                Token::Sign(byte)
            }
            _ => {
                self.at += 1;
                Token::Other
            }
        }
    }

    fn begins_number(&self) -> bool {
        let signed = usize::from(matches!(self.byte(0), b'+' | b'-'));
        let first = self.byte(signed);
        first.is_ascii_digit() || first == b'.' && self.byte(signed + 1).is_ascii_digit()
    }

    fn begins_name(&self, ahead: usize) -> bool {
        let starts = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80;
        match self.byte(ahead) {
            b'-' => {
                let second = self.byte(ahead + 1);
                starts(second) || second == b'-' || self.begins_escape(ahead + 1)
            }
            first => starts(first) || self.begins_escape(ahead),
        }
    }

    fn is_name_part(&self, ahead: usize) -> bool {
        is_name_byte(self.byte(ahead)) || self.begins_escape(ahead)
    }

    fn begins_escape(&self, ahead: usize) -> bool {
        self.byte(ahead) == b'\\' && !matches!(self.byte(ahead + 1), 0 | b'\n' | b'\r' | b'\x0c')
    }

    /// The name that stands here; none where an escape in it stands for no character.
    fn name(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        self.skip_name_bytes();
        if self.byte(0) != b'\\' {
            return Some(Cow::Borrowed(&self.text[start..self.at]));
        }
        let mut name = self.text[start..self.at].to_owned();
        let mut is_whole = true;
        loop {
            if self.begins_escape(0) {
                match self.escape() {
                    Some(decoded) => name.push(decoded),
                    None => is_whole = false,
                }
                continue;
            }
            let plain = self.at;
            self.skip_name_bytes();
            if plain == self.at {
                return is_whole.then_some(Cow::Owned(name));
            }
            name.push_str(&self.text[plain..self.at]);
        }
    }

    fn skip_name_bytes(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !is_name_byte(*byte)).unwrap_or(rest.len());
    }

    /// The character of the escape that stands here.
    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let digits = (0..6).take_while(|&ahead| self.byte(ahead).is_ascii_hexdigit()).count();
        if digits == 0 {
            let decoded = self.text[self.at..].chars().next()?;
            self.at += decoded.len_utf8();
            return Some(decoded);
        }
        let code = u32::from_str_radix(&self.text[self.at..self.at + digits], 16).ok()?;
        self.at += digits;
        if self.byte(0) == b'\r' && self.byte(1) == b'\n' {
            self.at += 1;
        }
        if matches!(self.byte(0), b' ' | b'\n' | b'\t' | b'\r' | b'\x0c') {
            self.at += 1;
        }
        char::from_u32(code).filter(|&decoded| decoded != '\0')
    }

    fn name_or_function(&mut self) -> Token<'a> {
        let Some(name) = self.name() else { return Token::Other };
        if self.byte(0) != b'(' {
            return Token::Name(name);
        }
        self.at += 1;
        if name.eq_ignore_ascii_case("url") { self.address() } else { Token::Function(name) }
    }

    /// What follows `url(`: a string is an argument like any other function's.
    fn address(&mut self) -> Token<'a> {
        let start = self.at;
        while matches!(self.byte(0), b' ' | b'\n' | b'\t' | b'\r' | b'\x0c') {
            self.at += 1;
        }
        if matches!(self.byte(0), b'"' | b'\'') {
            self.at = start;
            return Token::Function(Cow::Borrowed("url"));
        }
        let inner = self.at;
        let length = self.text.as_bytes()[inner..].iter().position(|&byte| byte == b')' || byte == b'\\');
        match length.map(|length| inner + length) {
            Some(end) if self.text.as_bytes()[end] == b')' => {
                self.at = end + 1;
                Token::Address(self.text[inner..end].trim_ascii_end())
            }
            // An address with an escape in it is none of ours; where it ends is not worth finding out.
            _ => {
                self.at = self.text.len();
                Token::Other
            }
        }
    }

    fn number(&mut self) -> Token<'a> {
        let start = self.at;
        self.at += usize::from(matches!(self.byte(0), b'+' | b'-'));
        self.skip_digits();
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            self.at += 1;
            self.skip_digits();
        }
        let signed = 1 + usize::from(matches!(self.byte(1), b'+' | b'-'));
        if matches!(self.byte(0), b'e' | b'E') && self.byte(signed).is_ascii_digit() {
            self.at += signed;
            self.skip_digits();
        }
        let unit = self.at;
        if self.byte(0) == b'%' {
            self.at += 1;
        } else if self.begins_name(0) {
            match self.name() {
                Some(Cow::Borrowed(_)) => {}
                _ => return Token::Other,
            }
        }
        Token::Number { digits: &self.text[start..unit], unit: &self.text[unit..self.at] }
    }

    fn skip_digits(&mut self) {
        while self.byte(0).is_ascii_digit() {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Token<'a> {
        let quote = self.byte(0);
        self.at += 1;
        let start = self.at;
        let mut decoded: Option<String> = None;
        let mut plain = start;
        loop {
            match self.byte(0) {
                byte if byte == quote => break,
                b'\\' => {
                    let text = decoded.get_or_insert_default();
                    text.push_str(&self.text[plain..self.at]);
                    if !self.escape_in_string(text) {
                        return Token::Other;
                    }
                    plain = self.at;
                }
                // A string that its line or the style cuts off is not whole.
                b'\n' | b'\r' | b'\x0c' | 0 => return Token::Other,
                _ => self.at += 1,
            }
        }
        let last = &self.text[plain..self.at];
        self.at += 1;
        Token::Text(match decoded {
            Some(text) => Cow::Owned(text + last),
            None => Cow::Borrowed(last),
        })
    }

    /// Whether the escape here stands for something; a line's end for nothing.
    fn escape_in_string(&mut self, text: &mut String) -> bool {
        if !self.begins_escape(0) {
            let is_line = matches!(self.byte(1), b'\n' | b'\r' | b'\x0c');
            self.at += if self.byte(1) == b'\r' && self.byte(2) == b'\n' { 3 } else { 2 };
            self.at = self.at.min(self.text.len());
            return is_line;
        }
        self.escape().map(|decoded| text.push(decoded)).is_some()
    }
}

/// Whether a byte stands in a name without an escape.
fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES[usize::from(byte)]
}

/// Looked up, as this is asked of most bytes of a sheet.
static NAME_BYTES: Signs = signs(b"-_");
