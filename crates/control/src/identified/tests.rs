use domain::{AttributeKind, DeclaredAttribute};

use super::*;
use crate::SiteChange;
use crate::testing::{add_site, key};

const ADA: VisitorId = VisitorId::from_u128(1);
const BOB: VisitorId = VisitorId::from_u128(2);
const NOW: Timestamp = Timestamp(7);

fn database() -> (tempfile::TempDir, Database, SiteId) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
    let site = add_site(&database, "example.com", "UTC").unwrap().id;
    (folder, database, site)
}

fn row(name: &str, sealed: u8) -> AttributeRow {
    AttributeRow { name: name.parse().unwrap(), at: NOW, sealed: vec![sealed], receipt: None }
}

fn keep(database: &Database, work: impl FnOnce(&Work<'_>) -> Result<(), DatabaseError>) {
    database.keep(work).unwrap();
}

#[test]
fn an_attribute_takes_the_place_of_what_it_said_before_and_goes_when_it_is_removed() {
    let (_folder, database, site) = database();
    keep(&database, |work| {
        work.add_visitor_key(site, ADA, &[9])?;
        work.put_attribute(site, ADA, &row("plan", 1))?;
        work.put_attribute(site, ADA, &row("email", 2))?;
        work.put_attribute(site, ADA, &row("plan", 3))
    });
    let kept = database.identified(site, ADA).unwrap();
    assert_eq!(kept, IdentifiedRow { key: Some(vec![9]), attributes: vec![row("email", 2), row("plan", 3)] });
    let remove =
        |name: &str| database.keep(|work| work.remove_attribute(site, ADA, &name.parse().unwrap())).unwrap();
    assert!(remove("plan") && !remove("plan"));
    assert_eq!(database.identified(site, BOB).unwrap(), IdentifiedRow::default());
}

#[test]
fn what_was_sealed_under_a_key_that_is_gone_does_not_stay_beside_a_newer_one() {
    let (_folder, database, site) = database();
    keep(&database, |work| {
        work.put_attribute(site, ADA, &row("plan", 1))?;
        work.add_visitor_key(site, ADA, &[9])
    });
    assert!(database.identified(site, ADA).unwrap().attributes.is_empty());
}

#[test]
fn a_visitor_is_forgotten_and_the_others_stay() {
    let (_folder, database, site) = database();
    keep(&database, |work| {
        for visitor in [ADA, BOB] {
            work.add_visitor_key(site, visitor, &[9])?;
            work.put_attribute(site, visitor, &row("plan", 1))?;
        }
        work.forget_identified_of(site, ADA)
    });
    assert_eq!(database.identified(site, ADA).unwrap(), IdentifiedRow::default());
    assert!(database.identified(site, BOB).unwrap().key.is_some());
    database.remove_site(site).unwrap();
    assert_eq!(database.identified(site, BOB).unwrap(), IdentifiedRow::default());
}

#[test]
fn so_many_names_that_were_left_out_are_remembered_and_those_go_on_counting() {
    let (_folder, database, site) = database();
    keep(&database, |work| {
        for number in 0..=LEFT_OUT_NAMES_MAX {
            work.count_left_out(site, &format!("name{number}"), NOW)?;
        }
        work.count_left_out(site, "name0", Timestamp(9))
    });
    let names = database.left_out_attributes(site).unwrap();
    assert_eq!(names.len(), LEFT_OUT_NAMES_MAX as usize);
    assert_eq!(names[0], LeftOutRow { name: "name0".to_owned(), count: 2, last_at: Timestamp(9) });
}

#[test]
fn what_a_site_declares_no_longer_is_not_kept_any_longer() {
    let (_folder, database, site) = database();
    keep(&database, |work| {
        work.add_visitor_key(site, ADA, &[9])?;
        work.put_attribute(site, ADA, &row("plan", 1))?;
        work.put_attribute(
            site,
            ADA,
            &AttributeRow { name: AttributeName::id(), at: NOW, sealed: vec![3], receipt: None },
        )?;
        work.put_attribute(site, ADA, &row("email", 2))
    });
    let declared = DeclaredAttribute { name: "plan".parse().unwrap(), kind: AttributeKind::Text };
    let change = SiteChange { attributes: Some(vec![declared]), ..SiteChange::default() };
    let changed = database.keep(|work| work.change_site(&"example.com".parse().unwrap(), &change)).unwrap();
    assert_eq!(changed.settings.attributes.len(), 1);
    let names: Vec<_> =
        database.identified(site, ADA).unwrap().attributes.into_iter().map(|row| row.name).collect();
    assert_eq!(names, [AttributeName::id(), "plan".parse().unwrap()]);
}

#[test]
fn what_fails_leaves_nothing_behind() {
    let (_folder, database, site) = database();
    let failed: Result<(), DatabaseError> = database.keep(|work| {
        work.add_visitor_key(site, ADA, &[9])?;
        work.add_visitor_key(site, ADA, &[9])
    });
    assert!(failed.is_err());
    assert_eq!(database.identified(site, ADA).unwrap(), IdentifiedRow::default());
}
