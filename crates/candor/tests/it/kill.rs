//! `kill -9` of any process, again and again under load: each acknowledged event is counted exactly once
//! afterwards, what people did and were answered holds, nobody is left behind, and the server is back in no time.

mod people;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;

use crate::house::{Asking, Server, candor_of, children_of, eventually, is_alive, kill};

/// Browsers that send while processes die.
const SENDERS: u64 = 4;
/// How long the server may be away.
const BACK_WITHIN: Duration = Duration::from_secs(2);
/// Rounds in which each process dies once; `make chaos` asks for more.
const ROUNDS: u64 = 3;

#[expect(clippy::disallowed_methods, reason = "how `make chaos` speaks to this test")]
fn rounds() -> u64 {
    std::env::var("CANDOR_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS)
}

/// Sends one event after another until told to stop, each again and again until it is acknowledged.
fn send_all(address: &Server, sender: u64, stop: &AtomicBool, acknowledged: &AtomicU64) {
    let mut number = 0_u64;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let event = json!({
            "n": "pageview", "u": format!("https://example.com/{number}"),
            "visitor": format!("{:08x}-0000-4000-8000-{:012x}", sender, number % 50),
            "id": format!("{:08x}-0000-4000-9000-{number:012x}", sender),
        });
        eventually("an acknowledgement", || {
            let reply = address.try_ask(&Asking::event(&event)).ok()?;
            (reply.status == 202).then(|| assert_eq!(reply.header("x-candor-refused"), None))
        });
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
}

/// Kills, and returns when the server is whole again; how long that took.
fn kill_and_wait(server: &Server, role: &str) -> Duration {
    let before = server.pid_of(role).expect(role);
    let begun = Instant::now();
    kill(before, Signal::KILL);
    eventually("another process in its place", || server.pid_of(role).filter(|pid| *pid != before));
    server.wait_until_whole();
    begun.elapsed()
}

/// Kills the supervisor and starts another; how long it took until that was whole.
fn kill_supervisor(server: &mut Server) -> Duration {
    let children = children_of(server.pid());
    let begun = Instant::now();
    server.start_again();
    server.wait_until_whole();
    let took = begun.elapsed();
    for (pid, role) in children {
        assert!(!is_alive(pid), "{role} outlived its supervisor");
    }
    took
}

/// The middle one: other tests take the machine's time now and then.
fn median(spans: impl Iterator<Item = Duration>) -> Duration {
    let mut spans: Vec<Duration> = spans.collect();
    spans.sort();
    spans[spans.len() / 2]
}

#[test]
fn killed_at_any_moment_every_acknowledged_event_counts_exactly_once_and_every_answered_act_holds() {
    let mut server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let stop = AtomicBool::new(false);
    let acknowledged = AtomicU64::new(0);
    let people = people::Done::default();
    let mut away = Vec::new();
    for round in 0..rounds() {
        stop.store(false, Ordering::Relaxed);
        thread::scope(|scope| {
            for sender in 0..SENDERS {
                let (server, stop, acknowledged) = (&server, &stop, &acknowledged);
                scope.spawn(move || send_all(server, round * SENDERS + sender, stop, acknowledged));
            }
            scope.spawn(|| people.look_all(&server, &stop));
            scope.spawn(|| people.sign_in_all(&server, &stop));
            scope.spawn(|| people.act_all(&server, &stop));
            for role in ["edge", "worker", "app", "keeper", "edge"] {
                let before = acknowledged.load(Ordering::Relaxed);
                away.push((role, kill_and_wait(&server, role)));
                eventually("events go on", || (acknowledged.load(Ordering::Relaxed) > before).then_some(()));
            }
            stop.store(true, Ordering::Relaxed);
        });
        away.push(("supervisor", kill_supervisor(&mut server)));
        people.check(&server);
    }
    let sent = acknowledged.load(Ordering::Relaxed);
    println!("{sent} events were acknowledged; {}", people.summary());
    assert_eq!(server.count("example.com", "events"), sent);
    eventually("the killed writers' files are absorbed", || {
        let files = std::fs::read_dir(server.data().join("journal")).ok()?.count();
        (files <= 1).then_some(())
    });
    assert_eq!(server.count("example.com", "events"), sent, "after the worker has absorbed them");
    for who in ["keeper", "edge", "app", "worker", "supervisor"] {
        let spans = || away.iter().filter(|(killed, _)| *killed == who).map(|(_, took)| *took);
        let (took, longest) = (median(spans()), spans().max().unwrap_or_default());
        println!("{who} killed {} times: away {took:?}, at most {longest:?}", spans().count());
        assert!(took <= BACK_WITHIN, "after the {who} was killed the server was away for {took:?}");
    }
}

/// The sentence of a report and of an export, neither of which must say anything of events.
fn refusals(server: &Server) -> [String; 2] {
    let query = json!({ "site_id": "example.com", "date_range": "7d", "metrics": ["events"] });
    let report = server.post("/api/v2/query", &query);
    assert_eq!(report.status, 503, "{}", report.text());
    let export = candor_of(server.data())
        .args(["site", "export", "example.com", "--data"])
        .arg(server.data())
        .output();
    let export = export.expect("the program starts");
    assert_eq!((export.status.code(), export.stdout), (Some(1), vec![]));
    [report.text(), String::from_utf8_lossy(&export.stderr).into_owned()]
}

#[test]
fn while_the_keeper_is_away_events_are_taken_nothing_opens_and_both_are_so_until_another_is_there() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let acknowledged = AtomicU64::new(0);
    let mut away = Vec::new();
    for round in 0..1 + rounds() / 20 {
        let stop = AtomicBool::new(false);
        // Journal files of another writer, whose keys nobody has asked for yet.
        let edge = server.pid_of("edge").expect("an edge");
        kill(edge, Signal::KILL);
        eventually("another edge", || server.pid_of("edge").filter(|pid| *pid != edge));
        server.wait_until_whole();
        let keeper = server.pid_of("keeper").expect("a keeper");
        kill(keeper, Signal::STOP);
        thread::scope(|scope| {
            for sender in 0..SENDERS {
                let (server, stop, acknowledged) = (&server, &stop, &acknowledged);
                scope.spawn(move || send_all(server, 1_000 + round * SENDERS + sender, stop, acknowledged));
            }
            let before = acknowledged.load(Ordering::Relaxed);
            eventually("events are taken", || (acknowledged.load(Ordering::Relaxed) > before).then_some(()));
            for sentence in refusals(&server) {
                assert!(sentence.contains("the keeper of the keys does not answer just now"), "{sentence}");
            }
            let begun = Instant::now();
            kill(keeper, Signal::KILL);
            eventually("reports open again", || server.try_count("example.com", "events"));
            away.push(begun.elapsed());
            stop.store(true, Ordering::Relaxed);
        });
    }
    assert_eq!(server.count("example.com", "events"), acknowledged.load(Ordering::Relaxed));
    let took = median(away.iter().copied());
    println!("with the keeper away {} times, reports opened again {took:?} after it was killed", away.len());
    assert!(took <= BACK_WITHIN, "after the keeper was killed nothing opened for {took:?}");
}
