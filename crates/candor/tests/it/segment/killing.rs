//! `kill -9` of each process under batches that are sent again until they are acknowledged.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use rustix::process::Signal;
use serde_json::json;

use super::{call, write_key};
use crate::house::{Server, eventually, kill};

/// Events of a batch.
const BATCH: u64 = 20;

fn send_all(server: &Server, key: &str, sender: u64, stop: &AtomicBool, acknowledged: &AtomicU64) {
    let mut number = 0_u64;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let mut items: Vec<_> = (0..BATCH)
            .map(|n| {
                json!({ "type": "track", "userId": format!("{sender}-{n}"), "event": "Sent",
                             "messageId": format!("{sender}-{number}-{n}") })
            })
            .collect();
        items.push(json!({ "type": "identify", "userId": format!("{sender}-{number}"), "traits": { "plan": "pro" } }));
        let batch = json!({ "batch": items, "writeKey": key });
        eventually("an acknowledgement", || {
            let asking = crate::house::Asking::json("POST", "/v1/batch", &batch);
            let reply = server.try_ask(&asking).ok()?;
            (reply.status == 200)
                .then(|| assert_eq!(reply.header("x-candor-refused"), None, "{}", reply.text()))
        });
        acknowledged.fetch_add(BATCH, Ordering::Relaxed);
    }
}

#[test]
fn killed_at_any_moment_every_event_of_an_acknowledged_batch_counts_exactly_once() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let (stop, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for sender in 0..3 {
            let (server, key, stop, acknowledged) = (&server, &key, &stop, &acknowledged);
            scope.spawn(move || send_all(server, key, sender, stop, acknowledged));
        }
        for role in ["edge", "worker", "app", "keeper", "edge", "worker", "app"] {
            let before = acknowledged.load(Ordering::Relaxed);
            let killed = server.pid_of(role).expect(role);
            kill(killed, Signal::KILL);
            eventually("another process in its place", || server.pid_of(role).filter(|pid| *pid != killed));
            server.wait_until_whole();
            eventually("batches go on", || (acknowledged.load(Ordering::Relaxed) > before).then_some(()));
        }
        stop.store(true, Ordering::Relaxed);
    });
    let sent = acknowledged.load(Ordering::Relaxed);
    assert_eq!(server.count("example.com", "events"), sent);
    eventually("the killed writers' files are absorbed", || {
        let files = std::fs::read_dir(server.data().join("journal")).ok()?.count();
        (files <= 1).then_some(())
    });
    assert_eq!(server.count("example.com", "events"), sent, "after the worker has absorbed them");
}

#[test]
fn without_app_events_go_on_and_what_only_app_can_keep_is_to_be_sent_again() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let pid = server.pid_of("app").expect("app");
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(pid.cast_signed()).expect("a process"),
        Signal::STOP,
    )
    .expect("it is stopped");
    let track = json!({ "userId": "u1", "event": "Paid" });
    assert_eq!(call(&server, "/v1/track", &key, &track).status, 200);
    let identify = call(&server, "/v1/identify", &key, &json!({ "userId": "u1", "traits": {} }));
    assert_eq!((identify.status, identify.header("retry-after")), (503, Some("2")));
    kill(pid, Signal::KILL);
    server.wait_until_whole();
    eventually("it is kept", || {
        let reply = call(&server, "/v1/identify", &key, &json!({ "userId": "u1", "traits": {} }));
        (reply.status == 200).then_some(())
    });
    assert_eq!(server.count("example.com", "events"), 1);
}
