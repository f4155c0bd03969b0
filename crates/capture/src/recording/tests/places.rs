//! Where something happened, as heatmaps count it: numbers, at the edges of what they may be, and in their places alone.

use super::*;

const PLACE: &str = r#""el":4294967295,"ex":0,"ey":1000"#;

fn click(place: &str) -> String {
    change(2, &format!(r#""type":2,"id":3,"x":1,"y":2{place}"#))
}

fn position(place: &str) -> String {
    change(1, &format!(r#""positions":[{{"x":1,"y":2,"id":3,"timeOffset":-1{place}}}]"#))
}

fn scroll(id: u32, height: &str) -> String {
    change(3, &format!(r#""id":{id},"x":0,"y":5,"h":{height}"#))
}

fn meta(height: &str) -> String {
    event(4, &format!(r#"{{"href":"https://example.com/","width":800,"height":600,"h":{height}}}"#))
}

#[track_caller]
fn check(sent: &str, written: &str) {
    let gated = pass(STARRED, &[snapshot(""), sent.to_owned()]).expect(sent);
    assert!(out(&gated).contains(written), "{sent}: {}", out(&gated));
}

#[track_caller]
fn check_refused(sent: &str, place: Place) {
    let passed = pass(STARRED, &[snapshot(""), sent.to_owned()]);
    assert_eq!(passed, Err(Refused::NotDialect { place }), "{sent}");
}

#[test]
fn a_click_and_every_position_of_a_move_say_where_in_which_element() {
    check(&click(&format!(",{PLACE}")), PLACE);
    for source in [1, 6, 12] {
        let moved = change(
            source,
            &format!(
                r#""positions":[{{"x":1,"y":2,"id":3,"timeOffset":-9,{PLACE}}},{{"x":1,"y":2,"id":3,"timeOffset":0}}]"#
            ),
        );
        check(&moved, &format!(r#""timeOffset":-9,{PLACE}}},{{"x":1,"#));
    }
    check(&click(r#","el":0,"ex":1000,"ey":0"#), r#""el":0,"ex":1000,"ey":0"#);
}

#[test]
fn an_element_and_a_place_in_it_are_taken_to_their_limits() {
    for (place, at) in [
        (r#","el":4294967296,"ex":0,"ey":0"#, Place::Number),
        (r#","el":-1,"ex":0,"ey":0"#, Place::Number),
        (r#","el":1.5,"ex":0,"ey":0"#, Place::Number),
        (r#","el":1,"ex":1001,"ey":0"#, Place::Number),
        (r#","el":1,"ex":0,"ey":1001"#, Place::Number),
        (r#","el":1,"ex":0.5,"ey":0"#, Place::Number),
        (r#","el":"kanarie","ex":0,"ey":0"#, Place::Number),
    ] {
        check_refused(&click(place), at);
        check_refused(&position(place), at);
    }
}

#[test]
fn of_the_element_and_the_place_in_it_all_is_told_or_nothing() {
    for place in [
        r#","el":1"#,
        r#","ex":1"#,
        r#","el":1,"ex":1"#,
        r#","ex":1,"ey":1"#,
        r#","el":1,"ey":1"#,
        r#","el":1,"el":1,"ex":1,"ey":1"#,
        r#","el":1,"ex":1,"ey":1,"ez":1"#,
    ] {
        check_refused(&click(place), Place::Key);
        check_refused(&position(place), Place::Key);
    }
}

#[test]
fn only_a_click_says_where_whatever_comes_first_in_it() {
    for kind in [0, 1, 3, 4, 5, 6, 7, 10] {
        check_refused(&change(2, &format!(r#""type":{kind},"id":3,{PLACE}"#)), Place::Key);
        check_refused(&change(2, &format!(r#"{PLACE},"id":3,"type":{kind}"#)), Place::Key);
    }
    check(&change(2, &format!(r#"{PLACE},"id":3,"type":2"#)), PLACE);
}

#[test]
fn how_tall_the_page_is_is_taken_to_its_limit_with_its_size_and_with_a_scroll_of_the_document() {
    for sent in [meta("10000000"), scroll(1, "10000000")] {
        check(&sent, r#""h":10000000"#);
    }
    for height in ["10000001", "-1", "0.5", "\"kanarie\""] {
        check_refused(&meta(height), Place::Number);
        check_refused(&scroll(1, height), Place::Number);
    }
    check(&scroll(1, "0"), r#""h":0"#);
    check_refused(&meta(r#"1,"h":1"#), Place::Key);
    check_refused(&change(4, r#""width":1,"height":1,"h":1"#), Place::Key);
}

#[test]
fn only_the_document_says_how_tall_the_page_is() {
    for id in [2, 3, 99] {
        check_refused(&scroll(id, "500"), Place::Key);
    }
    check_refused(&change(3, r#""h":500,"y":0,"x":0,"id":3"#), Place::Key);
    check(&change(3, r#""h":500,"y":0,"x":0,"id":1"#), r#""h":500"#);
}

#[test]
fn of_a_page_that_is_not_known_any_more_nothing_goes_out_and_nothing_is_refused() {
    let gated = pass(STARRED, &[scroll(7, "500"), position(&format!(",{PLACE}"))]).unwrap();
    assert!(gated.ask_snapshot && out(&gated).ends_with(r#""e":[]}"#), "{}", out(&gated));
}
