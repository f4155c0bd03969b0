//! Which recordings the filters of reports find: those of the visits that a report of the same filters counts.

use serde_json::json;

use super::*;
use crate::people::invite;
use crate::visitors;

/// A visitor of this number.
pub(super) fn visitor(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

/// What happens on a page, as its script says it.
pub(super) fn happens(server: &Server, whose: u32, name: &str, path: &str) {
    let event = json!({
        "n": name, "u": format!("https://{SITE}{path}"), "d": SITE, "visitor": visitor(whose),
    });
    assert_eq!(server.send(&event).status, 202);
}

/// Chunk `number` of a visitor's visit is recorded, in a tab of its own.
fn is_recorded(server: &Server, whose: u32, number: u32) {
    let [meta, full] = snapshot(AT, "Your cart", "***");
    let chunk = chunk_of(&format!("Tab-{whose:016}_A"), PAGE, number, &[meta, full]);
    let visitor = format!(r#","visitor":"{}","r":"#, visitor(whose));
    assert_eq!(send(server, &chunk.replacen(r#","r":"#, &visitor, 1)).status, 202);
}

/// Five visitors with visits of several pages, each of which is recorded, and one whom nobody recorded.
fn visited() -> Server {
    let server = recording();
    for (whose, pages) in
        [(1, &["/", "/cart"][..]), (2, &["/"]), (3, &["/cart", "/paid"]), (4, &["/docs/a"]), (5, &["/cart"])]
    {
        pages.iter().for_each(|page| happens(&server, whose, "pageview", page));
        is_recorded(&server, whose, 0);
    }
    happens(&server, 3, "purchase", "/paid");
    happens(&server, 6, "pageview", "/cart");
    eventually("all are listed", || (listed(&server).len() == 5).then_some(()));
    server
}

/// The numbers of the visitors whose recordings are listed, in order.
fn found(server: &Server, query: &str) -> Vec<u32> {
    let reply = list(server, &server.owner().cookie, query);
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    let number = |one: &Value| u32::from_str_radix(&one["visitor"].as_str().expect("a visitor")[..8], 16);
    let mut found: Vec<u32> = reply.json()["recordings"]
        .as_array()
        .expect("recordings")
        .iter()
        .map(|one| number(one).expect("a number"))
        .collect();
    found.sort_unstable();
    found
}

pub(super) fn with_filters(filters: &Value) -> String {
    let encoded: String = filters.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("?period=day&filters={encoded}")
}

fn visits_in_report(server: &Server, filters: &Value) -> u64 {
    let query = json!({ "site_id": SITE, "date_range": "day", "metrics": ["visits"], "filters": filters });
    let reply = server.post("/api/v2/query", &query);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["results"][0]["metrics"][0].as_u64().unwrap_or_default()
}

#[test]
fn the_filters_of_a_report_find_the_recordings_of_the_visits_that_it_counts() {
    let server = visited();
    // Of each, whose visits pass and were recorded, and how many more pass.
    for (filters, expected, not_recorded) in [
        (json!([]), &[1, 2, 3, 4, 5][..], 1),
        (json!([["is", "event:page", ["/cart"]]]), &[1, 3, 5], 1),
        (json!([["is", "visit:entry_page", ["/cart"]]]), &[3, 5], 1),
        (json!([["is", "event:page", ["/docs/a"]]]), &[4], 0),
        (json!([["contains", "event:page", ["c"]]]), &[1, 3, 4, 5], 1),
        (json!([["has_done", ["is", "event:name", ["purchase"]]]]), &[3], 0),
        (json!([["has_not_done", ["is", "event:page", ["/"]]]]), &[3, 4, 5], 1),
        (json!([["or", [["is", "event:page", ["/paid"]], ["is", "visit:exit_page", ["/"]]]]]), &[2, 3], 0),
        (
            json!([["is", "visit:browser", ["Firefox"]], ["is_not", "event:page", ["/cart"]]]),
            &[1, 2, 3, 4],
            0,
        ),
        (json!([["is", "visit:browser", ["Chrome"]]]), &[], 0),
    ] {
        assert_eq!(found(&server, &with_filters(&filters)), expected, "{filters}");
        assert_eq!(visits_in_report(&server, &filters), expected.len() as u64 + not_recorded, "{filters}");
    }
}

#[test]
fn recordings_of_one_visitor_are_found_and_filters_narrow_them() {
    let server = visited();
    let of = |whose: u32| format!("?visitor={}", visitor(whose));
    assert_eq!(found(&server, &of(3)), [3]);
    assert_eq!(found(&server, &of(6)), [] as [u32; 0], "a visitor whom nobody recorded");
    let cart = with_filters(&json!([["is", "event:page", ["/cart"]]]));
    assert_eq!(found(&server, &format!("{cart}&visitor={}", visitor(3))), [3]);
    assert_eq!(found(&server, &format!("{cart}&visitor={}", visitor(2))), [] as [u32; 0]);
}

#[test]
fn recordings_of_two_ids_that_are_one_visitor_are_found_by_either_and_of_a_restricted_one_by_nobody() {
    let server = visited();
    let of = |whose: u32| format!("?visitor={}", visitor(whose));
    let paid = with_filters(&json!([["has_done", ["is", "event:page", ["/paid"]]]]));
    assert_eq!(found(&server, &paid), [3]);
    let one = listed(&server).into_iter().find(|one| one["visitor"] == visitor(2)).expect("is listed");
    assert_eq!(visitors::merge(&server, 2, 3).status, 204);
    assert_eq!((found(&server, &of(2)), found(&server, &of(3))), (vec![2, 3], vec![2, 3]));
    assert_eq!(found(&server, &paid), [2, 3], "theirs is one visit");
    assert_eq!(visitors::restrict(&server, "PUT", 2).status, 204);
    assert_eq!((found(&server, &of(3)), found(&server, "")), (vec![], vec![1, 4, 5]));
    let owner = &server.owner().cookie;
    assert_eq!(ask(&server, owner, "GET", &path_of(&one), None).status, 403);
    assert_eq!(ask(&server, owner, "GET", &format!("{}/events", path_of(&one)), None).status, 403);
    assert_eq!(visitors::restrict(&server, "DELETE", 3).status, 204);
    assert_eq!(ask(&server, owner, "GET", &path_of(&one), None).status, 200);
    let removed =
        ask(&server, owner, "DELETE", &format!("/api/sites/{SITE}/recordings{}", of(3)), None).json();
    assert_eq!(removed["removed"], 2, "of a visitor all are removed, by whichever id");
}

#[test]
fn what_filters_find_is_given_page_by_page_each_once() {
    let server = visited();
    let cart = with_filters(&json!([["is", "event:page", ["/cart"]]]));
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let query = format!("{cart}&limit=1{after}");
        let page = list(&server, &server.owner().cookie, &query).json();
        all.extend(found(&server, &query));
        assert_eq!(page["recordings"].as_array().map(Vec::len), Some(1), "{page}");
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    all.sort_unstable();
    assert_eq!(all, [1, 3, 5]);
}

#[test]
fn a_filter_that_is_none_is_named_as_the_field_at_fault() {
    let server = recording();
    for (query, field) in [
        ("?filters=nothing", "filters"),
        ("?filters=%7B%7D", "filters"),
        ("?filters=%5B%5B%22is%22%2C%22visit%3Anothing%22%2C%5B%22a%22%5D%5D%5D", "filters"),
        ("?visitor=me", "visitor"),
    ] {
        let refused = list(&server, &server.owner().cookie, query);
        assert_eq!(refused.status, 400, "{query}: {}", refused.text());
        assert_eq!(refused.json()["field"], field, "{query}");
    }
}

#[test]
fn all_recordings_of_a_visitor_are_removed_by_whoever_may_remove_one() {
    let server = visited();
    let admin = invite(&server, "admin@example.com", "admin", None);
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    set(&server, &json!({ "shown_to_viewers": true }));
    let remove = |cookie: &str, query: &str| {
        ask(&server, cookie, "DELETE", &format!("/api/sites/{SITE}/recordings{query}"), None)
    };
    let third = format!("?visitor={}", visitor(3));
    assert_eq!(remove(&viewer.cookie, &third).status, 403);
    assert_eq!(remove(&admin.cookie, "").status, 400, "nobody is named");
    assert_eq!(remove(&admin.cookie, "?visitor=everybody").json()["field"], "visitor");
    assert_eq!(found(&server, "").len(), 5);
    let removed = remove(&admin.cookie, &third);
    assert_eq!((removed.status, &removed.json()["removed"]), (200, &json!(1)), "{}", removed.text());
    assert_eq!(remove(&admin.cookie, &third).json()["removed"], 0);
    assert_eq!(found(&server, ""), [1, 2, 4, 5]);
    eventually("its objects are deleted", || (super::keeping::objects(&server) == 4).then_some(()));
    // What still comes of it is let go of.
    is_recorded(&server, 3, 1);
    is_recorded(&server, 7, 0);
    eventually("another is listed", || (listed(&server).len() == 5).then_some(()));
    assert_eq!(found(&server, ""), [1, 2, 4, 5, 7]);
    let entries = server.get("/api/audit?act=recording_remove");
    let entry = entries.json()["entries"][1].clone();
    assert_eq!(entry["details"], json!({ "of": "visitor", "recordings": "1" }));
    assert_eq!(entry["object"]["id"], SITE);
    assert!(!entries.text().contains(&visitor(3)), "whose they were is not said");
}
