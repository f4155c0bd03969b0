use domain::Refusal;

use crate::Headers;
use crate::sample::{Sample, pageview};

#[track_caller]
fn check(headers: Headers<'_>, expected: Option<Refusal>) {
    let body = pageview("https://example.com/");
    let mut sample = Sample::of(&body);
    sample.headers = headers;
    assert_eq!(sample.refusal(), expected);
}

#[test]
fn a_page_fetched_ahead_is_refused() {
    let refused = Some(Refusal::Prefetch);
    check(Headers { purpose: b"prefetch", ..Headers::default() }, refused);
    check(Headers { sec_purpose: b"prefetch;prerender", ..Headers::default() }, refused);
    check(Headers { sec_purpose: b"prefetch;anonymous-client-ip", ..Headers::default() }, refused);
    check(Headers { purpose: b"preview", ..Headers::default() }, refused);
    check(Headers { x_moz: b"Prefetch", ..Headers::default() }, refused);
}

#[test]
fn other_purposes_are_visits() {
    check(
        Headers { purpose: b"", sec_purpose: b"navigate", x_moz: b"prefetching", ..Headers::default() },
        None,
    );
}
