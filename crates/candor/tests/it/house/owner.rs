//! Whoever owns a server under test: made as a browser would, by the setup token, when nobody owns it yet.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::{Asking, Reply, Server, candor};

/// By what the owner signs in.
pub(crate) const EMAIL: &str = "owner@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Everything that the key of a test may do.
const SCOPES: [&str; 5] = ["read", "write", "manage", "export", "audit"];

/// Whoever owns a server.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    /// The cookie of a sign-in; empty for a server that had an owner when it was started.
    pub(crate) cookie: String,
    /// An API key for everything.
    pub(crate) key: String,
}

impl Owner {
    /// The owner of a server: made now, or by the test's server before on the same data.
    pub(super) fn of(server: &Server) -> Self {
        // As the server sees it, which may have a disk of its own.
        let seen = format!("/proc/{}/root{}", server.pid(), server.data().join("setup-token").display());
        let Ok(token) = std::fs::read_to_string(seen) else {
            return Self { cookie: String::new(), key: remembered(server.data()).expect("a key of before") };
        };
        let body = json!({ "token": token, "email": EMAIL, "password": PASSWORD, "organization": "Example" });
        let made = server.ask_as_nobody(&Asking::json("POST", "/api/setup", &body));
        assert_eq!(made.status, 201, "{}", made.text());
        let cookie = cookie_of(&made);
        let asking = Asking::json("POST", "/api/keys", &json!({ "scopes": SCOPES })).by(&cookie);
        let made = server.ask_as_nobody(&asking);
        assert_eq!(made.status, 201, "{}", made.text());
        let key = made.json()["key"].as_str().expect("a key").to_owned();
        for place in places(server.data()) {
            std::fs::write(place, &key).expect("the key is remembered");
        }
        Self { cookie, key }
    }
}

/// Where the key of a data directory is remembered: beside it, and for a copy of it in the folder of both.
fn places(data: &Path) -> [PathBuf; 2] {
    let mut name = data.file_name().expect("a name").to_owned();
    name.push(".test-key");
    [data.with_file_name(name), data.with_file_name("test-key")]
}

fn remembered(data: &Path) -> Option<String> {
    places(data).iter().find_map(|place| std::fs::read_to_string(place).ok())
}

/// The program as the owner of what lies in `data` runs it, if somebody owns it.
pub(crate) fn candor_of(data: &Path) -> Command {
    let mut command = candor();
    if let Some(key) = remembered(data) {
        command.env("CANDOR_KEY", key);
    }
    command
}

/// Has a data directory owned, by a server that ends again.
pub(crate) fn owned(data: &Path) {
    drop(Server::on(data, &[], candor));
}

/// The cookie that an answer sets, as it is sent back.
pub(crate) fn cookie_of(reply: &Reply) -> String {
    let set = reply.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {}", reply.text()));
    set.split(';').next().expect("a first part").to_owned()
}
