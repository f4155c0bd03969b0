//! That a backup restores is known because it is restored.

use std::time::Duration;

use super::*;
use crate::operators::{Full, told};

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

const HOUR: Duration = Duration::from_secs(3_600);
const MINUTE: Duration = Duration::from_secs(60);

/// A server that tries by itself whether backups restore.
fn drilling(house: &House, without: &'static [&'static str]) -> Server {
    let identity = house.text("identity");
    house.serve_with(&["--backup-drill-identity", &identity], house.on_clock(without))
}

fn metric(server: &Server, name: &str) -> Option<u64> {
    let page = String::from_utf8_lossy(&crate::metrics::read(server)).into_owned();
    page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

/// Returns once health says this of backups, and is red unless that is well.
fn health_says(server: &Server, state: &str) {
    eventually(&format!("health says {state}"), || {
        let health = server.try_ask(&Asking::get("/api/health")).ok()?;
        (health.json()["backups"] == state && (state == "ok" || health.status == 503)).then_some(())
    });
    assert_eq!(metric(server, "candor_backup_late"), Some(u64::from(state != "ok")));
}

/// Returns once a server that was started anew has done what else is promised, and is red all the same.
fn red_for_nothing_else(server: &mut Server) {
    server.start_again();
    server.wait_until_whole();
    eventually("what else is promised is done", || {
        let page = String::from_utf8_lossy(&crate::metrics::read(server)).into_owned();
        let mut duties = page.lines().filter(|line| line.starts_with("candor_duty_late{")).peekable();
        (duties.peek().is_some() && duties.all(|line| line.ends_with(" 0"))).then_some(())
    });
    assert_eq!(server.get("/api/health").status, 503);
}

/// Turns every snapshot's middle bit, or turns it back.
fn flip_snapshots(house: &House) {
    let snapshots = house.objects("snapshots").into_iter();
    snapshots.filter(|path| path.extension().is_some_and(|end| end == "age")).for_each(|path| flip(&path));
}

#[test]
fn a_server_with_an_identity_drills_every_week_by_itself_and_one_flipped_bit_is_red_until_a_drill_is_good_again()
 {
    let house = House::new();
    let full = Full::of(drilling(&house, &[]));
    let olga = full.enrol_first();
    let server = &full.server;
    let drilled_within = |most: Duration| {
        let drilled =
            || metric(server, "candor_backup_drill_age_seconds").filter(|age| *age <= most.as_secs());
        eventually("a drill was good", drilled);
    };
    first(&house);
    drilled_within(HOUR);
    let drills = || {
        let log = told(&full.run(&olga, &["audit", "export"]));
        let lines = log.lines().filter(|line| line.contains("\"backup_drill\"")).map(str::to_owned);
        lines.collect::<Vec<String>>()
    };
    let [good] = &drills()[..] else { panic!("one drill: {:?}", drills()) };
    assert!(good.contains("questions") && !good.contains("failed"), "{good}");

    // A backup that is fresh when the week is over, so that it is the one that is tried.
    let snapshots = house.objects("snapshots").len();
    server.turn_clock(HOUR * (7 * 24 - 4));
    eventually("that day's backup", || (house.objects("snapshots").len() > snapshots).then_some(()));
    health_says(server, "ok");
    flip_snapshots(&house);
    server.turn_clock(HOUR * 7 * 24 + MINUTE * 5);
    health_says(server, "drill_failed");
    assert_eq!(server.get("/api/health/ingest").status, 200, "events are taken all the same");
    flip_snapshots(&house);
    server.turn_clock(HOUR * 7 * 24 + MINUTE * 25);
    drilled_within(MINUTE);
    health_says(server, "ok");
    // By the clock of when she signed in.
    server.turn_clock(Duration::ZERO);
    let drills = drills();
    let failed: Vec<_> = drills.iter().filter(|line| line.contains("failed")).collect();
    assert!(!failed.is_empty() && failed.iter().all(|line| line.contains("snapshots/")), "{drills:#?}");
    assert!(drills.len() >= 3, "{drills:#?}");
}

#[test]
fn a_drill_by_hand_that_fails_is_written_down_and_red_until_one_is_good_also_by_a_server_that_is_started_anew()
 {
    let house = House::new();
    let mut full = Full::of(house.serve_by(house.on_clock(&[])));
    let olga = full.enrol_first();
    let lines = |full: &Full, with: &str, without: &str| {
        let log = told(&full.run(&olga, &["audit", "export"]));
        let drills = log.lines().filter(|line| line.contains("\"backup_drill\""));
        let lines = drills.filter(|line| line.contains(with) && !line.contains(without)).map(str::to_owned);
        lines.collect::<Vec<String>>()
    };
    let failed = |full: &Full| lines(full, "failed", "without_identity");
    first(&house);
    eventually("the server looked at every object", || lines(&full, "without_identity", "failed").pop());
    health_says(&full.server, "ok");
    flip_snapshots(&house);
    let (code, said) = drill(&house);
    flip_snapshots(&house);
    assert_eq!(code, Some(1), "{said}");
    assert!(!house.path("data/tmp/drill").exists());
    health_says(&full.server, "drill_failed");
    let [one] = &failed(&full)[..] else { panic!("one failed: {:?}", failed(&full)) };
    assert!(one.contains("snapshots/"), "{one}");

    // Where there is nothing to restore, nothing is found.
    fs::create_dir(house.path("nothing")).expect("an empty target");
    let (nothing, identity, data) = (house.text("nothing"), house.text("identity"), house.text("data"));
    let (code, said) =
        house.run(&["backup", "drill", "--from", &nothing, "--identity", &identity, "--data", &data]);
    assert!(code == Some(1) && said.contains("no such backup"), "{said}");
    assert_eq!(failed(&full).len(), 2);

    full.server.start_again();
    full.server.wait_until_whole();
    health_says(&full.server, "drill_failed");
    assert_eq!(drill(&house).0, Some(0));
    health_says(&full.server, "ok");
}

#[test]
fn the_twin_that_never_tries_a_restore_is_red_after_a_week_and_a_day() {
    let house = House::new();
    let mut server = drilling(&house, &["--without", "backup-drills"]);
    first(&house);
    server.turn_clock(HOUR * (8 * 24 - 1));
    health_says(&server, "ok");
    server.turn_clock(HOUR * (8 * 24 + 1));
    health_says(&server, "drill_late");
    red_for_nothing_else(&mut server);
}

#[test]
fn where_only_a_person_can_drill_it_is_red_when_nobody_did_for_five_weeks_and_sooner_where_an_object_is_damaged()
 {
    let house = House::new();
    let server = house.serve_by(house.on_clock(&[]));
    first(&house);
    server.turn_clock(HOUR * (35 * 24 - 1));
    health_says(&server, "ok");
    server.turn_clock(HOUR * (35 * 24 + 1));
    health_says(&server, "drill_late");
    drop(server);
    let damaged = House::new();
    let server = damaged.serve_by(damaged.on_clock(&[]));
    first(&damaged);
    health_says(&server, "ok");
    let snapshots = damaged.objects("snapshots").len();
    server.turn_clock(HOUR * (7 * 24 - 4));
    eventually("that day's backup", || (damaged.objects("snapshots").len() != snapshots).then_some(()));
    health_says(&server, "ok");
    flip_snapshots(&damaged);
    server.turn_clock(HOUR * 7 * 24 + MINUTE * 5);
    health_says(&server, "drill_failed");
}
