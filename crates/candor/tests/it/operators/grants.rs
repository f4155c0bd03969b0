//! What an operator sees of a site under a support grant that an owner approved: masked, within its fields, and in the log
//! (promises W32, D47, D49). Of each check there is a twin that lacks it.

use serde_json::{Value, json};

use super::{Full, Operator, SITE};
use crate::house::{Asking, Reply, Server};

/// A site of which six visitors saw one page and a seventh another; and a grant for its pages that was asked for.
struct Asked {
    full: Full,
    olga: Operator,
    wanted: Value,
    id: String,
}

impl Asked {
    fn on(server: Server) -> Self {
        let full = Full::of(server);
        full.server.add_site(SITE);
        for browser in 130..136 {
            view(&full, browser, "/all");
        }
        view(&full, 136, "/rare");
        let olga = full.enrol_first();
        let wanted = json!({
            "site": SITE, "purpose": "visits look doubled", "ticket": "T-17", "fields": ["page"], "minutes": 30,
        });
        let mut asked = Self { full, olga, wanted, id: String::new() };
        let told = asked.ask(&asked.wanted);
        assert_eq!(told.status, 201, "{}", told.text());
        told.json()["id"].as_str().expect("an id").clone_into(&mut asked.id);
        asked
    }

    /// The same, approved by the owner.
    fn approved_on(server: Server) -> Self {
        let asked = Self::on(server);
        assert_eq!(asked.as_owner("approve").status, 204);
        asked
    }

    fn ask(&self, wanted: &Value) -> Reply {
        let asking = Asking::post("/api/operator/support-grants", wanted.to_string());
        self.full.as_operator(&self.olga, asking)
    }

    fn as_owner(&self, what: &str) -> Reply {
        self.full.as_owner("POST", &format!("/api/support-grants/{}/{what}", self.id), Some(json!({})))
    }

    fn view(&self, query: &Value) -> Reply {
        let path = format!("/api/operator/support-grants/{}/query", self.id);
        self.full.as_operator(&self.olga, Asking::post(&path, query.to_string()))
    }
}

/// A page view of a visitor whom nothing but the browser tells from others.
fn view(full: &Full, browser: u32, page: &str) {
    let agent = format!("Mozilla/5.0 (X11; Linux x86_64; rv:{browser}.0) Gecko/20100101 Firefox/{browser}.0");
    let event = json!({ "n": "pageview", "u": format!("https://{SITE}{page}"), "d": SITE });
    let asking = Asking::post("/api/event", event.to_string())
        .header("content-type", "text/plain")
        .header("user-agent", &agent);
    let reply = full.server.ask(&asking);
    assert_eq!(reply.status, 202, "{}", reply.text());
}

/// Of each page how often it was seen.
fn pages() -> Value {
    json!({ "date_range": "day", "metrics": ["pageviews"], "dimensions": ["event:page"] })
}

/// How many came from each country, which was not granted.
fn countries() -> Value {
    json!({ "date_range": "day", "metrics": ["visitors"], "dimensions": ["visit:country"] })
}

/// How many came in a time that is longer than what was granted.
fn long_ago() -> Value {
    json!({ "date_range": "12mo", "metrics": ["visitors"] })
}

/// How many saw the page that one visitor saw.
fn of_one() -> Value {
    json!({ "date_range": "day", "metrics": ["visitors"], "filters": [["is", "event:page", ["/rare"]]] })
}

#[test]
fn an_owner_lets_an_operator_see_one_site_once_masked_and_sees_it_in_the_log() {
    let mut asked = Asked::on(Server::start());
    for missing in ["purpose", "ticket"] {
        let mut without = asked.wanted.clone();
        without[missing] = json!("");
        assert_eq!(asked.ask(&without).status, 400, "without a {missing}");
    }
    assert_eq!(asked.view(&pages()).status, 410, "before it is approved");
    let shown = asked.full.as_owner("GET", "/api/support-grants", None).json();
    let grant = &shown["grants"][0];
    assert_eq!(
        (&grant["state"], &grant["purpose"], &grant["ticket"]),
        (&json!("pending"), &asked.wanted["purpose"], &asked.wanted["ticket"])
    );
    assert_eq!(grant["operator"], "olga");
    assert_eq!(asked.as_owner("approve").status, 204);
    let seen = asked.view(&pages());
    assert_eq!(seen.status, 200, "{}", seen.text());
    let seen = seen.json();
    assert_eq!(seen["results"], json!([{ "dimensions": ["/all"], "metrics": [6] }]));
    assert_eq!(seen["left_out"], 1, "a page of one visitor");
    assert_eq!(asked.view(&of_one()).json()["results"], json!([{ "dimensions": [], "metrics": [null] }]));
    assert_eq!(asked.view(&countries()).status, 403, "what was not granted");
    let filtered = json!({ "date_range": "day", "metrics": ["visitors"], "filters": [["is", "visit:browser", ["Firefox"]]] });
    assert_eq!(asked.view(&filtered).status, 403, "nor by a filter");
    assert_eq!(asked.view(&long_ago()).status, 403, "farther back than granted");
    assert_eq!(asked.as_owner("end").status, 204);
    assert_eq!(asked.view(&pages()).status, 410, "once ended");
    assert_eq!(asked.as_owner("approve").status, 410, "and for ever");
    asked.wanted["site"] = json!("other.example");
    assert_eq!(asked.ask(&asked.wanted).status, 404);
    let log = asked.full.as_owner("GET", "/api/audit", None).json();
    let acts: Vec<&str> =
        log["entries"].as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap()).collect();
    let of_support: Vec<&&str> = acts.iter().filter(|act| act.starts_with("support")).collect();
    assert_eq!(
        of_support,
        [&"support_end", &"support_view", &"support_view", &"support_approve", &"support_ask"]
    );
    asked.full.server.assert_log_clean();
}

#[test]
fn the_twin_that_masks_nothing_is_caught_showing_what_one_visitor_did() {
    let asked = Asked::approved_on(Server::without("mask", &[]));
    let seen = asked.view(&pages()).json();
    let rare = json!({ "dimensions": ["/rare"], "metrics": [1] });
    assert!(seen["results"].as_array().is_some_and(|rows| rows.contains(&rare)), "{seen}");
    assert_eq!(asked.view(&of_one()).json()["results"], json!([{ "dimensions": [], "metrics": [1] }]));
    assert_eq!(asked.view(&countries()).status, 403, "the fields are held to all the same");
}

#[test]
fn the_twin_that_shows_fields_that_were_not_granted_is_caught_by_the_first_of_them() {
    let asked = Asked::approved_on(Server::without("fields", &[]));
    assert_eq!(asked.view(&countries()).status, 200, "countries show under a grant for pages");
    assert_eq!(asked.view(&pages()).json()["left_out"], 1, "the mask is over them all the same");
}

#[test]
fn the_twin_that_looks_back_as_far_as_it_is_asked_is_caught_by_a_year() {
    let asked = Asked::approved_on(Server::without("look-back", &[]));
    assert_eq!(asked.view(&long_ago()).status, 200, "a year shows under a grant for days");
    assert_eq!(asked.view(&countries()).status, 403, "the fields are held to all the same");
}

#[test]
fn the_twin_that_waits_for_no_owner_is_caught_showing_what_was_only_asked_for() {
    let asked = Asked::on(Server::without("grant-approval", &[]));
    assert_eq!(asked.view(&pages()).status, 200, "pages show before an owner approved it");
    assert_eq!(asked.as_owner("end").status, 204);
    assert_eq!(asked.view(&pages()).status, 410, "it ends all the same");
}

#[test]
fn the_twin_in_which_no_grant_is_ended_is_caught_going_on() {
    let asked = Asked::on(Server::without("grant-end", &[]));
    assert_eq!(asked.view(&pages()).status, 410, "an owner is waited for all the same");
    assert_eq!(asked.as_owner("approve").status, 204);
    assert_eq!(asked.view(&pages()).status, 200);
    assert_eq!(asked.as_owner("end").status, 204);
    assert_eq!(asked.view(&pages()).status, 200, "pages show after the owner ended it");
}
