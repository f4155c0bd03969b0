//! The cookie of a sign-in: for this host alone, never over plain HTTP, never readable by a page's script.

use axum::http::{HeaderMap, HeaderValue, header};
use sealing::Token;

/// Browsers take the prefix as a promise that no other host and no plain connection can have set it.
const NAME: &str = "__Host-candor";
/// As long as a sign-in can last; the keeper ends it earlier.
const MAX_AGE: i64 = 90 * 86_400;

/// The token in the cookies of a request.
pub(crate) fn read(headers: &HeaderMap) -> Option<Token> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).and_then(|(_, text)| Token::read(text))
}

/// The header that sets it.
pub(crate) fn set(token: &Token) -> HeaderValue {
    header_value(&token.text(), MAX_AGE)
}

/// The header that takes it away.
pub(crate) fn clear() -> HeaderValue {
    header_value("", 0)
}

fn header_value(text: &str, max_age: i64) -> HeaderValue {
    let cookie = format!("{NAME}={text}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax");
    let mut value = HeaderValue::from_str(&cookie).expect("a token has no control characters");
    value.set_sensitive(true);
    value
}
