//! The tree, its order and its limits.

use super::*;

/// Passes each of these chunks with the same page, one after another.
fn pass_all(policy: Policy, chunks: &[&[String]]) -> Vec<Result<Gated, Refused>> {
    let mut page = Page::default();
    chunks.iter().map(|events| gate().pass(&mut page, policy, chunk(events).as_bytes())).collect()
}

fn add(parent: u32, node: &str) -> String {
    mutation("adds", &format!(r#"{{"parentId":{parent},"nextId":null,"node":{node}}}"#))
}

fn say(id: u32, text: &str) -> String {
    mutation("texts", &format!(r#"{{"id":{id},"value":"{text}"}}"#))
}

#[test]
fn a_page_is_known_across_its_chunks() {
    let passed = pass_all(
        CLEAR,
        &[
            &[snapshot(&element(4, "form", "", ""))],
            &[add(4, &element(5, "select", "", ""))],
            &[add(5, &element(6, "option", "", "")), add(6, &text_node(7, "***"))],
            &[say(7, "what was chosen")],
        ],
    );
    assert!(passed[..3].iter().all(|passed| passed.as_ref().is_ok_and(|gated| !gated.ask_snapshot)));
    assert_eq!(passed[3], Err(Refused::Violation { position: Position::FormText }));
}

#[test]
fn without_a_tree_changes_are_dropped_and_a_snapshot_is_asked_for_until_one_comes() {
    let passed = pass_all(
        CLEAR,
        &[
            &[
                say(4, "said too early"),
                change(3, r#""id":1,"x":0,"y":1"#),
                event(5, r#"{"tag":"hidden","payload":{}}"#),
            ],
            &[snapshot(&text_node(4, "now")), say(4, "said in time")],
        ],
    );
    let [Ok(before), Ok(after)] = &passed[..] else { panic!("{passed:?}") };
    assert!(before.ask_snapshot && !out(before).contains("early") && !out(before).contains("source"));
    assert!(out(before).contains("hidden"), "what needs no tree goes out");
    assert_eq!(before.summary.events_dropped, 2);
    assert!(!after.ask_snapshot && out(after).contains("said in time"));
}

#[test]
fn one_unknown_node_is_enough_to_ask_and_costs_only_what_stands_in_it() {
    let gated = pass(CLEAR, &[snapshot(&text_node(4, "")), say(99, "lost"), say(4, "kept")]).unwrap();
    assert!(gated.ask_snapshot && out(&gated).contains("kept") && !out(&gated).contains("lost"));
}

#[test]
fn what_was_removed_is_not_known_any_more_nor_what_stood_in_it() {
    let remove = mutation("removes", r#"{"parentId":3,"id":4}"#);
    for id in [4, 5, 6] {
        let page = snapshot(&element(4, "p", "", &element(5, "b", "", &text_node(6, ""))));
        let gated = pass(CLEAR, &[page, remove.clone(), say(id, "lost")]).unwrap();
        assert!(gated.ask_snapshot && !out(&gated).contains("lost"), "{id}");
        assert!(out(&gated).contains(r#""removes":[{"parentId":3,"id":4}]"#));
    }
}

#[test]
fn a_region_that_becomes_editable_is_a_form_position_from_then_on() {
    for attribute in [r#""contenteditable":"true""#, r#""role":"textbox""#] {
        let page = snapshot(&element(4, "div", "", &text_node(5, "")));
        let becomes = mutation("attributes", &format!(r#"{{"id":4,"attributes":{{{attribute}}}}}"#));
        let events = [page, say(5, "before"), becomes, say(5, "after")];
        assert!(pass(CLEAR, &events[..3]).is_ok());
        assert_eq!(pass(CLEAR, &events), Err(Refused::Violation { position: Position::FormText }));
    }
}

#[test]
fn a_moved_node_is_judged_by_where_it_came() {
    let page = snapshot(&[element(4, "p", "", ""), element(5, "button", "", "")].join(","));
    let moved = format!(
        r#""texts":[{{"id":9,"value":"Pay"}}],"attributes":[],"removes":[],"adds":[{{"parentId":5,"nextId":null,"node":{}}}]"#,
        text_node(9, "***")
    );
    assert_eq!(
        pass(CLEAR, &[page, add(4, &text_node(9, "Pay")), change(0, &moved)]),
        Err(Refused::Violation { position: Position::FormText }),
        "a change is judged in the order of its replay, whatever the order of its keys"
    );
}

#[test]
fn nodes_that_stand_in_a_ring_are_not_known() {
    let page = snapshot(&[element(4, "p", "", ""), element(5, "p", "", "")].join(","));
    let ring = [add(4, &element(5, "p", "", "")), add(5, &element(4, "p", "", ""))];
    let gated = pass(CLEAR, &[&[page][..], &ring, &[say(4, "lost")]].concat()).unwrap();
    assert!(gated.ask_snapshot && !out(&gated).contains("lost"));
}

#[test]
fn the_order_of_keys_in_which_nothing_could_be_judged_is_refused() {
    let key = Err(Refused::NotDialect { place: Place::Key });
    for node in [
        r#"{"type":2,"attributes":{},"tagName":"p","childNodes":[],"id":4}"#,
        r#"{"type":2,"tagName":"p","childNodes":[],"attributes":{},"id":4}"#,
        r#"{"tagName":"p","type":2,"attributes":{},"childNodes":[],"id":4}"#,
        r#"{"type":2,"tagName":"p","tagName":"input","attributes":{},"childNodes":[],"id":4}"#,
        r#"{"type":2,"tagName":"p","attributes":{},"id":4}"#,
        r#"{"type":2,"tagName":"p","attributes":{},"childNodes":[]}"#,
        r#"{"type":3,"id":4}"#,
        r#"{"type":3,"textContent":"","childNodes":[],"id":4}"#,
        r#"{"type":0,"childNodes":[],"id":4}"#,
    ] {
        assert_eq!(pass(CLEAR, &[snapshot(node)]), key, "{node}");
    }
    assert_eq!(pass(CLEAR, &[format!(r#"{{"data":{{}},"type":5,"timestamp":{NOON}}}"#)]), key);
    assert_eq!(pass(CLEAR, &[event(3, r#"{"id":4,"source":3,"x":0,"y":0}"#)]), key);
}

#[test]
fn two_nodes_of_one_number_are_refused() {
    let twice = [text_node(4, ""), element(4, "input", "", "")].join(",");
    assert_eq!(pass(CLEAR, &[snapshot(&twice)]), Err(Refused::NotDialect { place: Place::Node }));
}

/// A page of elements in elements, the innermost at `depth` below the document.
fn deep(depth: usize) -> String {
    let inner = depth - 2;
    let open: String = (0..inner)
        .map(|n| format!(r#"{{"type":2,"id":{},"tagName":"p","attributes":{{}},"childNodes":["#, 4 + n))
        .collect();
    snapshot(&(open + &"]}".repeat(inner)))
}

#[test]
fn a_tree_is_taken_to_its_depth() {
    let depth = usize::from(limits().depth);
    assert!(pass(CLEAR, &[deep(depth)]).is_ok());
    assert_eq!(pass(CLEAR, &[deep(depth + 1)]), Err(Refused::TooLarge { limit: Limit::Depth }));
    let innermost = u32::try_from(depth).unwrap() + 1;
    let added = add(innermost, &text_node(999, ""));
    assert_eq!(pass(CLEAR, &[deep(depth), added]), Err(Refused::TooLarge { limit: Limit::Depth }));
}

#[test]
fn a_tree_is_taken_to_its_number_of_nodes() {
    // Three nodes are the document, its root and its body.
    let page = |nodes: u32| {
        let texts: Vec<String> =
            (4..=nodes).map(|id| format!(r#"{{"type":3,"id":{id},"textContent":""}}"#)).collect();
        [snapshot(&texts.join(","))]
    };
    let most = limits().nodes;
    let mut known = Page::default();
    assert!(gate().pass(&mut known, CLEAR, chunk(&page(most)).as_bytes()).is_ok());
    assert!(known.bytes() < 32 * most as usize, "{} bytes", known.bytes());
    let added =
        gate().pass(&mut known, CLEAR, chunk(&[add(3, &text_node(most + 1, ""))]).as_bytes()).unwrap();
    assert!(added.ask_snapshot, "of more nodes than there is room for, the rest is not known");
    assert_eq!(pass(CLEAR, &page(most + 1)), Err(Refused::TooLarge { limit: Limit::Nodes }));
}

#[test]
fn a_chunk_is_taken_to_its_number_of_events_and_bytes() {
    let hidden = event(5, r#"{"tag":"hidden","payload":{}}"#);
    let most = limits().events as usize;
    assert!(pass(CLEAR, &vec![hidden.clone(); most]).is_ok());
    assert_eq!(pass(CLEAR, &vec![hidden; most + 1]), Err(Refused::TooLarge { limit: Limit::Events }));
    let mut body = chunk(&[]);
    body.push_str(&" ".repeat(limits().chunk_bytes - body.len()));
    assert!(gate().pass(&mut Page::default(), CLEAR, body.as_bytes()).is_ok());
    body.push(' ');
    let too_large = Err(Refused::TooLarge { limit: Limit::ChunkBytes });
    assert_eq!(gate().pass(&mut Page::default(), CLEAR, body.as_bytes()), too_large);
}

#[test]
fn time_runs_backwards_only_a_little() {
    let at = |moment: i64| {
        format!(r#"{{"type":5,"data":{{"tag":"hidden","payload":{{}}}},"timestamp":{moment}}}"#)
    };
    let back = events::BACKWARDS_MS;
    assert!(pass(CLEAR, &[at(NOON), at(NOON - back)]).is_ok());
    let refused = Err(Refused::NotDialect { place: Place::Time });
    assert_eq!(pass(CLEAR, &[at(NOON), at(NOON - back - 1)]), refused);
    let passed = pass_all(CLEAR, &[&[at(NOON)], &[at(NOON - back - 1)]]);
    assert_eq!(passed[1], refused);
}

#[test]
fn a_field_is_written_in_once_a_second() {
    let input = |id: u32, moment: i64| {
        format!(
            r#"{{"type":3,"data":{{"source":5,"id":{id},"text":"***","isChecked":false}},"timestamp":{moment}}}"#
        )
    };
    let fields = snapshot(&[element(4, "input", "", ""), element(5, "input", "", "")].join(","));
    let count = |events: &[String]| {
        pass(CLEAR, &[&[fields.clone()][..], events].concat()).unwrap().summary.events.inputs
    };
    assert_eq!(count(&[input(4, NOON), input(5, NOON + 1)]), 2);
    assert_eq!(count(&[input(4, NOON), input(4, NOON + 999)]), 1);
    assert_eq!(
        count(&[input(4, NOON), input(4, NOON + 1_000), input(4, NOON + 1_999), input(4, NOON + 2_000)]),
        3
    );
    assert_eq!(count(&[input(4, NOON), input(4, NOON - 500)]), 1);
}

#[test]
fn a_refused_chunk_leaves_a_page_that_nobody_knows() {
    let passed =
        pass_all(CLEAR, &[&[snapshot(&text_node(4, ""))], &[say(4, "x"), event(6, "{}")], &[say(4, "lost")]]);
    assert_eq!(passed[1], Err(Refused::NotDialect { place: Place::EventType }));
    let after = passed[2].as_ref().unwrap();
    assert!(after.ask_snapshot && !out(after).contains("lost"));
}

#[test]
fn hostile_numbers_are_refused() {
    let number = Err(Refused::NotDialect { place: Place::Number });
    for data in [
        r#"{"source":3,"id":1,"x":1e300,"y":0}"#,
        r#"{"source":3,"id":-1,"x":0,"y":0}"#,
        r#"{"source":3,"id":1.5,"x":0,"y":0}"#,
        r#"{"source":3,"id":4294967296,"x":0,"y":0}"#,
        r#"{"source":3,"id":1,"x":99999999,"y":0}"#,
        r#"{"source":2,"type":11,"id":1}"#,
        r#"{"source":4,"width":-1,"height":1}"#,
        r#"{"source":4,"width":1000000,"height":1}"#,
        r#"{"source":300}"#,
    ] {
        assert_eq!(pass(CLEAR, &[snapshot(""), event(3, data)]), number, "{data}");
    }
    let at = |moment: &str| {
        [format!(r#"{{"type":5,"data":{{"tag":"hidden","payload":{{}}}},"timestamp":{moment}}}"#)]
    };
    for moment in ["-1", "1.5", "9e15", "253402300800000"] {
        assert_eq!(pass(CLEAR, &at(moment)), number, "{moment}");
    }
    assert!(pass(CLEAR, &at("253402300799999")).is_ok());
}

#[test]
fn how_far_a_field_scrolled_is_not_told() {
    let fields = [
        element(4, "textarea", r#""rr_scrollTop":120"#, ""),
        element(5, "div", r#""contenteditable":"","rr_scrollLeft":"120""#, &element(6, "p", "", "")),
        element(7, "div", r#""rr_scrollTop":340"#, ""),
    ];
    let scroll = |id: u32| change(3, &format!(r#""id":{id},"x":0,"y":120"#));
    let events = [snapshot(&fields.join(",")), scroll(4), scroll(5), scroll(6), scroll(7)];
    let gated = pass(CLEAR, &events).unwrap();
    assert_eq!((gated.summary.events.scrolls, out(&gated).contains(r#""rr_scrollTop":340"#)), (1, true));
    assert!(!out(&gated).contains(r#""rr_scrollTop":120"#) && !out(&gated).contains("rr_scrollLeft"));
}
