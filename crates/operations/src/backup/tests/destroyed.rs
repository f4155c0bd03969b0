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
        let left = VisitorKey { site: SiteId(1), visitor: "ff".to_owned(), wrapped: "0102".to_owned() };
        self.backups.replace_keys(&self.keeper, &[left], self.later(1).now()).unwrap();
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
    Restored::forget(&world.path("one/data")).unwrap();
    assert_eq!(Restored::read(&world.path("one/data")).unwrap(), None);
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
    let restored = world.restore("one").unwrap();
    assert_eq!(fs::read(world.path("one/keys/keys.sealed")).unwrap(), b"without the one that was destroyed");
    assert_eq!(restored.visitor_keys[0].wrapped, "0102");
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
