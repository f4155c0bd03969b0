//! Opening, and the format of the file.

use super::*;
use crate::testing::key;

#[test]
fn a_database_opened_twice_by_two_processes_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    Database::open(&path, &key(1)).unwrap();
    Database::open(&path, &key(1)).unwrap();
}

#[test]
fn a_database_of_a_newer_version_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    let newer = Connection::open(&path).unwrap();
    cipher::unlock(&newer, &path, &key(1)).unwrap();
    newer.pragma_update(None, "user_version", STEPS.len() as u32 + 1).unwrap();
    let refused = Database::open(&path, &key(1)).unwrap_err().to_string();
    let (newer, known) = (STEPS.len() + 1, STEPS.len());
    let told = format!("control.db has format {newer}, newer than the {known}");
    assert!(refused.contains(&told), "{refused}");
}

#[test]
fn processes_that_open_a_fresh_database_at_once_wait_for_each_other() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.db");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Database::open(&path, &key(1)).unwrap());
            }
        });
    }
}

fn add_site(database: &Database) {
    // As any format of the database takes it.
    let statement = "INSERT INTO site (domain, timezone, created_at, identity, honour_signals, hash_routing)
                     VALUES ('canary.example', 'Europe/Berlin', 7, 'consent', 1, 0)";
    database.connection().execute(statement, []).unwrap();
}

/// The same in the format that is written now, in which a site has a key and a secret.
fn add_whole_site(database: &Database) {
    add_site(database);
    let statement = "UPDATE site SET write_key = lower(hex(randomblob(16))), id_secret = randomblob(32)";
    database.connection().execute(statement, []).unwrap();
}

/// Everything that stands on the disk for the database: itself and its companions.
fn on_disk(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().flatten();
    files.flat_map(|file| std::fs::read(file.path()).unwrap()).collect()
}

fn shows(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A database as a Candor before the keeper left it, with a site, part of it still in its log.
fn left_readable(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.execute_batch(STEPS[0]).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    add_site(&Database { connection: Mutex::new(connection), addresses: key(1) });
}

#[test]
fn nothing_on_the_disk_can_be_read_without_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    let database = Database::open(&path, &key(1)).unwrap();
    add_whole_site(&database);
    for text in ["canary.example", "Europe/Berlin", "SQLite format 3", "CREATE TABLE"] {
        assert!(!shows(&on_disk(folder.path()), text), "{text}");
    }
    drop(database);
    assert!(!shows(&on_disk(folder.path()), "canary.example"));
    assert_eq!(Database::open(&path, &key(1)).unwrap().sites().unwrap().len(), 1);
}

#[test]
fn another_key_and_a_damaged_file_are_refused_with_the_files_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    add_site(&Database::open(&path, &key(1)).unwrap());
    let refused = Database::open(&path, &key(2)).unwrap_err();
    assert!(matches!(refused, OpenError::Closed { .. }), "{refused}");
    assert!(refused.to_string().contains("control.db does not open"), "{refused}");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(Database::open(&path, &key(1)), Err(OpenError::Closed { .. })));
}

#[test]
fn what_an_older_candor_left_readable_is_sealed_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    left_readable(&path);
    assert!(shows(&on_disk(folder.path()), "canary.example"), "the same search finds it before");
    assert!(!Database::is_sealed(&path).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| Database::open(&path, &key(1)).unwrap());
        }
    });
    assert!(!shows(&on_disk(folder.path()), "canary.example"));
    let database = Database::open(&path, &key(1)).unwrap();
    assert_eq!(database.sites().unwrap()[0].domain.as_str(), "canary.example");
    assert!(Database::is_sealed(&path).unwrap());
}

#[test]
fn where_there_is_no_database_yet_none_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    assert!(!Database::is_sealed(&path).unwrap());
    std::fs::write(&path, b"").unwrap();
    assert!(!Database::is_sealed(&path).unwrap());
}

#[test]
fn the_copy_that_is_made_before_a_step_up_is_sealed_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    let database = Database::open(&path, &key(1)).unwrap();
    add_whole_site(&database);
    copy_first(&database.connection(), &path, 1).unwrap();
    let copy = folder.path().join("control.before-2.db");
    assert!(!shows(&std::fs::read(&copy).unwrap(), "canary.example"));
    assert!(matches!(Database::open(&copy, &key(2)), Err(OpenError::Closed { .. })));
    assert_eq!(Database::open(&copy, &key(1)).unwrap().sites().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_sealed_is_named_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    left_readable(&path);
    // A folder where the sealed copy would be made.
    std::fs::create_dir(folder.path().join("control.db-sealing")).unwrap();
    let refused = Database::open(&path, &key(1)).unwrap_err().to_string();
    assert!(refused.contains("control.db could not be sealed"), "{refused}");
    assert!(shows(&std::fs::read(&path).unwrap(), "SQLite format 3"));
}

#[test]
fn a_copy_that_was_never_finished_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    left_readable(&path);
    std::fs::write(folder.path().join("control.db-sealing"), b"half of a copy").unwrap();
    assert_eq!(Database::open(&path, &key(1)).unwrap().sites().unwrap().len(), 1);
    assert!(!folder.path().join("control.db-sealing").exists());
}

#[test]
fn of_every_table_it_is_known_whether_it_is_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
    let connection = database.connection();
    let mut statement = connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .unwrap();
    let there: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let listed: Vec<&str> = inventory::TABLES.iter().map(|(table, _)| *table).collect();
    assert_eq!(there, listed, "a table that nobody has thought of, or one that is no more");
}
