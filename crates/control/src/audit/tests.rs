use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use domain::Timestamp;
use domain::audit::{Act, Actor, ActorKind, Object, ObjectKind};
use sealing::audit_file::{Earlier, verify};
use sealing::merkle::{Hash, empty_root, leaf_hash, verify_consistency, verify_inclusion};
use sealing::protocol::{LastCheckpoint, LogState};
use sealing::{Checkpoint, Environment, OpenError, Origin, Signer, SigningKey};

use super::*;
use crate::testing::key;

mod elsewhere;
mod histories;
mod tampering;

const LOG: Log = Log(1);

struct House {
    folder: tempfile::TempDir,
    keeper: Keeper,
}

impl House {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keeper: Keeper::new() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("control.db")
    }

    fn database(&self) -> Database {
        Database::open(&self.path(), &key(1)).unwrap()
    }

    fn checkpoint(&self, database: &Database) -> Earlier {
        let signed = database.audit_checkpoint(&self.keeper, LOG).unwrap();
        Earlier { name: format!("the checkpoint of {}", signed.size), note: signed.note }
    }

    /// What the check finds of a log, without the server.
    fn found(&self, database: &Database, kept: &[Earlier]) -> Vec<String> {
        let file: String =
            AuditExport::begin(database, &self.keeper, LOG).unwrap().map(Result::unwrap).collect();
        let verdict = verify(file.as_bytes(), Some(self.keeper.key.public()), kept).unwrap();
        verdict.findings.iter().map(ToString::to_string).collect()
    }
}

/// Signs as the keeper does, in memory.
struct Keeper {
    key: SigningKey,
    last: Mutex<BTreeMap<Log, (u64, Hash)>>,
}

impl Keeper {
    fn new() -> Self {
        Self { key: SigningKey::of_seed(&key(9)), last: Mutex::default() }
    }
}

impl Signer for Keeper {
    fn last_checkpoint(&self, log: Log) -> Result<LastCheckpoint, OpenError> {
        let (size, root) = self.last.lock().unwrap().get(&log).copied().unwrap_or((0, empty_root()));
        Ok(LastCheckpoint { environment: Environment(5), key: self.key.public(), size, root })
    }

    fn sign_checkpoint(&self, state: LogState) -> Result<Option<String>, OpenError> {
        let LogState { log, size, root, consistency } = state;
        let last = self.last_checkpoint(log)?;
        if !verify_consistency((last.size, &last.root), (size, &root), &consistency) {
            return Ok(None);
        }
        self.last.lock().unwrap().insert(log, (size, root));
        Ok(Some(Checkpoint::sign(&Origin::of(Environment(5), log.0), size, &root, &self.key)))
    }
}

fn entry(act: Act) -> NewEntry {
    let actor = Actor::new(ActorKind::Person, 17);
    NewEntry::new(Timestamp(5), actor, act, Object::new(ObjectKind::Site, 3))
}

fn add_rows(database: &Database, count: usize) {
    for _ in 0..count {
        let number = database.audit_entries(LOG, &AuditFilter::default(), 1).unwrap().size + 1;
        database.note(LOG, &row(number)).unwrap();
    }
}

/// An entry that is like no other.
fn row(number: u64) -> NewEntry {
    entry(Act::SiteChange).with("row", number)
}

fn acts(database: &Database) -> Vec<Act> {
    let page = database.audit_entries(LOG, &AuditFilter::default(), PAGE_MAX).unwrap();
    page.entries.iter().rev().map(|entry| entry.act).collect()
}

/// Something that an act changes: the number of the catalog's version.
fn change(work: &Work<'_>) -> Result<(), DatabaseError> {
    work.transaction().execute("UPDATE catalog_version SET version = version + 1", [])?;
    Ok(())
}

fn changes(database: &Database) -> i64 {
    database.connection().query_row("SELECT version FROM catalog_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn an_act_and_its_entry_are_there_together() {
    let house = House::new();
    let database = house.database();
    database.act(LOG, &entry(Act::SiteAdd), change).unwrap();
    assert_eq!((acts(&database), changes(&database)), (vec![Act::SiteAdd], 1));
}

#[test]
fn of_an_act_that_fails_nothing_remains() {
    #[derive(Debug)]
    enum Failed {
        Here,
        Database,
    }
    impl From<DatabaseError> for Failed {
        fn from(_: DatabaseError) -> Self {
            Self::Database
        }
    }
    let house = House::new();
    let database = house.database();
    let failed: Result<(), Failed> = database.act(LOG, &entry(Act::SiteAdd), |work| {
        change(work)?;
        Err(Failed::Here)
    });
    assert!(matches!(failed, Err(Failed::Here)));
    assert_eq!((acts(&database), changes(&database)), (vec![], 0));
    database.act(LOG, &entry(Act::SiteChange), change).unwrap();
    assert_eq!(database.audit_head(LOG).unwrap().size, 1, "no number was used up");
}

#[test]
fn what_cannot_be_written_down_does_not_happen() {
    for (what, hinder) in [
        (
            "an entry is refused",
            "CREATE TRIGGER hinder BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END",
        ),
        (
            "the tree is refused",
            "CREATE TRIGGER hinder BEFORE INSERT ON audit_node BEGIN SELECT RAISE(ABORT, 'no'); END",
        ),
        ("nothing may be written", "PRAGMA query_only = on"),
        ("the disk is full", "PRAGMA max_page_count = 1"),
        ("the table is gone", "DROP TABLE audit_entry"),
    ] {
        let house = House::new();
        let database = house.database();
        add_rows(&database, 1);
        // What is left of a page is used up, so that a disk that is full is full.
        for _ in 0..if what.contains("full") { 200 } else { 0 } {
            database.note(LOG, &entry(Act::Block).with("filler", "x".repeat(200))).unwrap();
        }
        database.connection().execute_batch(hinder).unwrap();
        let (done, entries) = (Cell::new(false), 40);
        let mut refused = 0;
        for _ in 0..entries {
            done.set(false);
            let outcome = database.act(LOG, &entry(Act::SiteAdd).with("filler", "x".repeat(200)), |work| {
                done.set(true);
                change(work)
            });
            assert_eq!(outcome.is_ok(), done.get(), "{what}");
            refused += i64::from(outcome.is_err());
        }
        let with = database.act_with(LOG, entry(Act::SiteAdd).with("filler", "x".repeat(200)), |work| {
            change(work)?;
            Ok::<_, DatabaseError>(((), Details::none()))
        });
        assert!(refused > 0 && with.is_err(), "{what}: {refused} were refused");
        assert_eq!(changes(&database), entries - refused, "{what}");
    }
}

#[test]
fn what_is_known_only_afterwards_is_in_the_entry_too() {
    let house = House::new();
    let database = house.database();
    let done: Result<u32, DatabaseError> = database.act_with(LOG, entry(Act::KeyMake), |_| {
        let mut details = Details::none();
        details.add("key", 7);
        Ok((7, details))
    });
    assert_eq!(done.unwrap(), 7);
    let page = database.audit_entries(LOG, &AuditFilter::default(), 1).unwrap();
    assert_eq!(page.entries[0].details["key"], "7");
}

#[test]
fn an_act_that_concerns_two_logs_is_in_both_or_in_neither() {
    let house = House::new();
    let database = house.database();
    let asked = entry(Act::SupportAsk);
    let done = database.act(Log::SERVER, &asked, |work| work.append(LOG, &asked));
    assert_eq!(done.unwrap(), 1);
    assert_eq!(database.audit_logs().unwrap(), [Log::SERVER, LOG]);
}

#[test]
fn an_entry_is_neither_changed_nor_deleted() {
    let house = House::new();
    let database = house.database();
    add_rows(&database, 2);
    for statement in ["UPDATE audit_entry SET entry = '{}'", "DELETE FROM audit_entry WHERE number = 2"] {
        let refused = database.connection().execute(statement, []).unwrap_err().to_string();
        assert!(refused.contains("only grows"), "{refused}");
    }
    assert_eq!(house.found(&database, &[]), [] as [&str; 0]);
}

#[test]
fn an_e_mail_address_is_recognised_within_a_log_and_told_to_nobody() {
    let house = House::new();
    let database = house.database();
    let digest = |log: Log, address: &str| {
        database.note(log, &entry(Act::Invite).with_address("email", address)).unwrap();
        let page = database.audit_entries(log, &AuditFilter::default(), 1).unwrap();
        page.entries[0].details["email"].clone()
    };
    let ann = digest(LOG, "ann@example.com");
    assert!(ann.starts_with("hmac-sha256:") && ann.len() == 44, "{ann}");
    assert_eq!(digest(LOG, "Ann@Example.com"), ann);
    assert_ne!(digest(LOG, "bob@example.com"), ann);
    assert_ne!(digest(Log(2), "ann@example.com"), ann);
}

#[test]
fn a_log_is_looked_into_from_its_end_by_actor_and_by_act() {
    let house = House::new();
    let database = house.database();
    for number in 1..=9 {
        let actor = Actor::new(ActorKind::Person, number % 2);
        let act = if number % 3 == 0 { Act::Export } else { Act::SignIn };
        let of = NewEntry::new(Timestamp(number), actor, act, Object::sole(ObjectKind::Server));
        database.note(LOG, &of).unwrap();
    }
    database.note(Log(2), &entry(Act::Export)).unwrap();
    let numbers = |filter: &AuditFilter, count| {
        let page = database.audit_entries(LOG, filter, count).unwrap();
        assert_eq!(page.size, 9);
        (page.entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), page.earlier)
    };
    let all = AuditFilter::default();
    assert_eq!(numbers(&all, 4), (vec![9, 8, 7, 6], true));
    assert_eq!(numbers(&AuditFilter { before: Some(6), ..all.clone() }, 5), (vec![5, 4, 3, 2, 1], false));
    let act = Some(Act::Export);
    assert_eq!(numbers(&AuditFilter { act, ..all.clone() }, 9), (vec![9, 6, 3], false));
    let actor = Some("1".to_owned());
    assert_eq!(numbers(&AuditFilter { actor: actor.clone(), ..all.clone() }, 2), (vec![9, 7], true));
    assert_eq!(numbers(&AuditFilter { actor, act, before: Some(9) }, 9), (vec![3], false));
    assert_eq!(numbers(&AuditFilter { before: Some(1), ..all }, 9), (vec![], false));
}

#[test]
fn an_entry_is_shown_to_be_in_a_log_without_the_rest_of_it() {
    let house = House::new();
    let database = house.database();
    add_rows(&database, 11);
    let root = database.audit_head(LOG).unwrap().root;
    for number in 1..=11 {
        let proof = database.audit_inclusion(LOG, number, 11).unwrap().unwrap();
        let text = row(number).numbered(number, ToOwned::to_owned);
        let leaf = leaf_hash(serde_json::to_string(&text).unwrap().as_bytes());
        assert!(verify_inclusion(&leaf, number - 1, 11, &proof, &root), "entry {number}");
    }
    for (number, size) in [(0, 11), (12, 12), (5, 4)] {
        assert_eq!(database.audit_inclusion(LOG, number, size).unwrap(), None);
    }
    for (from, to) in [(3, 2), (3, 12)] {
        assert_eq!(database.audit_consistency(LOG, from, to).unwrap(), None);
    }
}

#[test]
fn processes_that_write_into_one_log_at_once_write_one_log() {
    let house = House::new();
    house.database();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| add_rows(&house.database(), 20));
        }
    });
    let database = house.database();
    assert_eq!(database.audit_head(LOG).unwrap().size, 60);
    assert_eq!(house.found(&database, &[]), [] as [&str; 0]);
}

#[test]
fn a_log_of_more_than_one_part_is_exported_whole() {
    let house = House::new();
    let database = house.database();
    let kept = house.checkpoint(&database);
    let several: Result<(), DatabaseError> = database.act(LOG, &entry(Act::Setup), |work| {
        (0..1_200).try_for_each(|_| work.append(LOG, &entry(Act::Import)).map(drop))
    });
    several.unwrap();
    assert_eq!(house.found(&database, &[kept, house.checkpoint(&database)]), [] as [&str; 0]);
}
