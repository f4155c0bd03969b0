use super::*;

#[test]
fn an_address_says_what_is_called_for_and_how_much_may_be_sent() {
    let of =
        |path| Address::of_path(path).map(|address| (address.kind, address.of_browser, address.bytes_max()));
    assert_eq!(of("/v1/track"), Some((Some(Kind::Track), false, 32 * 1024)));
    assert_eq!(of("/v1/i"), Some((Some(Kind::Identify), true, 32 * 1024)));
    assert_eq!(of("/v1/batch"), Some((None, false, 500 * 1024)));
    assert_eq!(of("/v1/b"), Some((None, true, 500 * 1024)));
    for path in ["/v1", "/v1/", "/v1/x", "/v1/track/", "/v2/track", "/track"] {
        assert_eq!(of(path), None, "{path}");
    }
}
