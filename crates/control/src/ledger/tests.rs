use domain::Counting;
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};

use super::*;
use crate::testing::key;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const SECOND: OrganizationId = OrganizationId(2);

fn invoice(reference: &str) -> LedgerEntry {
    LedgerEntry {
        kind: LedgerKind::Invoice,
        organization: SECOND,
        reference: reference.to_owned(),
        amount: 1_900,
        currency: "EUR".to_owned(),
        at: NOW,
    }
}

fn act<T>(database: &Database, work: impl FnOnce(&Work<'_>) -> Result<T, DatabaseError>) -> T {
    let object = Object::sole(ObjectKind::Organization);
    database.act(Log(1), &NewEntry::new(NOW, Actor::system(), Act::LedgerAdd, object), work).unwrap()
}

#[test]
fn what_is_in_the_ledger_is_readable_when_nothing_else_of_its_organization_is() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
    let rng = Counting::from(1);
    for (number, reference) in [(1, "2026-17"), (2, "2026-18")] {
        let added = act(&database, |work| work.add_to_ledger(&key(7), &invoice(reference), &rng));
        assert_eq!(added, number);
    }
    act(&database, |work| work.forget_organization(SECOND));
    let expected = vec![(1, invoice("2026-17")), (2, invoice("2026-18"))];
    assert_eq!(database.ledger(&key(7)).unwrap(), expected);
    assert!(matches!(database.ledger(&key(8)), Err(LedgerError::Closed(1))), "by its own key alone");
}

#[test]
fn an_entry_is_neither_altered_nor_moved_nor_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
    let rng = Counting::from(1);
    for reference in ["2026-17", "2026-18"] {
        act(&database, |work| work.add_to_ledger(&key(7), &invoice(reference), &rng));
    }
    let connection = database.connection();
    assert!(connection.execute("DELETE FROM ledger", []).is_err());
    assert!(connection.execute("UPDATE ledger SET sealed = x'00'", []).is_err());
    // Whoever takes these away as well is found out by the seal.
    connection.execute_batch("DROP TRIGGER ledger_stays; DROP TRIGGER ledger_is_kept;").unwrap();
    connection
        .execute("UPDATE ledger SET sealed = (SELECT sealed FROM ledger WHERE number = 1)", [])
        .unwrap();
    drop(connection);
    assert!(matches!(database.ledger(&key(7)), Err(LedgerError::Closed(2))));
}
