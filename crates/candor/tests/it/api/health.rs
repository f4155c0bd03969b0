//! `GET /api/health`.

use rustix::process::Signal;

use crate::house::{Server, eventually, kill};

#[test]
fn a_whole_server_says_so() {
    let server = Server::start();
    let reply = server.get("/api/health");
    assert_eq!(reply.status, 200);
    let expected = serde_json::json!({
        "status": "ok",
        "processes": { "keeper": "serving", "edge": "serving", "app": "serving", "worker": "serving" },
        "storage": "ok",
        "promises": "kept",
        "backups": "off",
    });
    assert_eq!(reply.json(), expected);
    assert_eq!(server.get("/api/health/ingest").status, 200);
}

#[test]
fn a_process_that_is_stopped_is_seen_by_its_silence() {
    let server = Server::start();
    let worker = server.pid_of("worker").expect("a worker");
    kill(worker, Signal::STOP);
    let reply = eventually("health is no longer whole", || {
        let reply = server.get("/api/health");
        (reply.status == 503).then_some(reply)
    });
    assert_eq!(reply.json()["processes"]["worker"], "silent");
    assert_eq!(server.get("/api/health/ingest").status, 200, "events need no worker");
    kill(worker, Signal::CONT);
    server.wait_until_whole();
}
