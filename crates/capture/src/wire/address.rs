//! An address of a page or of a referrer, taken apart the way a browser writes it.
//!
//! No secret of an address survives: user and password, port and query are cut off here; the fragment and
//! the query are handed on only to the steps that look for hash routes and campaign tags.

use std::borrow::Cow;

use domain::limits::HOSTNAME_BYTES;

/// The parts of an address, still encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// Lower case, empty where the address names none.
    pub(crate) scheme: Cow<'a, str>,
    /// Lower case, without `www.`, port or closing dot; empty where there is none.
    pub(crate) host: Cow<'a, str>,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) fragment: &'a str,
}

impl<'a> Address<'a> {
    /// Takes `text` apart. None if it is no address: neither a scheme nor a path, or a host that can be none.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = split_scheme(text);
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let Some(located) = rest.strip_prefix("//") else {
            let known = !scheme.is_empty() || rest.starts_with('/');
            return known.then_some(Self { scheme, host: Cow::Borrowed(""), path: rest, query, fragment });
        };
        let (authority, path) = located.split_at(located.find(['/', '\\']).unwrap_or(located.len()));
        Some(Self { scheme, host: host(authority)?, path, query, fragment })
    }

    /// The path with its escapes decoded and trailing white space cut; `/` where it is empty.
    pub(crate) fn readable_path(&self) -> Cow<'a, str> {
        match decode(self.path) {
            path if path.is_empty() => Cow::Borrowed("/"),
            Cow::Borrowed(path) => Cow::Borrowed(trim_blank_end(path)),
            Cow::Owned(path) => Cow::Owned(trim_blank_end(&path).to_owned()),
        }
    }

    /// The pairs of the query, decoded as forms are.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> + use<'a> {
        self.query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode_form(key), decode_form(value))
        })
    }
}

fn trim_blank_end(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_whitespace() || c.is_control())
}

fn split_scheme(text: &str) -> (Cow<'_, str>, &str) {
    let Some((scheme, rest)) = text.split_once(':') else { return (Cow::Borrowed(""), text) };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if is_scheme { (lower_case(scheme), rest) } else { (Cow::Borrowed(""), text) }
}

/// The host of `user:password@host:port`. Some(empty) if there is none, None if it can be no host.
fn host(authority: &str) -> Option<Cow<'_, str>> {
    let located = authority.rsplit_once('@').map_or(authority, |(_, located)| located);
    let host = match located.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']').map(|(inside, _)| inside)?,
        None => located.split_once(':').map_or(located, |(host, _)| host),
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let fits = host.len() <= HOSTNAME_BYTES
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'));
    fits.then(|| match lower_case(host) {
        Cow::Borrowed(host) => Cow::Borrowed(host.strip_prefix("www.").unwrap_or(host)),
        Cow::Owned(host) => Cow::Owned(host.strip_prefix("www.").unwrap_or(&host).to_owned()),
    })
}

fn lower_case(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// Decodes `%41` to `A`. What is no escape stays as it is, and bytes that are not UTF-8 become `U+FFFD`.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| hex_pair(bytes.get(at + 1..at + 3)?)).flatten();
        decoded.push(escape.unwrap_or(bytes[at]));
        at += if escape.is_some() { 3 } else { 1 };
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(pair[0])? * 16 + digit(pair[1])?)
}

fn decode_form(text: &str) -> Cow<'_, str> {
    if text.contains('+') {
        return Cow::Owned(decode(&text.replace('+', " ")).into_owned());
    }
    decode(text)
}

#[cfg(test)]
mod tests;
