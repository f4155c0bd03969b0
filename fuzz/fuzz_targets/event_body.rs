//! Any body through the whole of `capture`, packed or plain: an answer within the limits, and never a panic.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use capture::{
    Admission, Captured, Circumstances, Controls, Headers, Pipeline, RawRequest, RecentVisitors, SiteDirectory,
};
use domain::{ClientAddress, DaySecret, DaySecrets, Event, IdSecret, Site, SiteId, SiteSettings, TimeZone, Timestamp, limits};
use libfuzzer_sys::fuzz_target;

/// 2026-11-22T23:50:00Z: shortly before midnight, so that recent visitors are noted too.
const RECEIVED_AT: Timestamp = Timestamp(1_795_391_400_000);

struct World {
    pipeline: Pipeline,
    sites: SiteDirectory,
    secrets: DaySecrets,
    recent: RecentVisitors,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let day = RECEIVED_AT.utc_day();
    World {
        pipeline: Pipeline::open(None, Controls::default()).expect("the bundled lists are whole"),
        sites: SiteDirectory::new([Site {
            id: SiteId(1),
            organization: domain::OrganizationId::FIRST,
            domain: "example.com".parse().expect("a domain"),
            timezone: TimeZone::utc(),
            created_at: RECEIVED_AT,
            settings: SiteSettings::default(),
            write_key: "0123456789abcdef0123456789abcdef".parse().expect("a write key"),
            ids: IdSecret::new([3; 32]),
        }]),
        secrets: DaySecrets {
            today: DaySecret::new(day, [1; 32]),
            yesterday: Some(DaySecret::new(day - 1, [2; 32])),
        },
        recent: RecentVisitors::default(),
    }
});

fuzz_target!(|input: &[u8]| {
    // The first byte chooses between a plain and a packed body; the agent is the body's own beginning.
    let (choice, body) = input.split_first().unwrap_or((&0, &[]));
    let headers = Headers {
        content_encoding: if choice % 4 == 3 { b"gzip" } else { b"" },
        user_agent: &body[..body.len().min(usize::from(*choice))],
        accept_language: body,
        ..Headers::default()
    };
    let address = ClientAddress::new(IpAddr::V4(Ipv4Addr::new(8, 8, 8, *choice)));
    let request = RawRequest { body, headers, address, received_at: RECEIVED_AT };
    let world = &*WORLD;
    let circumstances = Circumstances {
        sites: &world.sites,
        secrets: &world.secrets,
        recent: &world.recent,
        admission: Admission::Live,
    };
    let Ok(captured) = world.pipeline.capture(&request, &circumstances) else { return };
    assert!(captured.len() <= limits::DOMAINS_PER_EVENT);
    for captured in &captured {
        if let Captured::Accepted { event, .. } = captured {
            assert_within_limits(event);
        }
    }
});

fn assert_within_limits(event: &Event) {
    assert!(!event.name.is_empty() && event.name.len() <= limits::NAME_BYTES);
    assert!(event.hostname.len() <= limits::HOSTNAME_BYTES);
    assert!(event.path.len() <= limits::PATH_BYTES);
    assert!(event.referral.referrer.len() <= limits::REFERRER_BYTES);
    let campaign = &event.campaign;
    let tags = [&campaign.source, &campaign.medium, &campaign.campaign, &campaign.content, &campaign.term];
    assert!(tags.iter().all(|tag| tag.len() <= limits::TAG_BYTES) && event.referral.source.len() <= limits::TAG_BYTES);
    assert!(event.properties.len() <= limits::PROPERTIES);
    for (name, value) in &event.properties {
        assert!(name.len() <= limits::PROPERTY_NAME_BYTES && value.len() <= limits::PROPERTY_VALUE_BYTES);
    }
    assert!(event.at <= RECEIVED_AT + limits::EVENT_AHEAD_MAX && event.at >= RECEIVED_AT - limits::EVENT_AGE_MAX);
    let texts = [&event.name, &event.hostname, &event.path, &event.referral.referrer, &event.referral.source];
    assert!(texts.iter().all(|text| !text.chars().any(char::is_control)));
}
