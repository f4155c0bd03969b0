use std::fs;
use std::path::Path;

use domain::Text;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sum::{MOVES_MAX, PLACES_MAX};
use super::trace::{CLICKS_MAX, Click, MOVED_MAX, Place, VIEWS_MAX, View};
use super::{ClickKind, Heatmap, Pattern, Screen, TWENTIETHS, Trace, Tracer};

const PAGE: &str = "PPPPPPPPPPP";

fn trace_of(events: &[Value]) -> Trace {
    let mut tracer = Tracer::default();
    tracer.take(PAGE.parse().unwrap(), &Text::clean("/first", 100), &lines(events));
    tracer.finish()
}

fn lines(events: &[Value]) -> Vec<u8> {
    events.iter().flat_map(|event| format!("{event}\n").into_bytes()).collect()
}

fn event(at: i64, kind: u8, data: Value) -> Value {
    let mut event = json!({ "type": kind, "data": null, "timestamp": at });
    event["data"] = data;
    event
}

fn meta(at: i64, path: &str, height: u32) -> Value {
    let href = format!("https://example.com{path}");
    event(at, 4, json!({ "href": href, "width": 1440, "height": 1000, "h": height }))
}

fn snapshot(at: i64, top: u32) -> Value {
    event(
        at,
        2,
        json!({ "node": { "type": 0, "childNodes": [], "id": 1 }, "initialOffset": { "left": 0, "top": top } }),
    )
}

fn click(at: i64, element: u32, x: u16, y: u16) -> Value {
    let data = json!({ "source": 2, "type": 2, "id": 7, "x": 9, "y": 9, "el": element, "ex": x, "ey": y });
    event(at, 3, data)
}

fn moves(at: i64, positions: &[(i64, u32, u16, u16)]) -> Value {
    let told = positions.iter().map(|(offset, element, x, y)| {
        json!({ "x": 1, "y": 1, "id": 7, "timeOffset": offset, "el": element, "ex": x, "ey": y })
    });
    event(at, 3, json!({ "source": 1, "positions": told.collect::<Vec<_>>() }))
}

fn scroll(at: i64, top: u32, height: u32) -> Value {
    event(at, 3, json!({ "source": 3, "id": 1, "x": 0, "y": top, "h": height }))
}

fn told(at: i64, tag: &str) -> Value {
    event(at, 5, json!({ "tag": tag, "payload": {} }))
}

fn only(trace: Trace) -> View {
    let [view] = <[View; 1]>::try_from(trace.views).expect("one view");
    view
}

#[test]
fn clicks_in_anger_and_dead_ones_are_those_of_the_timeline() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recording/marks.json");
    let fixture: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    for case in list(&fixture["cases"]) {
        let mut events = list(&fixture["begin"]);
        events.extend(list(&case["events"]).into_iter().map(|mut event| {
            // Where it was does not matter here, but what is not told is in no heatmap.
            if event["data"]["type"] == 2 {
                for key in ["el", "ex", "ey"] {
                    event["data"][key] = json!(1);
                }
            }
            event
        }));
        events.extend(list(&fixture["end"]));
        let clicks = trace_of(&events).views.into_iter().flat_map(|view| view.clicks);
        let found: Vec<Value> = clicks
            .map(|Click { at, kind, .. }| {
                let word = match kind {
                    ClickKind::Plain => "plain",
                    ClickKind::Rage => "rage",
                    ClickKind::Dead => "dead",
                };
                json!([at, word])
            })
            .collect();
        assert_eq!(json!(found), case["clicks"], "{}", case["name"]);
    }
}

#[test]
fn a_click_is_told_by_the_cell_of_its_element_and_one_without_a_place_is_in_no_heatmap() {
    let bare = event(3_000, 3, json!({ "source": 2, "type": 2, "id": 7, "x": 9, "y": 9 }));
    let view =
        only(trace_of(&[meta(0, "/", 1000), click(1_000, 7, 0, 999), click(2_000, 8, 1000, 25), bare]));
    let places: Vec<_> =
        view.clicks.iter().map(|click| (click.place.element, click.place.middle())).collect();
    assert_eq!(places, [(7, (12, 987)), (8, (987, 37))]);
}

#[test]
fn the_pointer_rests_until_it_goes_on_and_a_second_at_most() {
    let place = |element, x| Place::of(element, x, 0);
    let view = only(trace_of(&[
        meta(0, "/", 1000),
        moves(1_000, &[(-500, 7, 0, 0), (-450, 7, 500, 0), (-100, 7, 0, 0)]),
        moves(5_000, &[(0, 9, 0, 0)]),
        told(5_300, "hidden"),
        told(9_000, "shown"),
        moves(10_000, &[(0, 9, 999, 0)]),
        told(10_400, "left"),
    ]));
    let expected =
        [(place(7, 0), 50 + 1_000), (place(7, 500), 350), (place(9, 0), 300), (place(9, 999), 400)];
    assert_eq!(view.moves, expected);
}

#[test]
fn the_deepest_twentieth_is_of_the_page_as_tall_as_it_was_at_last() {
    // The window is 1000 high; of a page of 4000 its lower edge is in the fifth twentieth from above, at 1001 in the sixth.
    let deepest = |top: u32| only(trace_of(&[meta(0, "/", 1000), scroll(1_000, top, 4_000)])).deepest;
    assert_eq!(
        (deepest(0), deepest(1), deepest(3_000), deepest(9_000)),
        (Some(4), Some(5), Some(19), Some(19))
    );
    let begins_below = only(trace_of(&[meta(0, "/", 4_000), snapshot(0, 2_000)]));
    assert_eq!(begins_below.deepest, Some(14));
    // Where the height is not told once something was entered, what scrolls is the document all the same, and nothing else is.
    let bare = |id: u32, top: u32| event(2_000, 3, json!({ "source": 3, "id": id, "x": 0, "y": top }));
    let deepest = |id| only(trace_of(&[meta(0, "/", 4_000), snapshot(0, 0), bare(id, 3_000)])).deepest;
    assert_eq!((deepest(1), deepest(2)), (Some(19), Some(4)));
    let untold = event(0, 4, json!({ "href": "https://example.com/", "width": 1440, "height": 1000 }));
    assert_eq!(only(trace_of(&[untold])).deepest, None, "where the height is not told, nothing is");
}

#[test]
fn a_page_is_looked_at_while_it_is_shown_for_ten_seconds_after_something_was_done() {
    let view = only(trace_of(&[
        meta(0, "/", 4_000),
        snapshot(0, 0),
        // Until here the first five twentieths: 10 seconds of 15.
        scroll(15_000, 3_000, 4_000),
        // The last five: 2 seconds, then hidden, then 10 seconds of what is left.
        told(17_000, "hidden"),
        told(60_000, "shown"),
        told(90_000, "left"),
    ]));
    let mut expected = [0; TWENTIETHS];
    expected[..5].fill(10_000);
    expected[15..].fill(12_000);
    assert_eq!(view.attention, expected);
}

#[test]
fn a_view_goes_from_one_address_to_the_next_and_a_snapshot_between_does_not_cut_it() {
    let trace = trace_of(&[
        meta(0, "/a", 4_000),
        snapshot(0, 0),
        scroll(1_000, 3_000, 4_000),
        meta(2_000, "/a", 4_000),
        snapshot(2_000, 3_000),
        click(3_000, 7, 0, 0),
        meta(4_000, "/b", 4_000),
        // Told late, of the page before.
        moves(4_100, &[(-400, 7, 0, 0), (-50, 8, 0, 0)]),
        click(5_000, 8, 0, 0),
        told(9_000, "left"),
    ]);
    let [a, b] = &trace.views[..] else { panic!("two views: {:?}", trace.views) };
    assert_eq!((&*a.path, a.from, a.deepest, a.shown_at), ("/a", 0, Some(19), Some(2_000)));
    assert_eq!((&*b.path, b.from, b.deepest, b.shown_at), ("/b", 4_000, Some(4), Some(6_000)));
    assert_eq!((a.clicks.len(), b.clicks.len()), (1, 1));
    assert_eq!((a.moves[0].0.element, b.moves[0].0.element), (7, 8));
}

#[test]
fn of_a_page_whose_tree_is_not_known_nothing_is_shown() {
    assert_eq!(only(trace_of(&[meta(0, "/", 1000), click(1_000, 7, 0, 0)])).shown_at, None);
}

#[test]
fn a_recording_has_its_views_clicks_and_places_and_not_one_more() {
    let views = |count: usize| {
        let metas: Vec<_> = (0..count).map(|at| meta(at as i64, &format!("/{at}"), 1000)).collect();
        trace_of(&metas).views.len()
    };
    assert_eq!((views(VIEWS_MAX), views(VIEWS_MAX + 1)), (VIEWS_MAX, VIEWS_MAX));
    let clicks = |count: usize| {
        let clicks = (0..count).map(|at| click(at as i64, 1, 0, 0));
        only(trace_of(&[meta(0, "/", 1000)].into_iter().chain(clicks).collect::<Vec<_>>())).clicks.len()
    };
    assert_eq!((clicks(CLICKS_MAX), clicks(CLICKS_MAX + 1)), (CLICKS_MAX, CLICKS_MAX));
    let places = |count: usize| {
        let positions: Vec<_> = (0..=count).map(|at| (at as i64, at as u32, 0, 0)).collect();
        only(trace_of(&[meta(0, "/", 1000), moves(0, &positions)])).moves.len()
    };
    assert_eq!((places(MOVED_MAX), places(MOVED_MAX + 1)), (MOVED_MAX, MOVED_MAX));
}

#[test]
fn a_heatmap_tells_so_many_places_and_not_one_more() {
    let told = |count: usize| {
        let clicks = (0..count).map(|at| click(at as i64, at as u32, 0, 0));
        let positions: Vec<_> = (0..=count).map(|at| (at as i64, at as u32, 0, 0)).collect();
        let begun = [meta(0, "/", 1000), moves(0, &positions)];
        let mut heatmap = Heatmap::new(Pattern::parse("/").unwrap(), Screen::Desktop);
        heatmap.add(1, 0, &trace_of(&begun.into_iter().chain(clicks).collect::<Vec<_>>()));
        (heatmap.clicks().len(), heatmap.moves().len())
    };
    assert_eq!(PLACES_MAX, MOVES_MAX);
    assert_eq!(told(PLACES_MAX), (PLACES_MAX, MOVES_MAX));
    assert_eq!(told(PLACES_MAX + 1), (PLACES_MAX, MOVES_MAX));
}

#[test]
fn a_heatmap_sums_the_views_of_its_pages_and_its_screen_class() {
    let desktop = trace_of(&[
        meta(0, "/cart", 2_000),
        snapshot(0, 0),
        click(1_000, 7, 10, 10),
        click(9_000, 7, 10, 10),
        told(20_000, "left"),
    ]);
    let mut phone = trace_of(&[meta(0, "/cart", 2_000), click(1_000, 7, 10, 10)]);
    phone.views[0].window.0 = 639;
    let elsewhere = trace_of(&[meta(0, "/other", 2_000), click(1_000, 7, 10, 10)]);
    let mut heatmap = Heatmap::new(Pattern::parse("/cart").unwrap(), Screen::Desktop);
    for (number, trace) in [&desktop, &phone, &elsewhere, &desktop].into_iter().enumerate() {
        heatmap.add(number as u64, number as i64, trace);
    }
    assert_eq!(Screen::ALL.map(|screen| heatmap.views(screen)), [1, 0, 2]);
    let [clicked] = &heatmap.clicks()[..] else { panic!("one place") };
    assert_eq!((clicked.clicks, clicked.rage, clicked.dead, clicked.x), (4, 0, 4, 12));
    assert_eq!((heatmap.reached()[0], heatmap.reached()[9], heatmap.reached()[10]), (2, 2, 0));
    assert_eq!((heatmap.attention()[9], heatmap.attention()[10]), (2 * 19_000, 0));
    let shown = heatmap.background().expect("something to draw over");
    assert_eq!((shown.recording, shown.at, shown.height), (3, 2_000, Some(2_000)));
    let first = |kind| desktop.first_click(&Pattern::parse("**").unwrap(), Screen::Desktop, 7, kind);
    assert_eq!((first(None), first(Some(ClickKind::Rage))), (Some(1_000), None));
}

#[test]
fn screen_classes_go_by_the_width_of_the_window() {
    let class = |width| Screen::of_width(width).as_str();
    assert_eq!([0, 639, 640, 1_023, 1_024].map(class), ["phone", "phone", "tablet", "tablet", "desktop"]);
    assert!(Screen::ALL.into_iter().all(|screen| screen.as_str().parse() == Ok(screen)));
}

#[test]
fn a_trace_is_read_as_it_was_kept_and_one_of_another_format_is_none() {
    let trace = trace_of(&[meta(0, "/cart", 2_000), click(1_000, 7, 10, 10)]);
    let mut bytes = trace.to_bytes();
    assert_eq!(Trace::read(&bytes), Some(trace));
    bytes[0] += 1;
    assert_eq!(Trace::read(&bytes), None);
    assert_eq!(Trace::read(&[]), None);
}

/// Anything that a recording may hold, at these moments.
fn any_event() -> impl Strategy<Value = Value> {
    let at = 0..60_000_i64;
    prop_oneof![
        (at.clone(), 0..3_usize, 0..5_000_u32).prop_map(|(at, path, height)| meta(
            at,
            ["/a", "/b", "/c"][path],
            height
        )),
        (at.clone(), 0..5_000_u32).prop_map(|(at, top)| snapshot(at, top)),
        (at.clone(), 0..4_u32, 0..=1_000_u16).prop_map(|(at, element, x)| click(at, element, x, 1)),
        (at.clone(), 0..4_u32, -500..=0_i64)
            .prop_map(|(at, element, offset)| moves(at, &[(offset, element, 3, 4)])),
        (at.clone(), 0..9_000_u32, 0..5_000_u32).prop_map(|(at, top, height)| scroll(at, top, height)),
        (at, 0..3_usize).prop_map(|(at, tag)| told(at, ["hidden", "shown", "left"][tag])),
    ]
}

proptest! {
    #[test]
    fn a_trace_is_the_same_however_the_events_are_cut(
        events in prop::collection::vec(any_event(), 0..60), cut in 0..60_usize,
    ) {
        let cut = cut.min(events.len());
        let mut tracer = Tracer::default();
        for part in [&events[..cut], &events[cut..]] {
            tracer.take(PAGE.parse().unwrap(), &Text::clean("/first", 100), &lines(part));
        }
        prop_assert_eq!(tracer.finish(), trace_of(&events));
    }

    #[test]
    fn no_click_is_lost_or_counted_twice_and_nothing_lasts_longer_than_the_visit(
        mut events in prop::collection::vec(any_event(), 1..60),
    ) {
        events.sort_by_key(|event| event["timestamp"].as_i64());
        events.insert(0, meta(0, "/first", 1_000));
        let trace = trace_of(&events);
        let clicks = events.iter().filter(|event| event["data"]["source"] == 2).count();
        prop_assert_eq!(trace.views.iter().map(|view| view.clicks.len()).sum::<usize>(), clicks);
        let longest = |all: fn(&View) -> u64| trace.views.iter().map(all).sum::<u64>();
        prop_assert!(longest(|view| view.attention.iter().copied().max().unwrap_or_default().into()) <= 60_000);
        prop_assert!(longest(|view| view.moves.iter().map(|(_, ms)| u64::from(*ms)).sum()) <= 61_000);
        let mut heatmap = Heatmap::new(Pattern::parse("**").unwrap(), Screen::Desktop);
        heatmap.add(1, 1, &trace);
        prop_assert!(heatmap.reached().is_sorted_by(|above, below| above >= below));
        prop_assert!(heatmap.reached()[0] <= heatmap.views(Screen::Desktop));
        prop_assert_eq!(heatmap.clicks().iter().map(|place| place.clicks).sum::<u64>(), clicks as u64);
    }

    #[test]
    fn what_is_no_event_is_left_out(lines in ".{0,200}", cut in 0..400_usize) {
        let whole = format!("{lines}\n{}\n{}", meta(0, "/", 1_000), click(1, 2, 3, 4));
        let bytes = whole.as_bytes();
        let mut tracer = Tracer::default();
        tracer.take(PAGE.parse().unwrap(), &Text::default(), &bytes[cut.min(bytes.len())..]);
        prop_assert!(tracer.finish().views.len() <= 1);
    }
}
