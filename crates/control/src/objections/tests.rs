use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};

use super::*;
use crate::testing;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn id(number: u128) -> VisitorId {
    VisitorId::from_u128(number)
}

struct House {
    _folder: tempfile::TempDir,
    database: Database,
    site: SiteId,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("control.db"), &testing::key(1)).unwrap();
        let site = testing::add_site(&database, "example.com", "UTC").unwrap().id;
        Self { _folder: folder, database, site }
    }

    fn act<T>(&self, work: impl FnOnce(&Work<'_>) -> Result<T, DatabaseError>) -> T {
        let object = Object::sole(ObjectKind::Site);
        let entry = NewEntry::new(NOW, Actor::system(), Act::ObjectionAdd, object);
        self.database.act(Log(1), &entry, work).unwrap()
    }

    fn merge(&self, from: u128, to: u128) {
        self.act(|work| {
            work.add_alias(self.site, (id(from), id(to)), NOW).unwrap();
            Ok(())
        });
    }

    fn object(&self, who: u128) -> bool {
        self.act(|work| work.add_objection(self.site, id(who), NOW))
    }

    fn end(&self, who: u128) -> bool {
        self.act(|work| work.end_objection(self.site, id(who)))
    }

    /// Who objected, as the edge is told.
    fn objected(&self) -> Vec<u128> {
        let mut ids: Vec<u128> =
            self.database.objected().unwrap().into_iter().map(|(_, id)| id.as_u128()).collect();
        ids.sort_unstable();
        ids
    }
}

#[test]
fn an_objection_holds_for_every_id_those_among_them_that_are_added_later() {
    let house = House::new();
    house.merge(1, 2);
    assert!(house.object(1) && !house.object(2), "said again it is nothing new");
    house.merge(3, 2);
    house.merge(4, 3);
    house.merge(8, 9);
    assert_eq!(house.objected(), [1, 2, 3, 4]);
    assert!(house.database.has_objected(house.site, id(4)).unwrap());
    assert!(!house.database.has_objected(house.site, id(9)).unwrap());
    assert!(!house.database.has_objected(SiteId(99), id(1)).unwrap(), "another site's");
    assert!(house.end(4) && !house.end(1));
    assert_eq!(house.objected(), [0_u128; 0]);
}

#[test]
fn ids_that_are_parted_both_go_on_objecting() {
    let house = House::new();
    house.merge(1, 2);
    house.object(2);
    house.merge(3, 2);
    house.act(|work| work.remove_alias(house.site, id(3), NOW));
    assert_eq!(house.objected(), [1, 2, 3]);
}

#[test]
fn whoever_objected_and_is_erased_goes_on_objecting_by_every_id_and_nothing_else_is_kept() {
    let house = House::new();
    house.object(1);
    house.merge(2, 1);
    house.merge(3, 2);
    for erased in [2, 1, 3] {
        house.act(|work| work.forget_visitor(house.site, id(erased), NOW));
    }
    assert_eq!(house.objected(), [1, 2, 3]);
    assert_eq!(house.database.ids_of(house.site, id(1)).unwrap(), [id(1)], "that they were one is forgotten");
    house.act(|work| work.forget_visitor(house.site, id(7), NOW));
    assert_eq!(house.objected(), [1, 2, 3], "who did not object does not");
    house.database.remove_site(house.site).unwrap();
    assert_eq!(house.objected(), [0_u128; 0]);
}
