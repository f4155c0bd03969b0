use domain::{Refusal, SiteId, SiteSettings};

use crate::sample::{Sample, site};
use crate::{Captured, SiteDirectory};

/// The sites that an event with `domain` reaches: its number, or 0 where no site has the name.
#[track_caller]
fn check(domain: Option<&str>, url: &str, expected: &[u32]) {
    let body = serde_json::json!({"n": "pageview", "u": url, "d": domain}).to_string();
    let mut sample = Sample::of(&body);
    sample.sites = SiteDirectory::new([
        site(1, "example.com", SiteSettings::default()),
        site(2, "example.org", SiteSettings::default()),
        site(3, "blog.example.com", SiteSettings::default()),
    ]);
    let reached: Vec<u32> = sample
        .capture()
        .expect("well formed")
        .into_iter()
        .map(|captured| match captured {
            Captured::Accepted { site: SiteId(id), .. } => id,
            Captured::Refused { site: None, reason: Refusal::UnknownSite } => 0,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(reached, expected, "{domain:?} {url}");
}

#[test]
fn the_named_domain_decides_and_the_page_may_lie_elsewhere() {
    check(Some("example.com"), "https://elsewhere.test/", &[1]);
    check(Some(" WWW.Example.com "), "https://elsewhere.test/", &[1]);
}

#[test]
fn an_event_reaches_each_site_it_names_once() {
    check(Some("example.com,example.org"), "https://example.com/", &[1, 2]);
    check(Some("example.com, www.example.com ,,example.com"), "https://example.com/", &[1]);
    check(Some("example.com,unknown.test,blog.example.com"), "https://example.com/", &[1, 0, 3]);
}

#[test]
fn without_a_domain_the_host_of_the_page_is_the_name() {
    check(None, "https://www.example.com/x", &[1]);
    check(Some(""), "https://blog.example.com/x", &[3]);
    check(None, "https://shop.example.com/x", &[0]);
    check(None, "/x", &[0]);
}

#[test]
fn a_domain_of_no_site_is_refused_by_name() {
    check(Some("unknown.test"), "https://example.com/", &[0]);
    check(Some("<script>"), "https://example.com/", &[0]);
}
