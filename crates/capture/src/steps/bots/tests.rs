use super::*;
use crate::Headers;
use crate::sample::{FIREFOX, PIPELINE, Sample};

#[track_caller]
fn check(agent: &str, referrer: &str, expected: Option<Suspicion>) {
    let body = serde_json::json!({"n": "pageview", "u": "https://example.com/", "r": referrer}).to_string();
    let mut sample = Sample::of(&body);
    sample.headers = Headers { user_agent: agent.as_bytes(), ..sample.headers };
    assert_eq!(sample.event().suspicion, expected, "{agent} from {referrer:?}");
}

#[test]
fn agents_that_call_themselves_bots_are_set_aside() {
    for agent in [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.59 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "python-requests/2.32.3",
        "Go-http-client/1.1",
        "Wget/1.21.4",
        "okhttp/4.12.0",
        "Java/17.0.1",
    ] {
        check(agent, "", Some(Suspicion::UserAgent));
    }
}

#[test]
fn driven_browsers_are_set_aside_as_automation() {
    for agent in [
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Cypress/13.0.0 Chrome/118.0.0.0 Electron/27.0.0 Safari/537.36",
    ] {
        check(agent, "", Some(Suspicion::Automation));
    }
}

#[test]
fn browsers_of_people_are_not_set_aside() {
    for agent in [
        FIREFOX,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/124.0.0.0",
        "Mozilla/5.0 (Linux; Android 12; CUBOT X50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/370.0.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22F76 Instagram 381.0.0.29.85 (iPhone15,2; iOS 18_5; de_DE; de; scale=3.00; 1179x2556)",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0.0.0.0;]",
    ] {
        check(agent, "", None);
    }
}

#[test]
fn a_spamming_referrer_sets_an_event_aside_with_all_its_subdomains() {
    check(FIREFOX, "https://semalt.com/x", Some(Suspicion::ReferrerSpam));
    check(FIREFOX, "https://www.semalt.com/", Some(Suspicion::ReferrerSpam));
    check(FIREFOX, "https://a.b.semalt.com/", Some(Suspicion::ReferrerSpam));
    check(FIREFOX, "https://notsemalt.com/", None);
    check(FIREFOX, "https://example.org/semalt.com", None);
}

#[test]
fn the_agent_is_the_reason_before_the_referrer() {
    check("curl/8.5.0", "https://semalt.com/", Some(Suspicion::UserAgent));
}

#[test]
fn the_shape_of_headers_sets_nothing_aside() {
    check("", "", None);
}

#[test]
fn every_expression_of_the_bundled_list_compiles() {
    let _ = &*PIPELINE;
    let list = bots::read();
    for pattern in list.patterns.iter().copied().chain(list.guarded.iter().map(|line| line.pattern)) {
        bots::compile(pattern).expect(pattern);
    }
}
