//! `/api/sites`.

mod live;
mod refusals;

use serde_json::json;

use rustix::process::Signal;

use crate::house::{Asking, Server, kill};

fn patch(server: &Server, domain: &str, change: &serde_json::Value) -> crate::house::Reply {
    let path = format!("/api/sites/{domain}");
    server.ask(&Asking::patch(&path, change.to_string()).header("content-type", "application/json"))
}

#[test]
fn a_site_is_added_found_and_listed() {
    let server = Server::start();
    assert_eq!(server.get("/api/sites").json(), json!({ "sites": [] }));
    let added =
        server.post("/api/sites", &json!({ "domain": "WWW.Example.com", "timezone": "Europe/Berlin" }));
    assert_eq!(added.status, 201);
    let site = added.json();
    assert_eq!(site["domain"], "example.com");
    assert_eq!(site["timezone"], "Europe/Berlin");
    let settings = &site["settings"];
    assert_eq!(
        json!([settings["identity"], settings["honour_signals"], settings["hash_routing"]]),
        json!(["consent", true, false])
    );
    let snippet = format!(
        "<script defer data-site=\"example.com\" src=\"http://localhost:{}/c.js\"></script>",
        server.port()
    );
    assert_eq!(site["snippet"], snippet);
    assert_eq!(server.get("/api/sites/example.com").json(), site);
    assert_eq!(server.get("/api/sites").json(), json!({ "sites": [site] }));
}

#[test]
fn a_site_can_be_sent_to_as_soon_as_adding_it_is_answered() {
    let server = Server::start();
    for number in 0..5 {
        let domain = format!("site{number}.example");
        server.post("/api/sites", &json!({ "domain": domain }));
        let reply = server.send(&json!({ "n": "pageview", "u": format!("https://{domain}/"), "d": domain }));
        assert_eq!((reply.status, reply.header("x-candor-refused")), (202, None));
    }
}

#[test]
fn what_cannot_be_a_site_is_refused_with_the_field_at_fault() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    for (body, status, field) in [
        (json!({ "domain": "no domain" }), 400, json!("domain")),
        (json!({ "domain": "Settings" }), 400, json!("domain")),
        (json!({ "domain": "a.example", "timezone": "Mars/Olympus" }), 400, json!("timezone")),
        (json!({ "domain": "example.com" }), 409, json!("domain")),
        (json!({ "timezone": "UTC" }), 400, json!(null)),
        (json!({ "domain": "a.example", "colour": "red" }), 400, json!(null)),
    ] {
        let reply = server.post("/api/sites", &body);
        assert_eq!((reply.status, &reply.json()["field"]), (status, &field), "{body}: {}", reply.text());
        assert!(reply.json()["error"].as_str().is_some_and(|sentence| sentence.len() > 10));
    }
}

/// The first parts of the addresses at which the UI's router has screens of its own, that of a site aside.
fn screens() -> Vec<String> {
    let router = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/app/src/app/router.tsx");
    let router = std::fs::read_to_string(router).expect("the router of the UI");
    let path = |route: &str| {
        let outermost = ["getParentRoute: () => root,", "getParentRoute: () => inside,"];
        let path = outermost.iter().any(|parent| route.contains(parent)).then_some(route)?;
        let path = path.split_once("path: '/")?.1.split_once('\'')?.0;
        Some(path.split('/').next()?.to_owned())
    };
    let routes = router.split("createRoute(").skip(1).filter_map(path);
    routes.filter(|part| !part.is_empty() && !part.starts_with('$')).collect()
}

#[test]
fn no_site_is_called_as_a_screen_of_the_ui() {
    let server = Server::start();
    let screens = screens();
    let is_known = |screen: &str| screens.iter().any(|known| known == screen);
    assert!(is_known("sign-in") && is_known("settings") && screens.len() >= 5, "{screens:?}");
    for screen in screens {
        let refused = server.post("/api/sites", &json!({ "domain": screen }));
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!("domain")), "{screen}");
    }
}

#[test]
fn a_changed_setting_holds_as_soon_as_the_change_is_answered() {
    let server = Server::start();
    server.add_site("example.com");
    let signal = |server: &Server| {
        let event = json!({ "n": "pageview", "u": "https://example.com/" });
        let reply = server.ask(&Asking::event(&event).header("sec-gpc", "1"));
        reply.header("x-candor-refused").map(str::to_owned)
    };
    assert_eq!(signal(&server).as_deref(), Some("opt_out"));
    let changed =
        patch(&server, "example.com", &json!({ "honour_signals": false, "identity": "cookieless" }));
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json()["settings"]["identity"], "cookieless");
    let snippet = changed.json()["snippet"].to_string();
    assert!(snippet.contains("data-identity=\\\"cookieless\\\" data-signals=\\\"ignore\\\""), "{snippet}");
    assert_eq!(signal(&server), None);
}

#[test]
fn a_change_that_is_not_allowed_changes_nothing() {
    let server = Server::start();
    server.add_site("example.com");
    let before = server.get("/api/sites/example.com").json();
    for change in
        [json!({ "identity": "always on" }), json!({ "timezone": "" }), json!({ "domain": "x.example" })]
    {
        assert_eq!(patch(&server, "example.com", &change).status, 400, "{change}");
    }
    assert_eq!(server.get("/api/sites/example.com").json(), before);
    assert_eq!(patch(&server, "other.example", &json!({})).status, 404);
}

#[test]
fn a_site_that_gets_no_keys_is_not_there_and_is_added_once_the_keeper_answers_again() {
    let server = Server::start();
    let keeper = server.pid_of("keeper").expect("a keeper");
    kill(keeper, Signal::STOP);
    let declined = server.post("/api/sites", &json!({ "domain": "example.com" }));
    kill(keeper, Signal::CONT);
    assert_eq!(declined.status, 503, "{}", declined.text());
    assert!(declined.text().contains("the keeper of the keys does not answer"), "{}", declined.text());
    assert_eq!(server.get("/api/sites/example.com").status, 404);
    let added = server.post("/api/sites", &json!({ "domain": "example.com" }));
    assert_eq!(added.status, 201, "{}", added.text());
    let event = json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" });
    assert_eq!(server.send(&event).status, 202);
}
