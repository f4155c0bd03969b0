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

#[test]
fn a_process_that_dies_leaves_no_picture_of_its_memory() {
    let server = Server::start();
    for (pid, role) in children_of(server.pid()) {
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("its limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("of core files");
        let [.., soft, hard, _unit] = core.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{core}")
        };
        assert_eq!((soft, hard), ("0", "0"), "{role}");
    }
    // Whoever may not be dumped belongs to root in /proc, whatever account it runs under.
    let keeper = server.pid_of("keeper").expect("a keeper");
    let memory = std::fs::metadata(format!("/proc/{keeper}/mem")).expect("its memory");
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&memory), 0);
}

#[test]
fn no_process_leaves_a_picture_of_its_memory_on_the_disk_when_it_dies() {
    let server = Server::start();
    let mut processes = children_of(server.pid());
    assert_eq!(processes.len(), 4);
    processes.push((server.pid(), "supervisor".to_owned()));
    for (pid, role) in processes {
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("its limits");
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        let values: Vec<&str> = line.split_whitespace().skip(4).take(2).collect();
        assert_eq!(values, ["0", "0"], "of the {role}");
    }
}
