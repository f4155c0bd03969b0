//! Heatmaps over HTTP: what they count is what a test counts by itself of the events that it sent; who sees them; and that what
//! was removed is in none.

mod limits;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::people::invite;

/// What one visitor does on a page whose window is so wide.
struct Visit {
    tab: u32,
    path: &'static str,
    width: u32,
    /// The page is so tall, and the window 1,000 pixels.
    tall: u32,
    /// When, after the page began; on which element; where in it, in thousandths.
    clicks: Vec<(i64, u32, u32, u32)>,
    /// When the pointer came where.
    moves: Vec<(i64, u32, u32, u32)>,
    /// When the window was how far down.
    scrolls: Vec<(i64, u32)>,
    ends: i64,
}

fn visits() -> Vec<Visit> {
    vec![
        Visit {
            tab: 1,
            path: "/cart",
            width: 1440,
            tall: 4_000,
            // The first is answered by a scroll; three are in anger; the last is answered by nothing.
            clicks: vec![
                (1_000, 7, 510, 10),
                (4_000, 8, 0, 0),
                (4_300, 8, 0, 0),
                (4_600, 8, 0, 0),
                (9_000, 7, 500, 20),
            ],
            moves: vec![(500, 7, 500, 500), (900, 7, 999, 999), (3_000, 8, 1_000, 1_000)],
            scrolls: vec![(1_500, 2_000)],
            ends: 30_000,
        },
        Visit {
            tab: 2,
            path: "/cart",
            width: 1024,
            tall: 8_000,
            // Answered too late.
            clicks: vec![(2_000, 7, 524, 24)],
            moves: vec![(100, 7, 500, 500)],
            scrolls: vec![(5_000, 7_000), (6_000, 0)],
            ends: 8_000,
        },
        Visit {
            tab: 3,
            path: "/cart",
            width: 639,
            tall: 4_000,
            clicks: vec![(1_000, 7, 1, 1)],
            moves: vec![],
            scrolls: vec![],
            ends: 5_000,
        },
        Visit {
            tab: 4,
            path: "/other",
            width: 1440,
            tall: 1_000,
            clicks: vec![(1_000, 7, 1, 1)],
            moves: vec![],
            scrolls: vec![],
            ends: 5_000,
        },
    ]
}

fn tab(number: u32) -> String {
    format!("Tab-{number:016}_A")
}

impl Visit {
    fn chunk(&self) -> String {
        let [_, full] = snapshot(AT, "Your cart", "***");
        let meta = format!(
            r#"{{"href":"https://example.com{}","width":{},"height":1000,"h":{}}}"#,
            self.path, self.width, self.tall
        );
        let mut events = vec![(0, event(AT, 4, &meta)), (0, full)];
        for (at, element, x, y) in &self.clicks {
            let click =
                format!(r#"{{"source":2,"type":2,"id":5,"x":10,"y":20,"el":{element},"ex":{x},"ey":{y}}}"#);
            events.push((*at, event(AT + at, 3, &click)));
        }
        for (at, element, x, y) in &self.moves {
            let position =
                format!(r#"{{"x":1,"y":1,"id":5,"timeOffset":0,"el":{element},"ex":{x},"ey":{y}}}"#);
            let moved = format!(r#"{{"source":1,"positions":[{position}]}}"#);
            events.push((*at, event(AT + at, 3, &moved)));
        }
        for (at, top) in &self.scrolls {
            let scroll = format!(r#"{{"source":3,"id":1,"x":0,"y":{top},"h":{}}}"#, self.tall);
            events.push((*at, event(AT + at, 3, &scroll)));
        }
        events.push((self.ends, event(AT + self.ends, 5, r#"{"tag":"left","payload":{}}"#)));
        events.sort_by_key(|(at, _)| *at);
        let events: Vec<String> = events.into_iter().map(|(_, event)| event).collect();
        chunk_of(&tab(self.tab), PAGE, 0, &events).replacen(
            "example.com/cart",
            &format!("example.com{}", self.path),
            1,
        )
    }

    /// What somebody did, in order.
    fn acts(&self) -> Vec<i64> {
        let clicks = self.clicks.iter().chain(&self.moves).map(|(at, ..)| *at);
        let mut acts: Vec<i64> = clicks.chain(self.scrolls.iter().map(|(at, _)| *at)).chain([0]).collect();
        acts.sort_unstable();
        acts
    }

    fn top_at(&self, at: i64) -> u32 {
        self.scrolls.iter().rfind(|(since, _)| *since <= at).map_or(0, |(_, top)| *top)
    }

    /// Millisecond by millisecond, as slowly as can be: for how long each twentieth was looked at.
    fn attention(&self) -> [u64; 20] {
        let acts = self.acts();
        let mut looked = [0; 20];
        for at in 0..self.ends {
            if acts.iter().any(|act| (0..10_000).contains(&(at - act))) {
                for (twentieth, ms) in looked.iter_mut().enumerate() {
                    *ms += u64::from(self.shows(twentieth as u32, self.top_at(at)));
                }
            }
        }
        looked
    }

    fn shows(&self, twentieth: u32, top: u32) -> bool {
        let tall = f64::from(self.tall) / 20.0;
        let (from, to) = (f64::from(twentieth) * tall, f64::from(twentieth + 1) * tall);
        from < f64::from(top + 1_000) && to > f64::from(top)
    }

    fn reaches(&self, twentieth: u32) -> bool {
        let tops = self.scrolls.iter().map(|(_, top)| *top).chain([0]);
        tops.max()
            .is_some_and(|top| f64::from(twentieth) * f64::from(self.tall) / 20.0 < f64::from(top + 1_000))
    }

    /// For how long the pointer was where: until it went on, and a second at most.
    fn moved(&self) -> Vec<((u32, u32, u32), u64)> {
        let until = self.moves.iter().skip(1).map(|(at, ..)| *at).chain([self.ends]);
        let rests = self.moves.iter().zip(until);
        rests
            .map(|((at, element, x, y), until)| (cell(*element, *x, *y), (until - at).min(1_000) as u64))
            .collect()
    }
}

/// The middle of a cell of forty in each direction.
fn cell(element: u32, x: u32, y: u32) -> (u32, u32, u32) {
    let middle = |at: u32| (at.min(999) / 25) * 25 + 12;
    (element, middle(x), middle(y))
}

fn heatmap(server: &Server, cookie: &str, of: &str) -> Reply {
    ask(server, cookie, "GET", &format!("/api/sites/example.com/heatmap{of}"), None)
}

fn seen(server: &Server, of: &str) -> Value {
    let reply = heatmap(server, &server.owner().cookie, of);
    assert_eq!(reply.status, 200, "{of}: {}", reply.text());
    reply.json()
}

/// A server on which these visits were recorded.
fn visited(visits: &[Visit]) -> Server {
    visited_on(recording(), visits)
}

fn visited_on(server: Server, visits: &[Visit]) -> Server {
    for visit in visits {
        let taken = send(&server, &visit.chunk());
        assert_eq!(taken.status, 202, "{}", taken.text());
    }
    eventually("all are listed", || (listed(&server).len() == visits.len()).then_some(()));
    server
}

fn places(of: &Value, count: &str) -> BTreeMap<(u32, u32, u32), u64> {
    let number = |one: &Value, name: &str| one[name].as_u64().expect("a number");
    let place = |one: &Value| ["element", "x", "y"].map(|name| number(one, name) as u32);
    let of = of.as_array().expect("places");
    of.iter().map(|one| (place(one).into(), number(one, count))).filter(|(_, count)| *count > 0).collect()
}

fn summed(all: impl Iterator<Item = ((u32, u32, u32), u64)>) -> BTreeMap<(u32, u32, u32), u64> {
    let mut sums = BTreeMap::new();
    all.for_each(|(place, count)| *sums.entry(place).or_default() += count);
    sums
}

#[test]
fn a_heatmap_counts_what_was_done_on_its_pages_with_its_screens() {
    let visits = visits();
    let server = visited(&visits);
    let seen = seen(&server, "?page=/cart&screen=desktop&period=day");
    let desktop = || visits.iter().filter(|visit| visit.path == "/cart" && visit.width >= 1024);
    assert_eq!((&seen["recordings"], &seen["matching"], &seen["views"]), (&json!(3), &json!(3), &json!(2)));
    assert_eq!(seen["screens"], json!({ "phone": 1, "tablet": 0, "desktop": 2 }));
    let clicks =
        desktop().flat_map(|visit| &visit.clicks).map(|(_, element, x, y)| (cell(*element, *x, *y), 1));
    assert_eq!(places(&seen["clicks"], "clicks"), summed(clicks));
    assert_eq!(places(&seen["clicks"], "rage"), BTreeMap::from([(cell(8, 0, 0), 1)]));
    assert_eq!(places(&seen["clicks"], "dead"), BTreeMap::from([(cell(7, 500, 20), 2)]));
    assert_eq!(seen["clicks"][0]["clicks"], 3, "those with most come first: {seen}");
    assert_eq!(places(&seen["moves"], "ms"), summed(desktop().flat_map(Visit::moved)));
    let reached: Vec<usize> =
        (0..20).map(|twentieth| desktop().filter(|visit| visit.reaches(twentieth)).count()).collect();
    assert_eq!(seen["reached"], json!(reached));
    let attention: Vec<u64> =
        (0..20).map(|twentieth| desktop().map(|visit| visit.attention()[twentieth]).sum()).collect();
    assert_eq!(seen["attention"], json!(attention));
    let background = &seen["background"];
    let events = format!(
        "/api/sites/example.com/recordings/{}/events?from={}",
        background["recording"].as_str().expect("one"),
        background["at"]
    );
    let events = ask(&server, &server.owner().cookie, "GET", &events, None);
    assert!(events.text().contains("Your cart"), "{}", events.text());
    assert_eq!((&background["height"], background["page"].as_u64() >= Some(4_000)), (&json!(1_000), true));
}

#[test]
fn pages_are_chosen_by_patterns_and_listed_and_an_element_leads_to_the_recordings() {
    let server = visited(&visits());
    let views = |page: &str| seen(&server, &format!("?screen=desktop&page={page}"))["views"].clone();
    assert_eq!(
        (views("/*"), views("/**"), views("/other"), views("/c*t"), views("/none")),
        (json!(3), json!(3), json!(1), json!(2), json!(0))
    );
    let pages = seen(&server, "/pages?period=day");
    assert_eq!(
        pages,
        json!({ "pages": [{ "path": "/cart", "recordings": 3 }, { "path": "/other", "recordings": 1 }] })
    );
    assert_eq!(seen(&server, "/pages?from=2020-01-01&to=2020-01-31"), json!({ "pages": [] }));
    let clicked = |of: &str| {
        let told = seen(&server, &format!("/recordings?screen=desktop&page=/cart&{of}"));
        let moments = told["recordings"].as_array().expect("recordings").iter();
        let mut moments: Vec<i64> = moments.map(|one| one["at"].as_i64().expect("a moment") - AT).collect();
        moments.sort_unstable();
        moments
    };
    assert_eq!(clicked("element=7&kind=clicks"), [1_000, 2_000]);
    assert_eq!(clicked("element=7&kind=dead"), [2_000, 9_000]);
    assert_eq!(clicked("element=8&kind=rage"), [4_600]);
    assert!(clicked("element=9&kind=clicks").is_empty());
    for wrong in [
        "?screen=desktop",
        "?page=/cart",
        "?page=/cart&screen=watch",
        "?page=cart&screen=phone",
        "?page=/&screen=phone&period=never",
        "?page=/&screen=phone&filters=nothing",
        "/recordings?page=/&screen=phone&kind=clicks",
        "/recordings?page=/&screen=phone&element=1&kind=slow",
    ] {
        assert_eq!(heatmap(&server, &server.owner().cookie, wrong).status, 400, "{wrong}");
    }
}

#[test]
fn a_recording_that_is_removed_is_in_no_heatmap_any_more() {
    let server = visited(&visits());
    let of = "?page=/cart&screen=desktop";
    assert_eq!(seen(&server, of)["views"], 2);
    let told = seen(&server, "/recordings?page=/cart&screen=desktop&element=8&kind=rage");
    let path = path_of(&told["recordings"][0]);
    assert_eq!(ask(&server, &server.owner().cookie, "DELETE", &path, None).status, 204);
    let left = seen(&server, of);
    assert_eq!((&left["views"], &left["matching"]), (&json!(1), &json!(2)));
    assert_eq!(places(&left["clicks"], "clicks").values().sum::<u64>(), 1);
    assert_eq!(seen(&server, "/pages")["pages"][0]["recordings"], 2);
}

#[test]
fn who_may_see_recordings_sees_heatmaps_and_nobody_else_does() {
    let server = visited(&visits());
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    let key = format!("Bearer {}", server.key());
    let all = [
        "?page=/cart&screen=desktop",
        "/pages",
        "/recordings?page=/cart&screen=desktop&element=7&kind=clicks",
    ];
    let statuses = |cookie: &str| all.map(|of| heatmap(&server, cookie, of).status);
    assert_eq!((statuses(&server.owner().cookie), statuses(&viewer.cookie)), ([200; 3], [403; 3]));
    assert_eq!(statuses("nothing=1"), [401; 3]);
    for of in all {
        let path = format!("/api/sites/example.com/heatmap{of}");
        assert_eq!(server.ask_as_nobody(&Asking::get(&path).header("authorization", &key)).status, 403);
    }
    set(&server, &json!({ "shown_to_viewers": true }));
    assert_eq!(statuses(&viewer.cookie), [200; 3]);
    set(&server, &json!({ "shown_to_viewers": false }));
    assert_eq!(statuses(&viewer.cookie), [403; 3]);
}

#[test]
fn a_look_at_a_heatmap_is_in_the_audit_log_once_for_a_person_and_pages() {
    let server = visited(&visits());
    let looks =
        || server.get("/api/audit?act=heatmap_view").json()["entries"].as_array().expect("entries").clone();
    seen(&server, "/pages");
    assert!(looks().is_empty(), "the list is no look");
    for of in [
        "?page=/cart&screen=desktop",
        "?page=/cart&screen=phone",
        "/recordings?page=/cart&screen=phone&element=7&kind=dead",
    ] {
        seen(&server, of);
    }
    let [one] = &looks()[..] else { panic!("one look: {:?}", looks()) };
    assert_eq!((&one["object"]["id"], &one["details"]["page"]), (&json!(SITE), &json!("/cart")));
    seen(&server, "?page=/*&screen=desktop");
    assert_eq!(looks().len(), 2);
    let admin = invite(&server, "admin@example.com", "admin", None);
    assert_eq!(heatmap(&server, &admin.cookie, "?page=/cart&screen=desktop").status, 200);
    assert_eq!(looks().len(), 3);
}

#[test]
fn the_filters_of_a_report_choose_the_visits_that_a_heatmap_counts() {
    let server = recording();
    for (whose, bought) in [(1, false), (2, true), (3, true)] {
        finding::happens(&server, whose, "pageview", "/cart");
        if bought {
            finding::happens(&server, whose, "purchase", "/cart");
        }
        let visit = Visit { tab: whose, ..visits().swap_remove(1) };
        let visitor = format!(r#","visitor":"{}","r":"#, finding::visitor(whose));
        assert_eq!(send(&server, &visit.chunk().replacen(r#","r":"#, &visitor, 1)).status, 202);
    }
    eventually("all are listed", || (listed(&server).len() == 3).then_some(()));
    for (filters, views) in [
        (json!([]), 3),
        (json!([["has_done", ["is", "event:name", ["purchase"]]]]), 2),
        (json!([["has_not_done", ["is", "event:name", ["purchase"]]]]), 1),
        (json!([["is", "visit:browser", ["Chrome"]]]), 0),
    ] {
        let of = format!("{}&page=/cart&screen=desktop", finding::with_filters(&filters));
        let seen = seen(&server, &of);
        assert_eq!((&seen["views"], &seen["matching"]), (&json!(views), &json!(views)), "{filters}");
        let clicks = places(&seen["clicks"], "clicks").values().sum::<u64>();
        assert_eq!(clicks, views, "one click in each: {filters}");
    }
    let bought = finding::with_filters(&json!([["has_done", ["is", "event:name", ["purchase"]]]]));
    let pages = seen(&server, &format!("/pages{bought}"));
    assert_eq!(pages, json!({ "pages": [{ "path": "/cart", "recordings": 2 }] }));
    let told = seen(&server, &format!("/recordings{bought}&page=/cart&screen=desktop&element=7&kind=clicks"));
    assert_eq!(told["recordings"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_heatmap_of_recordings_that_are_over_and_put_together_counts_the_same() {
    let visits = visits();
    let server = visited_on(recording_on(Server::on_clock(&[])), &visits);
    let of = "?page=/cart&screen=desktop";
    let (before, parts) = (seen(&server, of), keeping::contents(&server));
    server.turn_clock(Duration::from_secs(36 * 60));
    // Removing the recordings of a visitor who has none has the worker look at everything anew.
    let nobody = format!("/api/sites/{SITE}/recordings?visitor={}", finding::visitor(99));
    assert_eq!(ask(&server, &server.owner().cookie, "DELETE", &nobody, None).status, 200);
    eventually("each is another object than before", || {
        let after = keeping::contents(&server);
        (after.len() == visits.len() && after.is_disjoint(&parts)).then_some(())
    });
    let after = seen(&server, of);
    for what in ["recordings", "matching", "views", "screens", "clicks", "moves", "reached", "attention"] {
        assert_eq!(after[what], before[what], "{what}");
    }
}
