//! The page in which recordings play: at a door and an origin of its own, which nothing in a recording can leave.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::Output;

use crate::house::{Asking, Reply, Server, candor, free_ports};

/// Asks at the door three ports after the main one.
fn ask(server: &Server, asking: &Asking<'_>) -> Reply {
    let port = server.port() + 3;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a door for the player");
    stream.write_all(&asking.bytes(&format!("127.0.0.1:{port}"))).expect("a request");
    Reply::read(stream).expect("an answer")
}

/// Where the API says that recordings play.
fn origin(server: &Server) -> serde_json::Value {
    let reply = server.get("/api/replay");
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["origin"].clone()
}

fn refusal(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let Output { status, stderr, .. } = candor()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .arg("--data")
        .arg(folder.path().join("data"))
        .output()
        .expect("a refusal");
    assert!(!status.success());
    String::from_utf8_lossy(&stderr).into_owned()
}

#[test]
fn it_is_one_page_and_one_script_under_a_policy_that_lets_them_load_nothing() {
    let server = Server::start();
    let page = ask(&server, &Asking::get("/"));
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html; charset=utf-8")),
        "{}",
        page.text()
    );
    let policy = page.header("content-security-policy").expect("a policy").to_owned();
    let app = server.port();
    let embedders = format!("http://localhost:{app} http://127.0.0.1:{app}");
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             frame-ancestors {embedders}; require-trusted-types-for 'script'; trusted-types default; sandbox \
             allow-scripts allow-same-origin"
        )
    );
    let html = page.text();
    assert!(html.contains(&format!("name=\"candor-app\" content=\"{embedders}\"")), "{html}");
    let script = html.split('"').find(|part| part.starts_with("/frame-")).expect("a script");
    let script = ask(&server, &Asking::get(script).header("accept-encoding", "br"));
    assert_eq!(script.header("content-encoding"), Some("br"));
    for reply in [&page, &script] {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("origin-agent-cluster", "?1"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{name}");
        }
        assert_eq!(reply.header("set-cookie"), None);
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
}

#[test]
fn nothing_else_is_at_its_door_and_nothing_of_it_is_at_the_others() {
    let server = Server::start();
    let cookie = server.owner().cookie.clone();
    for path in [
        "/index.html",
        "/api/sites",
        "/api/session",
        "/api/health",
        "/c.js",
        "/api/internal/metrics",
        "/assets/x",
    ] {
        assert_eq!(ask(&server, &Asking::get(path).header("cookie", &cookie)).status, 404, "{path}");
    }
    let event = serde_json::json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" });
    assert_eq!(ask(&server, &Asking::event(&event)).status, 405);
    let frame = ask(&server, &Asking::get("/")).text();
    let script = frame.split('"').find(|part| part.starts_with("/frame-")).expect("a script");
    assert_ne!(server.get(script).header("content-type"), Some("text/javascript; charset=utf-8"));
    server.assert_log_clean();
}

#[test]
fn the_ui_embeds_this_page_alone_and_is_told_where_it_is() {
    let server = Server::start();
    let place = format!("http://127.0.0.1:{}", server.port() + 3);
    assert_eq!(origin(&server), place);
    let policy = server.get("/").header("content-security-policy").expect("a policy").to_owned();
    assert!(policy.contains(&format!(" frame-src {place};")), "{policy}");
}

#[test]
fn where_others_come_there_is_none_until_its_address_is_said() {
    let nowhere = Server::with(&["--public-url", "https://stats.example", "--behind-proxy", "127.0.0.1"]);
    assert_eq!(origin(&nowhere), serde_json::Value::Null);
    assert_eq!(ask(&nowhere, &Asking::get("/")).status, 404);
    assert!(!nowhere.get("/").header("content-security-policy").unwrap().contains("frame-src"));
    let said = Server::with(&[
        "--public-url",
        "https://stats.example",
        "--behind-proxy",
        "127.0.0.1",
        "--replay-url",
        "https://replay.example",
    ]);
    assert_eq!(origin(&said), "https://replay.example");
    let policy = said.get("/").header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains(" frame-src https://replay.example;"), "{policy}");
    let through = Asking::get("/").header("x-forwarded-for", "203.0.113.9");
    let page = ask(&said, &Asking::get("/").header("x-forwarded-proto", "https"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors https://stats.example;"), "{policy}");
    // In the clear it is not sent, and nobody is led from it to the UI.
    assert_eq!(ask(&said, &through).status, 403);
}

#[test]
fn an_address_that_is_the_uis_own_or_that_nobody_could_trust_is_refused() {
    let public = ["--public-url", "https://stats.example", "--behind-proxy", "127.0.0.1", "--replay-url"];
    for url in ["https://stats.example", "https://STATS.example:443"] {
        assert!(refusal(&[&public[..], &[url]].concat()).contains("is the public URL itself"), "{url}");
    }
    assert!(refusal(&[&public[..], &["http://replay.example"]].concat()).contains("is no https address"));
    let open = refusal(&[&public[..4], &["--replay-listen", "0.0.0.0:7403"]].concat());
    assert!(open.contains("--replay-url"), "{open}");
    assert!(
        refusal(&["--replay-listen", "0.0.0.0:7403"]).contains("must not go over the network in the clear")
    );
}

#[test]
fn a_busy_port_is_warned_of_unless_it_was_asked_for() {
    let port = free_ports();
    let _taken = TcpListener::bind(("127.0.0.1", port + 3)).expect("a port");
    let server = Server::with(&["--listen", &format!("127.0.0.1:{port}")]);
    assert!(server.log().contains("recordings cannot be played"), "{}", server.log());
    assert_eq!(origin(&server), serde_json::Value::Null);
    let asked = refusal(&["--replay-listen", &format!("127.0.0.1:{}", port + 3)]);
    assert!(asked.contains("is used by another program"), "{asked}");
}
