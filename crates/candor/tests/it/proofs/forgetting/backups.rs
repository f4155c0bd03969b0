//! What backups hold of a visitor who was erased since: all of it before, by the scanner that finds none of it after, in what is
//! restored however old the backup, and in the target once the time that the receipt names is over. What was sealed under the
//! visitor's own key opens from then on out of nothing, whoever restores without the list of what was destroyed (promises O12,
//! O25, W36).

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::scanner::{Needle, read_files, search, with_packed};
use super::{CANARIES, EVENTS, GONE, STAYS, erase, everywhere};
use crate::backups::House;
use crate::consent::{addresses, declare, say};
use crate::house::{Server, candor, eventually, twin_without};
use crate::people::ask;
use crate::recordings::{SITE, path_of, set_recording};

/// What is said of each: an attribute, the site's own id, and an address that was consented to.
const SAID_OF_GONE: [&str; 3] = ["canary-attribute-85d7", "canary-id-96e8", "203.0.113.77"];
const SAID_OF_OTHER: [&str; 3] = ["kept-attribute-a7f9", "kept-id-b8a0", "203.0.113.99"];

/// Has both visitors in everything that backups hold: what they did, and by consent who they are.
pub(crate) fn known_everywhere(server: &Server) {
    everywhere(server);
    set_recording(server, &json!({ "in_backups": true }));
    declare(server, &[("plan", "text"), ("ip", "address")], true);
    addresses::accept(server);
    for (visitor, [plan, id, ip]) in [(GONE, SAID_OF_GONE), (STAYS, SAID_OF_OTHER)] {
        let consent = json!({ "d": SITE, "visitor": visitor, "purposes": ["address"], "version": "1" });
        let receipt = say(server, "/api/consent", &consent).json()["receipt"].clone();
        let who = json!({
            "d": SITE, "visitor": visitor, "id": id, "receipt": receipt, "attributes": { "plan": plan, "ip": ip },
        });
        let said = say(server, "/api/identify", &who);
        assert_eq!((said.status, said.header("x-candor-refused")), (202, None), "{}", said.text());
    }
}

/// The visitor whom the site calls so.
fn called(server: &Server, cookie: &str, id: &str) -> String {
    let found = ask(server, cookie, "GET", &format!("/api/sites/{SITE}/visitors?id={id}"), None);
    assert_eq!(found.status, 200, "{}", found.text());
    found.json()["visitors"][0]["visitor"].as_str().expect("a visitor").to_owned()
}

/// Everything that is kept, opened: what the server shows to its owner.
fn shown(server: &Server, cookie: &str) -> Vec<(String, Vec<u8>)> {
    let get = |path: &str| {
        let reply = ask(server, cookie, "GET", &format!("/api/sites/{SITE}/{path}"), None);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply
    };
    let mut all = vec![("the export".to_owned(), get("export").body)];
    for recording in get("recordings").json()["recordings"].as_array().expect("recordings") {
        let events = ask(server, cookie, "GET", &format!("{}/events", path_of(recording)), None);
        assert_eq!(events.status, 200, "{}", events.text());
        all.push(("a recording".to_owned(), events.body));
    }
    for id in [SAID_OF_GONE[1], SAID_OF_OTHER[1]] {
        let kept = get(&format!("visitors/{}", called(server, cookie, id)));
        all.push(("a visitor's attributes".to_owned(), kept.body));
    }
    all
}

/// Which of these texts are found, and where.
fn found(texts: &[&str], hay: &[(String, Vec<u8>)]) -> BTreeSet<(String, String)> {
    let all = texts.iter().map(|text| (*text, Needle::text(text)));
    all.flat_map(|(text, needle)| {
        let places = hay.iter().filter(move |(_, bytes)| needle.find(bytes).is_some());
        places.map(move |(place, _)| (text.to_owned(), place.clone()))
    })
    .collect()
}

fn texts(found: &BTreeSet<(String, String)>) -> BTreeSet<&str> {
    found.iter().map(|(text, _)| text.as_str()).collect()
}

/// The lines of an export that are the other visitor's.
fn of_other(shown: &[(String, Vec<u8>)]) -> Vec<Value> {
    let export = String::from_utf8_lossy(&shown[0].1).into_owned();
    let lines = export.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    lines.filter(|line| line["visitor"] == STAYS).collect()
}

/// The newest backup in the target.
fn newest(house: &House) -> String {
    let indexes =
        house.objects("snapshots").into_iter().filter(|path| path.extension().is_some_and(|e| e == "json"));
    let last = indexes.max().expect("a backup");
    last.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// A server on what is restored of one backup.
fn restored(house: &House, to: &str, backup: &str, more: &[&str], by: fn() -> Command) -> Server {
    let (code, said) = house.restore(to, &[&["--snapshot", backup], more].concat());
    assert_eq!(code, Some(0), "{said}");
    std::fs::copy(house.path("data.keys/root.key"), house.path(&format!("{to}.keys/root.key")))
        .expect("the root key");
    Server::on(&house.path(to), &[], by)
}

/// Erases who is gone, by both their ids, and returns once the target was told.
fn erase_and_tell(house: &House, server: &Server) -> Value {
    let erasure = erase(server, GONE);
    eventually("the target knows", || (house.objects("destruction").len() == 2).then_some(()));
    // Whoever backs up answers when what was begun is done.
    assert_eq!(house.run(&["backup", "list", "--data", &house.text("data")]).0, Some(0));
    erasure
}

const ALL_OF_GONE: [&str; 7] =
    [CANARIES[0], CANARIES[1], CANARIES[2], CANARIES[3], SAID_OF_GONE[0], SAID_OF_GONE[1], SAID_OF_GONE[2]];

#[test]
fn an_older_backup_gives_back_everything_before_an_erasure_and_after_it_nothing_of_who_was_erased() {
    let house = House::new();
    let server = house.serve();
    let cookie = server.owner().cookie.clone();
    known_everywhere(&server);
    house.back_up();
    let backup = newest(&house);
    let whole = shown(&server, &cookie);
    assert_eq!(texts(&found(&ALL_OF_GONE, &whole)), BTreeSet::from(ALL_OF_GONE), "all is there before");
    {
        let before = restored(&house, "before", &backup, &[], candor);
        let all = shown(&before, &cookie);
        assert_eq!(texts(&found(&ALL_OF_GONE, &all)), BTreeSet::from(ALL_OF_GONE), "and in the backup");
    }
    erase_and_tell(&house, &server);
    for (server, name) in
        [(&server, "the server"), (&restored(&house, "after", &backup, &[], candor), "restored")]
    {
        let all = shown(server, &cookie);
        assert_eq!(found(&ALL_OF_GONE, &all), BTreeSet::new(), "{name}");
        assert_eq!(of_other(&all), of_other(&whole), "{name}: the other's events are what they were");
        assert_eq!(texts(&found(&SAID_OF_OTHER, &all)), BTreeSet::from(SAID_OF_OTHER), "{name}");
        assert_eq!(of_other(&all).len() as u64, EVENTS + 1, "{name}: counted and set aside");
        assert_eq!(owner_sees_recordings(server, &cookie), 1, "{name}");
    }
}

fn owner_sees_recordings(server: &Server, cookie: &str) -> usize {
    let listed = ask(server, cookie, "GET", &format!("/api/sites/{SITE}/recordings"), None);
    listed.json()["recordings"].as_array().map_or(0, Vec::len)
}

#[test]
fn the_twin_that_leaves_rows_of_an_erased_visitor_is_caught_with_their_attributes() {
    let house = House::new();
    let server = house.serve_by(|| twin_without("erasing-recordings"));
    let cookie = server.owner().cookie.clone();
    known_everywhere(&server);
    erase(&server, GONE);
    let all = shown(&server, &cookie);
    assert!(texts(&found(&ALL_OF_GONE, &all)).is_superset(&BTreeSet::from(SAID_OF_GONE)), "they are found");
}

/// What of attributes a server shows that was restored from before the erasure by somebody who leaves the list of what was
/// destroyed out.
fn attributes_without_the_list(by: fn() -> Command) -> BTreeSet<(String, String)> {
    let house = House::new();
    let server = house.serve_by(by);
    let cookie = server.owner().cookie.clone();
    known_everywhere(&server);
    house.back_up();
    let backup = newest(&house);
    erase_and_tell(&house, &server);
    let restored = restored(&house, "without", &backup, &["--without-destruction-list"], candor);
    let all = shown(&restored, &cookie);
    assert_eq!(texts(&found(&CANARIES, &all)), BTreeSet::from(CANARIES), "what they did is back");
    assert_eq!(texts(&found(&SAID_OF_OTHER, &all)), BTreeSet::from(SAID_OF_OTHER));
    found(&SAID_OF_GONE, &all)
}

#[test]
fn who_a_visitor_was_opens_out_of_no_backup_any_more_even_without_the_list_of_what_was_destroyed() {
    assert_eq!(attributes_without_the_list(candor), BTreeSet::new());
}

#[test]
fn the_twin_that_leaves_a_destroyed_key_in_the_target_is_caught_with_what_the_visitor_was() {
    let found = attributes_without_the_list(|| twin_without("backup-keys"));
    assert_eq!(texts(&found), BTreeSet::from(SAID_OF_GONE));
}

/// What lies in the target, as anybody may read it who has the identity: by age, zstd and tar, and whatever the scanner unpacks. The
/// notes of who was erased are left out: whom they name is what they are for.
fn unpacked(house: &House) -> Vec<(String, Vec<u8>)> {
    let objects = ["packs", "snapshots", "keys"].map(|folder| house.objects(folder)).concat();
    let archives = objects.iter().filter(|path| path.extension().is_some_and(|end| end == "age"));
    let unpack = |path: &std::path::PathBuf| {
        let folder = tempfile::tempdir().expect("a folder");
        let line = "age -d -i \"$1\" \"$2\" | zstd -dc | tar -x --warning=no-timestamp -C \"$3\"";
        let arguments = [&house.path("identity"), path, &folder.path().to_owned()].map(Clone::clone);
        let done = Command::new("sh")
            .args(["-e", "-c", line, "sh"])
            .args(arguments)
            .status()
            .expect("age, zstd and tar");
        assert!(done.success(), "{}", path.display());
        let object = path.strip_prefix(house.path("target")).expect("a name").display().to_string();
        read_files(folder.path())
            .into_iter()
            .map(move |(name, bytes)| (format!("{object}: {name}"), bytes))
            .collect::<Vec<_>>()
    };
    with_packed(archives.flat_map(unpack).collect())
}

/// Where an erased visitor is found in what lies on disks, by a server that seals nothing.
struct Rests {
    house: House,
    server: Server,
    needles: Vec<Needle>,
}

impl Rests {
    /// Backed up with both visitors in it.
    fn new(without: &'static str) -> Self {
        let house = House::new();
        let ahead = house.path("ahead");
        std::fs::write(&ahead, "0").expect("a clock");
        let server = house.serve_by(move || {
            let mut twin = twin_without(without);
            twin.arg("--clock").arg(&ahead);
            twin
        });
        known_everywhere(&server);
        house.back_up();
        let needles =
            CANARIES.iter().map(|canary| Needle::text(canary)).chain([Needle::visitor(GONE)]).collect();
        Self { house, server, needles }
    }

    fn found_in(&self, hay: &[(String, Vec<u8>)]) -> Vec<String> {
        self.needles.iter().flat_map(|needle| search(needle, hay)).collect()
    }

    fn found_below(&self, folder: &Path) -> Vec<String> {
        self.found_in(&with_packed(read_files(folder)))
    }
}

#[test]
fn what_is_found_of_a_visitor_in_an_unpacked_backup_is_in_no_file_of_what_is_restored_after_the_erasure() {
    let rests = Rests::new("sealing");
    assert_eq!(
        rests.found_in(&read_files(&rests.house.path("target"))),
        Vec::<String>::new(),
        "it is encrypted"
    );
    let before = rests.found_in(&unpacked(&rests.house));
    for place in [".parquet", ".journal", ".recording"] {
        assert!(before.iter().any(|found| found.contains(place)), "not in {place} before: {before:#?}");
    }
    let backup = newest(&rests.house);
    erase_and_tell(&rests.house, &rests.server);
    assert_eq!(rests.found_below(&rests.house.path("data")), Vec::<String>::new());
    let restored = restored(&rests.house, "restored", &backup, &[], || twin_without("sealing"));
    assert_eq!(rests.found_below(&rests.house.path("restored")), Vec::<String>::new());
    assert_eq!(rests.found_below(&rests.house.path("restored.keys")), Vec::<String>::new());
    assert_eq!(restored.log().matches(GONE).count(), 0);
    assert_eq!(owner_exports(&restored).len() as u64, EVENTS + 1, "the other visitor's are all there");
}

/// By the key that the owner of the server before has.
fn owner_exports(server: &Server) -> Vec<String> {
    server.get(&format!("/api/sites/{SITE}/export")).text().lines().map(str::to_owned).collect()
}

#[test]
fn the_twin_that_does_not_replay_what_was_destroyed_is_caught_by_the_scanner() {
    let rests = Rests::new("sealing");
    let backup = newest(&rests.house);
    erase_and_tell(&rests.house, &rests.server);
    let (target, identity) = (rests.house.text("target"), rests.house.text("identity"));
    let data = rests.house.text("restored");
    let arguments =
        ["restore", "--from", &target, "--identity", &identity, "--data", &data, "--snapshot", &backup];
    let (code, said) = rests.house.run_by(twin_without("backup-replay"), &arguments);
    assert_eq!(code, Some(0), "{said}");
    std::fs::copy(rests.house.path("data.keys/root.key"), rests.house.path("restored.keys/root.key"))
        .expect("the root key");
    let _server = Server::on(&rests.house.path("restored"), &[], || twin_without("sealing"));
    let found = rests.found_below(&rests.house.path("restored"));
    assert!(found.iter().any(|found| found.contains(".recording")), "{found:#?}");
}

#[test]
fn once_the_time_is_over_that_the_receipt_names_nothing_of_the_visitor_is_in_the_target() {
    let rests = Rests::new("sealing");
    let erasure = erase_and_tell(&rests.house, &rests.server);
    let receipt = erasure["receipt"].as_str().expect("a receipt");
    assert!(receipt.contains("backups made before may hold it until: "), "{receipt}");
    assert!(!rests.found_in(&unpacked(&rests.house)).is_empty(), "until then they may");
    let after = |hours: u64| {
        rests.server.turn_clock(Duration::from_secs(hours * 3_600));
        rests.house.back_up();
        rests.found_in(&unpacked(&rests.house))
    };
    assert!(!after(71).is_empty(), "backups are kept for three days");
    assert_eq!(after(73), Vec::<String>::new());
    let of_other = search(&Needle::visitor(STAYS), &unpacked(&rests.house));
    assert!(of_other.iter().any(|found| found.contains(".parquet")), "{of_other:#?}");
}
