//! What the server answers beside the API's document: each by its address in the source, so that none is forgotten.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use crate::house::{Asking, Server};

const SOURCE: &str = include_str!("../../../src/http/router.rs");

/// Addresses that are answered by something else than the list in the source.
const FURTHER: [(&str, &str); 9] = [
    ("GET", "/"),
    ("GET", "/c.js"),
    ("POST", "/api/event"),
    ("GET", "/metrics"),
    ("GET", "/api/internal/metrics"),
    ("GET", "/api"),
    ("GET", "/api/none"),
    ("POST", "/api/none"),
    ("GET", "/commands/none"),
];

/// Method and path of each route that has no operation in the document.
fn routes() -> Vec<(String, String)> {
    let mut routes = Vec::new();
    let mut named = 0;
    for rest in SOURCE.split(".route(").skip(1) {
        let Some((path, rest)) = rest.strip_prefix('"').and_then(|rest| rest.split_once("\", ")) else {
            continue;
        };
        named += 1;
        let methods = ["get", "post", "put", "patch", "delete"];
        // `get(one).post(another)`: the name of a method, and nothing that only ends like it.
        let words: Vec<&str> = rest.lines().next().unwrap_or_default().split(['(', ')', '.', ' ']).collect();
        let served = methods.into_iter().filter(|method| words.contains(method));
        routes.extend(served.map(|method| (method.to_uppercase(), path.to_owned())));
    }
    let all = SOURCE.matches(".route(").count();
    assert_eq!(named + 1, all, "all but the one of metrics are named where they are served");
    routes.into_iter().chain(FURTHER.map(|(method, path)| (method.to_owned(), path.to_owned()))).collect()
}

/// A table of what they are answered: nobody at the door, nobody of this account, and a key of the owner's there.
pub(super) fn text(server: &Server) -> String {
    let mut text = String::from(
        "# What is in no document. At the door for pages, where `page` is the UI's own, which says nothing; and at the socket for\n# commands of this account.\n\n",
    );
    let _ = writeln!(text, "{:<64} {:>8} {:>8} {:>8}", "", "nobody", "command", "with key");
    for (method, path) in routes() {
        let asking = Asking::json(&method, &path, &serde_json::json!({}));
        let at_door = server.ask_for_head(&asking);
        let is_page = at_door.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        let at_door = if is_page { "page".to_owned() } else { at_door.status.to_string() };
        let command = by_socket(server, &asking);
        let key = format!("Bearer {}", server.key());
        let with_key = by_socket(server, &asking.header("authorization", &key));
        let name = format!("{method} {path}");
        let _ = writeln!(text, "{name:<64} {at_door:>8} {command:>8} {with_key:>8}");
    }
    text
}

fn by_socket(server: &Server, asking: &Asking<'_>) -> u16 {
    let mut stream = UnixStream::connect(server.data().join("candor.sock")).expect("the socket");
    stream.write_all(&asking.bytes("localhost")).expect("a request");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("the head of an answer");
    std::str::from_utf8(&head[9..]).expect("text").parse().expect("a status")
}
