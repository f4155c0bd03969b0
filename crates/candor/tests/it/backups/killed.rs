//! `kill -9` of a restore at each of its steps: asked for again it finishes, with exactly what an undisturbed one makes, and until
//! then nothing is served from what is there.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;

use super::*;
use crate::proofs::{close_journal_file, scanner::read_files, segments};

/// What a restore does to the disk: before each time that it does one of these it is killed once.
const CALLS: [&str; 6] = ["mkdir", "write", "fsync", "rename", "syncfs", "unlink"];

/// A house with two backups, so that what is restored lies in a snapshot and in packs.
fn backed_up() -> House {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    first(&house);
    for round in 1..=2 {
        for page in 0..5 {
            view(&server, &format!("/{round}/{page}"));
        }
        close_journal_file(&server);
        eventually("they are in a segment", || (segments(server.data()).len() >= round).then_some(()));
        view(&server, "/in-the-journal");
        house.back_up();
    }
    house
}

/// Restores and is killed before the `time`-th such call of a thread; whether it came to its end before.
fn restore_until(house: &House, to: &str, call: &str, time: usize) -> bool {
    let (target, identity, data) = (house.text("target"), house.text("identity"), house.text(to));
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:signal=KILL:when={time}")])
        .arg(env!("CARGO_BIN_EXE_candor"))
        .args(["restore", "--from", &target, "--identity", &identity, "--data", &data]);
    let ended = strace.output().expect("strace is needed: apt-get install strace");
    match ended.status.signal() {
        Some(_) => false,
        None => {
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
            true
        }
    }
}

/// What was restored, by name.
fn all_of(house: &House, to: &str) -> BTreeMap<String, Vec<u8>> {
    let folders = [to.to_owned(), format!("{to}.keys")];
    let files = folders.iter().filter(|folder| house.path(folder).exists()).flat_map(|folder| {
        let below = house.path(folder);
        let part = folder.replace(to, "data");
        read_files(&below).into_iter().map(move |(path, bytes)| {
            let name = Path::new(&path).strip_prefix(&below).expect("below").display().to_string();
            (format!("{part}/{name}"), bytes)
        })
    });
    files.collect()
}

fn refuses_to_serve(house: &House, data: &str) {
    let (code, said) = house.run(&["serve", "--data", &house.text(data), "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("half restored"), "{said}");
}

#[test]
fn killed_before_any_of_its_steps_a_restore_goes_on_to_the_same_end_and_nothing_is_served_before_it() {
    let house = backed_up();
    assert_eq!(house.restore("whole", &[]).0, Some(0));
    let whole = all_of(&house, "whole");
    assert!(
        whole.keys().any(|name| name.ends_with(".parquet"))
            && whole.keys().any(|name| name.ends_with(".journal"))
    );
    let mut half = 0;
    for call in CALLS {
        for time in 1.. {
            let (to, at) = (format!("{call}-{time}"), format!("at {call} {time}"));
            if restore_until(&house, &to, call, time) {
                assert!(time > 1, "a restore calls {call}");
                break;
            }
            let there = all_of(&house, &to);
            let is_begun = there.contains_key("data/restoring");
            if is_begun {
                half += 1;
                // Each is refused alike; a few are tried.
                if half % 8 == 1 {
                    refuses_to_serve(&house, &to);
                }
            }
            if is_begun || !there.contains_key("data/restored") {
                assert!(
                    is_begun || there.keys().all(|name| name == "data/restoring.making"),
                    "{at}: {:?}",
                    there.keys()
                );
                let (code, said) = house.restore(&to, &[]);
                assert_eq!(code, Some(0), "{at}: {said}");
            }
            assert!(all_of(&house, &to) == whole, "{at} it ends as something else");
        }
    }
    assert!(half > 20, "it was cut off in its midst {half} times");
    fs::copy(house.path("data.keys/root.key"), house.path("write-5.keys/root.key")).expect("the root key");
    assert_eq!(Server::on(&house.path("write-5"), &[], candor).count(DOMAIN, "pageviews"), 12);
}
