//! Every position that can hold a string, each with a canary in it.

use super::*;

/// What is to become of a chunk with a canary.
#[derive(Debug, PartialEq)]
enum Then {
    /// It passes without it, and counts something at this position.
    Clean(Position),
    Refused(Refused),
}
use Then::{Clean, Refused as Is};

fn violation(position: Position) -> Then {
    Is(Refused::Violation { position })
}

fn not_dialect(place: Place) -> Then {
    Is(Refused::NotDialect { place })
}

/// A page with a paragraph (4, its text 5), a field (6), a choice (7) with its text (8), a style sheet (9), an editable
/// region (10) with a paragraph (11), its text (12), a drawing (13) and a box (14).
fn page() -> String {
    snapshot(
        &[
            element(4, "p", "", &text_node(5, "***")),
            element(6, "input", "", ""),
            element(7, "option", "", &text_node(8, "***")),
            element(9, "style", "", ""),
            element(10, "div", r#""contenteditable":"true""#, &element(11, "p", "", &text_node(12, "***"))),
            element(13, "svg", "", ""),
            element(14, "iframe", "", ""),
        ]
        .join(","),
    )
}

#[track_caller]
fn check(name: &str, event: &str, then: &Then) {
    let event = event.replace("CANARY", CANARY);
    assert!(event.contains(CANARY), "{name} has a canary");
    let passed = pass(STARRED, &[page(), event]);
    match (passed, then) {
        (Ok(gated), Clean(position)) => {
            assert!(!out(&gated).contains("kanarie"), "{name}: {}", out(&gated));
            let counts = counts(&gated, *position);
            assert!(counts.starred + counts.dropped > 0, "{name} is counted: {:?}", gated.summary.positions);
        }
        (Err(refused), Is(expected)) => assert_eq!(refused, *expected, "{name}"),
        (passed, _) => {
            panic!("{name}: {then:?} expected, not {:?}", passed.map(|gated| out(&gated).to_owned()))
        }
    }
}

/// A node in a new snapshot and the same node as an addition to the body.
#[track_caller]
fn check_node(name: &str, node: &str, then: &Then) {
    check(name, &snapshot(node), then);
    check(name, &mutation("adds", &format!(r#"{{"parentId":3,"nextId":null,"node":{node}}}"#)), then);
}

#[test]
fn nodes() {
    let attribute = |tag: &str, attributes: &str| element(100, tag, attributes, "");
    check_node("a name of an element", &attribute("CANARY", ""), &not_dialect(Place::Node));
    check_node("a text", &text_node(100, "CANARY"), &Clean(Position::Text));
    check_node(
        "a text in a title",
        &element(100, "title", "", &text_node(101, "CANARY")),
        &Clean(Position::Text),
    );
    check_node(
        "a text in a drawing",
        &element(100, "svg", "", &element(101, "text", "", &text_node(102, "CANARY"))),
        &Clean(Position::Text),
    );
    check_node("a comment", r#"{"type":5,"textContent":"CANARY","id":100}"#, &not_dialect(Place::Node));
    check_node("character data", r#"{"type":4,"textContent":"CANARY","id":100}"#, &not_dialect(Place::Node));
    check_node(
        "an unknown key",
        r#"{"type":3,"textContent":"","id":100,"x":"CANARY"}"#,
        &not_dialect(Place::Key),
    );
    check_node(
        "a script",
        &element(100, "script", "", &text_node(101, "CANARY")),
        &Clean(Position::DroppedElement),
    );
    check_node(
        "a meta element",
        &attribute("meta", r#""content":"CANARY""#),
        &Clean(Position::DroppedElement),
    );
    check_node(
        "what a box holds",
        &element(100, "object", "", &text_node(101, "CANARY")),
        &Clean(Position::BoxContent),
    );
    check_node(
        "the style of an element",
        &attribute("p", r#""style":"--v:'CANARY';background:url(https://x.example/CANARY)""#),
        &Clean(Position::Declaration),
    );
    check_node(
        "a style sheet",
        &attribute("style", r#""_cssText":".a::after { content: \"CANARY\" }""#),
        &Clean(Position::Sheet),
    );
    check_node(
        "the text of a style sheet",
        &element(100, "style", "", &text_node(101, "@import 'CANARY';")),
        &Clean(Position::Sheet),
    );
    check_node(
        "a linked style sheet",
        &attribute("link", r#""rel":"stylesheet","_cssText":"@font-face{src:url(CANARY)}""#),
        &Clean(Position::Sheet),
    );
}

#[test]
fn attributes() {
    for name in [
        "title",
        "alt",
        "placeholder",
        "aria-label",
        "aria-valuetext",
        "data-value",
        "href",
        "src",
        "srcset",
        "action",
        "onclick",
        "srcdoc",
        "poster",
        "label",
        "name",
        "content",
        "is",
        "nonce",
        "rr_dataURL",
        "rr_src",
        "x y",
        "class",
        "id",
        "style",
        "lang",
        "dir",
        "role",
        "tabindex",
        "width",
        "bgcolor",
        "rr_width",
        "rr_scrollTop",
    ] {
        let position = if name == "style" { Position::Declaration } else { Position::Attribute };
        check_node(name, &element(100, "p", &format!(r#""{name}":"CANARY""#), ""), &Clean(position));
        let changed = mutation("attributes", &format!(r#"{{"id":4,"attributes":{{"{name}":"CANARY"}}}}"#));
        check(name, &changed, &Clean(position));
    }
    for name in ["d", "points", "viewBox", "fill", "transform", "clip-path", "href", "xlink:href", "xmlns"] {
        let drawn = element(100, "svg", "", &element(101, "path", &format!(r#""{name}":"CANARY""#), ""));
        check_node(name, &drawn, &Clean(Position::Attribute));
        let changed = mutation("attributes", &format!(r#"{{"id":13,"attributes":{{"{name}":"CANARY"}}}}"#));
        check(name, &changed, &Clean(Position::Attribute));
    }
    let changed = |id: u32, attributes: &str| {
        mutation("attributes", &format!(r#"{{"id":{id},"attributes":{{{attributes}}}}}"#))
    };
    check(
        "a changed style's value",
        &changed(4, r#""style":{"--v":"CANARY"}"#),
        &Clean(Position::Declaration),
    );
    check(
        "a changed style's name",
        &changed(4, r#""style":{"CANARY":"1px"}"#),
        &Clean(Position::Declaration),
    );
    check(
        "a changed style that went",
        &changed(4, r#""style":{"CANARY":false}"#),
        &Clean(Position::Declaration),
    );
    check(
        "a changed style with a priority",
        &changed(4, r#""style":{"top":["CANARY","important"]}"#),
        &Clean(Position::Declaration),
    );
    check(
        "a changed style's priority",
        &changed(4, r#""style":{"top":["x(","CANARY"]}"#),
        &Clean(Position::Declaration),
    );
    check("a box's address", &changed(14, r#""src":"CANARY""#), &Clean(Position::Attribute));
    check("an object for a value", &changed(4, r#""class":{"x":"CANARY"}"#), &not_dialect(Place::Attribute));
}

#[test]
fn form_positions() {
    for tag in ["input", "textarea", "select", "option", "button", "output", "meter"] {
        check_node(tag, &element(100, tag, r#""value":"CANARY""#, ""), &violation(Position::FormValue));
        check_node(tag, &element(100, tag, "", &text_node(101, "CANARY")), &violation(Position::FormText));
        check_node(
            tag,
            &element(100, tag, "", &element(101, "b", "", &text_node(102, "CANARY"))),
            &violation(Position::FormText),
        );
    }
    for attribute in [
        r#""contenteditable":"""#,
        r#""contenteditable":" TRUE""#,
        r#""contenteditable":true"#,
        r#""role":"textbox""#,
        r#""role":"x combobox""#,
    ] {
        check_node(
            attribute,
            &element(100, "div", attribute, &text_node(101, "CANARY")),
            &violation(Position::FormText),
        );
    }
    check(
        "an edited text",
        &mutation("texts", r#"{"id":12,"value":"CANARY"}"#),
        &violation(Position::FormText),
    );
    check(
        "a choice's text",
        &mutation("texts", r#"{"id":8,"value":"CANARY"}"#),
        &violation(Position::FormText),
    );
    check(
        "a text set on a region",
        &mutation("texts", r#"{"id":11,"value":"CANARY"}"#),
        &violation(Position::FormText),
    );
    check(
        "a value that changes",
        &mutation("attributes", r#"{"id":6,"attributes":{"value":"CANARY"}}"#),
        &violation(Position::FormValue),
    );
    check(
        "a check",
        &mutation("attributes", r#"{"id":6,"attributes":{"checked":"CANARY"}}"#),
        &violation(Position::FormState),
    );
    check("an input", &change(5, r#""id":6,"text":"CANARY","isChecked":false"#), &violation(Position::Input));
    check(
        "an input somewhere else",
        &change(5, r#""id":4,"text":"CANARY","isChecked":false"#),
        &violation(Position::Input),
    );
    check(
        "an input nowhere",
        &change(5, r#""id":999,"text":"CANARY","isChecked":false"#),
        &violation(Position::Input),
    );
}

#[test]
fn what_a_control_would_be_is_dropped_on_what_is_none_by_its_name() {
    let choice = element(100, "li", r#""role":"option","value":"CANARY","checked":"CANARY""#, "");
    check_node("a choice of a list", &choice, &Clean(Position::FormValue));
}

#[test]
fn changes_of_the_tree() {
    check("a text", &mutation("texts", r#"{"id":5,"value":"CANARY"}"#), &Clean(Position::Text));
    check(
        "a text of a style sheet",
        &mutation("texts", r#"{"id":9,"value":"CANARY"}"#),
        &Clean(Position::Sheet),
    );
    check(
        "a text of an unknown node",
        &mutation("texts", r#"{"id":999,"value":"CANARY"}"#),
        &Clean(Position::Unknown),
    );
    check(
        "attributes of an unknown node",
        &mutation("attributes", r#"{"id":999,"attributes":{"class":"CANARY"}}"#),
        &Clean(Position::Unknown),
    );
    let add = |parent: u32| {
        mutation(
            "adds",
            &format!(r#"{{"parentId":{parent},"nextId":null,"node":{}}}"#, text_node(100, "CANARY")),
        )
    };
    check("a node added to an unknown one", &add(999), &Clean(Position::Unknown));
    check("a node added to a box", &add(14), &Clean(Position::BoxContent));
    check("a node added to a field", &add(6), &violation(Position::FormText));
    check(
        "a key of a change",
        &change(0, r#""texts":[],"attributes":[],"removes":[],"adds":[],"CANARY":[]"#),
        &not_dialect(Place::Key),
    );
    check(
        "a removed node's key",
        &mutation("removes", r#"{"parentId":1,"id":2,"x":"CANARY"}"#),
        &not_dialect(Place::Key),
    );
}

#[test]
fn style_sheets() {
    let rule = r#"{"rule":".a::after { content: 'CANARY' }","index":0}"#;
    check("a rule", &change(8, &format!(r#""id":9,"adds":[{rule}]"#)), &Clean(Position::Sheet));
    check(
        "a replaced sheet",
        &change(8, r#""styleId":1,"replace":"@import 'CANARY'""#),
        &Clean(Position::Sheet),
    );
    check(
        "a sheet that is replaced at once",
        &change(8, r#""styleId":1,"replaceSync":"a[title='CANARY'] {}""#),
        &Clean(Position::Sheet),
    );
    check(
        "an adopted rule",
        &change(15, &format!(r#""id":1,"styleIds":[1],"styles":[{{"styleId":1,"rules":[{rule}]}}]"#)),
        &Clean(Position::Sheet),
    );
    let set = |set: &str| change(13, &format!(r#""id":9,"index":[0],"set":{{{set}}}"#));
    check(
        "a property",
        &set(r#""property":"CANARY","value":"1px","priority":"""#),
        &Clean(Position::Declaration),
    );
    check(
        "a value",
        &set(r#""property":"--v","value":"CANARY","priority":"""#),
        &Clean(Position::Declaration),
    );
    check(
        "a property that goes",
        &change(13, r#""id":9,"index":[0],"remove":{"property":"CANARY"}"#),
        &Clean(Position::Declaration),
    );
    let gated =
        pass(STARRED, &[page(), set(&format!(r#""property":"top","value":"1px","priority":"{CANARY}""#))])
            .unwrap();
    assert!(
        out(&gated).contains(r#""priority":"""#) && !out(&gated).contains(CANARY),
        "a priority is one or none"
    );
    check(
        "an unknown sheet's rule",
        &change(8, &format!(r#""id":999,"adds":[{rule}]"#)),
        &Clean(Position::Unknown),
    );
}

#[test]
fn everything_that_is_not_our_dialect() {
    let source = not_dialect(Place::Source);
    check(
        "a canvas",
        &change(9, r#""id":4,"type":0,"commands":[{"property":"fillText","args":["CANARY"]}]"#),
        &source,
    );
    check("a font", &change(10, r#""family":"CANARY","fontSource":"CANARY","buffer":false"#), &source);
    check("a log", &change(11, r#""level":"log","payload":["CANARY"]"#), &source);
    check("a media element", &change(7, r#""type":0,"id":4,"x":"CANARY""#), &source);
    check("a selection", &change(14, r#""ranges":["CANARY"]"#), &source);
    check("a custom element", &change(16, r#""define":{"name":"CANARY"}"#), &source);
    for kind in [0, 1, 6, 7, 8, 9] {
        check("an event", &event(kind, r#"{"x":"CANARY"}"#), &not_dialect(Place::EventType));
    }
    check("a custom event", &event(5, r#"{"tag":"CANARY","payload":{}}"#), &not_dialect(Place::Custom));
    check(
        "what it carries",
        &event(5, r#"{"tag":"error","payload":{"message":"CANARY"}}"#),
        &not_dialect(Place::Key),
    );
    check(
        "an event's name",
        &event(5, r#"{"tag":"event","payload":{"name":"CANARY"}}"#),
        &Clean(Position::EventName),
    );
    check(
        "an address",
        &event(4, r#"{"href":"https://example.com/CANARY?CANARY#CANARY","width":1,"height":1}"#),
        &Clean(Position::Address),
    );
    check(
        "a script's address",
        &event(4, r#"{"href":"javascript:CANARY","width":1,"height":1}"#),
        &Clean(Position::Address),
    );
    check(
        "a doctype",
        &snapshot(r#"{"type":1,"name":"CANARY","publicId":"CANARY","systemId":"CANARY","id":100}"#),
        &Clean(Position::DocumentType),
    );
    let document = r#"{"node":{"type":0,"childNodes":[],"compatMode":"CANARY","id":1},"initialOffset":{"top":0,"left":0}}"#;
    check("a document's mode", &event(2, document), &Clean(Position::DocumentType));
    check(
        "a key of an event",
        &format!(
            r#"{{"type":5,"data":{{"tag":"left","payload":{{}}}},"timestamp":{NOON},"delay":"CANARY"}}"#
        ),
        &not_dialect(Place::Key),
    );
    check(
        "a packed event",
        &format!(r#"{{"type":2,"data":"CANARY","timestamp":{NOON},"v":"v1"}}"#),
        &not_dialect(Place::Json),
    );
    check(
        "a packed field",
        &format!(r#"{{"type":2,"cv":"CANARY","data":{{}},"timestamp":{NOON}}}"#),
        &not_dialect(Place::Key),
    );
    check("a text for an event", r#""CANARY""#, &not_dialect(Place::Json));
    check(
        "a field's own key",
        &change(5, r#""id":6,"text":"***","isChecked":false,"hash":"CANARY""#),
        &not_dialect(Place::Key),
    );
    check("a click's own key", &change(2, r#""type":2,"id":4,"label":"CANARY""#), &not_dialect(Place::Key));
}

#[test]
fn text_passes_where_the_site_chose_so_and_nowhere_else() {
    let events = |tag: &str| [snapshot(&element(4, tag, "", &text_node(5, "Read more")))];
    let clear = pass(CLEAR, &events("p")).unwrap();
    assert!(out(&clear).contains("Read more"));
    let starred = pass(STARRED, &events("p")).unwrap();
    assert!(
        out(&starred).contains(r#""textContent":"***""#),
        "of a text that is starred here not even the length stays"
    );
    assert_eq!(counts(&starred, Position::Text).starred, 1);
    assert_eq!(pass(CLEAR, &events("button")), Err(Refused::Violation { position: Position::FormText }));
    let card = pass(CLEAR, &[snapshot(&text_node(4, "4111 1111 1111 1111"))]).unwrap();
    assert!(out(&card).contains("**** **** **** ****"));
}

#[test]
fn white_space_between_the_elements_of_a_form_passes_without_its_length() {
    let gated = pass(STARRED, &[snapshot(&element(4, "select", "", &text_node(5, r"\n      \t")))]).unwrap();
    assert!(out(&gated).contains(r#""textContent":" ""#));
}

#[test]
fn a_text_an_attribute_and_a_sheet_are_taken_to_their_limits() {
    let limits = limits();
    let text = |length: usize| pass(CLEAR, &[snapshot(&text_node(4, &"a".repeat(length)))]).unwrap();
    assert_eq!(counts(&text(limits.text_bytes), Position::Text).starred, 0);
    assert_eq!(counts(&text(limits.text_bytes + 1), Position::Text).starred, 1);
    let class = |length: usize| {
        let words = "a ".repeat(length / 2) + if length % 2 == 1 { "a" } else { "" };
        pass(CLEAR, &[snapshot(&element(4, "p", &format!(r#""class":"{words}""#), ""))]).unwrap()
    };
    assert_eq!(counts(&class(limits.attribute_bytes), Position::Attribute).dropped, 0);
    assert_eq!(counts(&class(limits.attribute_bytes + 1), Position::Attribute).dropped, 1);
    let sheet = |length: usize| {
        let text = "/".repeat(0) + "a{}" + &" ".repeat(length - 3);
        pass(CLEAR, &[snapshot(&element(4, "style", &format!(r#""_cssText":"{text}""#), ""))]).unwrap()
    };
    assert_eq!(counts(&sheet(limits.sheet_bytes), Position::Sheet).dropped, 0);
    assert_eq!(counts(&sheet(limits.sheet_bytes + 1), Position::Sheet).dropped, 1);
}
