use super::*;

const WHOLE: &str = r#"{"v":1,"d":"example.com","u":"https://example.com/a?q=typed","visitor":"0190163d-8694-739b-aea5-966c26f8ad91","r":"abcdefghijklmnopqrstu_","p":"ABCDEFGHIJ-","n":4294967295,"z":1,"e":[{"any":["thing"]}]}"#;

#[test]
fn a_head_is_read_without_its_events() {
    let head = read_head(WHOLE.as_bytes()).unwrap();
    assert_eq!(head.domain.as_str(), "example.com");
    assert_eq!(head.address, "https://example.com/a");
    assert_eq!(head.visitor.unwrap().to_string(), "0190163d-8694-739b-aea5-966c26f8ad91");
    assert_eq!((head.recording.as_str(), head.page.as_str()), ("abcdefghijklmnopqrstu_", "ABCDEFGHIJ-"));
    assert_eq!((head.number, head.is_last), (u32::MAX, true));
}

#[test]
fn a_visitor_and_the_last_mark_may_be_absent_and_nothing_else() {
    let without = |name: &str| {
        let start = WHOLE.find(&format!("\"{name}\":")).unwrap();
        let end = WHOLE[start..].find(",\"").map_or(WHOLE.len() - 1, |at| start + at + 1);
        format!("{}{}", &WHOLE[..start], &WHOLE[end..]).replace(",}", "}")
    };
    for name in KEYS {
        let read = read_head(without(name).as_bytes());
        let optional = matches!(name, "visitor" | "z");
        assert_eq!(read.is_ok(), optional, "{name}: {}", without(name));
    }
    let head = read_head(without("visitor").as_bytes()).unwrap();
    assert_eq!((head.visitor, head.is_last), (None, true));
}

#[test]
fn a_head_that_is_not_ours_is_refused_by_name() {
    let check = |from: &str, to: &str, place: Place| {
        assert!(WHOLE.contains(from), "{from}");
        let refused = read_head(WHOLE.replace(from, to).as_bytes());
        assert_eq!(refused, Err(Refused::NotDialect { place }), "{to}");
    };
    check(r#""v":1"#, r#""v":2"#, Place::Version);
    check(r#""n":4294967295"#, r#""n":4294967296"#, Place::Number);
    check(r#""n":4294967295"#, r#""n":-1"#, Place::Number);
    check(r#""z":1"#, r#""z":2"#, Place::Number);
    check(r#""z":1"#, r#""y":1"#, Place::Key);
    check(r#""z":1"#, r#""z":1,"z":1"#, Place::Key);
    check("example.com\",\"u", "exa mple.com\",\"u", Place::Domain);
    check("https://example.com/a", "about:blank", Place::Address);
    check("0190163d-8694", "0190163d-869", Place::Visitor);
    check("rstu_", "rstu", Place::Id);
    check("rstu_", "rstu+", Place::Id);
    check("ABCDEFGHIJ-", "ABCDEFGHIJ", Place::Id);
    check("}]}", "}]}x", Place::Json);
}
