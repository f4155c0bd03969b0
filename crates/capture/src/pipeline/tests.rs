use std::net::IpAddr;
use std::path::Path;

use domain::{Event, Refusal, SiteSettings};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::Headers;
use crate::sample::{NOON, Sample, site};

#[test]
fn a_page_view_becomes_an_event_with_all_that_is_known_of_it() {
    let body = json!({
        "n": "pageview", "u": "https://www.example.com/blog/caf%C3%A9?utm_campaign=spring#top", "d": "example.com",
        "r": "https://www.google.com/search?q=x", "visitor": "0190163d-8694-439b-aea5-966c26f8ad91",
        "id": "0190163d-8694-439b-aea5-966c26f8ad92", "t": "2026-11-22T11:59:00Z", "s": "390x844",
    })
    .to_string();
    let mut sample = Sample::of(&body);
    sample.address = "8.8.8.8";
    sample.headers = Headers { accept_language: b"de-AT,de;q=0.5", ..sample.headers };
    let event = sample.event();
    assert_eq!(
        serde_json::to_value(&event).unwrap(),
        json!({
            "visitor": "0190163d-8694-439b-aea5-966c26f8ad91", "id": "0190163d-8694-439b-aea5-966c26f8ad92",
            "at": NOON.0 - 60_000, "name": "pageview", "hostname": "example.com", "path": "/blog/café",
            "referral": {"referrer": "google.com/search", "source": "Google", "channel": "Organic Search"},
            "campaign": {"medium": "", "source": "", "campaign": "spring", "content": "", "term": ""},
            "location": {"country": "US", "region": "", "city": ""},
            "software": {
                "browser": "Firefox", "browser_version": "145.0", "os": "Linux", "os_version": "", "device": "Desktop",
                "screen": "390x844", "language": "de-AT",
            },
            "interactive": true, "scroll_depth": null, "engaged_ms": null, "properties": [], "revenue": null,
            "suspicion": null,
        })
    );
}

#[test]
fn each_site_decides_for_itself_about_one_event() {
    let body =
        json!({"n": "pageview", "u": "https://example.com/", "d": "example.com,example.org"}).to_string();
    let mut sample = Sample::of(&body);
    let indifferent = SiteSettings { honour_signals: false, ..SiteSettings::default() };
    sample.sites = SiteDirectory::new([
        site(1, "example.com", SiteSettings::default()),
        site(2, "example.org", indifferent),
    ]);
    sample.headers = Headers { sec_gpc: b"1", ..sample.headers };
    let captured = sample.capture().unwrap();
    assert_eq!(captured[0], Captured::Refused { site: Some(domain::SiteId(1)), reason: Refusal::OptOut });
    assert!(matches!(captured[1], Captured::Accepted { site: domain::SiteId(2), .. }));
}

/// The control is seen to matter: without it, the whole address would be looked up.
#[test]
fn only_the_truncated_address_is_looked_up_and_a_twin_would_look_up_more() {
    let full: IpAddr = "8.8.8.8".parse().unwrap();
    let product = Controls::default();
    assert_eq!(address::truncate(ClientAddress::new(full), &product).to_string(), "8.8.8.0");
    let twin = Controls {
        truncate: |address| IpAddr::from(address.key_bytes()).to_canonical(),
        ..Controls::default()
    };
    assert_eq!(address::truncate(ClientAddress::new(full), &twin), full);
}

/// The tracker's tests send exactly these bodies; here each is taken as it was meant.
#[test]
fn every_golden_payload_of_the_tracker_is_taken_as_it_was_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/wire");
    let entries = std::fs::read_dir(folder).expect("fixtures/wire is in the repository");
    let paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    let golden: Vec<_> = paths.iter().filter(|path| path.to_string_lossy().ends_with(".v1.json")).collect();
    assert!(!golden.is_empty());
    for path in golden {
        let body = std::fs::read_to_string(path).unwrap();
        check_golden(&body, path.file_name().unwrap().to_str().unwrap());
    }
}

#[track_caller]
fn check_golden(body: &str, file: &str) {
    let golden: Value = serde_json::from_str(body).unwrap();
    let mut sample = Sample::of(body);
    let domains: Vec<&str> = golden["d"].as_str().expect(file).split(',').map(str::trim).collect();
    sample.sites =
        SiteDirectory::new((1..).zip(&domains).map(|(id, domain)| site(id, domain, SiteSettings::default())));
    let events: Vec<Event> = accepted(sample.capture().expect(file)).collect();
    assert_eq!(events.len(), domains.len(), "{file}");
    let event = &events[0];
    assert_eq!(golden["n"], event.name.as_str(), "{file}");
    assert_eq!(golden["s"], event.software.screen.as_str(), "{file}");
    assert_eq!(golden["id"], event.id.expect(file).to_string(), "{file}");
    assert_eq!(
        golden["p"].as_object().map_or(0, |properties| properties.len()),
        event.properties.len(),
        "{file}"
    );
    assert_eq!(golden["sd"].as_u64(), event.scroll_depth.map(u64::from), "{file}");
    assert_eq!(golden["e"].as_u64(), event.engaged_ms.map(u64::from), "{file}");
    assert_eq!(golden["$"].is_object(), event.revenue.is_some(), "{file}");
    assert_eq!(golden["i"] != json!(false), event.interactive, "{file}");
    assert_eq!(golden["r"].is_string(), !event.referral.referrer.is_empty(), "{file}");
    if let Some(visitor) = golden["visitor"].as_str() {
        assert_eq!(visitor, event.visitor.to_string(), "{file}");
    }
    assert_eq!(event.path.contains('#'), golden["h"].is_number(), "{file}");
    assert_eq!(event.at, NOON, "{file}: a late one says noon, and the others arrive at noon");
}

/// Any JSON of little depth, with the keys that mean something.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "(https?|app|data)?:?(//)?[a-z.@:%\\[\\]]{0,16}(/[a-z%0-9 ]{0,8}){0,3}(\\?[a-z_=&+%]{0,20})?(#\\PC{0,5})?"
            .prop_map(Value::from),
        prop::sample::select(vec!["pageview", "engagement", "2026-11-22T11:00:00Z", "1x1", "{\"a\":1}"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_event() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec![
        "n",
        "name",
        "u",
        "url",
        "d",
        "r",
        "p",
        "props",
        "m",
        "i",
        "$",
        "revenue",
        "h",
        "sd",
        "e",
        "visitor",
        "id",
        "t",
        "timestamp",
        "s",
        "screen",
        "v",
    ]);
    prop::collection::vec((keys, any_json()), 0..8).prop_map(|fields| {
        let mut body = json!({"n": "pageview", "u": "https://example.com/"});
        for (key, value) in fields {
            body[key] = value;
        }
        body.to_string()
    })
}

/// An event with `secret` in every place where a sender can put text.
fn soaked_in(secret: &str) -> String {
    json!({
        "n": format!("buy {secret}"),
        "u": format!("https://{secret}@example.com/{secret}?utm_source={secret}&utm_term={secret}&q={secret}#{secret}"),
        "d": "example.com", "r": format!("https://unknown.test/{secret}/?{secret}"),
        "p": {secret: secret}, "h": 1, "s": secret, "$": {"amount": secret, "currency": secret},
    })
    .to_string()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The event as it may be stored or shown.
fn serialised(event: &Event) -> [Vec<u8>; 3] {
    let shown = format!("{event:?}").into_bytes();
    [postcard::to_stdvec(event).unwrap(), serde_json::to_vec(event).unwrap(), shown]
}

fn accepted(captured: Vec<Captured>) -> impl Iterator<Item = Event> {
    captured.into_iter().filter_map(|captured| match captured {
        Captured::Accepted { event, .. } => Some(*event),
        Captured::Refused { .. } => None,
    })
}

/// Completes 15 digits by the one that makes them a card number.
fn with_luhn_digit(body: u64) -> String {
    let digits: Vec<u32> = format!("4{body:014}").chars().filter_map(|digit| digit.to_digit(10)).collect();
    let weighed = digits.iter().rev().enumerate().map(|(place, digit)| match (place % 2 == 0, digit * 2) {
        (true, twice) => {
            if twice > 9 {
                twice - 9
            } else {
                twice
            }
        }
        (false, _) => *digit,
    });
    let last = (10 - weighed.sum::<u32>() % 10) % 10;
    digits.iter().chain([&last]).map(u32::to_string).collect()
}

#[test]
fn the_scanner_of_these_tests_finds_what_is_planted() {
    let event = Sample::of(&soaked_in("sentinel")).event();
    assert!(serialised(&event).iter().all(|bytes| holds(bytes, b"sentinel")));
    assert_eq!(with_luhn_digit(11_111_111_111_111), "4111111111111111");
}

proptest! {
    #[test]
    fn no_event_holds_the_address_it_came_from(bits: u128, as_v4: bool) {
        let address = if as_v4 { IpAddr::from((bits as u32).to_be_bytes()) } else { IpAddr::from(bits.to_be_bytes()) };
        let text = address.to_string();
        // A short text or many zeros stand in any event by chance.
        prop_assume!(text.len() > 9);
        let octets = match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        prop_assume!(octets.iter().filter(|octet| **octet != 0).count() == octets.len());
        let body = crate::sample::pageview("https://example.com/");
        let mut sample = Sample::of(&body);
        sample.address = &text;
        let reversed: Vec<u8> = octets.iter().rev().copied().collect();
        for bytes in serialised(&sample.event()) {
            prop_assert!(!holds(&bytes, text.as_bytes()));
            prop_assert!(!holds(&bytes, &octets) && !holds(&bytes, &reversed));
        }
    }

    #[test]
    fn no_event_holds_a_card_number(body in 0_u64..100_000_000_000_000, separator in "[ .-]?") {
        let card = with_luhn_digit(body);
        let groups: Vec<&str> = (0..4).map(|group| &card[group * 4..][..4]).collect();
        let written = groups.join(&separator);
        let number: u64 = card.parse().unwrap();
        for event in accepted(Sample::of(&soaked_in(&written)).capture().unwrap()) {
            for bytes in serialised(&event) {
                prop_assert!(!holds(&bytes, written.as_bytes()) && !holds(&bytes, card.as_bytes()));
                prop_assert!(!holds(&bytes, &number.to_be_bytes()) && !holds(&bytes, &number.to_le_bytes()));
            }
        }
    }

    #[test]
    fn any_bytes_are_an_answer_and_never_a_panic(body in prop::collection::vec(any::<u8>(), 0..300), gzip: bool) {
        let mut sample = Sample::of("");
        sample.body = &body;
        if gzip {
            sample.headers = Headers { content_encoding: b"gzip", ..sample.headers };
        }
        prop_assert!(sample.capture().is_err());
    }

    #[test]
    fn any_json_is_an_answer_and_never_a_panic(body in any_event()) {
        if let Ok(captured) = Sample::of(&body).capture() {
            for event in accepted(captured) {
                prop_assert!(event.properties.is_sorted_by(|(left, _), (right, _)| left < right));
                let engaged = event.scroll_depth.is_some() || event.engaged_ms.is_some();
                prop_assert_eq!(&*event.name == Event::ENGAGEMENT, engaged);
            }
        }
    }

    #[test]
    fn any_headers_are_an_answer_and_never_a_panic(
        user_agent in prop::collection::vec(any::<u8>(), 0..600),
        accept_language in prop::collection::vec(any::<u8>(), 0..200),
        other in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let body = crate::sample::pageview("https://example.com/");
        let mut sample = Sample::of(&body);
        sample.headers = Headers {
            user_agent: &user_agent, accept_language: &accept_language, sec_gpc: &other, dnt: &other, purpose: &other,
            sec_purpose: &other, x_moz: &other, content_encoding: b"",
            authorization: &other,
        };
        prop_assert!(sample.capture().is_ok());
    }

    #[test]
    fn the_same_request_gives_the_same_event(body in any_event()) {
        prop_assert_eq!(Sample::of(&body).capture(), Sample::of(&body).capture());
    }
}
