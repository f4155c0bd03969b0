use super::*;
use crate::testing::{add_site, key};
use crate::{AliasError, AttributeRow};

const ADA: VisitorId = VisitorId::from_u128(1);
const BOB: VisitorId = VisitorId::from_u128(2);

fn database() -> (tempfile::TempDir, Database, SiteId) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
    let site = add_site(&database, "example.com", "UTC").unwrap().id;
    (folder, database, site)
}

fn receipt(number: u128, visitor: VisitorId) -> ConsentRow {
    ConsentRow {
        id: ReceiptId::from_u128(number),
        visitor,
        purposes: vec!["analytics".to_owned(), "address".to_owned()],
        text_version: "v1".to_owned(),
        given_at: Timestamp(number as i64),
        way: Way::Page,
        withdrawn_at: None,
    }
}

fn keep<T>(database: &Database, work: impl FnOnce(&Work<'_>) -> Result<T, DatabaseError>) -> T {
    database.keep(work).unwrap()
}

#[test]
fn a_receipt_stands_until_it_is_withdrawn_and_then_says_when() {
    let (_folder, database, site) = database();
    keep(&database, |work| work.add_consent(site, &receipt(1, ADA)));
    assert_eq!(database.consents_of(site, ADA).unwrap(), [receipt(1, ADA)]);
    let withdraw =
        |site| keep(&database, |work| work.withdraw_consent(site, ReceiptId::from_u128(1), Timestamp(9)));
    assert!(!withdraw(SiteId(site.0 + 1)), "it is of this site alone");
    assert!(withdraw(site) && !withdraw(site));
    let withdrawn = ConsentRow { withdrawn_at: Some(Timestamp(9)), ..receipt(1, ADA) };
    assert_eq!(database.consents_of(site, ADA).unwrap(), [withdrawn]);
}

#[test]
fn whoever_has_no_receipt_left_that_stands_withdrew_and_whoever_never_had_one_did_not() {
    let (_folder, database, site) = database();
    let has = |visitor| keep(&database, |work| work.has_withdrawn(site, visitor));
    keep(&database, |work| {
        work.add_consent(site, &receipt(1, ADA))?;
        work.add_consent(site, &receipt(2, ADA))?;
        work.withdraw_consent(site, ReceiptId::from_u128(1), Timestamp(9))
    });
    assert!(!has(ADA) && !has(BOB));
    assert_eq!(keep(&database, |work| work.withdraw_consents_of(site, ADA, Timestamp(9))), 1);
    assert!(has(ADA));
    assert_eq!(database.withdrawn().unwrap(), [(site, ADA)]);
    keep(&database, |work| work.add_consent(site, &receipt(3, ADA)));
    assert!(!has(ADA), "they consented again");
    assert_eq!(database.withdrawn().unwrap(), []);
}

#[test]
fn whoever_withdrew_withdrew_by_every_id_of_theirs() {
    let (_folder, database, site) = database();
    let [other, third, fourth] = [3, 4, 5].map(VisitorId::from_u128);
    keep(&database, |work| {
        for (from, to) in [(ADA, other), (third, other)] {
            work.add_alias(site, (from, to), Timestamp(1)).map_err(|error| match error {
                AliasError::Database(error) => error,
                other => panic!("{other}"),
            })?;
        }
        work.add_consent(site, &receipt(1, ADA))?;
        work.add_consent(site, &receipt(2, other))?;
        work.add_consent(site, &receipt(3, BOB))?;
        work.add_consent(site, &receipt(4, fourth))?;
        work.withdraw_consent(site, ReceiptId::from_u128(1), Timestamp(9))
    });
    assert_eq!(database.withdrawn().unwrap(), [], "one of theirs stands");
    assert_eq!(keep(&database, |work| work.withdraw_consents_of(site, third, Timestamp(9))), 1);
    let mut withdrawn = database.withdrawn().unwrap();
    withdrawn.sort();
    assert_eq!(withdrawn, [(site, ADA), (site, other), (site, third)]);
    let has = |visitor| keep(&database, |work| work.has_withdrawn(site, visitor));
    assert!(has(ADA) && has(third) && has(other) && !has(BOB) && !has(fourth));
}

#[test]
fn of_more_who_withdrew_than_are_told_those_are_who_did_last_and_no_site_loses_any_to_another() {
    let of = |site: u32, ids: std::ops::Range<u128>| {
        ids.map(move |id| (SiteId(site), VisitorId::from_u128(id))).collect::<Vec<_>>()
    };
    let mut all = of(1, 0..9);
    all.extend(of(2, 20..22));
    assert_eq!(first_of_each(all.clone(), 9, 11), all, "as many as may be");
    assert_eq!(first_of_each(all.clone(), 8, 11), [of(1, 0..8), of(2, 20..22)].concat());
    assert_eq!(first_of_each(all.clone(), 9, 10), [of(1, 0..8), of(2, 20..22)].concat());
    assert_eq!(first_of_each(all, 9, 3), [of(1, 0..1), of(2, 20..21)].concat());
    let (_folder, database, site) = database();
    keep(&database, |work| {
        for (number, visitor, at) in [(1, ADA, 7), (2, BOB, 9), (3, VisitorId::from_u128(3), 8)] {
            work.add_consent(site, &receipt(number, visitor))?;
            work.withdraw_consent(site, ReceiptId::from_u128(number), Timestamp(at))?;
        }
        Ok(())
    });
    let told = database.withdrawn().unwrap();
    assert_eq!(told, [(site, BOB), (site, VisitorId::from_u128(3)), (site, ADA)]);
}

#[test]
fn what_is_kept_by_a_consent_goes_with_it_by_whichever_id_it_is_withdrawn() {
    let (_folder, database, site) = database();
    let other = VisitorId::from_u128(3);
    let kept_by = |name: &str, number: Option<u128>| AttributeRow {
        name: name.parse().unwrap(),
        at: Timestamp(1),
        sealed: vec![1],
        receipt: number.map(ReceiptId::from_u128),
    };
    keep(&database, |work| {
        work.add_alias(site, (ADA, other), Timestamp(1)).map_err(|error| match error {
            AliasError::Database(error) => error,
            other => panic!("{other}"),
        })?;
        work.add_consent(site, &receipt(1, ADA))?;
        work.add_consent(site, &receipt(2, other))?;
        work.add_consent(site, &receipt(3, BOB))?;
        work.put_attribute(site, other, &kept_by("home", Some(1)))?;
        work.put_attribute(site, other, &kept_by("office", Some(2)))?;
        work.put_attribute(site, other, &kept_by("plan", None))?;
        work.put_attribute(site, BOB, &kept_by("home", Some(3)))
    });
    let names = |visitor| -> Vec<String> {
        let rows = database.identified(site, visitor).unwrap().attributes;
        rows.into_iter().map(|row| row.name.as_str().to_owned()).collect()
    };
    assert!(keep(&database, |work| work.withdraw_consent(site, ReceiptId::from_u128(1), Timestamp(9))));
    assert_eq!(names(other), ["office", "plan"]);
    assert_eq!(keep(&database, |work| work.withdraw_consents_of(site, ADA, Timestamp(9))), 1);
    assert_eq!(names(other), ["plan"]);
    assert_eq!(names(BOB), ["home"]);
}

#[test]
fn what_became_somebody_elses_and_is_kept_by_a_consent_goes_with_it_all_the_same() {
    let (_folder, database, site) = database();
    let kept_by = |number| AttributeRow {
        name: "home".parse().unwrap(),
        at: Timestamp(1),
        sealed: vec![1],
        receipt: Some(ReceiptId::from_u128(number)),
    };
    let there = |visitor| database.identified(site, visitor).unwrap().attributes.len();
    let other = VisitorId::from_u128(3);
    keep(&database, |work| {
        // Given by ids that are others' by now: they were parted.
        work.add_consent(site, &receipt(1, ADA))?;
        work.add_consent(site, &receipt(2, ADA))?;
        work.put_attribute(site, BOB, &kept_by(1))?;
        work.put_attribute(site, other, &kept_by(2))?;
        work.withdraw_consent(site, ReceiptId::from_u128(1), Timestamp(9))
    });
    assert_eq!((there(BOB), there(other)), (0, 1));
    keep(&database, |work| work.forget_identified_of(site, ADA));
    assert_eq!(there(other), 0);
}

#[test]
fn a_receipt_by_which_something_is_kept_is_not_let_go_of_for_newer_ones() {
    let (_folder, database, site) = database();
    let kept = AttributeRow {
        name: "home".parse().unwrap(),
        at: Timestamp(1),
        sealed: vec![1],
        receipt: Some(ReceiptId::from_u128(1)),
    };
    keep(&database, |work| {
        work.add_consent(site, &receipt(1, ADA))?;
        work.put_attribute(site, ADA, &kept)?;
        (2..=u128::from(RECEIPTS_MAX) + 1)
            .try_for_each(|number| work.add_consent(site, &receipt(number, ADA)))
    });
    let numbers: Vec<ReceiptId> = database.consents_of(site, ADA).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(numbers.len(), RECEIPTS_MAX as usize);
    assert!(numbers.contains(&ReceiptId::from_u128(1)) && !numbers.contains(&ReceiptId::from_u128(2)));
}

#[test]
fn so_many_receipts_of_a_visitor_are_kept_and_those_that_stand_before_the_others() {
    let (_folder, database, site) = database();
    keep(&database, |work| {
        work.add_consent(site, &receipt(1, ADA))?;
        work.add_consent(site, &receipt(2, ADA))?;
        work.withdraw_consent(site, ReceiptId::from_u128(2), Timestamp(9))?;
        (3..=u128::from(RECEIPTS_MAX)).try_for_each(|number| work.add_consent(site, &receipt(number, ADA)))
    });
    assert_eq!(database.consents_of(site, ADA).unwrap().len(), RECEIPTS_MAX as usize);
    keep(&database, |work| work.add_consent(site, &receipt(1_000, ADA)));
    let kept = database.consents_of(site, ADA).unwrap();
    assert_eq!(kept.len(), RECEIPTS_MAX as usize);
    assert!(kept.iter().all(|row| row.id != ReceiptId::from_u128(2)), "the withdrawn one went");
    assert!(kept.iter().any(|row| row.id == ReceiptId::from_u128(1)));
}

#[test]
fn an_agreement_is_accepted_once_and_by_its_version() {
    let (_folder, database, site) = database();
    let accept = |person, at| {
        let row = AgreementRow { version: "one".to_owned(), person: PersonId(person), at: Timestamp(at) };
        keep(&database, |work| work.accept_agreement(OrganizationId::FIRST, &row));
    };
    accept(5, 1);
    accept(6, 2);
    let first = AgreementRow { version: "one".to_owned(), person: PersonId(5), at: Timestamp(1) };
    assert_eq!(database.agreements(OrganizationId::FIRST).unwrap(), [first]);
    let accepted = |version: &str| keep(&database, |work| work.has_accepted(site, version));
    assert!(accepted("one") && !accepted("two"));
    assert!(!keep(&database, |work| work.has_accepted(SiteId(site.0 + 1), "one")));
}
