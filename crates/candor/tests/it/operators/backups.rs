//! Which backups there are, nobody sees alone once there are two operators.

use super::*;

#[test]
fn which_backups_there_are_takes_two_operators_once_there_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    std::fs::create_dir(&target).unwrap();
    let pair = candor().args(["backup", "keygen"]).output().unwrap();
    let pair = String::from_utf8(pair.stdout).unwrap();
    let recipient = pair.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    let arguments = ["--backup-to", target.to_str().unwrap(), "--backup-recipient", recipient];
    let full = Full::of(Server::with(&arguments));
    eventually("a first backup", || std::fs::read_dir(target.join("snapshots")).ok()?.nth(1)?.ok());
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
