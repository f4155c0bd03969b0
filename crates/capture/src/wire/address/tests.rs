use super::*;

#[track_caller]
fn check(text: &str, host: &str, path: &str) {
    let address = Address::parse(text).expect(text);
    assert_eq!((&*address.host, &*address.readable_path()), (host, path), "{text}");
}

#[test]
fn the_host_is_lower_case_without_www_port_and_password() {
    check("https://example.com/a", "example.com", "/a");
    check("HTTPS://WWW.Example.COM/A", "example.com", "/A");
    check("https://example.com:8443/a", "example.com", "/a");
    check("https://visitor:secret@example.com/a", "example.com", "/a");
    check("https://a@b@example.com/", "example.com", "/");
    check("https://example.com./", "example.com", "/");
    check("//cdn.example.com/x", "cdn.example.com", "/x");
    check("http://[2001:db8::1]:80/x", "2001:db8::1", "/x");
    check("https://bücher.example/x", "bücher.example", "/x");
    check("app://localhost/start", "localhost", "/start");
}

#[test]
fn the_path_is_decoded_and_its_trailing_blank_cut() {
    check("https://example.com", "example.com", "/");
    check("https://example.com?x=1", "example.com", "/");
    check("https://example.com#top", "example.com", "/");
    check("https://example.com/caf%C3%A9", "example.com", "/café");
    check("https://example.com/a%20b%20%0A", "example.com", "/a b");
    check("https://example.com/100%", "example.com", "/100%");
    check("https://example.com/%zz%4", "example.com", "/%zz%4");
    check("https://example.com/%ff", "example.com", "/\u{fffd}");
    check("https://example.com/%%41", "example.com", "/%A");
    check("https://example.com/a+b", "example.com", "/a+b");
    check("/bare/path?x#y", "", "/bare/path");
}

#[test]
fn what_has_neither_scheme_nor_path_is_no_address() {
    for text in [
        "",
        "example.com",
        "page",
        "?x=1",
        "#top",
        "https://exa mple.com/",
        "https://<script>/",
        "http://[::1",
    ] {
        assert_eq!(Address::parse(text), None, "{text}");
    }
}

#[test]
fn a_host_is_taken_to_its_limit() {
    let url = |length: usize| format!("https://{}/", "a".repeat(length));
    assert!(Address::parse(&url(HOSTNAME_BYTES)).is_some());
    assert_eq!(Address::parse(&url(HOSTNAME_BYTES + 1)), None);
}

#[test]
fn query_pairs_are_decoded_as_forms_are() {
    let address = Address::parse("https://example.com/?utm_source=news+letter%21&ref&=x&&a=b=c#f").unwrap();
    let pairs: Vec<(String, String)> =
        address.parameters().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    let expected = [("utm_source", "news letter!"), ("ref", ""), ("", "x"), ("a", "b=c")];
    assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert_eq!(address.fragment, "f");
}
