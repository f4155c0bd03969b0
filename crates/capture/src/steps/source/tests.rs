use domain::limits;
use serde_json::json;

use crate::sample::Sample;

/// The query of a page on `example.com` and a referrer; the source, channel and shown referrer they make.
#[track_caller]
fn check(query: &str, referrer: &str, expected: (&str, &str, &str)) {
    let body = json!({"n": "pageview", "u": format!("https://www.example.com/{query}"), "d": "example.com", "r": referrer});
    let referral = Sample::of(&body.to_string()).event().referral;
    let found = (referral.source.as_str(), referral.channel.as_str(), referral.referrer.as_str());
    assert_eq!(found, expected, "{query:?} from {referrer:?}");
}

#[test]
fn a_known_referrer_gives_its_name_and_another_its_host() {
    check("", "https://www.google.com/", ("Google", "Organic Search", "google.com"));
    check(
        "",
        "https://www.google.co.uk/search?q=secret",
        ("Google", "Organic Search", "google.co.uk/search"),
    );
    check(
        "",
        "https://news.ycombinator.com/item?id=1",
        ("Hacker News", "Organic Social", "news.ycombinator.com/item"),
    );
    check("", "https://m.facebook.com/", ("Facebook", "Organic Social", "m.facebook.com"));
    check("", "https://t.me/channel/", ("Telegram", "Organic Social", "t.me/channel"));
    check("", "https://mail.google.com/mail/u/0/", ("Gmail", "Email", "mail.google.com/mail/u/0"));
    check("", "android-app://com.google.android.gm/", ("Gmail", "Email", "com.google.android.gm"));
    check("", "https://www.Unknown.test/a/b/#c", ("unknown.test", "Referral", "unknown.test/a/b"));
    check("", "https://visitor:secret@unknown.test:81/", ("unknown.test", "Referral", "unknown.test"));
    check("", "", ("", "Direct", ""));
}

#[test]
fn the_sites_own_pages_and_the_developers_machine_are_no_referrers() {
    for referrer in
        ["https://example.com/other", "http://www.example.com", "http://localhost:3000/", "localhost"]
    {
        check("", referrer, ("", "Direct", ""));
    }
    check("", "https://blog.example.com/", ("blog.example.com", "Referral", "blog.example.com"));
}

#[test]
fn only_web_and_app_referrers_count() {
    for referrer in
        ["data:text/html,x", "file:///x", "ftp://unknown.test/", "about:blank", "nonsense", "https://"]
    {
        check("", referrer, ("", "Direct", ""));
    }
}

#[test]
fn the_tags_come_before_the_referrer_in_their_order() {
    let google = "https://google.com/";
    check("?ref=a&source=b&utm_source=c", google, ("c", "Referral", "google.com"));
    check("?ref=a&source=b", google, ("b", "Referral", "google.com"));
    check("?ref=a", google, ("a", "Referral", "google.com"));
    check("?utm_source=&ref=%20&source=b", google, ("b", "Referral", "google.com"));
    check("?UTM_SOURCE=c", google, ("Google", "Organic Search", "google.com"));
}

#[test]
fn names_and_aliases_map_in_any_case_and_others_stay_as_written() {
    check("?utm_source=ig", "", ("Instagram", "Organic Social", ""));
    check("?utm_source=FB-Ads", "", ("Facebook", "Paid Social", ""));
    check("?ref=t.me", "", ("Telegram", "Organic Social", ""));
    check("?utm_source=google&utm_medium=cpc", "", ("Google", "Paid Search", ""));
    check("?ref=ProductHunt", "", ("Product Hunt", "Organic Social", ""));
    check("?utm_source=My%20Partner", "", ("My Partner", "Referral", ""));
    check("?utm_source=m.facebook.com", "", ("m.facebook.com", "Organic Social", ""));
}

#[test]
fn of_click_ids_only_the_presence_counts() {
    check("?gclid=secret", "https://google.com/", ("Google", "Paid Search", "google.com"));
    check("?gclid=", "https://google.com/", ("Google", "Organic Search", "google.com"));
    check("?msclkid=secret", "https://bing.com/", ("Bing", "Paid Search", "bing.com"));
    let body = json!({"n": "pageview", "u": "https://example.com/?gclid=secret&token=secret", "r": "https://a.test/?q=secret"});
    let event = Sample::of(&body.to_string()).event();
    assert!(!format!("{event:?}").contains("secret"));
}

#[test]
fn the_campaign_is_what_the_tags_say() {
    let url = "https://example.com/?utm_source=s&utm_medium=m&utm_campaign=c+1&utm_content=x%26y&utm_term=t&utm_term=u";
    let campaign = Sample::of(&json!({"n": "pageview", "u": url}).to_string()).event().campaign;
    let found = [campaign.source, campaign.medium, campaign.campaign, campaign.content, campaign.term];
    assert_eq!(found.each_ref().map(|tag| tag.as_str()), ["s", "m", "c 1", "x&y", "t"]);
}

#[test]
fn tags_and_referrers_are_cut_to_their_limits() {
    for extra in [0, 1] {
        let tag = "t".repeat(limits::TAG_BYTES + extra);
        let path = "p".repeat(limits::REFERRER_BYTES - "a.test/".len() + extra);
        let body = json!({"n": "pageview", "u": format!("https://example.com/?utm_source={tag}"), "r": format!("https://a.test/{path}")});
        let event = Sample::of(&body.to_string()).event();
        assert_eq!(event.referral.source.len(), limits::TAG_BYTES);
        assert_eq!(event.campaign.source.len(), limits::TAG_BYTES);
        assert_eq!(event.referral.referrer.len(), limits::REFERRER_BYTES);
    }
}
