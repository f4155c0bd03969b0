use domain::{AttributeKind, DeclaredAttribute, IdentityMode, SiteSettings, Suspicion};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Write;

use super::*;
use crate::sample::{FIREFOX, NOON, PIPELINE, secrets_at, site};
use crate::{Admission, RecentVisitors, SiteDirectory};

const KEY: &str = "00000000000000000000000000000001";
const IDS: IdSecret = IdSecret::new([5; 32]);

/// What becomes of a request: events by name and path, refusals, and what is said.
#[derive(Debug, Default)]
struct Became {
    events: Vec<domain::Event>,
    refused: Vec<Refusal>,
    said: Vec<Said>,
}

/// A request to be changed one thing at a time.
struct Sent {
    path: &'static str,
    body: Vec<u8>,
    headers: Headers<'static>,
    settings: SiteSettings,
    withdrawn: Vec<VisitorId>,
}

impl Sent {
    fn to(path: &'static str, body: &Value) -> Self {
        let headers = Headers { user_agent: FIREFOX.as_bytes(), ..Headers::default() };
        Self {
            path,
            body: body.to_string().into_bytes(),
            headers,
            settings: SiteSettings::default(),
            withdrawn: vec![],
        }
    }

    fn settings(mut self, settings: SiteSettings) -> Self {
        self.settings = settings;
        self
    }

    fn outcome(&self) -> Result<Became, NotTaken> {
        let sites = SiteDirectory::new([site(1, "example.com", self.settings.clone())]);
        let sites = sites.without(self.withdrawn.iter().map(|visitor| (domain::SiteId(1), *visitor)));
        let (secrets, recent) = (secrets_at(NOON), RecentVisitors::default());
        let circumstances =
            Circumstances { sites: &sites, secrets: &secrets, recent: &recent, admission: Admission::Live };
        let request = RawRequest {
            body: &self.body,
            headers: self.headers,
            address: ClientAddress::new("8.8.8.8".parse().unwrap()),
            received_at: NOON,
        };
        let address = Address::of_path(self.path).expect("an address of the convention");
        let taken = PIPELINE.capture_segment(&request, address, &circumstances)?;
        let mut became = Became { said: taken.said, ..Became::default() };
        for captured in taken.captured {
            match captured {
                Captured::Accepted { event, .. } => became.events.push(*event),
                Captured::Refused { reason, .. } => became.refused.push(reason),
            }
        }
        Ok(became)
    }

    #[track_caller]
    fn became(&self) -> Became {
        self.outcome().expect("a body that is one")
    }

    #[track_caller]
    fn event(&self) -> domain::Event {
        let mut became = self.became();
        assert_eq!(became.events.len(), 1, "{became:?}");
        became.events.remove(0)
    }
}

/// A call with its key and who it is about.
fn call(mut more: Value) -> Value {
    let mut call = json!({ "writeKey": KEY, "userId": "u1" });
    call.as_object_mut().unwrap().append(more.as_object_mut().unwrap());
    call
}

fn declaring(attributes: &[(&str, AttributeKind)]) -> SiteSettings {
    let attributes =
        attributes.iter().map(|(name, kind)| DeclaredAttribute { name: name.parse().unwrap(), kind: *kind });
    SiteSettings { attributes: attributes.collect(), ..SiteSettings::default() }
}

#[test]
fn what_the_convention_calls_track_is_an_event_of_that_name() {
    let sent = Sent::to(
        "/v1/track",
        &call(json!({
            "event": "Signed Up", "messageId": "a1", "timestamp": "2026-11-22T11:59:00Z",
            "properties": { "plan": "pro", "revenue": 9.5, "currency": "EUR", "seats": 3, "list": [1] },
            "context": {
                "ip": "203.0.113.7", "userAgent": FIREFOX, "locale": "de-AT", "screen": { "width": 1920, "height": 1080 },
                "page": { "url": "https://example.com/signup?a=1", "referrer": "https://news.example/x" },
                "campaign": { "name": "spring sale", "source": "letter", "medium": "email" },
            },
        })),
    );
    let event = sent.event();
    assert_eq!((&*event.name, &*event.path, &*event.hostname), ("Signed Up", "/signup", "example.com"));
    assert_eq!(event.visitor, known_visitor(&IDS, "u1"));
    assert_eq!(event.id, Some(named_event(&IDS, "a1")));
    assert_eq!(event.at, Timestamp(NOON.0 - 60_000));
    let properties: Vec<_> = event.properties.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(properties, [("plan", "pro"), ("seats", "3")]);
    let revenue = event.revenue.expect("money");
    assert_eq!((revenue.micros, &*revenue.currency), (9_500_000, "EUR"));
    assert_eq!((&*event.campaign.campaign, &*event.campaign.source), ("spring sale", "letter"));
    assert_eq!(
        (&*event.software.browser, &*event.software.language, &*event.software.screen),
        ("Firefox", "de-AT", "1920x1080")
    );
    assert_eq!(&*event.referral.referrer, "news.example/x");
}

#[test]
fn a_page_is_a_page_view_and_a_screen_one_of_its_name() {
    let page = call(
        json!({ "name": "Home", "properties": { "url": "https://example.com/a?utm_source=x", "title": "T", "kind": "k" } }),
    );
    let event = Sent::to("/v1/page", &page).event();
    assert_eq!((&*event.name, &*event.path, &*event.campaign.source), ("pageview", "/a", "x"));
    let names: Vec<_> = event.properties.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["kind", "name"]);
    let event = Sent::to("/v1/screen", &call(json!({ "name": "100% of #1?" }))).event();
    assert_eq!((&*event.name, &*event.path, &*event.hostname), ("pageview", "/100% of #1?", "example.com"));
    assert_eq!(Sent::to("/v1/page", &call(json!({}))).became().refused, [Refusal::Malformed]);
}

#[test]
fn what_a_server_sends_says_nothing_of_the_servers_own_place_and_software() {
    let event = Sent::to("/v1/track", &call(json!({ "event": "Paid" }))).event();
    assert_eq!((&*event.location.country, &*event.software.browser, &*event.path), ("", "", ""));
    assert_eq!(event.suspicion, None);
    let direct = call(json!({ "event": "Paid", "context": { "direct": true } }));
    assert_eq!(&*Sent::to("/v1/track", &direct).event().location.country, "US");
    let given = call(json!({ "event": "Paid", "context": { "ip": "193.0.6.139" } }));
    assert_eq!(&*Sent::to("/v1/track", &given).event().location.country, "NL");
    // A browser that sends for itself is where it sends from, and what it says it is.
    let event = Sent::to("/v1/t", &call(json!({ "event": "Paid" }))).event();
    assert_eq!((&*event.location.country, &*event.software.browser), ("US", "Firefox"));
    let bot = call(json!({ "event": "Paid", "context": { "userAgent": "Googlebot/2.1" } }));
    assert_eq!(Sent::to("/v1/t", &bot).event().suspicion, Some(Suspicion::UserAgent));
}

#[test]
fn a_batch_holds_any_calls_each_with_its_own_fate() {
    let body = json!({
        "writeKey": KEY,
        "context": { "locale": "fr", "page": { "url": "https://example.com/beneath" } },
        "batch": [
            { "type": "track", "userId": "u1", "event": "One" },
            { "type": "page", "userId": "u1", "context": { "locale": "en-GB", "page": { "url": "https://example.com/own" } } },
            { "type": "track", "userId": "u1" },
            { "type": "track", "event": "Nobody's" },
            { "type": "dance", "userId": "u1" },
            7,
            { "type": "identify", "userId": "u1", "traits": {} },
            { "type": "track", "userId": "u1", "event": "Old", "timestamp": "2026-11-01T00:00:00Z" },
        ],
    });
    let became = Sent::to("/v1/batch", &body).became();
    let events: Vec<_> =
        became.events.iter().map(|event| (&*event.name, &*event.path, &*event.software.language)).collect();
    assert_eq!(events, [("One", "/beneath", "fr"), ("pageview", "/own", "en-GB")]);
    let wrong = Refusal::Malformed;
    assert_eq!(became.refused, [wrong, wrong, wrong, wrong, Refusal::Date]);
    assert_eq!(became.said.len(), 1);
}

#[test]
fn the_key_stands_in_the_body_or_in_the_header() {
    let without = json!({ "userId": "u1", "event": "One" });
    assert_eq!(Sent::to("/v1/track", &without).outcome().unwrap_err(), NotTaken::UnknownKey);
    let wrong = json!({ "writeKey": "ffffffffffffffffffffffffffffffff", "userId": "u1", "event": "One" });
    assert_eq!(Sent::to("/v1/track", &wrong).outcome().unwrap_err(), NotTaken::UnknownKey);
    // With the colon and without, padded and not.
    for coded in [
        "Basic MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDE6",
        "Basic MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDE=",
        "basic MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDE",
    ] {
        let mut sent = Sent::to("/v1/track", &without);
        sent.headers.authorization = coded.as_bytes();
        assert_eq!(sent.became().events.len(), 1, "{coded}");
        sent.headers.authorization = b"Bearer MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDE6";
        assert_eq!(sent.outcome().unwrap_err(), NotTaken::UnknownKey, "a bearer token is no key");
    }
}

#[test]
fn a_clock_that_runs_wrong_is_set_right_by_when_the_call_was_sent() {
    let track = |timestamp: &str, sent: &str| {
        Sent::to("/v1/track", &call(json!({ "event": "One", "timestamp": timestamp, "sentAt": sent })))
            .event()
            .at
    };
    // Its clock is a year behind; it happened five seconds before it was sent.
    assert_eq!(track("2025-11-22T12:00:00.000Z", "2025-11-22T12:00:05.000Z"), Timestamp(NOON.0 - 5_000));
    assert_eq!(track("2026-11-22T11:00:00Z", "nonsense"), Timestamp(NOON.0 - 3_600_000));
    let without =
        Sent::to("/v1/track", &call(json!({ "event": "One", "sentAt": "2025-11-22T12:00:05.000Z" })));
    assert_eq!(without.event().at, NOON, "what has no time of its own is now");
}

#[test]
fn one_id_is_one_visitor_and_one_message_one_event() {
    let of = |body: Value| Sent::to("/v1/track", &call(body)).event();
    let [one, again] =
        [json!({ "event": "A", "messageId": "m" }), json!({ "event": "B", "messageId": "m" })].map(of);
    assert_eq!((one.visitor, one.id), (again.visitor, again.id));
    let other = of(json!({ "event": "A", "userId": "u2", "messageId": "n" }));
    assert!(other.visitor != one.visitor && other.id != one.id);
    let number = of(json!({ "event": "A", "userId": 17 }));
    assert_eq!(number.visitor, known_visitor(&IDS, "17"));
    let other_site = known_visitor(&IdSecret::new([6; 32]), "u1");
    assert_ne!(other_site, one.visitor, "what an id means is one site's own");
}

#[test]
fn in_a_site_that_keeps_no_ids_nobody_is_known_by_one() {
    let settings = SiteSettings { identity: IdentityMode::Cookieless, ..SiteSettings::default() };
    let track = Sent::to("/v1/track", &call(json!({ "event": "A" }))).settings(settings.clone());
    assert_ne!(track.event().visitor, known_visitor(&IDS, "u1"));
    let identify = Sent::to("/v1/identify", &call(json!({ "traits": {} }))).settings(settings);
    assert_eq!(identify.became().refused, [Refusal::Cookieless]);
}

#[test]
fn whoever_withdrew_is_measured_without_their_id_and_said_nothing_of() {
    let known = known_visitor(&IDS, "u1");
    let mut track = Sent::to("/v1/track", &call(json!({ "event": "A" })));
    assert_eq!(track.event().visitor, known);
    track.withdrawn.push(known);
    assert_ne!(track.event().visitor, known);
    let mut identify = Sent::to("/v1/identify", &call(json!({ "traits": {} })));
    identify.withdrawn.push(known);
    assert_eq!(identify.became().refused, [Refusal::Withdrawn]);
}

#[test]
fn attributes_are_kept_as_they_are_declared_and_the_others_are_named() {
    use AttributeKind::{Boolean, Date, Number, Text};
    let settings = declaring(&[
        ("email", Text),
        ("age", Number),
        ("vip", Boolean),
        ("since", Date),
        ("old", Text),
        ("born", Date),
    ]);
    let traits = json!({
        "email": "ada@example.org", "age": "36", "vip": true, "since": "2020-02-30", "born": "1815-12-10", "old": null,
        "shoe": 7, "company": { "name": "x" }, "card": "4111 1111 1111 1111",
    });
    let sent = Sent::to("/v1/identify", &call(json!({ "traits": traits, "anonymousId": "anon" })))
        .settings(settings);
    let said = sent.became().said.remove(0);
    assert_eq!((said.visitor, said.same), (known_visitor(&IDS, "u1"), Some(known_visitor(&IDS, "anon"))));
    assert_eq!(said.id.as_deref(), Some("u1"));
    let value = |wanted: &str| {
        said.attributes.iter().find(|(name, _)| name.as_str() == wanted).map(|(_, value)| value)
    };
    assert!(value("email") == Some(&Some(AttributeValue::Text(domain::Text::clean("ada@example.org", 99)))));
    assert!(value("age") == Some(&Some(AttributeValue::Number(36.0))));
    assert!(value("vip") == Some(&Some(AttributeValue::Boolean(true))));
    assert!(value("born") == Some(&Some(AttributeValue::Date(domain::Text::clean("1815-12-10", 99)))));
    assert!(value("old") == Some(&None), "what is null is kept no longer");
    let mut left_out: Vec<_> = said.left_out.iter().map(|name| &**name).collect();
    left_out.sort_unstable();
    assert_eq!(left_out, ["card", "company", "shoe", "since"]);
}

#[test]
fn a_card_number_in_an_attribute_is_starred() {
    let settings = declaring(&[("note", AttributeKind::Text)]);
    let sent = Sent::to("/v1/identify", &call(json!({ "traits": { "note": "4111 1111 1111 1111" } })))
        .settings(settings);
    let said = sent.became().said.remove(0);
    let Some((_, Some(AttributeValue::Text(note)))) = said.attributes.first() else { panic!("no text") };
    assert!(!note.contains("4111 1111 1111 1111"), "{note}");
}

#[test]
fn an_address_is_taken_where_the_site_declares_one_and_allows_it_and_nowhere_else() {
    let with = |attributes: &[(&str, AttributeKind)], addresses: bool, body: Value| {
        let settings = SiteSettings { addresses, ..declaring(attributes) };
        Sent::to("/v1/identify", &call(body)).settings(settings).became()
    };
    let body = || json!({ "traits": { "ip": "203.0.113.7" }, "context": { "consent": { "receipt": "0190163d-8694-739b-aea5-966c26f8ad91" } } });
    let declared = [("ip", AttributeKind::Address)];
    let taken = with(&declared, true, body()).said.remove(0);
    assert!(taken.attributes.iter().any(|(_, value)| matches!(value, Some(AttributeValue::Address(_)))));
    assert!(taken.receipt.is_some());
    let refused = [Refusal::AddressNotAllowed];
    assert_eq!(with(&declared, false, body()).refused, refused, "the site does not allow it");
    assert_eq!(with(&[], true, body()).refused, refused, "it is not declared");
    assert_eq!(with(&[("ip", AttributeKind::Text)], true, body()).refused, refused, "it is no text");
    assert_eq!(with(&[], false, json!({ "userId": "203.0.113.7" })).refused, refused, "it is nobody's name");
    assert!(with(&[], false, json!({ "userId": "203.0.113.7" })).said.is_empty());
}

#[test]
fn an_alias_and_a_group_are_said_of_a_visitor() {
    let alias = Sent::to("/v1/alias", &call(json!({ "previousId": "before" }))).became().said.remove(0);
    assert_eq!((alias.visitor, alias.same), (known_visitor(&IDS, "u1"), Some(known_visitor(&IDS, "before"))));
    assert_eq!(Sent::to("/v1/a", &call(json!({}))).became().refused, [Refusal::Malformed]);
    let group = Sent::to("/v1/group", &call(json!({ "groupId": "g1", "traits": { "name": "Acme" } })));
    assert_eq!(
        group.became().said.remove(0).left_out.iter().map(|name| &**name).collect::<Vec<_>>(),
        ["group"]
    );
    let group = group.settings(declaring(&[("group", AttributeKind::Text)])).became().said.remove(0);
    assert!(group.attributes[0].1 == Some(AttributeValue::Text(domain::Text::clean("g1", 9))));
}

#[test]
fn each_limit_holds_at_its_edge() {
    let padded = |bytes: usize| {
        let bare = call(json!({ "event": "A", "pad": "" })).to_string().len();
        Sent::to("/v1/track", &call(json!({ "event": "A", "pad": "x".repeat(bytes - bare) })))
    };
    assert_eq!(padded(limits::CALL_BYTES).became().events.len(), 1);
    assert!(padded(limits::CALL_BYTES + 1).outcome().is_err());

    let item = |bytes: usize| {
        let bare = json!({ "type": "track", "userId": "u", "event": "A", "pad": "" }).to_string().len();
        let item = json!({ "type": "track", "userId": "u", "event": "A", "pad": "x".repeat(bytes - bare) });
        Sent::to("/v1/batch", &json!({ "writeKey": KEY, "batch": [item] })).became()
    };
    assert_eq!(item(limits::CALL_BYTES).events.len(), 1);
    assert_eq!(item(limits::CALL_BYTES + 1).refused, [Refusal::TooLarge]);

    let batch = |count: usize| {
        let items = vec![json!({ "type": "track", "userId": "u", "event": "A" }); count];
        Sent::to("/v1/batch", &json!({ "writeKey": KEY, "batch": items })).became()
    };
    assert_eq!(batch(limits::BATCH_EVENTS).events.len(), limits::BATCH_EVENTS);
    let beyond = batch(limits::BATCH_EVENTS + 1);
    assert!(beyond.events.is_empty() && beyond.refused == [Refusal::TooMany]);

    let message = |chars: usize| {
        Sent::to("/v1/track", &call(json!({ "event": "A", "messageId": "m".repeat(chars) }))).became()
    };
    assert_eq!(message(limits::MESSAGE_ID_CHARS).events.len(), 1);
    assert_eq!(message(limits::MESSAGE_ID_CHARS + 1).refused, [Refusal::Malformed]);
    let given = |bytes: usize| {
        Sent::to("/v1/track", &call(json!({ "event": "A", "userId": "u".repeat(bytes) }))).became()
    };
    assert_eq!(given(limits::GIVEN_ID_BYTES).events.len(), 1);
    assert_eq!(given(limits::GIVEN_ID_BYTES + 1).refused, [Refusal::Malformed]);
    let traits: serde_json::Map<_, _> =
        (0..=limits::UNDECLARED_NAMED).map(|n| (format!("t{n}"), json!(1))).collect();
    let said = Sent::to("/v1/identify", &call(json!({ "traits": traits }))).became().said.remove(0);
    assert_eq!(said.left_out.len(), limits::UNDECLARED_NAMED);
}

#[test]
fn a_packed_body_is_unpacked_and_no_further_than_its_limit() {
    let packed = |bytes: usize| {
        let bare = json!({ "writeKey": KEY, "batch": [{ "type": "track", "userId": "u", "event": "A" }], "pad": "" }).to_string().len();
        let pad = " ".repeat(bytes - bare);
        let body = json!({ "writeKey": KEY, "batch": [{ "type": "track", "userId": "u", "event": "A" }], "pad": pad });
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body.to_string().as_bytes()).unwrap();
        let mut sent = Sent::to("/v1/batch", &body);
        sent.body = encoder.finish().unwrap();
        sent.headers.content_encoding = b"gzip";
        sent.outcome()
    };
    assert_eq!(packed(limits::BATCH_BYTES).unwrap().events.len(), 1);
    assert!(matches!(packed(limits::BATCH_BYTES + 1), Err(NotTaken::Malformed(_))));
}

#[test]
fn half_a_surrogate_spoils_no_event() {
    let mut sent = Sent::to("/v1/track", &json!({}));
    sent.body =
        format!(r#"{{"writeKey":"{KEY}","userId":"u1","event":"cut \ud83d","properties":{{"a":"b"}}}}"#)
            .into_bytes();
    assert_eq!(sent.event().properties.len(), 1);
    sent.path = "/v1/batch";
    sent.body =
        format!(r#"{{"writeKey":"{KEY}","batch":[{{"type":"track","userId":"u1","event":"cut \ud83d"}}]}}"#)
            .into_bytes();
    assert_eq!(sent.became().events.len(), 1);
}

#[test]
fn a_body_that_is_no_call_is_said_to_be_none() {
    for (path, body) in [
        ("/v1/track", "[]"),
        ("/v1/track", "{"),
        ("/v1/batch", "{}"),
        ("/v1/batch", r#"{"batch":7}"#),
        ("/v1/batch", ""),
    ] {
        let mut sent = Sent::to(path, &json!({}));
        sent.body = body.as_bytes().to_vec();
        assert!(matches!(sent.outcome(), Err(NotTaken::Malformed(_))), "{path} {body}");
    }
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    let mut sent = Sent::to("/v1/batch", &json!({}));
    sent.body =
        format!(r#"{{"writeKey":"{KEY}","batch":[{{"type":"track","userId":"u","event":"A","x":{deep}}}]}}"#)
            .into_bytes();
    assert_eq!(sent.became().refused, [Refusal::Malformed]);
}

/// JSON of the shapes that calls have, with anything where anything may stand.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!("203.0.113.7")),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = prop_oneof![
            "[a-zA-Z]{1,8}",
            Just("page".to_owned()),
            Just("url".to_owned()),
            Just("ip".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_comes_each_item_has_one_fate_and_no_address_is_kept(
        fields in prop::collection::vec((0..11_usize, any_value()), 0..8),
        kind in 0..7_usize,
    ) {
        const KEYS: [&str; 11] = [
            "userId", "anonymousId", "event", "name", "properties", "traits", "context", "timestamp", "messageId",
            "previousId", "groupId",
        ];
        let kind = ["track", "page", "screen", "identify", "group", "alias", "none"][kind];
        let mut item = json!({ "type": kind, "userId": "u" });
        for (key, value) in fields {
            item[KEYS[key]] = value;
        }
        let settings = declaring(&[("ip", AttributeKind::Text), ("a", AttributeKind::Number)]);
        let became = Sent::to("/v1/batch", &json!({ "writeKey": KEY, "batch": [item] })).settings(settings).became();
        prop_assert_eq!(became.events.len() + became.refused.len() + became.said.len(), 1);
        for said in &became.said {
            for (_, value) in &said.attributes {
                if let Some(AttributeValue::Text(text)) = value {
                    prop_assert!(!given::is_address(text));
                }
            }
        }
    }
}
