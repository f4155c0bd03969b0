//! What operators see of backups, and have made. Which there are, nobody sees alone once there are two of them.

use super::*;

/// A server that backs up to `folder`, a first one made.
fn backing_up(folder: &Path) -> Full {
    let target = folder.join("target");
    std::fs::create_dir(&target).unwrap();
    let pair = candor().args(["backup", "keygen"]).output().unwrap();
    let pair = String::from_utf8(pair.stdout).unwrap();
    let recipient = pair.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    let arguments = ["--backup-to", target.to_str().unwrap(), "--backup-recipient", recipient];
    let full = Full::of(Server::with(&arguments));
    eventually("a first backup", || std::fs::read_dir(target.join("snapshots")).ok()?.nth(1)?.ok());
    full
}

#[test]
fn an_operator_sees_what_goes_into_backups_and_has_one_made_and_who_asked_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let full = backing_up(folder.path());
    full.server.add_site(SITE);
    let olga = full.enrol_first();
    let contents = || full.as_operator(&olga, Asking::get("/api/operator/backups")).json();
    let told = contents();
    assert_eq!((&told["sites"], &told["sites_with_recordings"]), (&json!(1), &json!(0)), "{told}");
    let of = |path: &str| {
        let places = told["places"].as_array().unwrap();
        places.iter().find(|place| place["path"] == path).unwrap_or_else(|| panic!("{path} in {told}"))["becomes"].clone()
    };
    assert_eq!([of("data/segments"), of("data/recordings")], ["kept", "of_recordings"]);
    assert_eq!([of("keys/keys.sealed"), of("keys/root.*")], ["of_keys", "left_out"]);
    let in_backups = json!({ "recording": { "in_backups": true } });
    assert_eq!(
        full.server.ask(&Asking::json("PATCH", &format!("/api/sites/{SITE}"), &in_backups)).status,
        200
    );
    assert_eq!(contents()["sites_with_recordings"], 1);
    let before = contents()["last_backup"].clone();
    let made = full.as_operator(&olga, Asking::post("/api/operator/backups", String::new()));
    assert_eq!(made.status, 200, "{}", made.text());
    assert!(made.json()["bytes"].as_u64().unwrap() > 0, "{}", made.text());
    assert_ne!(contents()["last_backup"], before);
    let asked = full.as_operator(&olga, Asking::get("/api/operator/audit?act=backup_ask")).json();
    assert_eq!(asked["entries"][0]["actor"]["name"], "olga", "{asked}");
}

#[test]
fn which_backups_there_are_takes_two_operators_once_there_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let full = backing_up(folder.path());
    let of_account = || candor().args(["backup", "list", "--data"]).arg(full.server.data()).output().unwrap();
    let olga = full.enrol_first();
    assert!(told(&full.run(&olga, &["backups"])).contains("made_at"), "one who is alone sees them");
    assert!(of_account().status.success());
    let otto_key = full.key("otto");
    let enrolled = full.run(&olga, &["enrol", otto_key.with_extension("pub").to_str().unwrap()]);
    assert!(enrolled.status.success(), "{}", told(&enrolled));
    let otto = full.log_in(otto_key);
    let refused = of_account();
    assert!(
        !refused.status.success() && told(&refused).contains("two operators are enrolled"),
        "{}",
        told(&refused)
    );
    let waits = told(&full.run(&olga, &["backups"]));
    assert!(waits.contains("waits for a second operator") && !waits.contains("made_at"), "{waits}");
    let number = waits.trim().rsplit(' ').next().unwrap().to_owned();
    let approved = full.run(&otto, &["approve", &number]);
    assert!(approved.status.success() && told(&approved).contains("made_at"), "{}", told(&approved));
    let acts = told(&full.run(&olga, &["audit", "export"]));
    assert!(acts.contains("backup_list") && acts.contains("backup_make"), "{acts}");
}
