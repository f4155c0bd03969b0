//! `kill -9` while visits are recorded: each chunk that was acknowledged is kept exactly once.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use rustix::process::Signal;

use super::*;
use crate::house::kill;

const VISITOR: &str = "3f1c0f4e-5b0a-4e0e-9d50-1f2e3d4c5b6a";
/// Tabs that send while processes die.
const TABS: u64 = 3;

/// Sends one chunk after another, each again and again until it is acknowledged; how many there were.
fn send_all(server: &Server, tab: u64, stop: &AtomicBool, acknowledged: &AtomicU64) {
    let (name, page) = (format!("Tab-{tab:018}"), format!("Page-{tab:06}"));
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        // Whichever is asked for, each begins with a snapshot, so that nothing of it is dropped.
        let at = AT + i64::from(number) * 1_000;
        let [meta, full] = snapshot(at, "Your cart", "***");
        let chunk = chunk_of(&name, &page, number, &[meta, full, click(at)]);
        // Of a visitor whose id is kept: one of the day is another when keeper and edge die at once.
        let chunk = chunk.replace("\"r\":", &format!("\"visitor\":\"{VISITOR}\",\"r\":"));
        eventually("an acknowledgement", || {
            let reply = server.try_ask(&asking(&chunk)).ok()?;
            (reply.status == 202).then_some(())
        });
        number += 1;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn killed_at_any_moment_every_acknowledged_chunk_is_kept_exactly_once() {
    let mut server = recording();
    let (stop, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for tab in 0..TABS {
            let (server, stop, acknowledged) = (&server, &stop, &acknowledged);
            scope.spawn(move || send_all(server, tab, stop, acknowledged));
        }
        for role in ["edge", "worker", "keeper", "worker", "app", "worker", "edge", "worker"] {
            let before = acknowledged.load(Ordering::Relaxed);
            let pid = server.pid_of(role).expect(role);
            kill(pid, Signal::KILL);
            eventually("another in its place", || server.pid_of(role).filter(|now| *now != pid));
            server.wait_until_whole();
            eventually("chunks go on", || (acknowledged.load(Ordering::Relaxed) > before + 20).then_some(()));
            if role == "worker" {
                // The next is killed while there is something to take in, and what was taken in is not doubled.
                eventually("some are taken in", || (clicks_recorded(&server) > before).then_some(()));
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    server.start_again();
    server.wait_until_whole();
    let sent = acknowledged.load(Ordering::Relaxed);
    eventually("all of it is there", || (clicks_recorded(&server) >= sent).then_some(()));
    assert_eq!(clicks_recorded(&server), sent, "and nothing twice");
    for one in listed(&server) {
        assert_eq!(one["gaps"], 0);
        let index = ask(&server, &server.owner().cookie, "GET", &path_of(&one), None).json();
        let scenes = index["scenes"].as_array().expect("scenes").len() as u64;
        assert_eq!(Some(scenes), one["clicks"].as_u64(), "each chunk is a scene");
    }
    println!("{sent} chunks of {TABS} tabs were acknowledged, and are kept once");
}

/// Bytes that count as recorded today.
fn recorded_today(server: &Server) -> u64 {
    let page = String::from_utf8(crate::metrics::read(server)).expect("text");
    let line = page.lines().find_map(|line| line.strip_prefix("candor_recorded_today_bytes "));
    line.and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[test]
fn what_was_recorded_today_counts_on_when_edge_or_the_whole_server_is_started_again() {
    let mut server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    assert_eq!(send(&server, &chunk(0, &[meta, full, click(AT)])).status, 202);
    let kept = arrived(&server, 1)["bytes"].as_u64().expect("bytes");
    assert!(recorded_today(&server) >= kept && kept > 0);
    let pid = server.pid_of("edge").expect("an edge");
    kill(pid, Signal::KILL);
    eventually("another in its place", || server.pid_of("edge").filter(|now| *now != pid));
    server.wait_until_whole();
    eventually("it knows what is kept of today", || (recorded_today(&server) == kept).then_some(()));
    server.start_again();
    server.wait_until_whole();
    eventually("it knows so again", || (recorded_today(&server) == kept).then_some(()));
}
