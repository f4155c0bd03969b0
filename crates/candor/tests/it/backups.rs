//! Backups of a real server, restored as a person would: by commands, on a machine that has nothing yet but the root key.

mod drills;
mod inventory;
mod killed;
mod s3;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use operations::backup::{Place, place_of};
use serde_json::json;
use tempfile::TempDir;

use crate::house::{Asking, Server, candor, candor_of, eventually, kill, twin_without};

const DOMAIN: &str = "example.com";

/// A folder with a place for backups and a pair of keys.
pub(crate) struct House {
    folder: TempDir,
    recipient: String,
}

impl House {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("target")).expect("a target");
        let identity = folder.path().join("identity");
        let made = candor().args(["backup", "keygen", "--output"]).arg(&identity).output().expect("a pair");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let text = fs::read_to_string(identity).expect("an identity");
        let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: "));
        Self { recipient: recipient.expect("a recipient").to_owned(), folder }
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub(crate) fn text(&self, below: &str) -> String {
        self.path(below).display().to_string()
    }

    fn arguments(&self) -> [String; 4] {
        let [to, recipient] = ["--backup-to", "--backup-recipient"].map(str::to_owned);
        [to, self.text("target"), recipient, self.recipient.clone()]
    }

    /// A server that makes backups.
    pub(crate) fn serve(&self) -> Server {
        self.serve_by(candor)
    }

    pub(crate) fn serve_by(&self, wrapper: impl Fn() -> Command + Send + Sync + 'static) -> Server {
        self.serve_with(&[], wrapper)
    }

    /// The same with further arguments.
    fn serve_with(&self, more: &[&str], wrapper: impl Fn() -> Command + Send + Sync + 'static) -> Server {
        let arguments = self.arguments();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        Server::on(&self.path("data"), &arguments, wrapper)
    }

    /// `candor backup …`, or another command, about this house.
    pub(crate) fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        self.run_by(candor_of(&self.path("data")), arguments)
    }

    pub(crate) fn run_by(&self, mut program: Command, arguments: &[&str]) -> (Option<i32>, String) {
        let output = program.args(arguments).output().expect("the program runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    /// The program, or a twin of it, on a clock that a test turns.
    fn on_clock(&self, without: &'static [&'static str]) -> impl Fn() -> Command + Send + Sync + 'static {
        let ahead = self.path("ahead");
        fs::write(&ahead, "0").expect("a clock");
        move || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_candor-twin"));
            command.arg("--clock").arg(&ahead).args(without);
            command
        }
    }

    pub(crate) fn back_up(&self) -> String {
        let (code, said) = self.run(&["backup", "now", "--data", &self.text("data")]);
        assert_eq!(code, Some(0), "{said}");
        said
    }

    pub(crate) fn restore(&self, to: &str, more: &[&str]) -> (Option<i32>, String) {
        let (target, identity, data) = (self.text("target"), self.text("identity"), self.text(to));
        let arguments = ["restore", "--from", &target, "--identity", &identity, "--data", &data];
        self.run(&[&arguments, more].concat())
    }

    /// Restores the newest backup to `to`, and puts the root key beside it.
    pub(crate) fn restored(&self, to: &str) -> Server {
        let (code, said) = self.restore(to, &[]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("The root key is in no backup"), "{said}");
        fs::copy(self.path("data.keys/root.key"), self.path(&format!("{to}.keys/root.key")))
            .expect("the root key");
        Server::on(&self.path(to), &[], candor)
    }

    pub(crate) fn objects(&self, folder: &str) -> Vec<PathBuf> {
        let listed = fs::read_dir(self.path("target").join(folder)).into_iter().flatten().flatten();
        // One with a # is in the making.
        listed.map(|entry| entry.path()).filter(|path| !path.to_string_lossy().contains('#')).collect()
    }

    /// How many files the target holds, those in the making too.
    fn written(&self) -> usize {
        let folders = fs::read_dir(self.path("target")).into_iter().flatten().flatten();
        folders.map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten().count()).sum()
    }
}

fn view(server: &Server, page: &str) {
    let event = json!({ "n": "pageview", "u": format!("https://{DOMAIN}{page}"), "d": DOMAIN });
    assert_eq!(server.send(&event).status, 202);
}

/// The first backup, which a server makes of itself.
pub(crate) fn first(house: &House) {
    eventually("a first backup", || {
        house
            .objects("snapshots")
            .iter()
            .any(|path| path.extension().is_some_and(|end| end == "json"))
            .then_some(())
    });
}

#[test]
fn a_restored_server_counts_what_the_one_before_counted() {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    first(&house);
    for page in 0..40 {
        view(&server, &format!("/{page}"));
    }
    let told = house.back_up();
    assert!(told.contains("bytes"), "{told}");
    view(&server, "/after-the-backup");
    assert_eq!(server.count(DOMAIN, "pageviews"), 41);
    server.assert_log_clean();
    drop(server);
    let restored = house.restored("restored");
    assert_eq!(restored.count(DOMAIN, "pageviews"), 40);
    // It is a whole server: it takes events in, and opens what was sealed before and after.
    view(&restored, "/again");
    eventually("one more", || (restored.count(DOMAIN, "pageviews") == 41).then_some(()));
    restored.assert_log_clean();
    let (code, said) = house.run(&["doctor", "--data", &house.text("restored")]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_server_makes_its_first_backup_at_once_and_says_that_it_is_well() {
    let house = House::new();
    let server = house.serve();
    first(&house);
    assert_eq!(server.get("/api/health").json()["backups"], "ok");
    let without = Server::start();
    assert_eq!(without.get("/api/health").json()["backups"], "off");
    let (code, said) = house.run(&["backup", "now", "--data", &without.data().display().to_string()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("no backups are made here"), "{said}");
    let (code, said) = house.run(&["backup", "list", "--data", &house.text("data")]);
    assert_eq!((code, said.lines().count()), (Some(0), 1), "{said}");
}

#[test]
fn a_worker_that_is_killed_while_it_backs_up_does_it_again() {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    for page in 0..20 {
        view(&server, &format!("/{page}"));
    }
    for round in 0..6 {
        // Something of its own is sent each time.
        view(&server, &format!("/round/{round}"));
        std::thread::scope(|scope| {
            let before = house.written();
            let backing_up = scope.spawn(|| house.run(&["backup", "now", "--data", &house.text("data")]));
            // Each time a file later in it.
            eventually("a file of it, or its end", || {
                (house.written() > before + round || backing_up.is_finished()).then_some(())
            });
            if let Some(pid) = server.pid_of("worker") {
                kill(pid, rustix::process::Signal::KILL);
            }
        });
        server.wait_until_whole();
    }
    house.back_up();
    let (code, said) = house.run(&["backup", "verify", "--from", &house.text("target")]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(house.restored("restored").count(DOMAIN, "pageviews"), 26);
}

#[test]
fn a_restore_that_was_killed_goes_on_and_nothing_serves_from_what_is_half_restored() {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    view(&server, "/");
    first(&house);
    house.back_up();
    fs::create_dir_all(house.path("half")).expect("a folder");
    let snapshot =
        house.objects("snapshots").into_iter().find(|path| path.extension().is_some_and(|e| e == "age"));
    let whole = fs::read(snapshot.as_ref().expect("a snapshot")).expect("a snapshot");
    for path in house.objects("snapshots").iter().filter(|path| path.extension().is_some_and(|e| e == "age"))
    {
        let bytes = fs::read(path).expect("a snapshot");
        fs::write(path, &bytes[..bytes.len() / 2]).expect("cut short");
    }
    assert!(!whole.is_empty());
    let (code, said) = house.restore("half", &[]);
    assert_eq!(code, Some(1), "{said}");
    let (code, said) = house.run(&["serve", "--data", &house.text("half"), "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("half restored"), "{said}");
}

#[test]
fn that_a_backup_was_restored_and_that_somebody_looked_at_them_is_written_down() {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    first(&house);
    house.back_up();
    house.run(&["backup", "list", "--data", &house.text("data")]);
    drop(server);
    let restored = house.restored("restored");
    eventually("it is taken in", || (!house.path("restored/restored").exists()).then_some(()));
    assert!(!house.path("restored/restored.erasing").exists());
    let _ = restored.ask(&Asking::get("/api/health"));
}

#[test]
fn without_the_list_of_what_was_destroyed_a_restore_must_be_told_to_go_on() {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    server.add_site("gone.example");
    first(&house);
    house.back_up();
    let keys = house.objects("keys");
    assert_eq!(
        server
            .ask(&Asking::json("DELETE", "/api/sites/gone.example", &json!({ "confirm": "gone.example" })))
            .status,
        204
    );
    let told = eventually("it is told that a site is gone", || house.objects("destruction").pop());
    // What remembers that there is such a note.
    eventually("the keys are written anew", || {
        let now = house.objects("keys");
        (now.len() == 1 && now != keys).then_some(())
    });
    drop(server);
    let restored = house.restored("whole");
    assert_eq!(restored.get("/api/sites").json()["sites"].as_array().map(Vec::len), Some(1));
    drop(restored);
    fs::remove_file(told).expect("the note");
    let (code, said) = house.restore("without", &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("--without-destruction-list"), "{said}");
    let (code, said) = house.restore("without", &["--without-destruction-list"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn after_the_root_key_was_replaced_the_keys_in_the_target_are_under_the_new_one() {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    view(&server, "/");
    first(&house);
    house.back_up();
    let before = house.objects("keys");
    let (code, said) = house.run(&["keys", "rotate", "--root", "--data", &house.text("data")]);
    assert_eq!(code, Some(0), "{said}");
    eventually("the keys are written anew", || {
        let now = house.objects("keys");
        (now.len() == 1 && now != before).then_some(())
    });
    drop(server);
    assert_eq!(house.restored("restored").count(DOMAIN, "pageviews"), 1);
}

/// Flips one bit in the middle of a file.
fn flip(path: &Path) {
    let mut bytes = fs::read(path).expect("an object");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).expect("an object");
}

#[test]
fn what_a_twin_sends_without_encryption_can_be_read_in_the_target() {
    let readable = |house: &House| {
        house.objects("snapshots").iter().any(|path| {
            let bytes = fs::read(path).expect("an object");
            let unpacked = zstd::decode_all(&bytes[..]).unwrap_or_default();
            unpacked.windows(13).any(|window| window == b"manifest.json")
        })
    };
    let house = House::new();
    let server = house.serve();
    first(&house);
    assert!(!readable(&house));
    drop(server);
    let bare = House::new();
    let _server = bare.serve_by(|| twin_without("backup-encryption"));
    first(&bare);
    assert!(readable(&bare), "the same look finds it where encryption is left out");
}

const ERASED: &str = "5f0e6d0a-0c1c-4b9e-9a53-0a8f3c2b7d11";
const NEIGHBOUR: &str = "8b1f0d52-6f0e-4c8e-8d0a-7a5c1e2f3a44";

/// A house whose backup holds two visitors, of whom one was erased since.
fn erased_since_the_backup() -> House {
    erased_on(House::serve).0
}

fn erased_on(serve: impl FnOnce(&House) -> Server) -> (House, Server) {
    let house = House::new();
    let server = serve(&house);
    server.add_site(DOMAIN);
    let change = json!({ "identity": "always" });
    assert_eq!(server.ask(&Asking::json("PATCH", &format!("/api/sites/{DOMAIN}"), &change)).status, 200);
    first(&house);
    for (visitor, page) in [(ERASED, "/canary-of-the-erased"), (NEIGHBOUR, "/b"), (NEIGHBOUR, "/c")] {
        let event = json!({
            "n": "pageview", "u": format!("https://{DOMAIN}{page}"), "d": DOMAIN, "visitor": visitor,
        });
        assert_eq!(server.send(&event).status, 202);
    }
    assert_eq!(server.count(DOMAIN, "visitors"), 2);
    house.back_up();
    erase(&server);
    assert_eq!(server.count(DOMAIN, "pageviews"), 2);
    eventually("the target is told", || (!house.objects("destruction").is_empty()).then_some(()));
    (house, server)
}

fn erase(server: &Server) {
    let erasure = format!("/api/sites/{DOMAIN}/visitors/{ERASED}/erasure");
    let done = crate::people::ask(server, &server.owner().cookie, "POST", &erasure, None);
    assert_eq!(done.status, 200, "{}", done.text());
}

/// What a later check says of the erasure of this house.
fn check(server: &Server) -> serde_json::Value {
    let path = format!("/api/sites/{DOMAIN}/erasures/1?check=true");
    let reply = crate::people::ask(server, &server.owner().cookie, "GET", &path, None);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["check"].clone()
}

#[test]
fn a_later_check_of_a_receipt_says_whether_the_list_in_the_target_names_it_for_as_long_as_a_backup_could_bring_it_back()
 {
    let (house, server) = erased_on(|house| house.serve_by(house.on_clock(&[])));
    let found = check(&server);
    assert_eq!((&found["still_true"], &found["backups"]), (&json!(true), &json!("listed")), "{found}");
    let [note] = &house.objects("destruction")[..] else { panic!("one note") };
    let whole = fs::read(note).expect("the note");
    flip(note);
    let found = check(&server);
    assert_eq!((&found["still_true"], &found["backups"]), (&json!(false), &json!("not_listed")), "{found}");
    fs::remove_file(note).expect("the note is taken away");
    assert_eq!(check(&server)["backups"], "not_listed");
    fs::write(note, whole).expect("the note is back");
    assert_eq!(check(&server)["still_true"], true);
    // Where the target does not say, nothing is found.
    fs::rename(house.path("target"), house.path("away")).expect("the target is away");
    let found = check(&server);
    assert_eq!((&found["still_true"], &found["backups"]), (&json!(true), &json!("unknown")), "{found}");
    fs::rename(house.path("away"), house.path("target")).expect("the target is back");
    let without = Server::start();
    without.add_site(DOMAIN);
    erase(&without);
    assert_eq!(check(&without)["backups"], "off");
    // Once no backup of before is left, nothing needs to name it.
    server.turn_clock(std::time::Duration::from_secs(71 * 3_600));
    house.back_up();
    server.turn_clock(std::time::Duration::from_secs(73 * 3_600));
    house.back_up();
    fs::remove_file(note).expect("the note is taken away");
    server.turn_clock(std::time::Duration::ZERO);
    let found = check(&server);
    assert_eq!((&found["still_true"], &found["backups"]), (&json!(true), &json!("none_older")), "{found}");
}

#[test]
fn whoever_asks_of_erasures_while_one_is_looked_for_is_told_at_once_that_it_is_not_known() {
    use rustix::process::Signal;
    let (_house, server) = erased_on(House::serve);
    let worker = server.pid_of("worker").expect("a worker");
    kill(worker, Signal::STOP);
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (tell, server) = (tell.clone(), &server);
            scope.spawn(move || tell.send(check(server)["backups"].clone()));
        }
        for _ in 0..3 {
            assert_eq!(told.recv().expect("an answer"), "unknown");
        }
        assert!(told.try_recv().is_err(), "one is looked for");
        kill(worker, Signal::CONT);
        assert_eq!(told.recv().expect("an answer"), "listed");
    });
    assert_eq!(check(&server)["backups"], "listed", "and then the next may be");
}

fn pages(server: &Server) -> String {
    let query = json!({
        "site_id": DOMAIN, "date_range": "day", "metrics": ["pageviews"], "dimensions": ["event:page"],
    });
    server.post("/api/v2/query", &query).text()
}

#[test]
fn who_was_erased_since_a_backup_is_erased_again_before_a_restored_server_answers() {
    let house = erased_since_the_backup();
    let restored = house.restored("restored");
    assert_eq!((restored.count(DOMAIN, "visitors"), restored.count(DOMAIN, "pageviews")), (1, 2));
    assert!(!pages(&restored).contains("canary-of-the-erased"), "{}", pages(&restored));
}

#[test]
fn without_the_list_of_what_was_destroyed_who_was_erased_is_back_and_only_who_says_so_gets_that() {
    let house = erased_since_the_backup();
    let (code, said) = house.restore("restored", &["--without-destruction-list"]);
    assert_eq!(code, Some(0), "{said}");
    fs::copy(house.path("data.keys/root.key"), house.path("restored.keys/root.key")).expect("the root key");
    let restored = Server::on(&house.path("restored"), &[], candor);
    assert_eq!(restored.count(DOMAIN, "pageviews"), 3);
    assert!(pages(&restored).contains("canary-of-the-erased"));
}

#[test]
fn a_backup_that_is_late_is_a_promise_that_is_late_though_every_duty_was_done() {
    let house = House::new();
    let mut server = house.serve_by(house.on_clock(&[]));
    first(&house);
    // No backup can be made any more: where snapshots are put there is no folder.
    fs::remove_dir_all(house.path("target")).expect("the target is gone");
    fs::create_dir(house.path("target")).expect("a target");
    fs::write(house.path("target/snapshots"), "").expect("what is no folder");
    server.turn_clock(std::time::Duration::from_secs(26 * 3_600));
    // What else is promised is done as it starts.
    server.start_again();
    eventually("it answers", || server.try_ask(&Asking::get("/api/health")).ok());
    eventually("nothing but the backup is late", || {
        let health = server.try_ask(&Asking::get("/api/health")).ok()?.json();
        let duties = String::from_utf8_lossy(&crate::metrics::read(&server)).into_owned();
        let late = duties.lines().any(|line| line.starts_with("candor_duty_late{") && line.ends_with(" 1"));
        let told = duties.contains("candor_duty_late{") && !late;
        (told && health["promises"] == "late" && health["backups"] == "backup_late").then_some(())
    });
}
