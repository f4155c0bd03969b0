//! What was destroyed stays so: the note beside the snapshots, the keys that are left, and what a restore knows of them.

use std::fs;

use domain::SiteId;

use super::*;

fn visitor() -> Destroyed {
    Destroyed::Visitor { site: SiteId(1), visitor: "00112233445566778899aabbccddeeff".to_owned() }
}

impl World {
    pub(super) fn tell_one_destroyed(&self) {
        self.backups.tell_destroyed(&[Destruction::new(self.now(), visitor())]).unwrap();
        self.replace_keys();
    }

    fn replace_keys(&self) {
        self.backups.replace_keys(&self.keeper, &self.database, self.later(1).now()).unwrap();
    }
}

#[test]
fn a_restore_of_an_older_backup_knows_what_was_destroyed_since() {
    let world = World::new();
    world.back_up().unwrap();
    world.later(DAY_MS).tell_one_destroyed();
    let restored = world.restore("one").unwrap();
    assert_eq!(restored.destroyed.iter().map(|one| one.what.clone()).collect::<Vec<_>>(), [visitor()]);
    assert_eq!(Restored::read(&world.path("one/data")).unwrap(), Some(restored));
}

#[test]
fn the_twin_that_does_not_replay_forgets_what_was_destroyed() {
    let world = World::with(Controls { replays: false, ..Controls::IN_FORCE });
    world.back_up().unwrap();
    world.tell_one_destroyed();
    assert_eq!(world.restore("one").unwrap().destroyed, []);
}

#[test]
fn of_the_keys_only_those_that_are_left_are_in_the_target() {
    let world = World::new();
    world.back_up().unwrap();
    world.keeper.0.borrow_mut().insert("keys.sealed", b"without the one that was destroyed".to_vec());
    world.replace_keys();
    assert_eq!(world.objects("keys").len(), 1);
    world.restore("one").unwrap();
    assert_eq!(fs::read(world.path("one/keys/keys.sealed")).unwrap(), b"without the one that was destroyed");
}

#[test]
fn without_the_whole_list_nothing_is_restored_unless_it_is_said() {
    let world = World::new();
    world.back_up().unwrap();
    world.tell_one_destroyed();
    fs::remove_file(world.objects("destruction").remove(0)).unwrap();
    let refused = world.restore("one").unwrap_err();
    assert!(
        matches!(&refused, BackupError::NoDestructionList(what) if what.contains("is not there")),
        "{refused}"
    );
    let without = Restore { without_destruction_list: true, ..world.restoring("one", &world.identity) };
    let restored = without.run(|_| {}).unwrap();
    assert!(restored.without_destruction_list && restored.destroyed.is_empty());
}

#[test]
fn a_note_that_is_told_twice_says_the_same() {
    let world = World::new();
    world.back_up().unwrap();
    world.tell_one_destroyed();
    let once = world.restore("one").unwrap().destroyed;
    world.backups.tell_destroyed(&once).unwrap();
    world.replace_keys();
    assert_eq!(world.restore("two").unwrap().destroyed, once);
}

#[test]
fn a_site_that_was_removed_is_told_of_and_nothing_else_is() {
    let world = World::new();
    world.add_site("two.example");
    world.back_up().unwrap();
    world.database.remove_site(SiteId(2)).unwrap();
    let untold = world.database.untold_destroyed().unwrap();
    world.backups.tell_destroyed(&Destruction::untold(&untold, world.later(5).now())).unwrap();
    world.replace_keys();
    let told = world.restore("one").unwrap().destroyed;
    assert_eq!(told, [Destruction::new(told[0].at, Destroyed::Site { site: SiteId(2) })]);
}

#[test]
fn what_was_restored_is_taken_in_once_and_written_down() {
    let world = World::new();
    world.back_up().unwrap();
    world.restore("one").unwrap();
    let data = world.path("one/data");
    let database = control::Database::open(&data.join("control.db"), &World::key()).unwrap();
    let before = database.audit_head(domain::audit::Log::SERVER).unwrap().size;
    assert!(Restored::take_in(&data, &database, world.now()).unwrap());
    assert!(!Restored::take_in(&data, &database, world.now()).unwrap());
    assert_eq!(database.audit_head(domain::audit::Log::SERVER).unwrap().size, before + 1);
    // Nothing is served until what was erased since is erased again; here nothing was.
    assert!(Restored::may_serve(&data, &database).unwrap());
}

#[test]
fn a_site_whose_keys_were_not_yet_written_anew_is_gone_after_a_restore_all_the_same() {
    let world = World::new();
    world.add_site("two.example");
    world.back_up().unwrap();
    // Cut off between the note and the keys.
    let gone = Destroyed::Site { site: SiteId(2) };
    world.backups.tell_destroyed(&[Destruction::new(world.now(), gone)]).unwrap();
    world.restore("one").unwrap();
    let data = world.path("one/data");
    let database = control::Database::open(&data.join("control.db"), &World::key()).unwrap();
    assert!(Restored::take_in(&data, &database, world.now()).unwrap());
    let left: Vec<_> = database.sites().unwrap().into_iter().map(|site| site.id).collect();
    assert_eq!(left, [SiteId(1)]);
}
