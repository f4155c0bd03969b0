//! Children are replaced; nobody outlives the supervisor.

use std::time::Duration;

use rustix::process::Signal;

use crate::house::{Server, children_of, eventually, is_alive, kill};

#[test]
fn a_process_that_dies_is_back_however_often() {
    let server = Server::start();
    for role in ["keeper", "edge", "app", "worker", "edge", "keeper", "keeper", "app"] {
        let before = server.pid_of(role).expect(role);
        kill(before, Signal::KILL);
        eventually("another process in its place", || server.pid_of(role).filter(|pid| *pid != before));
        server.wait_until_whole();
    }
}

#[test]
fn killing_the_supervisor_leaves_no_orphan_and_the_next_one_starts_at_once() {
    let mut server = Server::start();
    let children = children_of(server.pid());
    assert_eq!(children.len(), 4);
    kill(server.pid(), Signal::KILL);
    server.start_again();
    server.wait_until_whole();
    for (pid, role) in children {
        assert!(!is_alive(pid), "{role} outlived its supervisor");
    }
}

#[test]
fn asked_to_end_it_ends_cleanly_within_two_seconds() {
    let server = Server::start();
    let children = children_of(server.pid());
    let (output, took) = server.terminate();
    assert!(output.status.success(), "{:?}", output.status);
    assert!(took < Duration::from_secs(2), "{took:?}");
    for (pid, role) in children {
        assert!(!is_alive(pid), "{role} outlived its supervisor");
    }
}

#[test]
fn a_calm_life_leaves_a_clean_log() {
    let server = Server::start();
    server.get("/");
    server.assert_log_clean();
}
