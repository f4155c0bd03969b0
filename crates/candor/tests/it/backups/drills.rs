//! That a backup restores is known because it is restored.

use super::*;

fn drill(house: &House) -> (Option<i32>, String) {
    let (target, identity, data) = (house.text("target"), house.text("identity"), house.text("data"));
    house.run(&["backup", "drill", "--from", &target, "--identity", &identity, "--data", &data])
}

fn verify(house: &House, more: &[&str]) -> (Option<i32>, String) {
    let target = house.text("target");
    house.run(&[&["backup", "verify", "--from", &target], more].concat())
}

fn backed_up() -> (House, Server) {
    let house = House::new();
    let server = house.serve();
    server.add_site(DOMAIN);
    for page in 0..10 {
        view(&server, &format!("/{page}"));
    }
    first(&house);
    house.back_up();
    (house, server)
}

#[test]
fn a_drill_restores_the_newest_backup_and_asks_it_what_it_was_asked() {
    let (house, server) = backed_up();
    let (code, said) = drill(&house);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 questions were answered as before"), "{said}");
    assert!(!house.path("data/tmp/drill").exists());
    server.assert_log_clean();
}

#[test]
fn one_flipped_bit_fails_the_drill_and_is_named_by_verify() {
    let (house, _server) = backed_up();
    assert_eq!(verify(&house, &[]).0, Some(0));
    let identity = house.text("identity");
    assert_eq!(verify(&house, &["--deep", "--identity", &identity]).0, Some(0));
    for folder in ["keys", "snapshots"] {
        let objects = house.objects(folder);
        objects
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "age"))
            .for_each(|path| flip(path));
        let (code, said) = verify(&house, &[]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!("{folder}/")) && said.contains("digest is another"), "{said}");
        let (code, said) = drill(&house);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(folder), "{said}");
        objects
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "age"))
            .for_each(|path| flip(path));
    }
    assert_eq!(drill(&house).0, Some(0));
}

#[test]
fn a_site_that_was_removed_since_is_not_asked_in_a_drill() {
    let (house, server) = backed_up();
    assert_eq!(
        server
            .ask(&Asking::json("DELETE", &format!("/api/sites/{DOMAIN}"), &json!({ "confirm": DOMAIN })))
            .status,
        204
    );
    eventually("it is told that a site is gone", || house.objects("destruction").pop());
    let (code, said) = drill(&house);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("0 questions"), "{said}");
}

#[test]
fn an_identity_that_others_can_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    fs::set_permissions(house.path("identity"), fs::Permissions::from_mode(0o644)).expect("rights");
    let (code, said) = house.restore("restored", &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("can be read by others: chmod 600"), "{said}");
}
