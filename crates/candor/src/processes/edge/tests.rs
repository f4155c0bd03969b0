//! Clients from elsewhere, of whom a test on one machine can only say that they came.

use std::convert::Infallible;
use std::sync::mpsc;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use domain::{
    DaySecret, DaySecrets, IdSecret, ManualClock, OrganizationId, Site, SiteId, SiteSettings, TimeZone,
    Timestamp,
};
use sealing::{Environment, PublicKey, Recipient};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::accept::{Connections, Porter};
use super::*;
use crate::blocks::Block;
use crate::processes::door::FromEdge;
use crate::processes::messages::{Directory, Doing, Notice, RecordedToday, Role};

const NOW: Timestamp = Timestamp(1_780_000_000_000);
/// By which calls of the Segment API name the site.
pub(super) const WRITE_KEY: &str = "0123456789abcdef0123456789abcdef";
/// How long a blocked network may still be heard.
const AT_ONCE: Duration = Duration::from_secs(1);

/// From where operators may act.
const OPERATORS: [&str; 4] = ["2001:db8:1::/48", "198.51.100.7/32", "198.51.100.0/24", "203.0.112.0/22"];

/// An edge, and an `app` that tells the headers it was given, or, asked for `/stream`, does not end.
pub(super) struct House {
    pub(super) edge: Arc<Edge>,
    clock: Arc<ManualClock>,
    listener: std::net::TcpListener,
    said: mpsc::Receiver<FromChild>,
    stop: watch::Sender<bool>,
    _data: tempfile::TempDir,
}

impl House {
    fn new(proxies: &[&str]) -> Self {
        Self::of(Parts::product(), proxies)
    }

    pub(super) fn of(parts: Parts, proxies: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        for folder in ["journal", "tmp"] {
            std::fs::create_dir(data.path().join(folder)).unwrap();
        }
        let clock = Arc::new(ManualClock::at(NOW));
        let parts = Parts { clock: clock.clone(), ..parts };
        let birth = Birth {
            role: Role::Edge,
            data: data.path().to_owned(),
            keys: None,
            public_url: "https://stats.example".to_owned(),
            replay_url: Some("https://replay.example".to_owned()),
            listen: None,
            trusted_proxies: proxies.iter().map(|text| text.parse().unwrap()).collect(),
            certificate: None,
            places: None,
            allow_unsandboxed: false,
            threads: 2,
            passed: Vec::new(),
            root: None,
            mail: false,
            smtp: None,
            backups: None,
            alerts: Default::default(),
            reach: Default::default(),
        };
        let (ours, theirs) = sealing::packet_pair().unwrap();
        let (voice, said) = Voice::overheard();
        let app = axum::Router::new().fallback(answer_as_app);
        tokio::spawn(async move { axum::serve(FromEdge::new(theirs).unwrap(), app).await });
        let doorway = event::Doorway::open(&birth, &parts).unwrap();
        let edge = Arc::new(Edge {
            recorder: recording::Recorder::open(&birth, &parts, &doorway, voice.clone()).unwrap(),
            doorway,
            pace: pace::Pace::default(),
            metrics: Metrics::default(),
            to_app: ToApp::new(ours),
            blocks: Blocks::new(birth.trusted_proxies.clone(), &parts),
            replay: replay::Page::of(&birth),
            is_local_name: false,
            operators: operators::Networks::new(&parts, voice),
            forget_addresses: parts.forget_addresses,
            clock: parts.clock.clone(),
            hears_clear: parts.hears_clear,
            status: RwLock::new(Status { app: Doing::Serving, ..Status::default() }),
            stopping: AtomicBool::new(false),
            birth,
        });
        edge.operators.take(OPERATORS.iter().map(|text| text.parse().unwrap()).collect());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { edge, clock, said, listener, stop: watch::channel(false).0, _data: data }
    }

    /// Has it measure example.com.
    pub(super) fn measures(&self, settings: SiteSettings) {
        let site = Site {
            id: SiteId(1),
            organization: OrganizationId(1),
            domain: "example.com".parse().unwrap(),
            timezone: TimeZone::utc(),
            created_at: Timestamp(0),
            settings,
            write_key: WRITE_KEY.parse().unwrap(),
            ids: IdSecret::new([5; 32]),
        };
        let doorway = &self.edge.doorway;
        doorway.take_directory(Directory {
            number: 1,
            environment: Environment(1),
            sites: vec![(site, Recipient { version: 1, public: PublicKey([9; 32]) })],
            no_site: None,
            withdrawn: vec![],
            objected: vec![],
            recorded: RecordedToday::default(),
            ended: vec![],
        });
        doorway.take_secrets(DaySecrets { today: DaySecret::new(doorway.today(), [7; 32]), yesterday: None });
    }

    /// A connection that `peer` made by `door`.
    pub(super) async fn connect(&self, door: Door, peer: &str) -> TcpStream {
        let porter = Porter {
            edge: self.edge.clone(),
            entrance: Entrance::of(door, &self.listener, None),
            connections: Connections::new(),
            stopped: self.stop.subscribe(),
        };
        let listener = TcpListener::from_std(self.listener.try_clone().unwrap()).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        porter.welcome(listener.accept().await.unwrap().0, peer.parse().unwrap());
        stream
    }

    /// From which networks somebody was turned away at the operators' door, as was said since it was last asked.
    fn told_of(&self) -> Vec<String> {
        let networks = self.said.try_iter().filter_map(|message| match message {
            FromChild::Notice(Notice::TurnedAway(network)) => Some(network.to_string()),
            _ => None,
        });
        networks.collect()
    }

    fn block(&self, network: &str, seconds: u64) {
        let until = NOW + Duration::from_secs(seconds);
        self.edge.blocks.take(&[Block { network: network.parse().unwrap(), until }]);
    }
}

async fn answer_as_app(request: Request) -> Body {
    if request.uri().path() == "/stream" {
        let first = endless(Bytes::from_static(b"first"));
        return Body::new(first);
    }
    let mut lines: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    lines.sort();
    Body::from(lines.join("\n"))
}

/// A body that says one thing and then never ends.
fn endless(bytes: Bytes) -> impl hyper::body::Body<Data = Bytes, Error = Infallible> {
    struct Endless(Option<Bytes>);
    impl hyper::body::Body for Endless {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
            match self.0.take() {
                Some(bytes) => std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(bytes)))),
                None => std::task::Poll::Pending,
            }
        }
    }
    Endless(Some(bytes))
}

async fn send(stream: &mut TcpStream, path: &str, headers: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: stats.example\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// Reads until `what` came; panics where the connection ends before.
async fn read_until(stream: &mut TcpStream, what: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(what) {
        let count = stream.read(&mut buffer).await.unwrap();
        assert_ne!(count, 0, "the connection ended after: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    text
}

/// What else came, once the other side closed.
pub(super) async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    // A connection that is cut may end in a reset.
    let _ = stream.read_to_end(&mut rest).await;
    String::from_utf8_lossy(&rest).into_owned()
}

#[tokio::test]
async fn app_is_told_the_network_the_scheme_and_the_door_and_nobody_else_can_tell_it() {
    let house = House::new(&["192.0.2.1"]);
    let claims = "x-candor-network: 8.8.8.0\r\nX-Candor-Door: operators\r\nx-candor-role: owner\r\n";
    let proxied = "x-forwarded-for: 203.0.113.77\r\nx-forwarded-proto: https\r\n";
    for (door, peer, headers, told) in [
        (Door::Pages, "203.0.113.77", "", ["pages", "203.0.113.0", "http"]),
        (Door::Pages, "::ffff:203.0.113.77", "", ["pages", "203.0.113.0", "http"]),
        (Door::Operators, "2001:db8:1:2:3:4:5:6", "", ["operators", "2001:db8:1::", "http"]),
        (Door::Pages, "192.0.2.1", proxied, ["pages", "203.0.113.0", "https"]),
        (Door::Pages, "192.0.2.2", proxied, ["pages", "192.0.2.0", "http"]),
    ] {
        let mut stream = house.connect(door, peer).await;
        send(&mut stream, "/", &format!("{claims}{headers}connection: close\r\n")).await;
        let answer = read_to_end(&mut stream).await;
        let own: Vec<&str> = answer.lines().filter(|line| line.starts_with("x-candor-")).collect();
        let [door, network, scheme] = told;
        let expected = [
            format!("x-candor-door={door}"),
            format!("x-candor-network={network}"),
            format!("x-candor-scheme={scheme}"),
        ];
        let expected = expected
            .into_iter()
            .chain((door == "operators").then(|| "x-candor-within=2001:db8:1::/48".to_owned()));
        assert_eq!(own, expected.collect::<Vec<_>>(), "{answer}");
        assert!(!answer.contains(".77"), "{answer}");
        assert_eq!(answer.contains("strict-transport-security"), scheme == "https", "{answer}");
    }
}

#[tokio::test]
async fn a_blocked_network_is_kept_out_by_every_door_and_its_open_connections_end() {
    let house = House::new(&[]);
    let mut idle = house.connect(Door::Pages, "203.0.113.7").await;
    send(&mut idle, "/", "").await;
    read_until(&mut idle, "x-candor-scheme=http").await;
    let mut streaming = house.connect(Door::Operators, "203.0.113.8").await;
    send(&mut streaming, "/stream", "").await;
    read_until(&mut streaming, "first").await;
    let mut silent = house.connect(Door::Redirect, "203.0.113.9").await;
    let mut other = house.connect(Door::Pages, "203.0.114.7").await;
    let begun = Instant::now();
    house.block("203.0.113.0", 60);
    for stream in [&mut idle, &mut streaming, &mut silent] {
        assert_eq!(read_to_end(stream).await, "");
    }
    for door in [Door::Pages, Door::Operators, Door::Redirect] {
        assert_eq!(read_to_end(&mut house.connect(door, "::ffff:203.0.113.200").await).await, "");
    }
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    send(&mut other, "/", "").await;
    read_until(&mut other, "x-candor-network=203.0.114.0").await;
    assert_eq!(house.edge.blocks.count(), 1);
}

#[tokio::test]
async fn the_twin_that_keeps_nobody_out_is_caught_at_every_door() {
    let house = House::of(Parts { keeps_out: |_, _| false, ..Parts::product() }, &[]);
    house.block("203.0.113.0", 60);
    for door in [Door::Pages, Door::Operators, Door::Redirect] {
        let mut stream = house.connect(door, "203.0.113.200").await;
        send(&mut stream, "/", "connection: close\r\n").await;
        assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 "), "{door:?} answers");
    }
}

#[tokio::test]
async fn a_block_ends_by_itself() {
    let house = House::new(&[]);
    house.block("2001:db8:1::", 60);
    assert_eq!(read_to_end(&mut house.connect(Door::Pages, "2001:db8:1::5").await).await, "");
    house.clock.advance(Duration::from_secs(60));
    let mut stream = house.connect(Door::Pages, "2001:db8:1::5").await;
    send(&mut stream, "/", "").await;
    read_until(&mut stream, "x-candor-network=2001:db8:1::").await;
    assert_eq!(house.edge.blocks.count(), 0);
}

#[tokio::test]
async fn of_a_proxys_clients_only_those_of_the_blocked_network_are_kept_out() {
    let house = House::new(&["192.0.2.1"]);
    let of = |client: &str| format!("x-forwarded-for: {client}\r\nx-forwarded-proto: https\r\n");
    let mut streaming = house.connect(Door::Pages, "192.0.2.1").await;
    send(&mut streaming, "/stream", &of("203.0.113.7")).await;
    read_until(&mut streaming, "first").await;
    let mut kept = house.connect(Door::Pages, "192.0.2.1").await;
    let begun = Instant::now();
    house.block("203.0.113.0", 60);
    assert_eq!(read_to_end(&mut streaming).await, "");
    send(&mut kept, "/", &of("203.0.114.7")).await;
    read_until(&mut kept, "x-candor-network=203.0.114.0").await;
    send(&mut kept, "/", &of("203.0.113.7")).await;
    let refusal = read_to_end(&mut kept).await;
    assert!(refusal.starts_with("HTTP/1.1 403") && refusal.contains("connection: close"), "{refusal}");
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn this_machine_and_the_proxies_in_front_of_it_are_never_kept_out() {
    let house = House::new(&["192.0.2.1"]);
    for (network, peer) in [("127.0.0.0", "127.0.0.1"), ("::", "::1"), ("192.0.2.0", "192.0.2.1")] {
        house.block(network, 60);
        let mut stream = house.connect(Door::Pages, peer).await;
        send(&mut stream, "/", "").await;
        read_until(&mut stream, "x-candor-scheme=http").await;
    }
    let mut neighbour = house.connect(Door::Pages, "192.0.2.2").await;
    assert_eq!(read_to_end(&mut neighbour).await, "");
}

#[tokio::test]
async fn the_operators_door_is_shut_unread_to_whoever_is_in_none_of_their_networks() {
    let house = House::new(&["192.0.2.1"]);
    for peer in ["192.0.2.77", "198.51.101.7", "127.0.0.1", "2001:db8:2::1"] {
        let mut stream = house.connect(Door::Operators, peer).await;
        send(&mut stream, "/", "x-candor-within: 198.51.100.0/24\r\nx-forwarded-for: 198.51.100.7\r\n").await;
        assert_eq!(read_to_end(&mut stream).await, "", "{peer}");
    }
    // Each network is told of, and once.
    let mut again = house.connect(Door::Operators, "192.0.2.78").await;
    assert_eq!(read_to_end(&mut again).await, "");
    assert_eq!(house.told_of(), ["192.0.2.0", "198.51.101.0", "127.0.0.0", "2001:db8:2::"]);
    for (peer, within) in [
        ("198.51.100.7", "x-candor-within=198.51.100.7/32,198.51.100.0/24"),
        ("198.51.100.8", "x-candor-within=198.51.100.0/24"),
    ] {
        let mut stream = house.connect(Door::Operators, peer).await;
        send(&mut stream, "/", "x-candor-within: 127.0.0.0/8\r\nconnection: close\r\n").await;
        let answer = read_to_end(&mut stream).await;
        let told: Vec<&str> = answer.lines().filter(|line| line.starts_with("x-candor-within")).collect();
        assert_eq!(told, [within], "{peer}");
    }
    // Of a proxy it shows with the request for whom it asks.
    for (client, allowed) in [("198.51.100.7", true), ("192.0.3.77", false)] {
        let mut stream = house.connect(Door::Operators, "192.0.2.1").await;
        let headers =
            format!("x-forwarded-for: {client}\r\nx-forwarded-proto: https\r\nconnection: close\r\n");
        send(&mut stream, "/", &headers).await;
        assert_eq!(read_to_end(&mut stream).await.contains(" 200 "), allowed, "{client}");
    }
    assert_eq!(house.told_of(), ["192.0.3.0"]);
    // At other doors nothing is told of it.
    let mut stream = house.connect(Door::Pages, "198.51.100.7").await;
    send(&mut stream, "/", "x-candor-within: 198.51.100.0/24\r\nconnection: close\r\n").await;
    assert!(!read_to_end(&mut stream).await.contains("x-candor-within"));
}
