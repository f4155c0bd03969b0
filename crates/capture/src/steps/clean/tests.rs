use domain::limits;
use serde_json::json;

use crate::sample::{Sample, pageview};

#[test]
fn a_path_is_cut_to_its_limit_and_the_page_view_kept() {
    for extra in [0, 1] {
        let url = format!("https://example.com/{}", "p".repeat(limits::PATH_BYTES - 1 + extra));
        assert_eq!(Sample::of(&pageview(&url)).event().path.len(), limits::PATH_BYTES, "{extra}");
    }
    let routed = format!("https://example.com/#{}", "f".repeat(limits::PATH_BYTES));
    let body = json!({"n": "pageview", "u": routed, "h": 1}).to_string();
    assert_eq!(Sample::of(&body).event().path.len(), limits::PATH_BYTES);
}

#[test]
fn a_property_is_cut_to_its_limits() {
    for extra in [0, 1] {
        let name = "n".repeat(limits::PROPERTY_NAME_BYTES + extra);
        let value = "v".repeat(limits::PROPERTY_VALUE_BYTES + extra);
        let body = json!({"n": "x", "u": "https://example.com/", "p": {name: value}}).to_string();
        let (name, value) = Sample::of(&body).event().properties.remove(0);
        assert_eq!(
            (name.len(), value.len()),
            (limits::PROPERTY_NAME_BYTES, limits::PROPERTY_VALUE_BYTES),
            "{extra}"
        );
    }
}

#[test]
fn two_property_names_that_are_one_when_clean_keep_the_first_value() {
    let body = r#"{"n":"x","u":"https://example.com/","p":{"a\u0000":"first","a\u0001":"second"}}"#;
    let properties = Sample::of(body).event().properties;
    assert_eq!(properties, [("a ".to_owned().into(), "first".to_owned().into())]);
}

const CARD: &str = "4111 1111 1111 1111";

#[test]
fn a_card_number_is_starred_in_every_text_of_an_event() {
    let encoded = CARD.replace(' ', "%20");
    let body = json!({
        "n": CARD,
        "u": format!("https://example.com/{encoded}?utm_source={encoded}&utm_medium={encoded}&utm_campaign={encoded}\
            &utm_content={encoded}&utm_term={encoded}#{encoded}"),
        "r": format!("https://unknown.test/{}", CARD.replace(' ', "-")),
        "p": {CARD: CARD, "number": 4_111_111_111_111_111_u64},
        "h": 1, "s": "4111111111111111x1",
    });
    let event = Sample::of(&body.to_string()).event();
    let shown = serde_json::to_string(&event).unwrap();
    assert!(!shown.contains("1111") && !shown.contains("4111"), "{shown}");
    assert!(event.path.contains("****"), "{shown}");
}

#[test]
fn control_characters_become_spaces() {
    let event = Sample::of(r#"{"n":"a\u0000b","u":"https://example.com/x%00y","p":{"k":"1\r\n2"}}"#).event();
    assert_eq!(
        (event.name.as_str(), event.path.as_str(), event.properties[0].1.as_str()),
        ("a b", "/x y", "1  2")
    );
}

#[test]
fn markup_is_text_like_any_other() {
    let event = Sample::of(&pageview("https://example.com/%3Cscript%3Ealert(1)%3C/script%3E")).event();
    assert_eq!(event.path.as_str(), "/<script>alert(1)</script>");
}
