//! `GET /api/sites/{domain}/live`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::house::{Asking, PATIENCE, Server};

/// Reads the stream until a line holds `wanted`.
fn read_until(stream: &mut impl BufRead, wanted: &str) {
    let mut line = String::new();
    while !line.contains(wanted) {
        line.clear();
        assert!(
            stream.read_line(&mut line).expect("the stream goes on") > 0,
            "the stream ended before {wanted}"
        );
    }
}

#[test]
fn a_page_that_looks_on_is_told_of_visitors_and_of_new_data() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let mut socket = TcpStream::connect(server.address()).expect("a connection");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let asking = Asking::get("/api/sites/example.com/live").by(&server.owner().cookie);
    socket.write_all(&asking.bytes("localhost")).expect("a request");
    let mut stream = BufReader::new(socket);
    read_until(&mut stream, "content-type: text/event-stream");
    read_until(&mut stream, "{\"current\":0}");
    server.send(&json!({ "n": "pageview", "u": "https://example.com/" }));
    read_until(&mut stream, "{\"current\":1}");
    read_until(&mut stream, "event: data");
    read_until(&mut stream, "{\"at\":\"2");
}

#[test]
fn a_stream_ends_with_the_server_and_holds_up_nothing() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let mut socket = TcpStream::connect(server.address()).expect("a connection");
    let asking = Asking::get("/api/sites/example.com/live").by(&server.owner().cookie);
    socket.write_all(&asking.bytes("localhost")).expect("a request");
    let mut stream = BufReader::new(socket);
    read_until(&mut stream, "current");
    let (output, took) = server.terminate();
    assert!(output.status.success());
    assert!(took.as_secs() < 2, "{took:?}");
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!log.contains("warning"), "{log}");
}
