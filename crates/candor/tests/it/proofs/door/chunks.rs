//! The same of recordings: of the chunks that were acknowledged, the memory of the edge holds no key.

use std::fs;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;
use sealing::protocol::{Answer, Duty, Peer, Purpose, Request};
use sealing::{Environment, HEADER_BYTES, Key, Kind, Label, Opened, SealedKey, Wanted};
use serde_json::json;

use super::{SITE, keeper_beside, number};
use crate::house::{Server, kill};
use crate::proofs::memory::{Sought, find_in_memory};
use crate::recordings::{send_visit, set_recording};

/// Chunks that are written before the look.
const CHUNKS: u32 = 3;

/// A chunk as it is spooled: what it is called, and its header, in which its sealed key is.
struct Spooled {
    name: String,
    header: Vec<u8>,
    bytes: Vec<u8>,
}

/// The chunks of all files of the spool, as their format says.
fn read_spool(data: &Path) -> Vec<Spooled> {
    let mut spooled = Vec::new();
    for file in fs::read_dir(data.join("spool")).expect("a spool").flatten() {
        let bytes = fs::read(file.path()).expect("a spooled file");
        let mut rest = &bytes[16..];
        while !rest.is_empty() {
            let length = usize::try_from(number::<4>(rest)).expect("a length");
            let name = rest[8..24].iter().map(|byte| format!("{byte:02x}")).collect();
            let payload = &rest[28..28 + length];
            let header = payload[1..=HEADER_BYTES].to_vec();
            spooled.push(Spooled { name, header, bytes: payload[1..].to_vec() });
            rest = &rest[28 + length + 4..];
        }
    }
    spooled
}

/// The keys of chunks, as the keeper gives them to the duty that takes them in; each opens its chunk.
fn keys(server: &Server, spooled: &[Spooled]) -> Vec<Key> {
    let keeper = keeper_beside(server);
    let environment: Environment = match keeper.answer(Peer::App, Some(Request::Recipients(vec![SITE]))) {
        Answer::Recipients(environment, _) => environment,
        _ => panic!("the keeper says no"),
    };
    let key = |chunk: &Spooled| {
        let organization = domain::OrganizationId::FIRST;
        let label =
            Label { environment, organization, site: SITE, kind: Kind::Recording, name: chunk.name.clone() };
        let sealed: SealedKey = Opened::sealed_key(&chunk.header).expect("a sealed chunk");
        let wanted = Wanted { label: label.clone(), sealed };
        let asked = Request::Open(Purpose::Duty(Duty::TakeIn), vec![(&wanted).into()]);
        let Answer::Keys(mut handed) = keeper.answer(Peer::Worker, Some(asked)) else { panic!("no key") };
        let key = handed.remove(0).take();
        let bytes = chunk.bytes.len() as u64;
        let opened = Opened::new(&chunk.header, bytes, &key, label.to_bytes()).expect("its key");
        let sealed = chunk.bytes[HEADER_BYTES..].to_vec();
        opened.open(&(0..opened.length()), sealed).expect("it opens");
        key
    };
    spooled.iter().map(key).collect()
}

/// Which keys of chunks stand in the memory of the edge after they were acknowledged.
fn found_in_edge(program: &'static str, prefix: &'static [&'static str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let wrapper = move || -> Command {
        let mut command = Command::new(program);
        command.args(prefix);
        command
    };
    let server = Server::on(&folder.path().join("data"), &[], wrapper);
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    set_recording(&server, &json!({ "on": true }));
    // What is spooled stays so.
    kill(server.pid_of("worker").expect("a worker"), Signal::STOP);
    for chunk in 0..CHUNKS {
        assert_eq!(send_visit(&server, chunk), 202);
    }
    let spooled = read_spool(server.data());
    assert_eq!(spooled.len(), CHUNKS as usize);
    let keys = keys(&server, &spooled);
    let sought: Vec<Sought> = (0..)
        .zip(&keys)
        .flat_map(|(place, key): (u32, &Key)| {
            let name = format!("the key of chunk {place}");
            let digits = key.hex().as_bytes().to_vec();
            [(name.clone(), key.bytes().to_vec()), (format!("{name}, in hexadecimal"), digits)]
        })
        .collect();
    find_in_memory(server.pid_of("edge").expect("an edge"), &sought)
}

#[test]
fn nothing_in_the_memory_of_the_edge_opens_a_chunk_that_it_has_acknowledged() {
    assert_eq!(found_in_edge(env!("CARGO_BIN_EXE_candor"), &[]), Vec::<String>::new());
}

#[test]
fn the_twin_that_does_not_wipe_the_keys_of_chunks_is_caught_with_each() {
    let found = found_in_edge(env!("CARGO_BIN_EXE_candor-twin"), &["--without", "wiping"]);
    let expected: Vec<String> = (0..CHUNKS).map(|place| format!("the key of chunk {place}")).collect();
    assert_eq!(found, expected);
}
