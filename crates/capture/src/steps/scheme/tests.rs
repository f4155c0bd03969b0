use domain::Refusal;

use crate::sample::{Sample, pageview};

#[track_caller]
fn check(url: &str, expected: Option<Refusal>) {
    assert_eq!(Sample::of(&pageview(url)).refusal(), expected, "{url}");
}

#[test]
fn pages_of_sites_and_screens_of_apps_are_measured() {
    for url in
        ["https://example.com/", "HTTP://example.com", "app://localhost/start", "android-app://com.example/x"]
    {
        check(url, None);
    }
}

#[test]
fn what_is_no_page_of_a_site_is_refused() {
    for url in [
        "data:text/html,<p>hi",
        "file:///home/visitor/page.html",
        "file://server/page.html",
        "blob:https://example.com/0190163d",
        "about:blank",
        "javascript:alert(1)",
        "JavaScript://example.com/%0Aalert(1)",
        "view-source:https://example.com/",
        "mailto:someone@example.com",
        "https:///path",
    ] {
        check(url, Some(Refusal::Scheme));
    }
}

#[test]
fn a_bare_path_is_measured_on_no_host() {
    assert_eq!(Sample::of(&pageview("/start")).event().hostname.as_str(), "(none)");
}
