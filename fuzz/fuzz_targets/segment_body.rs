//! Any body through the Segment HTTP API, packed or plain, alone or as a batch: an answer within the limits, and never a panic.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use capture::{
    Admission, CallAddress, Captured, Circumstances, Controls, Headers, Pipeline, RawRequest, RecentVisitors, SiteDirectory,
};
use domain::{
    AttributeKind, AttributeValue, ClientAddress, DaySecret, DaySecrets, DeclaredAttribute, IdSecret, KeptAddress, Site, SiteId,
    SiteSettings, TimeZone, Timestamp, limits,
};
use libfuzzer_sys::fuzz_target;

const RECEIVED_AT: Timestamp = Timestamp(1_795_391_400_000);
const PATHS: [&str; 8] =
    ["/v1/batch", "/v1/b", "/v1/track", "/v1/p", "/v1/screen", "/v1/identify", "/v1/group", "/v1/alias"];

struct World {
    pipeline: Pipeline,
    sites: SiteDirectory,
    secrets: DaySecrets,
    recent: RecentVisitors,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let declared = [("a", AttributeKind::Text), ("b", AttributeKind::Number), ("c", AttributeKind::Date)];
    let attributes = declared.map(|(name, kind)| DeclaredAttribute { name: name.parse().expect("a name"), kind });
    World {
        pipeline: Pipeline::open(None, Controls::default()).expect("the bundled lists are whole"),
        sites: SiteDirectory::new([Site {
            id: SiteId(1),
            organization: domain::OrganizationId::FIRST,
            domain: "example.com".parse().expect("a domain"),
            timezone: TimeZone::utc(),
            created_at: RECEIVED_AT,
            settings: SiteSettings { attributes: attributes.to_vec(), ..SiteSettings::default() },
            // The one that the header below spells.
            write_key: "00000000000000000000000000000000".parse().expect("a write key"),
            ids: IdSecret::new([3; 32]),
        }]),
        secrets: DaySecrets { today: DaySecret::new(RECEIVED_AT.utc_day(), [1; 32]), yesterday: None },
        recent: RecentVisitors::default(),
    }
});

fuzz_target!(|input: &[u8]| {
    let (choice, body) = input.split_first().unwrap_or((&0, &[]));
    let headers = Headers {
        content_encoding: if choice & 64 != 0 { b"gzip" } else { b"" },
        // The key comes with the header, so that every body is looked at.
        authorization: b"Basic MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA6",
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
    let address = CallAddress::of_path(PATHS[usize::from(choice % 8)]).expect("an address");
    let Ok(taken) = world.pipeline.capture_segment(&request, address, &circumstances) else { return };
    assert!(taken.captured.len() + taken.said.len() <= limits::BATCH_EVENTS);
    for captured in &taken.captured {
        if let Captured::Accepted { event, .. } = captured {
            assert!(!event.name.is_empty() && event.name.len() <= limits::NAME_BYTES);
            assert!(event.path.len() <= limits::PATH_BYTES && event.properties.len() <= limits::PROPERTIES);
        }
    }
    for said in &taken.said {
        assert!(said.left_out.len() <= limits::UNDECLARED_NAMED && said.attributes.len() <= limits::ATTRIBUTES);
        for (_, value) in &said.attributes {
            match value {
                // An address is nowhere where none was allowed.
                Some(AttributeValue::Text(text)) => assert!(KeptAddress::read(text).is_none()),
                Some(AttributeValue::Address(_)) => panic!("no address is declared"),
                _ => {}
            }
        }
    }
});
