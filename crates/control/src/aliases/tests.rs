use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};

use super::*;
use crate::testing;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

struct House {
    _folder: tempfile::TempDir,
    database: Database,
    site: SiteId,
}

fn id(number: u128) -> VisitorId {
    VisitorId::from_u128(number)
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("control.db"), &testing::key(1)).unwrap();
        let site = testing::add_site(&database, "example.com", "UTC").unwrap().id;
        Self { _folder: folder, database, site }
    }

    fn act<T, E: From<DatabaseError>>(&self, work: impl FnOnce(&Work<'_>) -> Result<T, E>) -> Result<T, E> {
        let object = Object::sole(ObjectKind::Site);
        self.database.act(Log(1), &NewEntry::new(NOW, Actor::system(), Act::VisitorMerge, object), work)
    }

    fn merge(&self, from: u128, to: u128) -> Result<bool, AliasError> {
        self.act(|work| work.add_alias(self.site, (id(from), id(to)), NOW))
    }

    fn part(&self, from: u128) -> Option<VisitorId> {
        self.act(|work| work.remove_alias(self.site, id(from), NOW)).unwrap()
    }

    fn restrict(&self, who: u128) -> bool {
        self.act(|work| work.restrict_visitor(self.site, id(who), NOW)).unwrap()
    }

    fn unrestrict(&self, who: u128) -> bool {
        self.act(|work| work.unrestrict_visitor(self.site, id(who))).unwrap()
    }

    fn ids_of(&self, who: u128) -> Vec<u128> {
        let mut ids = self.database.ids_of(self.site, id(who)).unwrap();
        ids.sort_unstable();
        ids.iter().map(|id| id.as_u128()).collect()
    }

    fn is_restricted(&self, who: u128) -> bool {
        self.database.is_restricted(self.site, id(who)).unwrap()
    }

    fn said(&self) -> AliasRows {
        self.database.aliases(self.site).unwrap()
    }

    /// A row of an alias for each of some ids, as if each had been said.
    fn fill(&self, aliases: u64) {
        let connection = self.database.connection();
        let version = "INSERT INTO alias_version (site, version, aliases) VALUES (?1, 1, ?2)";
        connection.execute(version, params![self.site.0, aliases.cast_signed()]).unwrap();
    }
}

#[test]
fn an_id_leads_to_another_until_they_are_parted_and_then_nothing_is_left_of_it() {
    let house = House::new();
    assert_eq!(house.said(), AliasRows::default());
    assert!(house.merge(1, 2).unwrap());
    assert!(house.merge(2, 3).unwrap());
    assert_eq!(house.said().merged, [(id(1), id(2)), (id(2), id(3))]);
    for who in [1, 2, 3] {
        assert_eq!(house.ids_of(who), [1, 2, 3]);
    }
    assert_eq!(house.ids_of(4), [4]);
    assert_eq!(house.part(2), Some(id(3)));
    assert_eq!(house.ids_of(1), [1, 2], "what led there goes with it");
    assert_eq!(house.part(1), Some(id(2)));
    assert_eq!(house.part(1), None);
    assert_eq!(AliasRows { version: 0, ..house.said() }, AliasRows::default());
}

#[test]
fn whoever_counts_is_told_of_every_change_and_of_no_other() {
    let house = House::new();
    let version = || (house.database.catalog_version().unwrap(), house.said().version);
    let mut before = version();
    let mut changes = |done: bool, changes: bool| {
        assert!(done);
        let now = version();
        assert_eq!(now.0 != before.0, changes);
        assert_eq!(now.1 != before.1, changes);
        assert_eq!(house.database.catalog().unwrap().aliases, [(house.site, now.1)]);
        before = now;
    };
    changes(house.merge(1, 2).unwrap(), true);
    changes(!house.merge(1, 2).unwrap(), false);
    changes(house.restrict(1), true);
    changes(!house.restrict(2), false);
    changes(house.unrestrict(2), true);
    changes(!house.unrestrict(1), false);
    changes(house.part(1).is_some(), true);
    changes(house.part(1).is_none(), false);
}

#[test]
fn what_cannot_be_one_visitor_is_refused_and_says_why() {
    let house = House::new();
    house.merge(1, 2).unwrap();
    house.merge(2, 3).unwrap();
    assert!(matches!(house.merge(5, 5), Err(AliasError::Itself)));
    assert!(matches!(house.merge(1, 4), Err(AliasError::Taken)));
    assert!(matches!(house.merge(3, 1), Err(AliasError::Ring)));
    assert!(matches!(house.merge(3, 2), Err(AliasError::Ring)));
    assert_eq!(house.said().merged.len(), 2, "nothing of it is kept");
}

#[test]
fn a_visitor_has_so_many_ids_and_no_more() {
    let house = House::new();
    let last = u128::from(IDS_OF_ONE_MAX);
    for from in 2..last {
        house.merge(from, 1).unwrap();
    }
    house.merge(last, 1).unwrap();
    assert_eq!(house.ids_of(1).len() as u64, IDS_OF_ONE_MAX);
    assert!(matches!(house.merge(last + 1, 1), Err(AliasError::TooManyOfOne)));
    assert!(matches!(house.merge(1, last + 1), Err(AliasError::TooManyOfOne)));
}

#[test]
fn a_site_has_so_many_aliases_and_no_more() {
    let house = House::new();
    house.fill(ALIASES_MAX - 1);
    assert!(house.merge(1, 2).unwrap());
    assert!(matches!(house.merge(3, 4), Err(AliasError::TooMany)));
    house.part(1);
    assert!(house.merge(3, 4).unwrap());
}

#[test]
fn whoever_is_restricted_is_by_every_id_and_stays_so_when_they_are_parted() {
    let house = House::new();
    house.merge(1, 2).unwrap();
    assert!(house.restrict(1));
    assert!(house.is_restricted(2) && house.is_restricted(1) && !house.is_restricted(3));
    house.part(1);
    assert!(house.is_restricted(2) && house.is_restricted(1));
    assert!(house.unrestrict(2));
    assert!(!house.is_restricted(2) && house.is_restricted(1));
}

#[test]
fn what_was_said_of_one_id_is_forgotten_and_of_others_not() {
    let house = House::new();
    house.merge(1, 2).unwrap();
    house.merge(2, 3).unwrap();
    house.merge(5, 6).unwrap();
    house.restrict(2);
    house.restrict(5);
    house.act(|work| work.forget_aliases_of(house.site, id(2))).unwrap();
    assert_eq!(house.said().merged, [(id(5), id(6))]);
    assert_eq!(house.said().restricted, [id(5)]);
    house.database.remove_site(house.site).unwrap();
    assert_eq!(house.said(), AliasRows::default());
    assert!(house.database.catalog().unwrap().aliases.is_empty());
}

#[test]
fn visitors_of_other_sites_are_others() {
    let house = House::new();
    let other = testing::add_site(&house.database, "other.example", "UTC").unwrap().id;
    house.merge(1, 2).unwrap();
    house.restrict(1);
    assert_eq!(house.database.ids_of(other, id(1)).unwrap(), [id(1)]);
    assert!(!house.database.is_restricted(other, id(1)).unwrap());
    assert_eq!(house.database.aliases(other).unwrap(), AliasRows::default());
}
