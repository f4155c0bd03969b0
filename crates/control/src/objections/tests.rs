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
        self.act(|work| Ok(work.add_objection(self.site, id(who), NOW).unwrap()))
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
fn by_as_many_ids_as_a_site_may_have_visitors_object_and_the_next_is_told_so_in_a_sentence() {
    let house = House::new();
    for from in 2..=5 {
        house.merge(from, 1);
    }
    house.merge(7, 6);
    house.act(|work| {
        let insert = "INSERT INTO objection (site, visitor, at) VALUES (?1, ?2, 0)";
        for who in 100..100 + u128::from(OBJECTED_OF_SITE_MAX - 5) {
            work.transaction().prepare_cached(insert)?.execute(params![house.site.0, bytes_of(id(who))])?;
        }
        Ok(())
    });
    assert!(house.object(3), "each of five ids fits");
    assert!(!house.object(1), "said again it is nothing more");
    house.act(|work| {
        let refused = work.add_objection(house.site, id(6), NOW).unwrap_err();
        assert!(matches!(refused, ObjectionError::TooManyOfSite), "{refused}");
        assert!(refused.to_string().contains("10000 ids"), "{refused}");
        let merged = work.add_alias(house.site, (id(1), id(6)), NOW).unwrap_err();
        assert!(matches!(merged, crate::AliasError::Objecting(_)), "{merged}");
        work.add_alias(house.site, (id(100), id(101)), NOW).unwrap();
        Ok(())
    });
    assert_eq!(house.objected().len() as u64, OBJECTED_OF_SITE_MAX);
    house.act(|work| work.forget_visitor(house.site, id(1), NOW));
    assert!(house.end(3) && house.end(4));
    assert!(house.object(6), "who objects no longer leaves room");
}

#[test]
fn all_sites_together_have_their_most_too() {
    assert!(fits(OBJECTED_OF_SITE_MAX, OBJECTED_MAX).is_ok());
    assert!(matches!(fits(1, OBJECTED_MAX + 1), Err(ObjectionError::TooMany)));
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
