//! How long backups stay, and that nothing is left out of one by accident.

use super::*;

#[test]
fn after_four_days_old_backups_are_gone_and_the_newest_is_not() {
    let world = World::new();
    let first = world.back_up().unwrap();
    let second = world.later(DAY_MS).back_up().unwrap();
    world.later(4 * DAY_MS);
    assert_eq!(world.backups.prune(world.now()).unwrap().backups, [first.id]);
    let left: Vec<_> = world.backups.list().unwrap().backups.into_iter().map(|one| one.id).collect();
    assert_eq!(left, [second.id]);
    world.restore("one").unwrap();
}

#[test]
fn a_backup_is_kept_for_three_days_to_the_millisecond() {
    let world = World::new();
    let first = world.back_up().unwrap();
    world.later(1).back_up().unwrap();
    assert!(world.backups.prune(world.later(3 * DAY_MS - 1).now()).unwrap().backups.is_empty());
    assert_eq!(world.backups.prune(world.later(1).now()).unwrap().backups, [first.id]);
}

#[test]
fn the_last_that_is_whole_stays_though_newer_ones_are_not() {
    let world = World::new();
    let whole = world.back_up().unwrap();
    world.later(DAY_MS).add_segment(1, "0c", b"only in the second");
    let broken = world.back_up().unwrap();
    let snapshot = world.path("target").join(Found::Snapshot(broken.id.clone()).name());
    fs::remove_file(snapshot).unwrap();
    world.backups.prune(world.later(9 * DAY_MS).now()).unwrap();
    let left: Vec<_> = world.backups.list().unwrap().backups.into_iter().map(|one| one.id).collect();
    assert_eq!(left, [whole.id]);
    world.restore("one").unwrap();
}

#[test]
fn what_is_no_longer_live_is_gone_from_the_target_with_the_backups_of_before() {
    let world = World::new();
    world.back_up().unwrap();
    let first = world.objects("packs");
    world.remove_segment(1, "0a");
    world.later(DAY_MS).back_up().unwrap();
    assert!(first.iter().all(|pack| pack.exists()));
    world.backups.prune(world.later(3 * DAY_MS).now()).unwrap();
    assert!(first.iter().all(|pack| !pack.exists()));
    world.restore("one").unwrap();
    assert!(world.path("one/data/segments/1/0b.parquet").exists());
    assert!(!world.path("one/data/segments/1/0a.parquet").exists());
}

#[test]
fn recordings_are_left_out_unless_the_site_wants_them_in() {
    let world = World::new();
    fs::create_dir_all(world.path("data/recordings/1")).unwrap();
    fs::write(world.path("data/recordings/1/0a.recording"), "what somebody did").unwrap();
    world.back_up().unwrap();
    let restored = world.restore("one").unwrap();
    assert!(!world.path("one/data/recordings/1/0a.recording").exists());
    assert_eq!(restored.manifest.without_recordings, [domain::SiteId(1)]);
}

#[test]
fn of_every_path_it_is_known_whether_it_is_backed_up() {
    let kept =
        ["data/control.db", "data/journal/0000000001.journal", "data/segments/1/a.parquet", "keys/audit.log"];
    assert!(kept.iter().all(|path| place_of(path) == Some(Place::Kept)));
    assert_eq!(place_of("data/recordings/1/a.recording"), Some(Place::OfRecordings));
    assert_eq!(place_of("keys/keys.sealed"), Some(Place::OfKeys));
    for path in ["keys/root.key", "keys/root.sealed", "data/setup-token", "data/spool/1.chunks"] {
        assert!(matches!(place_of(path), Some(Place::LeftOut(_))), "{path}");
    }
    assert_eq!(place_of("data/something-new"), None);
}
