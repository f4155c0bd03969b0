//! What people do while processes die: sign in and out, look at reports, rename their organization, make API keys and end them.
//! Whatever was answered holds afterwards, and the audit log is whole and tells of it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::house::{Asking, EMAIL, PASSWORD, Reply, Server, candor, cookie_of, eventually};

/// Sign-ins that are kept to be looked at afterwards: fewer than the server lets one person have.
const KEPT: usize = 10;
/// API keys that are there at a time: fewer than the server lets an organization have.
const KEYS: usize = 5;
/// Between one look at a report and the next, so that events are still what is done most.
const PAUSE: Duration = Duration::from_millis(20);

/// What was answered.
#[derive(Default)]
pub(super) struct Done(Mutex<Told>);

#[derive(Default)]
struct Told {
    cookies: VecDeque<String>,
    ended_cookies: Vec<String>,
    /// The last sign-in by the password.
    newest: Option<String>,
    signed_in: usize,
    reports: usize,
    /// What the organization may be called: what was answered last, or was asked for since and not answered.
    names: Vec<String>,
    renamed: usize,
    keys: BTreeSet<String>,
    ended: BTreeSet<String>,
    ends_answered: usize,
    keys_made: usize,
    /// A checkpoint of the audit log after each round.
    checkpoints: Vec<String>,
}

impl Done {
    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.0.lock().expect("what was answered")
    }

    /// Looks at a report by the owner's cookie, again and again: it is shown, or the server says that it cannot just now.
    pub(super) fn look_all(&self, server: &Server, stop: &AtomicBool) {
        let query = json!({ "site_id": "example.com", "date_range": "7d", "metrics": ["events"] });
        let looking = Asking::json("POST", "/api/v2/query", &query).by(&server.owner().cookie);
        while !stop.load(Ordering::Relaxed) {
            answered("a report", server, &looking, 200);
            self.told().reports += 1;
            std::thread::sleep(PAUSE);
        }
    }

    /// Signs in by the password, again and again.
    pub(super) fn sign_in_all(&self, server: &Server, stop: &AtomicBool) {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let asking = Asking::json("POST", "/api/session", &body);
        while !stop.load(Ordering::Relaxed) {
            let cookie = cookie_of(&answered("a sign-in", server, &asking, 200));
            // It alone shows again that it is the owner, which what is done asks for every ten minutes.
            self.told().newest = Some(cookie.clone());
            self.signed_in(server, cookie);
        }
    }

    /// Does what an owner does, again and again.
    pub(super) fn act_all(&self, server: &Server, stop: &AtomicBool) {
        loop {
            let cookie = self.told().newest.clone().unwrap_or_else(|| server.owner().cookie.clone());
            self.rename(server, &cookie);
            self.make_key(server, &cookie);
            self.end_key(server, &cookie);
            self.sign_in_once(server, &cookie);
            if stop.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// Signs in by a one-time address, which takes no time but that of minting.
    fn sign_in_once(&self, server: &Server, cookie: &str) {
        let link = Asking::json("POST", "/api/session/link", &json!({})).by(cookie);
        let link =
            answered("a one-time address", server, &link, 201).json()["url"].as_str().map(str::to_owned);
        let body =
            json!({ "token": link.as_deref().and_then(|url| url.split_once('=')).expect("a token").1 });
        let asking = Asking::json("POST", "/api/session/one-time", &body);
        let mut asked = 0;
        let reply = eventually("a sign-in by it", || {
            asked += 1;
            server.try_ask(&asking).ok().filter(|reply| reply.status < 500)
        });
        match reply.status {
            200 => self.signed_in(server, cookie_of(&reply)),
            // It was used, and the answer did not come.
            410 if asked > 1 => {}
            other => panic!("{other}: {}", reply.text()),
        }
    }

    /// Notes a sign-in that was answered, and ends one of before, lest there be more than one person may have.
    fn signed_in(&self, server: &Server, cookie: String) {
        let ended = {
            let mut told = self.told();
            told.signed_in += 1;
            told.cookies.push_back(cookie);
            let oldest = (told.cookies.len() > KEPT).then(|| told.cookies.pop_front()).flatten();
            oldest.filter(|oldest| told.newest.as_ref() != Some(oldest))
        };
        let Some(cookie) = ended else { return };
        let asking = Asking::new("DELETE", "/api/session").by(&cookie);
        eventually("the end of a sign-in", || {
            let reply = server.try_ask(&asking).ok().filter(|reply| reply.status < 500)?;
            assert!(matches!(reply.status, 204 | 401), "{}: {}", reply.status, reply.text());
            Some(())
        });
        self.told().ended_cookies.push(cookie);
    }

    fn rename(&self, server: &Server, cookie: &str) {
        let name = {
            let mut told = self.told();
            told.renamed += 1;
            let name = format!("Example {}", told.renamed);
            told.names.push(name.clone());
            name
        };
        let asking = Asking::json("PATCH", "/api/organizations/1", &json!({ "name": name })).by(cookie);
        answered("another name", server, &asking, 200);
        self.told().names = vec![name];
    }

    fn make_key(&self, server: &Server, cookie: &str) {
        let asking = Asking::json("POST", "/api/keys", &json!({ "scopes": ["read"] })).by(cookie);
        let reply = answered("an API key", server, &asking, 201);
        let mut told = self.told();
        told.keys.insert(reply.json()["id"].as_str().expect("a number").to_owned());
        told.keys_made += 1;
    }

    fn end_key(&self, server: &Server, cookie: &str) {
        let key = {
            let mut told = self.told();
            let full = told.keys.len() > KEYS;
            full.then(|| told.keys.pop_first()).flatten()
        };
        let Some(key) = key else { return };
        let path = format!("/api/keys/{key}");
        let asking = Asking::new("DELETE", &path).by(cookie);
        // Asked again it may have been ended by the question that was not answered.
        let status = eventually("the end of an API key", || {
            let reply = server.try_ask(&asking).ok().filter(|reply| reply.status < 500)?;
            assert!(matches!(reply.status, 204 | 404), "{}: {}", reply.status, reply.text());
            Some(reply.status)
        });
        let mut told = self.told();
        told.ended.insert(key);
        told.ends_answered += usize::from(status == 204);
    }

    /// What was answered holds. To be asked while nothing is done and nothing dies.
    pub(super) fn check(&self, server: &Server) {
        let mut told = self.told();
        for cookie in &told.cookies {
            let reply = server.ask(&Asking::get("/api/session").by(cookie));
            assert_eq!(reply.status, 200, "a sign-in that was answered is good: {}", reply.text());
        }
        for cookie in told.ended_cookies.iter().rev().take(KEPT) {
            let reply = server.ask(&Asking::get("/api/session").by(cookie));
            assert_eq!(reply.status, 401, "a sign-in that was ended is good no more: {}", reply.text());
        }
        let newest = told.cookies.back().expect("a sign-in").clone();
        let name =
            server.ask(&Asking::get("/api/organizations").by(&newest)).json()["organizations"][0]["name"]
                .clone();
        // On a slow machine nothing may have been called otherwise yet.
        let kept = told.names.is_empty() || told.names.iter().any(|known| name == **known);
        assert!(kept, "it is called {name}, not {:?}", told.names);
        let keys = server.ask(&Asking::get("/api/keys").by(&newest)).json();
        let keys = keys["keys"].as_array().expect("keys").iter();
        let keys: BTreeSet<String> =
            keys.filter(|key| key["scopes"] == json!(["read"])).map(number).collect();
        assert!(told.keys.is_subset(&keys), "keys that were made are there: {:?} of {keys:?}", told.keys);
        assert!(told.ended.is_disjoint(&keys), "keys that were ended are not: {:?} of {keys:?}", told.ended);
        // Those that were made and not answered, lest there be too many one day.
        for key in keys.difference(&told.keys) {
            let path = format!("/api/keys/{key}");
            server.ask(&Asking::new("DELETE", &path).by(&newest));
        }
        told.checkpoints.push(server.get("/api/audit/checkpoint").text());
        verify_log(server, &told);
    }

    /// How much was done, in a line.
    pub(super) fn summary(&self) -> String {
        let told = self.told();
        format!(
            "{} sign-ins, {} reports, {} names and {} keys were answered",
            told.signed_in, told.reports, told.renamed, told.keys_made
        )
    }
}

fn number(key: &serde_json::Value) -> String {
    key["id"].as_str().expect("a number").to_owned()
}

/// Asks until there is an answer that is the server's own word, which must be this one.
fn answered(what: &str, server: &Server, asking: &Asking<'_>, status: u16) -> Reply {
    eventually(what, || {
        let reply = server.try_ask(asking).ok().filter(|reply| reply.status < 500)?;
        assert_eq!(reply.status, status, "{what}: {}", reply.text());
        Some(reply)
    })
}

/// The audit log is whole, goes on from every checkpoint of before, and tells of all that was answered.
fn verify_log(server: &Server, told: &Told) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.jsonl");
    let log = server.get("/api/audit/export");
    assert_eq!(log.status, 200, "{}", log.text());
    std::fs::write(&file, &log.body).expect("a file");
    let mut command = candor();
    command.args(["audit", "verify"]).arg(&file);
    for (number, note) in told.checkpoints.iter().enumerate() {
        let kept = folder.path().join(format!("checkpoint-{number}"));
        std::fs::write(&kept, note).expect("a checkpoint");
        command.arg("--checkpoint").arg(kept);
    }
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
    let text = log.text();
    let entries = |act: &str| text.matches(&format!(r#""act":"{act}""#)).count();
    for (act, answered) in
        [("sign_in", told.signed_in), ("key_make", told.keys_made), ("key_end", told.ends_answered)]
    {
        assert!(entries(act) >= answered, "{act}: {} entries of {answered} that were answered", entries(act));
    }
}
