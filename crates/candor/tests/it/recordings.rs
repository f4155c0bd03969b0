//! Recordings: chunks of the dialect, written by hand, are sent as a recorder sends them; who may sees what came of them,
//! and nobody else does.

mod arriving;
mod finding;
mod heat;
mod keeping;
mod killing;
mod looking;
mod settings;

use serde_json::{Value, json};

use crate::house::{Asking, FIREFOX, Reply, Server, eventually};
use crate::people::ask;

pub(crate) const SITE: &str = "example.com";
const TAB: &str = "Tab-0000000000000000_A";
const PAGE: &str = "Page-00000A";
/// When what is recorded happened, as the visitor's clock says.
const AT: i64 = 1_700_000_000_000;

/// A server with a site that records visits, text and all.
fn recording() -> Server {
    recording_on(Server::start())
}

/// Such a site on a server.
fn recording_on(server: Server) -> Server {
    server.add_site(SITE);
    set(&server, &json!({ "on": true, "text": "clear" }));
    server
}

/// Changes how the site's visits are recorded.
fn set(server: &Server, recording: &Value) -> Reply {
    let change = json!({ "recording": recording });
    ask(server, &server.owner().cookie, "PATCH", "/api/sites/example.com", Some(&change))
}

/// The same, for tests of something else.
pub(crate) fn set_recording(server: &Server, recording: &Value) {
    let set = set(server, recording);
    assert_eq!(set.status, 200, "{}", set.text());
}

/// Sends chunk `number` of a page, for tests of something else; what is answered.
pub(crate) fn send_visit(server: &Server, number: u32) -> u16 {
    let at = AT + i64::from(number) * 1_000;
    let [meta, full] = snapshot(at, "Your cart", "***");
    send(server, &chunk(number, &[meta, full, click(at)])).status
}

/// Sends chunk `number` of what a visitor was shown, which says this text.
pub(crate) fn send_visit_of(server: &Server, visitor: &str, text: &str, number: u32) -> u16 {
    let at = AT + i64::from(number) * 1_000;
    let [meta, full] = snapshot(at, text, "***");
    let digits = visitor.replace('-', "");
    let (tab, page) = (format!("Tab-{}", &digits[..18]), format!("Page-{}", &digits[..6]));
    let chunk = chunk_of(&tab, &page, number, &[meta, full, click(at)]);
    send(server, &chunk.replace("\"r\":", &format!("\"visitor\":\"{visitor}\",\"r\":"))).status
}

/// A full snapshot of a page with a paragraph and a field, after the window's size. Events are written as recorders write
/// them: what a thing is comes first.
fn snapshot(at: i64, text: &str, value: &str) -> [String; 2] {
    let paragraph = format!(
        r#"{{"type":2,"tagName":"p","attributes":{{}},"childNodes":[{{"type":3,"textContent":"{text}","id":6}}],"id":5}}"#
    );
    let field = format!(
        r#"{{"type":2,"tagName":"input","attributes":{{"type":"text","value":"{value}"}},"childNodes":[],"id":7}}"#
    );
    let head = r#"{"type":2,"tagName":"head","attributes":{},"childNodes":[],"id":3}"#;
    let body = format!(
        r#"{{"type":2,"tagName":"body","attributes":{{}},"childNodes":[{paragraph},{field}],"id":4}}"#
    );
    let html =
        format!(r#"{{"type":2,"tagName":"html","attributes":{{}},"childNodes":[{head},{body}],"id":2}}"#);
    let document = format!(r#"{{"type":0,"childNodes":[{html}],"id":1}}"#);
    [
        event(at, 4, r#"{"href":"https://example.com/cart","width":800,"height":600}"#),
        event(at, 2, &format!(r#"{{"node":{document},"initialOffset":{{"left":0,"top":0}}}}"#)),
    ]
}

fn click(at: i64) -> String {
    event(at, 3, r#"{"source":2,"type":2,"id":5,"x":10,"y":20}"#)
}

fn event(at: i64, kind: u8, data: &str) -> String {
    format!(r#"{{"type":{kind},"data":{data},"timestamp":{at}}}"#)
}

/// Chunk `number` of a page of a tab.
fn chunk_of(tab: &str, page: &str, number: u32, events: &[String]) -> String {
    let events = events.join(",");
    format!(
        r#"{{"v":1,"d":"{SITE}","u":"https://example.com/cart","r":"{tab}","p":"{page}","n":{number},"e":[{events}]}}"#
    )
}

fn chunk(number: u32, events: &[String]) -> String {
    chunk_of(TAB, PAGE, number, events)
}

fn asking(chunk: &str) -> Asking<'static> {
    Asking::post("/api/recording", chunk).header("content-type", "text/plain").header("user-agent", FIREFOX)
}

fn send(server: &Server, chunk: &str) -> Reply {
    server.ask_as_nobody(&asking(chunk))
}

/// What somebody sees of the list.
fn list(server: &Server, cookie: &str, query: &str) -> Reply {
    ask(server, cookie, "GET", &format!("/api/sites/example.com/recordings{query}"), None)
}

fn listed(server: &Server) -> Vec<Value> {
    let reply = list(server, &server.owner().cookie, "");
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["recordings"].as_array().expect("recordings").clone()
}

/// The only recording, once it has so many chunks that a click in each is counted.
fn arrived(server: &Server, clicks: u64) -> Value {
    eventually("the recording is listed", || {
        let listed = listed(server);
        let [one] = &listed[..] else { return None };
        (one["clicks"].as_u64() == Some(clicks)).then(|| one.clone())
    })
}

/// How many clicks are listed, of which each chunk has one; none while nobody answers.
pub(crate) fn clicks_recorded(server: &Server) -> u64 {
    let reply = list(server, &server.owner().cookie, "");
    if reply.status != 200 {
        return 0;
    }
    let json = reply.json();
    json["recordings"].as_array().into_iter().flatten().filter_map(|one| one["clicks"].as_u64()).sum()
}

/// Where a recording is asked about.
pub(crate) fn path_of(recording: &Value) -> String {
    format!("/api/sites/example.com/recordings/{}", recording["id"].as_str().expect("an id"))
}
