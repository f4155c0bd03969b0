//! Opening, and the format of the file.

use super::*;

#[test]
fn a_database_opened_twice_by_two_processes_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    Database::open(&path).unwrap();
    Database::open(&path).unwrap();
}

#[test]
fn a_database_of_a_newer_version_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", STEPS.len() as u32 + 1).unwrap();
    let refused = Database::open(&path).unwrap_err().to_string();
    assert!(refused.contains("control.db has format 2, newer than the 1"), "{refused}");
}

#[test]
fn processes_that_open_a_fresh_database_at_once_wait_for_each_other() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.db");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Database::open(&path).unwrap());
            }
        });
    }
}
