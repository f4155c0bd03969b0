//! A sign-in ends: after two weeks in which nothing was asked by it, and after ninety days however much was. What is older
//! than this test is made by a keeper of its own on the server's keys, by a clock of long ago.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use domain::{Clock, ManualClock, Rng, Timestamp};
use keeper::Keeper;
use sealing::protocol::people::{Ask, Device, Told};
use sealing::protocol::{Answer, Peer, Request};
use sealing::{SecretText, Token};

use crate::house::{Asking, EMAIL, PASSWORD, Server, candor, owned, twin_without};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Never the same twice.
struct Counted(Mutex<u64>);

impl Rng for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let mut count = self.0.lock().expect("a number");
        for part in bytes.chunks_mut(8) {
            *count += 1;
            part.copy_from_slice(&count.to_be_bytes()[8 - part.len()..]);
        }
    }
}

/// The tokens of sign-ins of long ago, on a data directory that somebody owns.
struct SignIns {
    /// Ninety days old an hour ago, and used each day.
    old: Token,
    /// Of 15 days ago, and not used since.
    unused: Token,
    /// Of 13 days ago, and not used since.
    good: Token,
}

/// What the machine's clock showed when something was last put here.
fn now(data: &Path) -> Timestamp {
    let written = std::fs::metadata(data).and_then(|data| data.modified()).expect("when it was written");
    let since = written.duration_since(UNIX_EPOCH).expect("after 1970");
    Timestamp(i64::try_from(since.as_millis()).expect("a moment"))
}

impl SignIns {
    fn on(data: &Path) -> Self {
        let begun = now(data).0 - i64::try_from((90 * DAY + HOUR).as_millis()).expect("a span");
        let clock = Arc::new(ManualClock::at(Timestamp(begun)));
        let keeper = keeper_of(data, clock.clone());
        let old = sign_in(&keeper);
        let mut tokens = Vec::new();
        for days_ago in (1..90).rev() {
            clock.advance(DAY);
            if matches!(days_ago, 15 | 13) {
                tokens.push(sign_in(&keeper));
            }
            assert!(
                matches!(ask(&keeper, Ask::Identify(old.clone())), Told::Identity(_)),
                "{days_ago} days ago"
            );
        }
        let [unused, good] = tokens.try_into().unwrap_or_else(|_| panic!("two sign-ins"));
        Self { old, unused, good }
    }
}

/// A keeper on the keys of a server that does not run.
fn keeper_of(data: &Path, clock: Arc<dyn Clock>) -> Keeper {
    let parts = keeper::Parts {
        keys: Keeper::folder_beside(data),
        data: data.to_owned(),
        clock,
        rng: Arc::new(Counted(Mutex::new(0))),
        public_url: String::new(),
        root: keeper::Unsealing::default(),
        end: || {},
    };
    Keeper::open(&parts).expect("a keeper").0
}

fn ask(keeper: &Keeper, ask: Ask) -> Told {
    match keeper.answer(Peer::App, Some(Request::People(Box::new(ask)))) {
        Answer::People(told) => told,
        _ => panic!("the keeper says no"),
    }
}

fn sign_in(keeper: &Keeper) -> Token {
    let password = SecretText::new(PASSWORD.to_owned());
    let Told::Proven(ticket, ..) = ask(keeper, Ask::Prove(EMAIL.to_owned(), password, String::new())) else {
        panic!("not proven")
    };
    let Told::SignedIn(token, _) = ask(keeper, Ask::SignIn(ticket, Device::default())) else {
        panic!("not signed in")
    };
    token
}

/// What is answered to the old one, to the unused one and to the good one, by a server that this program starts.
fn answered(program: fn() -> Command) -> [u16; 3] {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    owned(&data);
    let SignIns { old, unused, good } = SignIns::on(&data);
    let server = Server::on(&data, &[], program);
    [old, unused, good].map(|token| {
        let cookie = format!("__Host-candor={}", *token.text());
        server.ask_as_nobody(&Asking::get("/api/sites").by(&cookie)).status
    })
}

#[test]
fn a_sign_in_is_good_no_more_after_two_weeks_unused_and_after_ninety_days_anyhow() {
    assert_eq!(answered(candor), [401, 401, 200]);
}

#[test]
fn the_twin_that_forgets_to_end_what_is_unused_is_caught() {
    assert_eq!(answered(|| twin_without("idle")), [401, 200, 200]);
}

#[test]
fn the_twin_that_lets_a_sign_in_last_for_ever_is_caught() {
    assert_eq!(answered(|| twin_without("lasting")), [200, 401, 200]);
}
