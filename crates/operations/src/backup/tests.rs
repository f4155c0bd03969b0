//! Backups of a small house: a control database, segments and a journal, with files of bytes that nobody knows in the place of
//! what is sealed.

mod damage;
mod destroyed;
mod kept;
mod tools;
mod world;

use std::fs;

use domain::DAY_MS;

use super::*;
use world::{World, tree};

#[test]
fn what_is_restored_is_what_was_backed_up() {
    let world = World::new();
    let made = world.back_up().unwrap();
    assert_eq!((made.reused, made.files), (0, 8));
    let restored = world.restore("one").unwrap();
    let (mut there, mut back) = (world.live(), tree(&world.path("one/data")));
    // The copy of the database is another file with the same rows.
    for files in [&mut there, &mut back] {
        files.remove("control.db");
    }
    assert!(back.remove("restored").is_some());
    assert_eq!(there, back);
    assert_eq!(tree(&world.path("one/keys")), world.keeper.files());
    let opened = control::Database::open(&world.path("one/data/control.db"), &World::key()).unwrap();
    assert_eq!(super::write::audit_heads(&opened).unwrap(), restored.manifest.audit);
    assert_eq!(opened.catalog().unwrap().segments, world.database.catalog().unwrap().segments);
    assert_eq!(restored.manifest.canaries[0].answer, "2 segments");
}

#[test]
fn segments_that_did_not_change_are_not_sent_again() {
    let world = World::new();
    world.fill(1, 40, 256 << 10);
    let first = world.back_up().unwrap();
    world.add_segment(1, "0f", b"new of today");
    let second = world.later(DAY_MS).back_up().unwrap();
    assert_eq!(second.reused, first.files - 6);
    assert!(second.sent * 5 < first.sent, "{} of {}", second.sent, first.sent);
    world.restore("one").unwrap();
    assert_eq!(fs::read(world.path("one/data/segments/1/0f.parquet")).unwrap(), b"new of today");
}

#[test]
fn a_segment_that_is_replaced_while_a_backup_is_made_is_in_it() {
    let world = World::new();
    world.on_canary(|world| world.remove_segment(1, "0a"));
    world.back_up().unwrap();
    world.restore("one").unwrap();
    assert_eq!(fs::read(world.path("one/data/segments/1/0a.parquet")).unwrap(), b"first segment");
}

#[test]
fn of_the_journal_a_backup_holds_what_was_there_at_its_moment() {
    let world = World::new();
    world.on_canary(|world| world.append_to_journal(b" and more"));
    world.back_up().unwrap();
    world.restore("one").unwrap();
    assert_eq!(fs::read(world.path("one/data/journal/0000000001.journal")).unwrap(), b"a journal");
}

#[test]
fn what_could_not_be_looked_at_finds_no_backup_wrong() {
    use sealing::OpenError::{Away, Denied};
    let failed = || io::Error::from(io::ErrorKind::NotFound);
    for silent in [
        BackupError::NoBackup,
        BackupError::Keeper(Away),
        BackupError::Target { name: "packs/a".to_owned(), error: failed() },
        BackupError::Disk { path: "data".into(), error: failed() },
    ] {
        assert!(!silent.finds_wrong(), "{silent}");
    }
    for wrong in [
        BackupError::Damaged { name: "packs/a".to_owned(), what: "its digest is another".to_owned() },
        BackupError::Keeper(Denied("a key".to_owned())),
        BackupError::Canary("4 were 5".to_owned()),
    ] {
        assert!(wrong.finds_wrong(), "{wrong}");
    }
}

#[test]
fn a_backup_that_was_cut_off_is_made_again_and_leaves_nothing() {
    let world = World::new();
    world.fill(1, 3, 20 << 20);
    for steps in 0..4 {
        assert!(matches!(world.stopped_after(steps).back_up(), Err(BackupError::Stopped)));
        assert!(matches!(world.restore(&format!("{steps}")), Err(BackupError::NoBackup)));
    }
    // As if it had been killed: what it held is still there.
    fs::create_dir_all(world.path("data/tmp/backup/segments/1")).unwrap();
    fs::write(world.path("target/packs/half.tar.zst.age#1"), "half of a pack").unwrap();
    world.never_stopped().back_up().unwrap();
    world.backups.prune(world.now()).unwrap();
    assert!(world.verify(true).findings.is_empty() && world.verify(true).unnamed.is_empty());
    assert!(!world.path("data/tmp/backup").exists());
    assert!(!world.path("target/packs/half.tar.zst.age#1").exists());
}

#[test]
fn a_restore_that_was_cut_off_goes_on_and_nothing_is_served_meanwhile() {
    let world = World::new();
    world.fill(1, 3, 20 << 20);
    world.back_up().unwrap();
    let pack = world.objects("packs").pop().unwrap();
    let aside = world.path("aside");
    fs::rename(&pack, &aside).unwrap();
    let stopped = world.restore("one").unwrap_err().to_string();
    assert!(stopped.contains("it is not there"), "{stopped}");
    assert!(unfinished(&world.path("one/data")));
    fs::rename(&aside, &pack).unwrap();
    let mut first = None;
    world
        .restore_told("one", |step| {
            first.get_or_insert(step.done);
        })
        .unwrap();
    assert!(!unfinished(&world.path("one/data")));
    let mut back = tree(&world.path("one/data"));
    back.retain(|path, _| path.starts_with("segments"));
    let mut there = world.live();
    there.retain(|path, _| path.starts_with("segments"));
    assert_eq!(there, back);
}

#[test]
fn nothing_is_restored_over_what_is_there() {
    let world = World::new();
    world.back_up().unwrap();
    fs::create_dir_all(world.path("one/data")).unwrap();
    fs::write(world.path("one/data/control.db"), "mine").unwrap();
    assert!(matches!(world.restore("one"), Err(BackupError::NotEmpty(_))));
    assert_eq!(fs::read(world.path("one/data/control.db")).unwrap(), b"mine");
}

#[test]
fn another_identity_opens_nothing() {
    let world = World::new();
    world.back_up().unwrap();
    let refused = world.restore_by("one", &Identity::generate()).unwrap_err();
    assert!(matches!(refused, BackupError::OtherIdentity { .. }), "{refused}");
}

#[test]
fn nothing_of_what_goes_to_the_target_can_be_read_there() {
    let world = World::new();
    world.back_up().unwrap();
    assert!(!world.target_shows("first segment") && !world.target_shows("control.db"));
    // The twin without encryption: the same look finds what it looks for, once it is unpacked.
    let bare = World::with(Controls { encrypts: false, ..Controls::IN_FORCE });
    bare.back_up().unwrap();
    assert!(bare.target_shows("first segment") && bare.target_shows("control.db"));
}
