use domain::{Refusal, SiteSettings};

use crate::Headers;
use crate::sample::{Sample, pageview};

#[track_caller]
fn check(gpc: &str, dnt: &str, honoured: bool, expected: Option<Refusal>) {
    let body = pageview("https://example.com/");
    let mut sample =
        Sample::of(&body).settings(SiteSettings { honour_signals: honoured, ..SiteSettings::default() });
    sample.headers = Headers { sec_gpc: gpc.as_bytes(), dnt: dnt.as_bytes(), ..sample.headers };
    assert_eq!(sample.refusal(), expected, "GPC {gpc:?}, DNT {dnt:?}, honoured: {honoured}");
}

#[test]
fn gpc_and_dnt_are_refused_where_the_site_honours_them() {
    check("1", "", true, Some(Refusal::OptOut));
    check("", "1", true, Some(Refusal::OptOut));
    check(" 1 ", "0", true, Some(Refusal::OptOut));
}

#[test]
fn gpc_and_dnt_change_nothing_where_the_site_does_not_honour_them() {
    check("1", "1", false, None);
}

#[test]
fn only_the_value_1_is_a_signal() {
    for value in ["", "0", "null", "11", "unspecified"] {
        check(value, value, true, None);
    }
}
