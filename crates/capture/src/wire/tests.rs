use std::io::Write;

use domain::{Revenue, SiteSettings, Timestamp, limits};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::sample::{NOON, Sample};
use crate::{Headers, Malformed};

/// A page view with `key` set to `value`.
fn with(key: &str, value: Value) -> String {
    let mut body = json!({"n": "pageview", "u": "https://example.com/"});
    body[key] = value;
    body.to_string()
}

#[track_caller]
fn check_malformed(body: &str, field: &str, part_of_message: &str) {
    let Malformed { field: found, message } = Sample::of(body).capture().expect_err(body);
    assert_eq!(found, field, "{body}: {message}");
    assert!(message.contains(part_of_message), "{body}: {message}");
}

#[test]
fn long_and_short_keys_mean_the_same() {
    let long = json!({
        "name": "Sale", "url": "https://example.com/a#b", "domain": "example.com", "referrer": "https://news.test/x",
        "props": {"plan": "pro"}, "revenue": {"amount": 5, "currency": "EUR"}, "interactive": false,
        "hashMode": 1, "timestamp": NOON.0, "screen": "1920x1080",
    });
    let short = json!({
        "n": "Sale", "u": "https://example.com/a#b", "d": "example.com", "r": "https://news.test/x",
        "p": {"plan": "pro"}, "$": {"amount": 5, "currency": "EUR"}, "i": false,
        "h": 1, "t": NOON.0, "s": "1920x1080", "v": 24,
    });
    let event = Sample::of(&long.to_string()).event();
    assert_eq!(event, Sample::of(&short.to_string()).event());
    assert_eq!((event.path.as_str(), event.software.screen.as_str()), ("/a#b", "1920x1080"));
}

#[test]
fn the_long_key_decides_where_both_are_sent() {
    for body in [
        r#"{"n":"short","name":"long","u":"https://example.com/"}"#,
        r#"{"name":"long","n":"short","u":"https://example.com/"}"#,
    ] {
        assert_eq!(Sample::of(body).event().name.as_str(), "long");
    }
}

#[test]
fn properties_may_come_under_any_of_their_keys_or_as_text() {
    for key in ["props", "p", "meta", "m"] {
        for value in [json!({"a": "b"}), json!("{\"a\":\"b\"}")] {
            let event = Sample::of(&with(key, value)).event();
            assert_eq!(event.properties, [("a".to_owned().into(), "b".to_owned().into())], "{key}");
        }
    }
}

#[test]
fn a_whole_number_is_a_name_as_text() {
    assert_eq!(Sample::of(r#"{"n":404,"u":"https://example.com/"}"#).event().name.as_str(), "404");
}

#[test]
fn a_name_has_at_most_its_limit_of_characters() {
    let fits = "ü".repeat(limits::NAME_CHARS);
    assert_eq!(Sample::of(&with("n", json!(fits))).event().name.as_str(), fits);
    check_malformed(&with("n", json!("ü".repeat(limits::NAME_CHARS + 1))), "name", "121 characters");
}

#[test]
fn what_is_missing_or_of_a_wrong_type_is_named() {
    check_malformed(r#"{"u":"https://example.com/"}"#, "name", "is required");
    check_malformed(r#"{"n":"  ","u":"https://example.com/"}"#, "name", "is required");
    check_malformed(r#"{"n":{},"u":"https://example.com/"}"#, "name", "an object");
    check_malformed(r#"{"n":1.5,"u":"https://example.com/"}"#, "name", "a number");
    check_malformed(r#"{"n":"pageview"}"#, "url", "is required");
    check_malformed(r#"{"n":"pageview","u":""}"#, "url", "is required");
    check_malformed(r#"{"n":"pageview","u":7}"#, "url", "a number");
    check_malformed(r#"{"n":"pageview","u":["https://example.com/"]}"#, "url", "a list");
    check_malformed(r#"{"n":"pageview","u":"example"}"#, "url", "must be an address");
    check_malformed(r#"{"n":"pageview","u":"https://exa mple.com/"}"#, "url", "must be an address");
    check_malformed(&with("d", json!(true)), "domain", "a boolean");
    check_malformed(&with("visitor", json!("me")), "visitor", "UUID");
    check_malformed(&with("visitor", json!(12)), "visitor", "a number");
    check_malformed(&with("id", json!("0190163d")), "id", "UUID");
    for wrong in [json!("yesterday"), json!(true), json!({}), json!("2026-13-01T00:00:00Z"), json!("")] {
        check_malformed(&with("t", wrong), "timestamp", "ISO 8601");
    }
}

#[test]
fn what_is_no_json_object_is_malformed() {
    check_malformed("", "body", "is not JSON");
    check_malformed("{", "body", "is not JSON");
    check_malformed(r#"{"n":"pageview","u":"https://example.com/"} x"#, "body", "is not JSON");
    check_malformed("[]", "body", "must be a JSON object");
    check_malformed("\"pageview\"", "body", "must be a JSON object");
    check_malformed("null", "body", "must be a JSON object");
}

#[test]
fn a_body_that_is_not_utf_8_is_malformed() {
    let mut sample = Sample::of("");
    sample.body = b"{\"n\":\"\xff\"}";
    assert_eq!(sample.capture().unwrap_err(), Malformed::new("body", "is not UTF-8 at byte 6"));
}

#[test]
fn half_an_emoji_costs_no_event() {
    let event =
        Sample::of(r#"{"n":"pageview","u":"https://example.com/","p":{"title":"cut \ud83d"}}"#).event();
    assert_eq!(event.properties[0].1.as_str(), "cut \u{fffd}");
}

#[test]
fn nesting_is_taken_to_its_limit_and_no_deeper() {
    let nested = |levels: usize| {
        let inner = format!("{}{}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        format!(r#"{{"n":"pageview","u":"https://example.com/","x":{inner}}}"#)
    };
    assert!(Sample::of(&nested(limits::JSON_DEPTH)).capture().is_ok());
    check_malformed(&nested(limits::JSON_DEPTH + 1), "body", "nested deeper than 16");
    check_malformed(&"[".repeat(60_000), "body", "nested deeper than 16");
    let brackets_in_text = with("x", json!("\"[".repeat(100)));
    assert!(Sample::of(&brackets_in_text).capture().is_ok());
}

/// A page view whose body is exactly `size` bytes.
fn of_size(size: usize) -> String {
    let empty = with("x", json!(""));
    with("x", json!("x".repeat(size - empty.len())))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn packed<'a>(body: &'a [u8], encoding: &'a str) -> Sample<'a> {
    let mut sample = Sample::of("");
    sample.body = body;
    sample.headers = Headers { content_encoding: encoding.as_bytes(), ..sample.headers };
    sample
}

#[test]
fn a_body_is_taken_to_its_limit_plain_or_unpacked() {
    for (size, fits) in [(limits::BODY_BYTES, true), (limits::BODY_BYTES + 1, false)] {
        let body = of_size(size);
        assert_eq!(body.len(), size);
        assert_eq!(Sample::of(&body).capture().is_ok(), fits, "plain {size}");
        let zipped = gzip(body.as_bytes());
        assert_eq!(packed(&zipped, "gzip").capture().is_ok(), fits, "packed {size}");
    }
}

#[test]
fn a_gzip_bomb_is_refused_for_its_size() {
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < limits::BODY_BYTES);
    let malformed = packed(&bomb, "gzip").capture().unwrap_err();
    assert_eq!(malformed, Malformed::new("body", "is larger than 65536 bytes, as sent or as unpacked"));
}

#[test]
fn a_packed_body_is_read_and_a_damaged_one_malformed() {
    let whole = gzip(with("x", json!(1)).as_bytes());
    for encoding in ["gzip", "GZIP", "x-gzip", " gzip "] {
        assert!(packed(&whole, encoding).capture().is_ok(), "{encoding}");
    }
    for damaged in [&whole[..whole.len() / 2], b"{}", b""] {
        let malformed = packed(damaged, "gzip").capture().unwrap_err();
        assert!(malformed.message.contains("not whole gzip"), "{malformed}");
    }
    for encoding in ["br", "gzip, gzip", "deflate"] {
        assert_eq!(packed(&whole, encoding).capture().unwrap_err().field, "content-encoding");
    }
    assert!(packed(with("x", json!(1)).as_bytes(), "identity").capture().is_ok());
}

#[test]
fn an_event_may_name_its_limit_of_domains() {
    let list = |count: usize| vec!["example.com"; count].join(",");
    assert!(Sample::of(&with("d", json!(list(limits::DOMAINS_PER_EVENT)))).capture().is_ok());
    check_malformed(&with("d", json!(list(limits::DOMAINS_PER_EVENT + 1))), "domain", "9 domains");
}

#[track_caller]
fn check_engagement(fields: &Value, expected: Option<(Option<u8>, Option<u32>)>) {
    let mut body = json!({"n": "engagement", "u": "https://example.com/"});
    for (key, value) in fields.as_object().unwrap() {
        body[key] = value.clone();
    }
    let body = body.to_string();
    match expected {
        Some(expected) => {
            let event = Sample::of(&body).event();
            assert_eq!((event.scroll_depth, event.engaged_ms), expected, "{body}");
        }
        None => check_malformed(&body, "sd", "an engagement event needs sd"),
    }
}

#[test]
fn engagement_needs_a_depth_or_a_time_within_its_limits() {
    check_engagement(&json!({"sd": 0}), Some((Some(0), None)));
    check_engagement(&json!({"sd": 100, "e": 0}), Some((Some(100), Some(0))));
    check_engagement(&json!({"sd": "55", "e": 3_000.4}), Some((Some(55), Some(3_000))));
    check_engagement(&json!({"e": limits::ENGAGED_MS}), Some((None, Some(limits::ENGAGED_MS))));
    check_engagement(&json!({"sd": 101, "e": 1}), Some((None, Some(1))));
    check_engagement(&json!({"sd": 101}), None);
    check_engagement(&json!({"sd": -1}), None);
    check_engagement(&json!({"sd": null, "e": true}), None);
    check_engagement(&json!({"e": u64::from(limits::ENGAGED_MS) + 1}), None);
    check_engagement(&json!({}), None);
}

#[test]
fn depth_and_time_belong_to_engagement_only() {
    let event = Sample::of(&with("sd", json!(50))).event();
    assert_eq!((event.scroll_depth, event.engaged_ms), (None, None));
}

#[track_caller]
fn check_moment(written: Value, expected: i64) {
    let mut sample = Sample::of("");
    let body = with("t", written);
    sample.body = body.as_bytes();
    assert_eq!(sample.event().at, Timestamp(expected), "{body}");
}

#[test]
fn a_moment_is_read_as_iso_8601_or_milliseconds() {
    check_moment(json!("2026-11-22T11:00:00Z"), NOON.0 - 3_600_000);
    check_moment(json!("2026-11-22T12:00:00.123+01:00"), NOON.0 - 3_599_877);
    check_moment(json!("2026-11-22T11:00:00"), NOON.0 - 3_600_000);
    check_moment(json!("2026-11-22 11:00"), NOON.0 - 3_600_000);
    check_moment(json!(NOON.0), NOON.0);
    check_moment(json!(NOON.0.to_string()), NOON.0);
    check_moment(json!(NOON.0 as f64 + 0.4), NOON.0);
    check_moment(Value::Null, NOON.0);
}

#[test]
fn only_a_clear_no_makes_an_event_not_interactive() {
    for (written, interactive) in [
        (json!(true), true),
        (json!(false), false),
        (json!("false"), false),
        (json!(0), false),
        (json!("maybe"), true),
        (json!([]), true),
        (Value::Null, true),
    ] {
        assert_eq!(Sample::of(&with("i", written.clone())).event().interactive, interactive, "{written}");
    }
}

#[track_caller]
fn check_revenue(written: &Value, expected: Option<(i64, &str)>) {
    let found = Sample::of(&with("$", written.clone())).event().revenue;
    let expected =
        expected.map(|(micros, currency)| Revenue { micros, currency: currency.to_owned().into() });
    assert_eq!(found, expected, "{written}");
}

#[test]
fn revenue_is_exact_to_a_millionth() {
    let euros = |amount: Value| json!({"amount": amount, "currency": "EUR"});
    check_revenue(&euros(json!(12.5)), Some((12_500_000, "EUR")));
    check_revenue(&euros(json!(0.1)), Some((100_000, "EUR")));
    check_revenue(&euros(json!("1320.29")), Some((1_320_290_000, "EUR")));
    check_revenue(&euros(json!(-3)), Some((-3_000_000, "EUR")));
    check_revenue(&euros(json!("0.0000005")), Some((1, "EUR")));
    check_revenue(&euros(json!(9_007_199_254.740_99)), Some((9_007_199_254_740_990, "EUR")));
    check_revenue(&json!({"amount": 1, "currency": "usd"}), Some((1_000_000, "USD")));
    check_revenue(&json!("{\"amount\":2,\"currency\":\"JPY\"}"), Some((2_000_000, "JPY")));
}

#[test]
fn bad_revenue_goes_and_the_event_stays() {
    for bad in [
        json!({"amount": "much", "currency": "EUR"}),
        json!({"amount": "1,5", "currency": "EUR"}),
        json!({"amount": 1e300, "currency": "EUR"}),
        json!({"amount": "9999999999999999999", "currency": "EUR"}),
        json!({"amount": "", "currency": "EUR"}),
        json!({"amount": ".", "currency": "EUR"}),
        json!({"amount": 1, "currency": "XXX"}),
        json!({"amount": 1, "currency": "EURO"}),
        json!({"amount": 1}),
        json!({"currency": "EUR"}),
        json!([1, "EUR"]),
        json!("12"),
        json!(12),
    ] {
        check_revenue(&bad, None);
    }
}

#[test]
fn plain_property_values_are_kept_as_text_and_others_dropped() {
    let written = json!({"a": "text", "b": 1, "c": 1.5, "d": true, "e": null, "f": "", "g": [1], "h": {"i": 1}, "": "x"});
    let event = Sample::of(&with("p", written)).event();
    let kept: Vec<(&str, &str)> =
        event.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(kept, [("a", "text"), ("b", "1"), ("c", "1.5"), ("d", "true")]);
}

#[test]
fn properties_are_kept_to_their_limit_and_ordered_by_name() {
    let many = |count: usize| {
        let pairs: Vec<String> = (0..count).map(|n| format!(r#""{:05}":"v""#, count - n)).collect();
        format!(r#"{{"n":"pageview","u":"https://example.com/","p":{{{}}}}}"#, pairs.join(","))
    };
    assert_eq!(Sample::of(&many(limits::PROPERTIES)).event().properties.len(), limits::PROPERTIES);
    let event = Sample::of(&many(limits::PROPERTIES + 1)).event();
    assert_eq!(event.properties.len(), limits::PROPERTIES);
    assert_eq!(event.properties[0].0.as_str(), "00002", "the first sent are kept, and the last sent is not");
    assert_eq!(Sample::of(&many(4_000)).event().properties.len(), limits::PROPERTIES);
    check_malformed(&many(10_000), "body", "larger than");
}

#[test]
fn properties_that_are_no_object_are_none() {
    for written in [json!("text"), json!("[1]"), json!([{"a": 1}]), json!(7), json!("[".repeat(100))] {
        assert_eq!(Sample::of(&with("p", written)).event().properties, []);
    }
}

#[test]
fn the_fragment_joins_the_path_when_the_event_or_the_site_says_so() {
    let routed = SiteSettings { hash_routing: true, ..SiteSettings::default() };
    let body = crate::sample::pageview("https://example.com/app#/inbox%20");
    assert_eq!(Sample::of(&body).event().path.as_str(), "/app");
    assert_eq!(Sample::of(&body).settings(routed).event().path.as_str(), "/app#/inbox");
}
