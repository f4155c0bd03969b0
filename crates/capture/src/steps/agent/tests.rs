use super::*;
use crate::Headers;
use crate::sample::{Sample, pageview};

/// An agent and what it is read as: browser, system, device.
#[track_caller]
fn check(agent: &str, browser: &str, system: &str, device: &str) {
    let body = pageview("https://example.com/");
    let mut sample = Sample::of(&body);
    sample.headers = Headers { user_agent: agent.as_bytes(), ..sample.headers };
    let event = sample.event();
    let read = event.software;
    let named = |name: &Text, version: &Text| format!("{name} {version}").trim().to_owned();
    let found = (
        named(&read.browser, &read.browser_version),
        named(&read.os, &read.os_version),
        read.device.to_string(),
    );
    assert_eq!(found, (browser.to_owned(), system.to_owned(), device.to_owned()), "{agent}");
    assert_eq!(event.suspicion, None, "{agent}");
}

#[test]
fn computers_are_desktops() {
    check(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Chrome 142.0",
        "Windows 10",
        "Desktop",
    );
    check(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.3595.53",
        "Edge 142.0",
        "Windows 10",
        "Desktop",
    );
    check(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        "Safari 18.5",
        "macOS 10.15",
        "Desktop",
    );
    check(
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Firefox 145.0",
        "Linux",
        "Desktop",
    );
    check(
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Chrome 131.0",
        "Chrome OS 14541.0",
        "Desktop",
    );
}

#[test]
fn telephones_are_mobiles_and_their_browsers_keep_the_brand() {
    check(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "Safari 18.5",
        "iOS 18.5",
        "Mobile",
    );
    check(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/136.0.7103.91 Mobile/15E148 Safari/604.1",
        "Chrome 136.0",
        "iOS 18.5",
        "Mobile",
    );
    check(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        "Chrome 142.0",
        "Android 10",
        "Mobile",
    );
    check(
        "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
        "Firefox 145.0",
        "Android 15",
        "Mobile",
    );
    check(
        "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        "Samsung Internet 28.0",
        "Android 14",
        "Mobile",
    );
}

#[test]
fn tablets_and_cars_are_tablets() {
    check(
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        "Safari 17.5",
        "iOS 17.5",
        "Tablet",
    );
    check(
        "Mozilla/5.0 (Linux; Android 13; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Chrome 142.0",
        "Android 13",
        "Tablet",
    );
    check(
        "Mozilla/5.0 (X11; GNU/Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chromium/79.0.3945.130 Chrome/79.0.3945.130 Safari/537.36 Tesla/2020.16.2.1",
        "Chromium 79.0",
        "Linux",
        "Tablet",
    );
}

#[test]
fn televisions_and_consoles_are_desktops_whatever_they_run() {
    for agent in [
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/6.0 TV Safari/537.36",
        "Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.4 Safari/605.1.15",
        "Mozilla/5.0 (Linux; Android 9; AFTSS Build/PS7233) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 Mobile Safari/537.36",
    ] {
        assert_eq!(device::class(agent, true), "Desktop", "{agent}");
    }
}

#[test]
fn an_agent_that_says_nothing_is_read_as_nothing() {
    check("", "", "", "");
}

#[test]
fn an_agent_is_looked_at_up_to_its_limit() {
    assert_eq!(cut(&[b'a'; limits::USER_AGENT_BYTES]).len(), limits::USER_AGENT_BYTES);
    assert_eq!(cut(&[b'a'; limits::USER_AGENT_BYTES + 1]).len(), limits::USER_AGENT_BYTES);
    assert!(cut(&[0xff; limits::USER_AGENT_BYTES]).len() <= limits::USER_AGENT_BYTES);
}

#[test]
fn no_more_agents_are_remembered_than_the_limit() {
    let reader = AgentReader::new();
    for number in 0..limits::AGENTS_REMEMBERED + 100 {
        reader.judge(&format!("{number}"));
    }
    assert!(reader.remembered.len() <= limits::AGENTS_REMEMBERED);
}
