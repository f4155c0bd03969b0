//! `kill -9` of whoever makes a backup at each of the target's requests, heard or carried out: the next one is whole, and what was
//! cut off is no backup.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// Every so many requests it is killed at one, among as many as the first of these backups takes.
const STRIDE: usize = 4;
const REQUESTS: usize = 36;

/// Makes a backup and kills the worker as it waits for the answer to the request after `right` more; whether it came so far.
fn killed_at(server: &Server, house: &House, proxy: &Proxy, right: usize, fault: Fault) -> bool {
    let (ended, asked) = (AtomicBool::new(false), proxy.asked());
    proxy.after(right, fault);
    let is_killed = std::thread::scope(|scope| {
        scope.spawn(|| {
            house.run(&["backup", "now", "--data", &house.text("data")]);
            ended.store(true, Ordering::Relaxed);
        });
        let waits = eventually("it waits, or has ended", || {
            let waits = proxy.asked() > asked + right;
            (waits || ended.load(Ordering::Relaxed)).then_some(waits)
        });
        let worker = waits.then(|| server.pid_of("worker").expect("a worker"));
        if let Some(pid) = worker {
            kill(pid, rustix::process::Signal::KILL);
            proxy.every(0, fault);
            eventually("another in its place", || server.pid_of("worker").filter(|now| *now != pid));
        }
        proxy.every(0, fault);
        worker.is_some()
    });
    server.wait_until_whole();
    // What it does when it begins is done, so that the next is killed in a backup.
    wait_for_first(house);
    is_killed
}

#[test]
fn killed_at_any_request_a_backup_leaves_those_of_before_whole_and_the_next_is_whole() {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    let server = serve(&house, &proxy);
    server.add_site(DOMAIN);
    wait_for_first(&house);
    let identity = house.text("identity");
    let (mut kills, mut views) = (0, 0);
    for (fault, begin) in [(Fault::Silent, 0), (Fault::Unanswered, 1)] {
        for right in (begin..REQUESTS).step_by(STRIDE) {
            view(&server, &format!("/{fault:?}/{right}"));
            views += 1;
            kills += usize::from(killed_at(&server, &house, &proxy, right, fault));
        }
        let verify = ["backup", "verify", "--from", &target(), "--deep", "--identity", &identity];
        let (code, said) = with_place(&house, &proxy, &verify);
        assert_eq!(code, Some(0), "{fault:?}: {said}");
    }
    assert!(kills >= 10, "it was killed {kills} times");
    house.back_up();
    let data = house.text("restored");
    let restore = ["restore", "--from", &target(), "--identity", &identity, "--data", &data];
    let (code, said) = with_place(&house, &proxy, &restore);
    assert_eq!(code, Some(0), "{said}");
    let counted = server.count(DOMAIN, "pageviews");
    assert_eq!(counted, views);
    drop(server);
    fs::copy(house.path("data.keys/root.key"), house.path("restored.keys/root.key")).expect("the root key");
    assert_eq!(Server::on(&house.path("restored"), &[], candor).count(DOMAIN, "pageviews"), counted);
}
