use super::*;
use crate::testing::{add_site, key};

fn database() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
    (folder, database)
}

fn erase(database: &Database, site: SiteId, visitor: [u8; 16], at: Timestamp) {
    database.transact(|transaction| Work::of(transaction, database).erase_again(site, visitor, at)).unwrap();
}

#[test]
fn what_was_destroyed_is_told_once() {
    let (_folder, database) = database();
    let kept = add_site(&database, "kept.example", "UTC").unwrap();
    let gone = add_site(&database, "gone.example", "UTC").unwrap();
    assert_eq!(database.untold_destroyed().unwrap(), Untold::default());
    database.remove_site(gone.id).unwrap();
    erase(&database, kept.id, [1; 16], Timestamp(5));
    let untold = database.untold_destroyed().unwrap();
    assert_eq!(untold.sites, [gone.id]);
    let erased = ErasedVisitor { number: 1, site: kept.id, visitor: [1; 16], asked_at: Timestamp(5) };
    assert_eq!(untold.visitors, [erased]);
    assert_eq!(database.told_note(1).unwrap(), None);
    database.told_destroyed(&untold, &["destruction/a".to_owned()]).unwrap();
    assert_eq!(database.told_note(1).unwrap().as_deref(), Some("destruction/a"));
    assert_eq!(database.untold_destroyed().unwrap(), Untold::default());
}

#[test]
fn of_what_was_told_before_notes_were_kept_it_is_told_once_more() {
    let (_folder, database) = database();
    let site = add_site(&database, "one.example", "UTC").unwrap().id;
    erase(&database, site, [1; 16], Timestamp(5));
    let old = "INSERT INTO backup_told_erasure (number) VALUES (1)";
    database.transact(|transaction| Ok::<_, DatabaseError>(transaction.execute(old, [])?)).unwrap();
    let untold = database.untold_destroyed().unwrap();
    assert_eq!(untold.visitors.len(), 1);
    database.told_destroyed(&untold, &["destruction/a".to_owned()]).unwrap();
    assert_eq!(database.untold_destroyed().unwrap(), Untold::default());
}

#[test]
fn a_visitor_is_erased_again_once_and_only_of_a_site_that_is_there() {
    let (_folder, database) = database();
    let site = add_site(&database, "one.example", "UTC").unwrap().id;
    assert!(!database.has_erasures_to_do().unwrap());
    for _ in 0..2 {
        erase(&database, site, [1; 16], Timestamp(5));
        erase(&database, SiteId(99), [1; 16], Timestamp(5));
    }
    assert_eq!(database.untold_destroyed().unwrap().visitors.len(), 1);
    assert!(database.has_erasures_to_do().unwrap());
}

#[test]
fn a_settled_copy_holds_what_was_there_and_no_key_of_a_visitor() {
    let (folder, database) = database();
    let site = add_site(&database, "one.example", "UTC").unwrap().id;
    let wrapped = WrappedVisitorKey { site, visitor: [3; 16], wrapped: b"a wrapped key of theirs".to_vec() };
    database.transact(|transaction| Work::of(transaction, &database).put_visitor_key_back(&wrapped)).unwrap();
    assert_eq!(database.visitor_keys().unwrap(), [wrapped]);
    let (copy, settled) = (folder.path().join("copy.db"), folder.path().join("settled.db"));
    let other = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
    // Others read meanwhile.
    let others = database.copy_still(&copy, || Ok::<_, crate::CopyError>(other.sites().unwrap().len()));
    assert_eq!(others.unwrap(), 1);
    Database::settle_copy(&copy, &key(1), &settled).unwrap();
    assert!(!copy.exists());
    let settled = Database::open(&settled, &key(1)).unwrap();
    assert_eq!(settled.sites().unwrap(), database.sites().unwrap());
    assert_eq!(settled.visitor_keys().unwrap(), []);
    assert_eq!(
        settled.audit_head(domain::audit::Log(1)).unwrap(),
        database.audit_head(domain::audit::Log(1)).unwrap()
    );
}

#[test]
fn a_mark_says_when_something_was_last_good() {
    let (_folder, database) = database();
    database.begin_backups(Timestamp(1)).unwrap();
    database.begin_backups(Timestamp(2)).unwrap();
    assert_eq!(database.backup_mark(BackupMark::Begun).unwrap(), Some(Timestamp(1)));
    assert_eq!(database.backup_mark(BackupMark::Backup).unwrap(), None);
    for at in [3, 4] {
        let mark = |work: &Work<'_>| work.mark_backup(BackupMark::Backup, Timestamp(at));
        database.transact(|transaction| mark(&Work::of(transaction, &database))).unwrap();
    }
    assert_eq!(database.backup_mark(BackupMark::Backup).unwrap(), Some(Timestamp(4)));
}

#[test]
fn that_a_drill_failed_is_known_until_one_is_good() {
    let (_folder, database) = database();
    let mark = |what, at| {
        let mark = |work: &Work<'_>| work.mark_backup(what, Timestamp(at));
        database.transact(|transaction| mark(&Work::of(transaction, &database))).unwrap();
    };
    mark(BackupMark::DrillFailed, 1);
    for (at, good) in [BackupMark::Backup, BackupMark::Look].into_iter().enumerate() {
        mark(good, at as i64);
        assert_eq!(database.backup_mark(BackupMark::DrillFailed).unwrap(), Some(Timestamp(1)));
    }
    mark(BackupMark::Drill, 4);
    assert_eq!(database.backup_mark(BackupMark::DrillFailed).unwrap(), None);
}
