//! The authorization matrix: every operation of the API's document, asked by everybody there is, against a table that a
//! person can read: `fixtures/authorization.txt`. What the table does not say of an operation fails, so that none is
//! added without its line.

mod cases;
mod operators;
mod table;
mod undocumented;
mod world;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use crate::house::{Asking, Server, candor, is_update, twin_without};
use table::Table;
use world::World;

/// Where the table is kept.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/authorization.txt")
}

/// Segments of a path that no id looks like.
fn odd_segments() -> Vec<String> {
    let literal = [
        ":key",
        ":domain",
        "{id}",
        "{domain}",
        "*",
        "**",
        ".",
        "..",
        "%2e%2e",
        "%2f",
        "..%2f..%2fsites",
        "%5c",
        "%00",
        "%ff",
        "%c0%ae",
        "%",
        "%zz",
        "'",
        "%22",
        "%3Cscript%3E",
        "-1",
        "0",
        "18446744073709551616",
        "ffffffffffffffffff",
        "+1",
        "%20",
        "null",
        "undefined",
        "true",
        "1e9",
        "%F0%9F%A6%8A",
        "a%0d%0aset-cookie:b=c",
        ";jsessionid=1",
        "%252e%252e",
        "",
    ];
    literal.map(str::to_owned).into_iter().chain(["a".repeat(5_000), "9".repeat(400)]).collect()
}

#[test]
fn everybody_is_answered_what_the_table_says_and_no_operation_is_without_a_line() {
    let mut world = World::of(candor);
    let table = Table::ask(&mut world).text();
    let found = [table, undocumented::text(&world.server), operators::text(&world)].join("\n");
    let path = kept();
    if is_update() {
        std::fs::write(&path, found).expect("the table is written");
        return;
    }
    let kept = std::fs::read_to_string(&path).expect("the table");
    let differences = table::differences(&kept, &found);
    assert!(
        differences.is_empty(),
        "who may what has changed; look whether it should have, then run `make bless`:\n{differences}"
    );
}

#[test]
fn without_its_check_of_permits_the_server_differs_from_the_table() {
    let mut world = World::of(|| twin_without("permits"));
    // Of much else the keeper asks again.
    let looked_at = ["/api/sites/{domain}", "/api/audit"];
    let found = Table::of(&mut world, |operation| {
        operation.method == "GET" && looked_at.contains(&operation.path.as_str())
    });
    let (found, kept) = (found.text(), std::fs::read_to_string(kept()).expect("the table"));
    for path in looked_at {
        let line = |text: &str| {
            let line = text.lines().find(|line| line.starts_with(&format!("GET {path} ")));
            line.unwrap_or_else(|| panic!("no such line:\n{text}")).to_owned()
        };
        assert_ne!(line(&kept), line(&found), "what shows to who may not see it the table would not notice");
    }
}

#[test]
fn nobody_is_told_to_sign_in_before_the_body_is_read() {
    let world = World::of(candor);
    let mut asked = 0;
    for operation in world.operations() {
        if operation.method == "GET" || !operation.wants_sign_in() {
            continue;
        }
        // A server that waited for the body would say that it took too long to arrive.
        let path = operation.path.replace("{domain}", world::HERE).replace("{id}", "1");
        let asking = Asking::new(&operation.method, &path)
            .header("content-type", "application/json")
            .header("content-length", "200000");
        assert_eq!(world.server.ask_for_head(&asking).status, 401, "{}", operation.name());
        asked += 1;
    }
    assert!(asked > 15, "{asked}");
}

#[test]
fn who_is_told_to_sign_in_while_a_body_is_still_sent_is_told_so_every_time() {
    let server = Server::start();
    let body = vec![b' '; 60_000];
    for round in 0..1_000 {
        let asking = Asking::new("PATCH", "/api/me")
            .header("content-type", "application/json")
            .header("content-length", &body.len().to_string());
        let mut stream = TcpStream::connect(server.address()).expect("a connection");
        stream.write_all(&asking.bytes("localhost")).expect("a head");
        // Whether anybody reads the rest is theirs to say.
        let _ = stream.write_all(&body);
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("an answer");
        assert_eq!(&status, b"HTTP/1.1 401", "round {round}");
    }
}

#[test]
fn no_odd_segment_of_a_path_makes_the_server_fail() {
    let world = World::of(candor);
    let owner = &world.server.owner().cookie;
    let mut asked = 0;
    for operation in world.operations().iter().filter(|operation| operation.path.contains('{')) {
        for segment in odd_segments() {
            let path = operation.path.replace("{domain}", &segment).replace("{id}", &segment);
            let asking = Asking::json(&operation.method, &path, &serde_json::json!({}));
            for (who, asking) in [("nobody", asking.clone()), ("the owner", asking.by(owner))] {
                let status = world.server.ask_for_head(&asking).status;
                assert!(
                    (200..500).contains(&status),
                    "{} with {segment} by {who}: {status}",
                    operation.name()
                );
                // What is nobody's to see is not given because of how it is asked for.
                assert!(who != "nobody" || status >= 400, "{} with {segment}: {status}", operation.name());
                asked += 1;
            }
        }
    }
    assert!(asked > 500, "{asked}");
    world.server.assert_log_clean();
}
