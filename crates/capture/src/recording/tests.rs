use super::*;
use crate::Controls;

mod hostile;
mod places;
mod positions;
mod properties;
mod tree;

/// What no grammar lets through: it stands for what somebody typed.
const CANARY: &str = "kanarie@example.com";
/// 2026-11-22T12:00:00Z.
const NOON: i64 = 1_795_348_800_000;

/// A chunk with these events.
fn chunk(events: &[String]) -> String {
    format!(
        r#"{{"v":1,"d":"example.com","u":"https://example.com/","r":"AAAAAAAAAAAAAAAAAAAAAA","p":"BBBBBBBBBBB","n":0,"e":[{}]}}"#,
        events.join(",")
    )
}

fn event(kind: u8, data: &str) -> String {
    format!(r#"{{"type":{kind},"data":{data},"timestamp":{NOON}}}"#)
}

fn change(source: u8, rest: &str) -> String {
    event(3, &format!(r#"{{"source":{source},{rest}}}"#))
}

/// A mutation with one of its arrays filled.
fn mutation(array: &str, member: &str) -> String {
    let arrays = ["texts", "attributes", "removes", "adds"];
    let written = arrays.map(|name| format!(r#""{name}":[{}]"#, if name == array { member } else { "" }));
    change(0, &written.join(","))
}

/// A full snapshot of a page with this in its body, which is number 3. Its numbers from 100 on are free.
fn snapshot(body: &str) -> String {
    event(
        2,
        &format!(
            r#"{{"node":{{"type":0,"id":1,"childNodes":[{{"type":2,"tagName":"html","attributes":{{}},"childNodes":[{}],"id":2}}]}},"initialOffset":{{"top":0,"left":0}}}}"#,
            element(3, "body", "", body)
        ),
    )
}

fn element(id: u32, tag: &str, attributes: &str, children: &str) -> String {
    format!(
        r#"{{"type":2,"id":{id},"tagName":"{tag}","attributes":{{{attributes}}},"childNodes":[{children}]}}"#
    )
}

fn text_node(id: u32, text: &str) -> String {
    format!(r#"{{"type":3,"id":{id},"textContent":"{text}"}}"#)
}

const STARRED: Policy = Policy { text: Text::Starred };
const CLEAR: Policy = Policy { text: Text::Clear };

fn gate() -> Gate {
    Gate::new(&Controls::default())
}

fn pass(policy: Policy, events: &[String]) -> Result<Gated, Refused> {
    gate().pass(&mut Page::default(), policy, chunk(events).as_bytes())
}

/// What went out of the events, as text.
#[track_caller]
fn out(gated: &Gated) -> &str {
    let chunk = std::str::from_utf8(&gated.chunk).unwrap();
    serde_json::from_str::<serde_json::Value>(chunk).expect("what goes out is JSON");
    chunk
}

fn counts(gated: &Gated, position: Position) -> Counts {
    let found = gated.summary.positions.iter().find(|(at, _)| *at == position);
    found.map(|(_, counts)| *counts).unwrap_or_default()
}

#[test]
fn a_whole_chunk_passes_and_says_what_was_in_it() {
    let events = [
        event(4, r#"{"href":"https://example.com/a?q=1","width":800,"height":600}"#),
        snapshot(
            &[
                element(4, "p", r#""class":"lead big""#, &text_node(5, "** ***")),
                element(6, "input", r#""type":"text","value":"***""#, ""),
            ]
            .join(","),
        ),
        change(1, r#""positions":[{"x":1.5,"y":2,"id":4,"timeOffset":-100}]"#),
        change(2, r#""type":2,"id":4,"x":10,"y":20,"pointerType":0"#),
        change(3, r#""id":1,"x":0,"y":300"#),
        change(4, r#""width":700,"height":500"#),
        change(5, r#""id":6,"text":"***","isChecked":false"#),
        mutation("texts", r#"{"id":5,"value":"***"}"#),
        event(5, r#"{"tag":"event","payload":{"name":"Sign up"}}"#),
    ];
    let gated = pass(STARRED, &events).unwrap();
    assert!(!gated.ask_snapshot);
    let summary = &gated.summary;
    assert_eq!((summary.checker, summary.window), (CHECKER, Some((700, 500))));
    assert_eq!((summary.first, summary.last), (Some(domain::Timestamp(NOON)), Some(domain::Timestamp(NOON))));
    assert_eq!(summary.snapshots_at, [domain::Timestamp(NOON)]);
    let kinds = Kinds {
        snapshots: 1,
        mutations: 1,
        moves: 1,
        interactions: 1,
        clicks: 1,
        scrolls: 1,
        resizes: 1,
        inputs: 1,
        styles: 0,
        metas: 1,
        customs: 1,
    };
    assert_eq!((summary.events, summary.events_dropped), (kinds, 0));
    assert_eq!(counts(&gated, Position::FormValue), Counts { seen: 1, masked: 1, ..Counts::default() });
    assert_eq!(counts(&gated, Position::Text), Counts { seen: 2, ..Counts::default() });
    let written = out(&gated);
    assert!(
        written.contains(r#""href":"https://example.com/a""#) && written.contains(r#""class":"lead big""#)
    );
    assert!(written.contains("** ***") && written.contains("Sign up"));
}

#[test]
fn what_goes_out_says_whose_it_is_but_not_which_visitors() {
    let body = r#"{"e":[],"n":7,"z":1,"visitor":"0190163d-8694-739b-aea5-966c26f8ad91","v":1,"d":"www.Example.com","u":"https://x@example.com/a?b","r":"AAAAAAAAAAAAAAAAAAAAA_","p":"BBBBBBBBBB-"}"#;
    let gated = gate().pass(&mut Page::default(), STARRED, body.as_bytes()).unwrap();
    assert_eq!(
        out(&gated),
        r#"{"v":1,"d":"example.com","u":"https://example.com/a","r":"AAAAAAAAAAAAAAAAAAAAA_","p":"BBBBBBBBBB-","n":7,"z":1,"e":[]}"#
    );
    assert_eq!(gated.summary.address, "https://example.com/a");
}

#[test]
fn the_whole_summary_can_be_kept_and_read_again() {
    let gated = pass(STARRED, &[snapshot(&text_node(4, CANARY))]).unwrap();
    let kept = postcard::to_stdvec(&gated.summary).unwrap();
    assert_eq!(postcard::from_bytes::<Summary>(&kept).unwrap(), gated.summary);
}

/// The control is seen to matter: without it, everything of our shape goes out as it came.
#[test]
fn a_twin_without_the_gate_lets_everything_through() {
    let events = [
        snapshot(
            &[
                element(
                    4,
                    "input",
                    &format!(r#""type":"text","value":"{CANARY} 1","title":"{CANARY} 2","checked":true"#),
                    "",
                ),
                element(5, "script", "", &text_node(6, &format!("{CANARY} 3"))),
                text_node(7, &format!("{CANARY} 4")),
            ]
            .join(","),
        ),
        change(5, &format!(r#""id":4,"text":"{CANARY} 5","isChecked":true"#)),
    ];
    let twin = Gate::new(&Controls { heed: |_| Judgement::Unjudged, ..Controls::default() });
    let through = twin.pass(&mut Page::default(), STARRED, chunk(&events).as_bytes()).unwrap();
    for number in 1..=5 {
        assert!(out(&through).contains(&format!("{CANARY} {number}")), "{number}");
    }
    assert_eq!(pass(STARRED, &events), Err(Refused::Violation { position: Position::FormValue }));
}
