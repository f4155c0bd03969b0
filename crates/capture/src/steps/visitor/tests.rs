use domain::{DAY_MS, DaySecrets, MINUTE_MS, SiteSettings};

use super::*;
use crate::sample::{NOON, secrets_at, site};
use crate::{Admission, RecentVisitors, SiteDirectory};

/// The id under the key 07…07 of site 1.
fn id(address: &str, user_agent: &str, hostname: &str) -> VisitorId {
    let address = ClientAddress::new(address.parse().unwrap());
    under(&DaySecret::new(0, [7; 32]), SiteId(1), &Traits { address, user_agent, hostname })
}

#[test]
fn the_daily_id_is_the_hmac_that_another_implementation_computes() {
    let expected: VisitorId = "67561ff5-81ab-cbfe-885a-0df5b6d36325".parse().unwrap();
    assert_eq!(id("203.0.113.77", "Agent/1.0", "shop.example.co.uk"), expected);
}

#[test]
fn visitors_differ_by_address_agent_domain_site_and_day() {
    let one = id("203.0.113.77", "Agent/1.0", "example.com");
    assert_ne!(one, id("203.0.113.78", "Agent/1.0", "example.com"), "neighbours of one /24 are two");
    assert_ne!(one, id("203.0.113.77", "Agent/2.0", "example.com"));
    assert_ne!(one, id("203.0.113.77", "Agent/1.0", "example.org"));
    let traits = Traits {
        address: ClientAddress::new("203.0.113.77".parse().unwrap()),
        user_agent: "Agent/1.0",
        hostname: "example.com",
    };
    assert_ne!(one, under(&DaySecret::new(0, [7; 32]), SiteId(2), &traits));
    assert_ne!(one, under(&DaySecret::new(1, [8; 32]), SiteId(1), &traits));
}

#[test]
fn moving_letters_between_agent_and_domain_makes_another_visitor() {
    assert_ne!(id("203.0.113.77", "ab", "c.test"), id("203.0.113.77", "a", "bc.test"));
}

#[test]
fn subdomains_of_one_registrable_domain_are_one_visitor() {
    let same = |left: &str, right: &str| id("203.0.113.77", "A", left) == id("203.0.113.77", "A", right);
    assert!(same("example.com", "shop.example.com"));
    assert!(same("a.example.co.uk", "b.example.co.uk"));
    assert!(!same("one.github.io", "two.github.io"), "github.io is a public suffix");
    assert!(!same("192.0.2.1", "192.0.2.2"), "an address has no registrable domain");
}

#[test]
fn an_ipv4_address_written_as_ipv6_is_the_same_visitor() {
    assert_eq!(id("203.0.113.77", "A", "example.com"), id("::ffff:203.0.113.77", "A", "example.com"));
}

/// Who an event belongs to, on a site of `identity`, where the sender gave `given`.
fn assigned(identity: IdentityMode, given: Option<VisitorId>) -> VisitorId {
    let site = site(1, "example.com", SiteSettings { identity, ..SiteSettings::default() });
    seen(&site, given, NOON, &RecentVisitors::default())
}

fn seen(site: &Site, given: Option<VisitorId>, at: Timestamp, recent: &RecentVisitors) -> VisitorId {
    seen_under(&secrets_at(at), site, given, at, recent)
}

fn seen_under(
    secrets: &DaySecrets,
    site: &Site,
    given: Option<VisitorId>,
    at: Timestamp,
    recent: &RecentVisitors,
) -> VisitorId {
    let traits = Traits {
        address: ClientAddress::new("203.0.113.77".parse().unwrap()),
        user_agent: "Agent/1.0",
        hostname: "example.com",
    };
    let sites = SiteDirectory::default();
    let circumstances = Circumstances { sites: &sites, secrets, recent, admission: Admission::Live };
    assign(site, given, &traits, at, &circumstances)
}

#[test]
fn a_given_id_is_used_unless_the_site_is_cookieless() {
    let given = VisitorId::from_u128(42);
    assert_eq!(assigned(IdentityMode::Consent, Some(given)), given);
    assert_eq!(assigned(IdentityMode::Always, Some(given)), given);
    let daily = assigned(IdentityMode::Cookieless, Some(given));
    assert_ne!(daily, given);
    assert_eq!(daily, assigned(IdentityMode::Cookieless, None));
    assert_eq!(daily, assigned(IdentityMode::Consent, None));
}

const MIDNIGHT: i64 = NOON.0 + DAY_MS / 2;

/// The ids of one visitor's events at these minutes from midnight, as small numbers in order of appearance.
#[track_caller]
fn check_midnight(minutes: &[i64], expected: &[usize]) {
    let site = site(1, "example.com", SiteSettings::default());
    let recent = RecentVisitors::default();
    let mut known: Vec<VisitorId> = Vec::new();
    let found: Vec<usize> = minutes
        .iter()
        .map(|minute| {
            let id = seen(&site, None, Timestamp(MIDNIGHT + minute * MINUTE_MS), &recent);
            known.iter().position(|other| *other == id).unwrap_or_else(|| {
                known.push(id);
                known.len() - 1
            })
        })
        .collect();
    assert_eq!(found, expected, "{minutes:?}");
}

#[test]
fn a_visit_over_midnight_keeps_its_visitor_until_it_ends() {
    check_midnight(&[-10, 10], &[0, 0]);
    check_midnight(&[-1, 0, 25, 50, 75], &[0, 0, 0, 0, 0]);
    check_midnight(&[-10, 10, 39, 70], &[0, 0, 0, 1]);
}

#[test]
fn a_visitor_who_comes_back_after_midnight_is_a_new_one() {
    check_midnight(&[-30, 0], &[0, 1]);
    check_midnight(&[-10, 20], &[0, 1]);
    check_midnight(&[-600, 10], &[0, 1]);
    check_midnight(&[-10, 10, 40, 41], &[0, 0, 1, 1]);
}

#[test]
fn yesterdays_visit_ends_where_yesterdays_secret_is_gone() {
    let site = site(1, "example.com", SiteSettings::default());
    let recent = RecentVisitors::default();
    let before = seen(&site, None, Timestamp(MIDNIGHT - MINUTE_MS), &recent);
    let after = Timestamp(MIDNIGHT + MINUTE_MS);
    let secrets = DaySecrets { yesterday: None, ..secrets_at(after) };
    assert_ne!(seen_under(&secrets, &site, None, after, &recent), before);
}

#[test]
fn imported_visitors_without_an_id_are_known_for_one_day_each() {
    let site = site(1, "example.com", SiteSettings::default());
    let secrets = secrets_at(NOON);
    let traits = Traits {
        address: ClientAddress::new("203.0.113.77".parse().unwrap()),
        user_agent: "Agent/1.0",
        hostname: "example.com",
    };
    let circumstances = Circumstances {
        sites: &SiteDirectory::default(),
        secrets: &secrets,
        recent: &RecentVisitors::default(),
        admission: Admission::Bulk,
    };
    let on = |at| assign(&site, None, &traits, at, &circumstances);
    assert_eq!(on(NOON), on(Timestamp(NOON.0 + MINUTE_MS)));
    assert_ne!(on(NOON), on(Timestamp(NOON.0 - DAY_MS)));
}

#[test]
fn a_late_event_belongs_to_the_visitor_of_its_own_day() {
    let site = site(1, "example.com", SiteSettings::default());
    let recent = RecentVisitors::default();
    let now = secrets_at(NOON);
    let on = |days_ago: i64| seen_under(&now, &site, None, Timestamp(NOON.0 - days_ago * DAY_MS), &recent);
    let yesterday_then = seen(&site, None, Timestamp(NOON.0 - DAY_MS), &recent);
    assert_eq!(on(1), yesterday_then);
    let ids = [on(0), on(1), on(2), on(3)];
    let distinct: std::collections::HashSet<VisitorId> = ids.into_iter().collect();
    assert_eq!(distinct.len(), 4, "no id ties two days together");
    assert_eq!(on(3), ids[3], "and one day is one visitor");
}

#[test]
fn a_clock_that_runs_ahead_into_tomorrow_makes_no_second_visitor() {
    let site = site(1, "example.com", SiteSettings::default());
    let recent = RecentVisitors::default();
    let today = secrets_at(Timestamp(MIDNIGHT - MINUTE_MS));
    let now = seen_under(&today, &site, None, Timestamp(MIDNIGHT - MINUTE_MS), &recent);
    assert_eq!(seen_under(&today, &site, None, Timestamp(MIDNIGHT + MINUTE_MS), &recent), now);
}
