//! `/.well-known/security.txt` (RFC 9116): whom to reach, and until when that counts. It never hands out what has expired.

use std::fmt::Write as _;
use std::time::Duration;

use domain::Timestamp;
use hyper::StatusCode;
use hyper::header::{self, HeaderValue};

use super::answer::{self, Answer};
use crate::config::Reach;

/// Where it is.
pub(super) const PATH: &str = "/.well-known/security.txt";
/// For how long one that is written here counts; it is written anew for whoever asks.
const COUNTS_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Hands out the operator's own file, or writes one.
pub(super) fn send(reach: &Reach, public_url: &str, now: Timestamp) -> Answer {
    let Some(text) = text(reach, public_url, now) else {
        return answer::problem(StatusCode::NOT_FOUND, "this server names no contact", None);
    };
    let mut answer = answer::whole(StatusCode::OK, "text/plain; charset=utf-8", text);
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

fn text(reach: &Reach, public_url: &str, now: Timestamp) -> Option<String> {
    if let Some(own) = reach.own.as_ref().filter(|own| own.expires > now) {
        return Some(own.text.clone());
    }
    let contact = reach.contact.as_ref()?;
    let mut text =
        format!("Contact: {contact}\nExpires: {}\nPreferred-Languages: en, de\n", now + COUNTS_FOR);
    // The RFC wants an address under TLS.
    if public_url.starts_with("https://") {
        writeln!(text, "Canonical: {public_url}{PATH}").ok()?;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SecurityTxt;

    const NOW: Timestamp = Timestamp(1_764_000_000_000);

    fn own(expires: Timestamp) -> Option<SecurityTxt> {
        Some(SecurityTxt { text: "Contact: mailto:own@example.com\n".to_owned(), expires })
    }

    #[test]
    fn what_is_written_here_counts_for_thirty_days_and_names_where_it_is() {
        let reach = Reach { contact: "mailto:a@example.com".parse().ok(), own: None };
        let said = text(&reach, "https://stats.example", NOW).unwrap();
        assert_eq!(
            said,
            "Contact: mailto:a@example.com\nExpires: 2025-12-24T16:00:00.000Z\nPreferred-Languages: en, de\n\
             Canonical: https://stats.example/.well-known/security.txt\n"
        );
        assert!(!text(&reach, "http://localhost:7400", NOW).unwrap().contains("Canonical"));
    }

    #[test]
    fn the_operators_own_file_comes_first_until_it_expires() {
        let contact = "mailto:a@example.com".parse().ok();
        let of = |own| text(&Reach { contact: contact.clone(), own }, "https://stats.example", NOW);
        assert_eq!(
            of(own(NOW + Duration::from_millis(1))).as_deref(),
            Some("Contact: mailto:own@example.com\n")
        );
        assert!(of(own(NOW)).unwrap().starts_with("Contact: mailto:a@example.com\n"));
        assert_eq!(text(&Reach { contact: None, own: own(NOW) }, "https://stats.example", NOW), None);
    }
}
