use super::*;

#[derive(Debug, PartialEq, Eq)]
enum Failed {
    No,
    Database,
}

impl From<DatabaseError> for Failed {
    fn from(_: DatabaseError) -> Self {
        Self::Database
    }
}

fn added() -> NewEntry {
    entry(Act::SiteAdd).with_address("email", "ann@example.com")
}

/// Has an act done that is answered with `outcome`.
fn act(database: &Database, outcome: Result<(), Stopped<Failed>>) -> Result<(), Failed> {
    database.act_elsewhere(
        &[LOG],
        &added(),
        |_| outcome,
        |work, ()| {
            change(work)?;
            Ok(work.append(LOG, &added()).map(drop)?)
        },
    )
}

/// The last entry's outcome; that of an act which was done says none.
fn outcome(database: &Database) -> Option<String> {
    let page = database.audit_entries(LOG, &AuditFilter::default(), 1).unwrap();
    page.entries[0].details.get("outcome").cloned()
}

/// What the disk holds now, as whoever starts after a crash finds it.
fn as_after_a_crash(house: &House) -> House {
    let after = House::new();
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), after.folder.path().join(file.file_name())).unwrap();
    }
    after
}

#[test]
fn an_act_that_was_done_elsewhere_has_one_entry_which_says_nothing_of_an_end() {
    let house = House::new();
    let database = house.database();
    act(&database, Ok(())).unwrap();
    database.settle_intents().unwrap();
    assert_eq!((acts(&database), changes(&database), outcome(&database)), (vec![Act::SiteAdd], 1, None));
}

#[test]
fn of_an_act_that_was_refused_elsewhere_nothing_remains() {
    let house = House::new();
    let database = house.database();
    assert_eq!(act(&database, Err(Stopped::Undone(Failed::No))), Err(Failed::No));
    database.settle_intents().unwrap();
    assert_eq!((acts(&database), changes(&database)), (vec![], 0));
}

#[test]
fn an_act_whose_end_is_not_known_has_an_entry_that_says_so() {
    let house = House::new();
    let database = house.database();
    assert_eq!(act(&database, Err(Stopped::Unknown(Failed::No))), Err(Failed::No));
    assert_eq!((acts(&database), changes(&database)), (vec![Act::SiteAdd], 0));
    assert_eq!(outcome(&database).as_deref(), Some("interrupted"));
    database.settle_intents().unwrap();
    assert_eq!(acts(&database).len(), 1);
}

#[test]
fn what_fails_once_an_act_was_done_leaves_an_entry_that_says_so() {
    let house = House::new();
    let database = house.database();
    let failed = database.act_elsewhere(
        &[Log::SERVER, LOG],
        &added(),
        |_| Ok(()),
        |work, ()| {
            work.append_to_all(&[Log::SERVER, LOG], &added())?;
            change(work)?;
            Err::<(), _>(Failed::No)
        },
    );
    assert_eq!(failed, Err(Failed::No));
    assert_eq!((acts(&database), changes(&database)), (vec![Act::SiteAdd], 0));
    assert_eq!(outcome(&database).as_deref(), Some("interrupted"));
    assert_eq!(database.audit_logs().unwrap(), [Log::SERVER, LOG]);
}

#[test]
fn killed_at_any_moment_of_an_act_it_has_its_entry_after_the_start() {
    let house = House::new();
    let database = house.database();
    let (before, after) = (Cell::new(None), Cell::new(None));
    let done: Result<(), Failed> = database.act_elsewhere(
        &[LOG],
        &added(),
        |_| {
            before.set(Some(as_after_a_crash(&house)));
            Ok(())
        },
        |work, ()| {
            change(work)?;
            work.append(LOG, &added())?;
            work.reach_the_disk()?;
            after.set(Some(as_after_a_crash(&house)));
            Ok(())
        },
    );
    done.unwrap();
    for crashed in [before, after].map(|kept| kept.take().unwrap()) {
        let found = crashed.database();
        assert_eq!(acts(&found), [], "the start has not settled it yet");
        found.settle_intents().unwrap();
        assert_eq!((acts(&found), changes(&found)), (vec![Act::SiteAdd], 0));
        assert_eq!(outcome(&found).as_deref(), Some("interrupted"));
        let email = |database: &Database| {
            database.audit_entries(LOG, &AuditFilter::default(), 1).unwrap().entries[0].details["email"]
                .clone()
        };
        assert_eq!(email(&found), email(&database), "an address is the digest that it is in this log");
        assert_eq!(house.found(&found, &[]), [] as [&str; 0]);
    }
}

#[test]
fn what_cannot_be_meant_in_writing_nobody_is_asked_to_do() {
    for hinder in [
        "CREATE TRIGGER hinder BEFORE INSERT ON audit_intent BEGIN SELECT RAISE(ABORT, 'no'); END",
        "PRAGMA query_only = on",
        "DROP TABLE audit_intent",
    ] {
        let house = House::new();
        let database = house.database();
        database.connection().execute_batch(hinder).unwrap();
        let asked = Cell::new(false);
        let outcome: Result<(), Failed> = database.act_elsewhere(
            &[LOG],
            &added(),
            |_| {
                asked.set(true);
                Ok(())
            },
            |_, ()| Ok(()),
        );
        assert_eq!((outcome, asked.get()), (Err(Failed::Database), false), "{hinder}");
    }
}

#[test]
fn what_could_not_be_finished_is_written_down_before_the_next_act() {
    let house = House::new();
    let database = house.database();
    let hinder = "CREATE TRIGGER hinder BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END";
    database.connection().execute_batch(hinder).unwrap();
    assert_eq!(act(&database, Ok(())), Err(Failed::Database));
    database.connection().execute_batch("DROP TRIGGER hinder").unwrap();
    act(&database, Ok(())).unwrap();
    assert_eq!((acts(&database), changes(&database)), (vec![Act::SiteAdd; 2], 1));
    let page = database.audit_entries(LOG, &AuditFilter::default(), 2).unwrap();
    assert_eq!(page.entries[1].details["outcome"], "interrupted");
}
