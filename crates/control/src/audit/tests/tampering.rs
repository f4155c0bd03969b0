//! What somebody can do to a log who can write to the database, and that it is found from a checkpoint of before.

use sealing::merkle::{Node, completed};

use super::*;

/// Lets everything be done to a log.
fn unlock(database: &Database) {
    database
        .connection()
        .execute_batch("DROP TRIGGER audit_entry_stays; DROP TRIGGER audit_entry_is_kept")
        .unwrap();
}

/// Makes every hash fit the entries, as they stand now.
fn rebuild(database: &Database) {
    let connection = database.connection();
    let mut statement =
        connection.prepare("SELECT number, entry FROM audit_entry WHERE log = 1 ORDER BY number").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).unwrap();
    let entries: Vec<(i64, String)> = rows.map(Result::unwrap).collect();
    connection.execute("DELETE FROM audit_node WHERE log = 1", []).unwrap();
    let mut nodes: BTreeMap<Node, Hash> = BTreeMap::new();
    for (place, (number, text)) in (0..).zip(entries) {
        let leaf = leaf_hash(text.as_bytes());
        connection
            .execute("UPDATE audit_entry SET hash = ?2 WHERE log = 1 AND number = ?1", (number, leaf))
            .unwrap();
        let made = completed(place, leaf, |node| Ok::<_, ()>(nodes[&node])).unwrap();
        nodes.insert(Node { level: 0, place }, leaf);
        nodes.extend(made);
    }
    for (node, hash) in nodes.into_iter().filter(|(node, _)| node.level > 0) {
        connection
            .execute("INSERT INTO audit_node VALUES (1, ?1, ?2, ?3)", (node.level, node.place as i64, hash))
            .unwrap();
    }
}

const EDIT: &str =
    "UPDATE audit_entry SET entry = replace(entry, 'site_change', 'site_add') WHERE number = 5";
const DELETE: &str = "DELETE FROM audit_entry WHERE number = 5";
const SWAP: &str = "UPDATE audit_entry SET number = 1000 WHERE number = 5;
                    UPDATE audit_entry SET number = 5 WHERE number = 6;
                    UPDATE audit_entry SET number = 6 WHERE number = 1000";
const TRUNCATE: &str = "DELETE FROM audit_entry WHERE number > 8";
const DELETE_AND_CLOSE_UP: &str = "DELETE FROM audit_entry WHERE number = 5;
    UPDATE audit_entry SET number = number - 1,
        entry = json_set(entry, '$.number', number - 1) WHERE number > 5";
const TAKE_ALL: &str = "DELETE FROM audit_entry; DELETE FROM audit_node";

fn found_after(statements: &str, also_rebuilt: bool) -> Vec<String> {
    let house = House::new();
    let database = house.database();
    add_rows(&database, 10);
    let kept = house.checkpoint(&database);
    add_rows(&database, 2);
    assert_eq!(house.found(&database, std::slice::from_ref(&kept)), [] as [&str; 0]);
    unlock(&database);
    database.connection().execute_batch(statements).unwrap();
    if also_rebuilt {
        rebuild(&database);
    }
    house.found(&database, &[kept])
}

#[test]
fn rows_that_were_edited_deleted_swapped_or_truncated_are_told() {
    for (statements, told) in [
        (EDIT, "entry 5 is not as it was written"),
        (DELETE, "entry 5 is missing"),
        (SWAP, "entry 5 stands after one that was written later"),
        (TRUNCATE, "this log has 8 entries, the checkpoint of 10 had 10"),
        (TAKE_ALL, "this log has 0 entries, the checkpoint of 10 had 10"),
    ] {
        let found = found_after(statements, false);
        assert!(found.iter().any(|sentence| sentence.contains(told)), "{statements}: {found:?}");
    }
}

#[test]
fn who_makes_the_whole_tree_fit_is_found_by_a_checkpoint_of_before() {
    for (statements, told) in [
        (EDIT, "entries 1 to 10 are not all what they were when the checkpoint of 10 was signed"),
        (DELETE, "entry 5 is missing"),
        (SWAP, "entry 5 stands after one that was written later"),
        (TRUNCATE, "this log has 8 entries, the checkpoint of 10 had 10"),
        (
            DELETE_AND_CLOSE_UP,
            "entries 1 to 10 are not all what they were when the checkpoint of 10 was signed",
        ),
    ] {
        let found = found_after(statements, true);
        assert!(found.iter().any(|sentence| sentence.contains(told)), "{statements}: {found:?}");
        let unsigned = "the file does not end with a checkpoint: it was cut short, or nobody signed it";
        assert!(found.iter().any(|sentence| sentence == unsigned), "the keeper signed it: {found:?}");
    }
}

#[test]
fn an_older_database_that_was_put_back_is_told_though_it_grew_since() {
    let house = House::new();
    let database = house.database();
    add_rows(&database, 3);
    let older = house.folder.path().join("older.db");
    database.connection().execute("VACUUM INTO ?1", [older.to_string_lossy()]).unwrap();
    add_rows(&database, 4);
    let kept = house.checkpoint(&database);
    drop(database);
    std::fs::rename(&older, house.path()).unwrap();
    let database = house.database();
    let refused = database.audit_checkpoint(&house.keeper, LOG).unwrap_err();
    assert!(matches!(refused, CheckpointError::Parted { log: LOG, entries: 3, signed: 7 }), "{refused}");
    let found = house.found(&database, std::slice::from_ref(&kept));
    assert!(
        found.iter().any(|sentence| sentence.contains("this log has 3 entries, the checkpoint of 7 had 7"))
    );
    (0..9).for_each(|_| database.note(LOG, &entry(Act::SignIn)).unwrap());
    let refused = database.audit_checkpoint(&house.keeper, LOG).unwrap_err().to_string();
    assert!(refused.contains("an older database was put back"), "{refused}");
    let found = house.found(&database, &[kept]);
    assert!(
        found.iter().any(|sentence| sentence.contains("entries 1 to 7 are not all what they were")),
        "{found:?}"
    );
}

#[test]
fn a_log_that_was_cut_off_without_its_tree_takes_no_more_acts() {
    let house = House::new();
    let database = house.database();
    add_rows(&database, 12);
    unlock(&database);
    database.connection().execute_batch("DELETE FROM audit_entry WHERE number > 7").unwrap();
    let outcome = database.act(LOG, &entry(Act::SiteAdd), change);
    assert!(outcome.is_err(), "its place in the tree is taken");
    assert_eq!(changes(&database), 0);
}
