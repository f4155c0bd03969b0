use super::*;
use crate::lists::sources::SourceBook;

/// Source, utm_source, utm_medium, utm_campaign, and the channel they make.
#[track_caller]
fn check(source: &str, utm_source: &str, medium: &str, campaign: &str, expected: &str) {
    let clues = Clues { source, utm_source, medium, campaign, google_click: false, microsoft_click: false };
    assert_eq!(of(&clues, &SourceBook::new()), expected, "{source:?} {utm_source:?} {medium:?} {campaign:?}");
}

#[track_caller]
fn check_click(source: &str, google_click: bool, microsoft_click: bool, expected: &str) {
    let clues = Clues { source, utm_source: "", medium: "", campaign: "", google_click, microsoft_click };
    assert_eq!(of(&clues, &SourceBook::new()), expected, "{source:?} {google_click} {microsoft_click}");
}

#[test]
fn each_of_the_19_rules_finds_its_channel() {
    check("", "", "", "Spring Cross-Network", "Cross-network");
    check("Amazon", "", "cpc", "", "Paid Shopping");
    check("", "", "paid", "summer shopping", "Paid Shopping");
    check("Google", "", "cpc", "", "Paid Search");
    check("Google", "adwords", "", "", "Paid Search");
    check("Facebook", "fb-ads", "", "", "Paid Social");
    check("Instagram", "", "paid-social", "", "Paid Social");
    check("YouTube", "", "ppc", "", "Paid Video");
    check("example.org", "", "Banner", "", "Display");
    check("example.org", "", "retargeting", "", "Paid Other");
    check("Etsy", "", "", "", "Organic Shopping");
    check("", "", "", "eshop-launch", "Organic Shopping");
    check("Hacker News", "", "", "", "Organic Social");
    check("example.org", "", "social-media", "", "Organic Social");
    check("Vimeo", "", "", "", "Organic Video");
    check("", "", "my-video", "", "Organic Video");
    check("ChatGPT", "", "", "", "AI Assistants");
    check("DuckDuckGo", "", "", "", "Organic Search");
    check("Gmail", "", "", "", "Email");
    check("October newsletter", "October newsletter", "", "", "Email");
    check("", "", "e-mail", "", "Email");
    check("example.org", "", "affiliate", "", "Affiliates");
    check("example.org", "", "audio", "", "Audio");
    check("sms", "sms", "", "", "SMS");
    check("", "", "sms", "", "SMS");
    check("", "", "web-push", "", "Mobile Push Notifications");
    check("", "", "mobile", "", "Mobile Push Notifications");
    check("Firebase", "", "", "", "Mobile Push Notifications");
    check("example.org", "", "", "", "Referral");
    check("", "", "link", "", "Referral");
    check("", "", "", "", "Direct");
}

#[test]
fn a_click_id_pays_only_for_its_own_search_engine() {
    check_click("Google", true, false, "Paid Search");
    check_click("Google", false, true, "Organic Search");
    check_click("Bing", false, true, "Paid Search");
    check_click("Bing", true, false, "Organic Search");
    check_click("Facebook", true, true, "Organic Social");
}

#[test]
fn cpm_is_display_only_where_no_kind_of_source_takes_it() {
    check("example.org", "", "cpm", "", "Display");
    check("Facebook", "", "cpm", "", "Paid Social");
    check("Google", "", "cpm", "", "Paid Search");
}

#[test]
fn a_shop_in_the_campaign_begins_a_word() {
    for (campaign, expected) in [
        ("shop", "Organic Shopping"),
        ("web-shop", "Organic Shopping"),
        ("eshop", "Organic Shopping"),
        ("workshop", "Direct"),
        ("bishop workshopping", "Organic Shopping"),
        ("\u{e9}shop", "Organic Shopping"),
    ] {
        check("", "", "", campaign, expected);
    }
}

#[test]
fn an_advertising_alias_pays_only_with_a_known_kind_of_source() {
    check("TikTok", "tiktok-ads", "", "", "Paid Social");
    check("LinkedIn", "LinkedInAds", "", "", "Paid Social");
    check("someads", "someads", "", "", "Referral");
}

#[test]
fn case_and_blanks_make_no_difference() {
    check("GOOGLE", "", " CPC ", "", "Paid Search");
    check("", "", "", "CROSS-NETWORK", "Cross-network");
}

#[test]
fn the_sources_of_the_assistants_and_the_named_additions_are_in_their_channels() {
    for source in [
        "chatgpt",
        "chatgpt.com",
        "claude",
        "phind",
        "deepseek",
        "copilot",
        "grok",
        "google gemini",
        "perplexity",
    ] {
        check(source, "", "", "", "AI Assistants");
    }
    for source in [
        "hacker news",
        "telegram",
        "slack",
        "producthunt",
        "github",
        "steamcommunity.com",
        "microsoft teams",
        "vkontakte",
        "threads",
        "discord",
        "bluesky",
        "mastodon",
        "x (twitter)",
    ] {
        check(source, "", "", "", "Organic Social");
    }
    for source in ["yahoo!", "ecosia", "brave", "sogou"] {
        check(source, "", "", "", "Organic Search");
    }
    check("gmail", "", "", "", "Email");
    check("temu.com", "", "", "", "Organic Shopping");
}
