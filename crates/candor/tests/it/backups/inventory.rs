//! Everything that a busy server leaves on its disk is in a backup, or left out for a reason that is written down (promise O14). Of
//! tables the same is seen in `control`, where they are known.

use std::collections::BTreeSet;

use super::*;
use crate::operators::Full;
use crate::people::{ask, invite};
use crate::proofs::forgetting::backups::known_everywhere;
use crate::proofs::forgetting::{GONE, STAYS};

/// Has the server do whatever leaves anything behind.
fn busy(server: Server) -> Full {
    known_everywhere(&server);
    let cookie = server.owner().cookie.clone();
    let ask = |method: &str, path: &str, body: &serde_json::Value| {
        let done = ask(&server, &cookie, method, path, Some(body));
        assert!(done.status < 300, "{method} {path}: {} {}", done.status, done.text());
    };
    let site = format!("/api/sites/{DOMAIN}");
    let third = "2b6a2c4e-0f3d-4b5c-8a7e-9d8c7b6a5f4e";
    ask("POST", &format!("{site}/aliases"), &json!({ "from": third, "to": STAYS }));
    ask("PUT", &format!("{site}/visitors/{third}/restriction"), &json!({}));
    ask("POST", &format!("{site}/visitors/{GONE}/erasure"), &json!({}));
    let request = json!({ "kind": "access", "email": "a@example.com", "known_as": "a", "words": "" });
    ask("POST", &format!("/api/privacy/{DOMAIN}/requests"), &request);
    invite(&server, "viewer@example.com", "organization_viewer", None);
    server.add_site("gone.example");
    ask("DELETE", "/api/sites/gone.example", &json!({ "confirm": "gone.example" }));
    let full = Full::of(server);
    let olga = full.enrol_first();
    let invoice = json!({
        "kind": "invoice", "organization": 1, "reference": "2026-1", "amount": 1900, "currency": "EUR",
    });
    let added = full.as_operator(&olga, Asking::json("POST", "/api/operator/ledger", &invoice));
    assert_eq!(added.status, 201, "{}", added.text());
    full
}

/// Every path below a folder, with a name for the folder, folders that are empty left out.
fn paths(folder: &Path, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.append(&mut paths(&entry.path(), &name)),
            _ => drop(found.insert(name)),
        }
    }
    found
}

/// Every path that is in the newest backup, as tar shows it: what its manifest names, and the set of keys.
fn backed_up(house: &House) -> BTreeSet<String> {
    let newest = |folder: &str| {
        let archives =
            house.objects(folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "age"));
        archives.max().expect("an archive")
    };
    let unpacked = |archive: &Path, end: &str| {
        let line = format!("age -d -i \"$1\" \"$2\" | zstd -dc | {end}");
        let output =
            Command::new("sh").args(["-c", &line, "sh"]).arg(house.path("identity")).arg(archive).output();
        String::from_utf8(output.expect("age, zstd and tar").stdout).expect("text")
    };
    let manifest = unpacked(&newest("snapshots"), "tar -xO manifest.json");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("a manifest");
    let files = manifest["files"].as_array().expect("files").iter();
    let mut all: BTreeSet<String> =
        files.map(|file| file["path"].as_str().expect("a path").to_owned()).collect();
    all.extend(unpacked(&newest("keys"), "tar -t").lines().map(str::to_owned));
    all
}

/// What is on the disk and should be in the backup and is not, or is there and should not be, or that nobody has thought of.
fn astray(house: &House) -> Vec<String> {
    let (there, kept) =
        ([paths(&house.path("data"), "data"), paths(&house.path("data.keys"), "keys")], backed_up(house));
    let astray = |path: &String| {
        let should = match place_of(path) {
            None => return Some(format!("nobody has thought of {path}")),
            Some(place) => !matches!(place, Place::LeftOut(_)),
        };
        (kept.contains(path) != should).then(|| format!("{path}: in the backup: {}", !should))
    };
    there.iter().flatten().filter_map(astray).collect()
}

#[test]
fn every_file_of_a_busy_server_is_in_a_backup_or_left_out_for_a_reason() {
    let house = House::new();
    let full = busy(house.serve());
    // What the worker takes in meanwhile is in the next.
    let mut last = Vec::new();
    let at_rest = (0..20).any(|_| {
        house.back_up();
        last = astray(&house);
        last.is_empty()
    });
    assert!(at_rest, "{last:#?}");
    let there = paths(&house.path("data"), "data");
    for part in ["data/segments/", "data/recordings/", "data/journal/", "data/control.db"] {
        assert!(there.iter().any(|path| path.starts_with(part)), "a busy server has {part}");
    }
    // The look is seen to find what is new.
    for stray in ["data/something-new", "data/journal/0000000099.new", "keys/something-new"] {
        let (folder, name) = stray.split_once('/').expect("a folder");
        let folder = if folder == "keys" { "data.keys" } else { folder };
        fs::write(house.path(folder).join(name), "new").expect("a file");
        assert!(astray(&house).iter().any(|found| found.contains(stray)), "{stray}");
        fs::remove_file(house.path(folder).join(name)).expect("it is removed");
    }
    drop(full);
}
