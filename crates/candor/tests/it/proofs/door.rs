//! The process that faces the internet cannot open what it wrote a moment ago (promise D41): once events are
//! acknowledged, nothing in its memory opens them. What it writes next it can still read, as the policy says; so the
//! same look finds the key of the next batch in the same memory.

mod chunks;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use domain::{Clock, Rng, SiteId, Timestamp};
use keeper::Keeper;
use sealing::protocol::{Answer, Duty, Peer, Purpose, Request};
use sealing::{
    ChainOpener, Environment, Key, Kind, Label, SEALED_KEY_BYTES, SealedKey, Wanted, unseal_bytes,
};
use serde_json::json;

use super::memory::{Sought, find_in_memory};
use crate::house::Server;

const SITE: SiteId = SiteId(1);
/// How many batches are written before the look.
const BATCHES: usize = 2;

/// Nothing that is asked of the keeper here depends on the time or on chance.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

impl Rng for Still {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// A keeper on a copy of the server's keys, which gives the key of any chain.
fn keeper_beside(server: &Server) -> Keeper {
    let (keys, copy) = (Keeper::folder_beside(server.data()), server.data().with_file_name("copy.keys"));
    assert!(Command::new("cp").arg("-a").arg(keys).arg(&copy).status().expect("cp").success());
    let parts = keeper::Parts {
        keys: copy,
        data: server.data().to_owned(),
        clock: Arc::new(Still),
        rng: Arc::new(Still),
        public_url: String::new(),
        root: keeper::Unsealing::default(),
        end: || {},
    };
    Keeper::open(&parts).expect("a keeper").0
}

/// What the journal holds of the site: its chain's sealed key, the batches as they rest, and the file's number.
struct Chain {
    number: u64,
    sealed_key: SealedKey,
    batches: Vec<Vec<u8>>,
}

fn number<const BYTES: usize>(bytes: &[u8]) -> u64 {
    let mut wide = [0; 8];
    wide[..BYTES].copy_from_slice(&bytes[..BYTES]);
    u64::from_le_bytes(wide)
}

/// Reads the one journal file, as its format says.
fn read_chain(data: &Path) -> Chain {
    let files = fs::read_dir(data.join("journal")).expect("a journal").flatten().map(|file| file.path());
    let files: Vec<PathBuf> = files.collect();
    let [file] = &files[..] else { panic!("one journal file: {files:?}") };
    let bytes = fs::read(file).expect("a journal file");
    let mut chain = Chain {
        number: number::<8>(&bytes[12..]),
        sealed_key: SealedKey::read(&[0; SEALED_KEY_BYTES]).expect("its length"),
        batches: Vec::new(),
    };
    let mut rest = &bytes[24..];
    while !rest.is_empty() {
        let length = usize::try_from(number::<4>(rest)).expect("a length");
        let (site, payload) = (number::<4>(&rest[4..]), &rest[12..12 + length]);
        rest = &rest[12 + length + 4..];
        if site != u64::from(SITE.0) {
            continue;
        }
        let sealed = match payload[0] {
            1 => {
                let (key, sealed) = payload[1..].split_at(SEALED_KEY_BYTES);
                chain.sealed_key = SealedKey::read(key).expect("a sealed key");
                sealed
            }
            _ => &payload[1..],
        };
        chain.batches.push(sealed.to_vec());
    }
    chain
}

/// The label of the chain, and its first key as the keeper gives it.
fn first_key(keeper: &Keeper, chain: &Chain) -> (Vec<u8>, Key) {
    let environment: Environment = match keeper.answer(Peer::App, Some(Request::Recipients(vec![SITE]))) {
        Answer::Recipients(environment, _) => environment,
        _ => panic!("the keeper says no"),
    };
    let label = Label {
        environment,
        organization: domain::OrganizationId::FIRST,
        site: SITE,
        kind: Kind::Journal,
        name: format!("{:010}", chain.number),
    };
    let bytes = label.to_bytes();
    let wanted = Wanted { label, sealed: chain.sealed_key };
    match keeper.answer(Peer::Worker, Some(Request::Open(Purpose::Duty(Duty::Merge), vec![(&wanted).into()])))
    {
        Answer::Keys(mut handed) => (bytes, handed.remove(0).take()),
        _ => panic!("the keeper does not open the chain"),
    }
}

/// The key under which a batch is sealed, at its place of the chain.
fn batch_key(link: &Key) -> Key {
    link.derive(b"candor chain batch")
}

/// Every form in which what opens batch `place` may have been left behind.
fn forms(place: usize, link: &Key) -> Vec<Sought> {
    let mut forms = Vec::new();
    for (name, key) in [("the chain's key", link), ("the batch's key", &batch_key(link))] {
        let bytes = key.bytes();
        let padded = |pad: u8| bytes.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
        let digits = key.hex();
        for (form, bytes) in [
            ("", bytes.to_vec()),
            (", in hexadecimal", digits.as_bytes().to_vec()),
            (", in hexadecimal", digits.to_uppercase().into_bytes()),
            // As HMAC pads it, within and without.
            (", padded", padded(0x36)),
            (", padded", padded(0x5c)),
        ] {
            forms.push((format!("{name} of batch {place}{form}"), bytes));
        }
    }
    forms
}

/// What opens any batch of the chain and stands in the memory of the edge after so many were acknowledged.
fn found_in_edge(program: &'static str, prefix: &'static [&'static str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let wrapper = move || -> Command {
        let mut command = Command::new(program);
        command.args(prefix);
        command
    };
    let server = Server::on(&folder.path().join("data"), &[], wrapper);
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    for page in 0..BATCHES {
        let reply = server.send(&json!({ "n": "pageview", "u": format!("https://example.com/page-{page}") }));
        assert_eq!((reply.status, reply.header("x-candor-refused")), (202, None));
    }
    let chain = read_chain(server.data());
    assert_eq!(chain.batches.len(), BATCHES);
    let (label, first) = first_key(&keeper_beside(&server), &chain);
    // These are the keys: each opens its batch, as it opens for whoever reads.
    let mut reader = ChainOpener::new(Key::take(&mut first.bytes().clone()), label.clone());
    let mut sought = Vec::new();
    let mut link = first;
    for (place, sealed) in chain.batches.iter().enumerate() {
        let page = format!("/page-{place}");
        let read = reader.open(sealed).expect("the keeper's key opens it");
        assert!(read.windows(page.len()).any(|window| window == page.as_bytes()));
        let place_in_label = [&label[..], &(place as u64).to_be_bytes()].concat();
        let whole = [&[0; 12][..], sealed].concat();
        assert_eq!(*unseal_bytes(&whole, &batch_key(&link), &place_in_label).expect("it opens"), read);
        sought.extend(forms(place, &link));
        link = link.derive(b"candor chain next");
    }
    sought.extend(forms(BATCHES, &link));
    find_in_memory(server.pid_of("edge").expect("an edge"), &sought)
}

/// What must be found, so that finding nothing else means something.
fn next() -> String {
    format!("the chain's key of batch {BATCHES}")
}

#[test]
fn nothing_in_the_memory_of_the_edge_opens_what_it_has_acknowledged() {
    let found = found_in_edge(env!("CARGO_BIN_EXE_candor"), &[]);
    assert_eq!(found, [next()], "only what comes next can be read");
}

#[test]
fn the_twin_that_does_not_wipe_the_keys_is_caught_with_the_first() {
    let found = found_in_edge(env!("CARGO_BIN_EXE_candor-twin"), &["--without", "wiping"]);
    assert!(found.contains(&"the chain's key of batch 0".to_owned()), "{found:?}");
    assert!(found.contains(&next()), "{found:?}");
}
