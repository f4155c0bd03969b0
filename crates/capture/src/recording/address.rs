//! Addresses of pages, cleaned of everything that can be somebody's.

use domain::limits::{HOSTNAME_BYTES, PATH_BYTES};

use super::grammar::DIGITS_IN_A_ROW;
use crate::wire::decode;

/// `text` with its scheme, host, port and path, without user, query and fragment, and with `*` for what in the path
/// may name somebody. None where it is no address of `http` or `https`.
pub(super) fn clean(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = ["http", "https"].into_iter().find(|known| known.eq_ignore_ascii_case(scheme))?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let located = authority.rsplit_once('@').map_or(authority, |(_, located)| located);
    if !host_fits(located) {
        return None;
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let mut cleaned = format!("{scheme}://{}", located.to_ascii_lowercase());
    let host_end = cleaned.len();
    for segment in path.split('/').skip(1) {
        cleaned.push('/');
        cleaned.push_str(if segment_fits(segment) { segment } else { "*" });
        if cleaned.len() - host_end > PATH_BYTES {
            cleaned.truncate(host_end);
            break;
        }
    }
    if cleaned.len() == host_end {
        cleaned.push('/');
    }
    Some(cleaned)
}

/// A name or a literal address, and perhaps a port.
fn host_fits(located: &str) -> bool {
    let (host, port) = match located.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (located, ""),
    };
    let is_literal = host.starts_with('[') && host.ends_with(']');
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let sign = |byte: u8| matches!(byte, b'.' | b'-' | b'_') || is_literal && byte == b':';
    (1..=HOSTNAME_BYTES).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || sign(byte))
        && port.len() <= 5
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a part of a path names a page, and not somebody.
fn segment_fits(segment: &str) -> bool {
    let decoded = decode(segment);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&byte);
    let mut digits = 0;
    let long_number = decoded.bytes().any(|byte| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits > DIGITS_IN_A_ROW
    });
    let all_digits = !segment.is_empty() && decoded.bytes().all(|byte| byte.is_ascii_digit());
    segment.bytes().all(plain) && !decoded.contains('@') && !all_digits && !long_number && !is_uuid(&decoded)
}

/// 32 hexadecimal digits, with hyphens or without.
fn is_uuid(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let hyphens = text.bytes().filter(|&byte| byte == b'-').count();
    digits == 32 && matches!(hyphens, 0 | 4) && digits + hyphens == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let cleaned = clean(text);
        assert_eq!(cleaned.as_deref(), expected, "{text}");
        if let Some(cleaned) = cleaned {
            assert_eq!(clean(&cleaned).as_deref(), expected, "{cleaned} is clean");
        }
    }

    #[test]
    fn user_query_and_fragment_go_and_the_rest_stays() {
        check("https://example.com/a/b.html?q=typed#typed", Some("https://example.com/a/b.html"));
        check("HTTPS://ivan:secret@Example.com:8443", Some("https://example.com:8443/"));
        check("http://a@b@example.com/x/", Some("http://example.com/x/"));
        check("http://[::1]:80/x", Some("http://[::1]:80/x"));
        check("https://example.com?q=/typed", Some("https://example.com/"));
    }

    #[test]
    fn what_may_name_somebody_becomes_a_star() {
        check("https://example.com/u/12345/edit", Some("https://example.com/u/*/edit"));
        check("https://example.com/u/0190163d-8694-739b-aea5-966c26f8ad91", Some("https://example.com/u/*"));
        check("https://example.com/u/0190163d8694739baea5966c26f8ad91", Some("https://example.com/u/*"));
        check("https://example.com/ivan@example.com/x", Some("https://example.com/*/x"));
        check("https://example.com/ivan%40example.com/x", Some("https://example.com/*/x"));
        check("https://example.com/%31%32%33", Some("https://example.com/*"));
        check("https://example.com/tel-123456789", Some("https://example.com/*"));
        check("https://example.com/a b/c", Some("https://example.com/*/c"));
    }

    #[test]
    fn what_is_no_address_of_a_page_is_none() {
        for text in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "blob:https://example.com/x",
            "//example.com/",
            "https://",
            "https://exa mple/",
            "ftp://example.com/",
            "https://example.com:99999999/",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_path_is_taken_to_its_limit() {
        let address = |length: usize| format!("https://example.com/{}", "a".repeat(length - 1));
        check(&address(PATH_BYTES), Some(&address(PATH_BYTES)));
        check(&address(PATH_BYTES + 1), Some("https://example.com/"));
    }
}
