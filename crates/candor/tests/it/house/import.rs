//! Events that are taken in as an import does, by the socket for commands.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use serde_json::{Value, json};

use super::{FIREFOX, Server};

impl Server {
    /// Takes an event in, by an import of its own, and tells what became of it.
    pub(crate) fn import(&self, event: &Value) -> Value {
        let line = json!({
            "address": "198.51.100.23", "user_agent": FIREFOX, "accept_language": "en", "event": event,
        });
        let body = format!("{line}\n");
        let mut socket = UnixStream::connect(self.data().join("candor.sock")).expect("the socket");
        let head = format!(
            "POST /commands/bulk HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n",
            self.key(),
            body.len()
        );
        socket.write_all(format!("{head}{body}").as_bytes()).expect("a request");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        let begins = answer.find('{').expect("an outcome");
        serde_json::from_str(answer[begins..].trim_end_matches(|sign| sign != '}')).expect("an outcome")
    }
}
