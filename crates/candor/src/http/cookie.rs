//! The cookie of a sign-in: for this host alone, never over plain HTTP, never readable by a page's script.

use axum::http::{HeaderMap, HeaderValue, header};
use sealing::Token;

/// Browsers take the prefix as a promise that no other host and no plain connection can have set it.
const NAME: &str = "__Host-candor";
/// As long as a sign-in can last; the keeper ends it earlier.
const MAX_AGE: i64 = 90 * 86_400;

/// That of an operator, which no page elsewhere ever leads to.
const OPERATOR_NAME: &str = "__Host-candor-operator";
/// As long as an operator's sign-in can last; the keeper ends it earlier.
const OPERATOR_MAX_AGE: i64 = 8 * 3_600;

/// The token in the cookies of a request.
pub(crate) fn read(headers: &HeaderMap) -> Option<Token> {
    read_named(headers, NAME)
}

/// An operator's token in the cookies of a request.
pub(crate) fn read_operator(headers: &HeaderMap) -> Option<Token> {
    read_named(headers, OPERATOR_NAME)
}

fn read_named(headers: &HeaderMap, wanted: &str) -> Option<Token> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).and_then(|(_, text)| Token::read(text))
}

/// The header that sets it.
pub(crate) fn set(token: &Token) -> HeaderValue {
    header_value(NAME, &token.text(), MAX_AGE, "Lax")
}

/// The header that sets an operator's.
pub(crate) fn set_operator(token: &Token) -> HeaderValue {
    header_value(OPERATOR_NAME, &token.text(), OPERATOR_MAX_AGE, "Strict")
}

/// The header that takes an operator's away.
pub(crate) fn clear_operator() -> HeaderValue {
    header_value(OPERATOR_NAME, "", 0, "Strict")
}

/// The header that takes it away.
pub(crate) fn clear() -> HeaderValue {
    header_value(NAME, "", 0, "Lax")
}

fn header_value(name: &str, text: &str, max_age: i64, same_site: &str) -> HeaderValue {
    let cookie = format!("{name}={text}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite={same_site}");
    let mut value = HeaderValue::from_str(&cookie).expect("a token has no control characters");
    value.set_sensitive(true);
    value
}
