//! What the edge hands in: the bytes of one request, untrusted, and what it knows itself.
//!
//! A [`RawRequest`] holds a full client address and therefore has no `Debug`.

use domain::{ClientAddress, Timestamp};

/// One request that carries an event, as it came.
pub struct RawRequest<'a> {
    /// The body, packed or not.
    pub body: &'a [u8],
    /// The headers that are looked at.
    pub headers: Headers<'a>,
    /// The client's address, already freed of what untrusted proxies claim.
    pub address: ClientAddress,
    /// When the request arrived.
    pub received_at: Timestamp,
}

/// The headers that are looked at, byte for byte; no other header has any effect. An absent one is empty.
#[derive(Clone, Copy, Default)]
#[expect(missing_docs, reason = "each field is the header of its name")]
pub struct Headers<'a> {
    pub content_encoding: &'a [u8],
    pub user_agent: &'a [u8],
    pub accept_language: &'a [u8],
    pub sec_gpc: &'a [u8],
    pub dnt: &'a [u8],
    pub purpose: &'a [u8],
    pub sec_purpose: &'a [u8],
    pub x_moz: &'a [u8],
    pub authorization: &'a [u8],
}

impl<'a> Headers<'a> {
    /// Takes the headers from wherever they are kept: `value` is asked once for each by its lower-case name.
    pub fn read(value: impl Fn(&'static str) -> Option<&'a [u8]>) -> Self {
        let get = |name| value(name).unwrap_or_default();
        Self {
            content_encoding: get("content-encoding"),
            user_agent: get("user-agent"),
            accept_language: get("accept-language"),
            sec_gpc: get("sec-gpc"),
            dnt: get("dnt"),
            purpose: get("purpose"),
            sec_purpose: get("sec-purpose"),
            x_moz: get("x-moz"),
            authorization: get("authorization"),
        }
    }
}
