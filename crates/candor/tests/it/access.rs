//! Everything that is kept of a visitor, as a ZIP: opened by Python's `zipfile` and `csv`, which nobody here wrote.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::consent::declare;
use crate::house::{Asking, FIREFOX, PATIENCE, Reply, Server, eventually};
use crate::people::ask;
use crate::recordings::{SITE, send_visit_of, set_recording};
use crate::segment::{call, write_key};

const ADA: &str = "7d0f0d3e-7e0b-4a53-9df2-0d7c0a1b2c3d";
/// Another id of the same visitor.
const ALSO_ADA: &str = "2c9b7a10-4d5e-4f60-8a9b-1c2d3e4f5a6b";
const BOB: &str = "1b6a2c4e-0f3d-4b5c-8a7e-9d8c7b6a5f4e";
const ROBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
/// What a program that calculates takes for a formula.
const FORMULA: &str = "=HYPERLINK(1)";

/// Opens a ZIP, checks it, reads every file as what it is, and says all of it as JSON.
const JUDGE: &str = r#"
import csv, io, json, sys, zipfile
csv.field_size_limit(1 << 30)
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    given = {}
    for name in archive.namelist():
        text = archive.read(name).decode("utf-8")
        if name.endswith(".json"):
            given[name] = json.loads(text)
        elif name.endswith(".csv"):
            given[name] = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        else:
            given[name] = text
print(json.dumps(given))
"#;

fn judged(bytes: &[u8]) -> Output {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("a file");
    Command::new("python3").args(["-c", JUDGE]).arg(file.path()).output().expect("python3")
}

/// What is in a ZIP, by the names of its files.
fn opened(bytes: &[u8]) -> Value {
    let judged = judged(bytes);
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    serde_json::from_slice(&judged.stdout).expect("what the judge says")
}

fn owner(server: &Server, method: &str, path: &str, body: Option<&Value>) -> Reply {
    ask(server, &server.owner().cookie, method, &format!("/api/sites/{SITE}/{path}"), body)
}

fn access(server: &Server, visitor: &str) -> Reply {
    owner(server, "GET", &format!("visitors/{visitor}/access"), None)
}

/// What is planted of somebody, by where.
fn canary(whose: &str, place: &str) -> String {
    format!("canary-{place}-of-{}", if whose == BOB { "bob" } else { "ada" })
}

fn happens(server: &Server, visitor: &str, user_agent: &str, path: &str) {
    let event = json!({
        "n": canary(visitor, "name"), "u": format!("https://{SITE}/{path}"), "d": SITE, "visitor": visitor,
        "p": { "plan": canary(visitor, "property"), "sum": FORMULA },
    });
    let asking = Asking::post("/api/event", event.to_string()).header("content-type", "text/plain");
    assert_eq!(server.ask_as_nobody(&asking.header("user-agent", user_agent)).status, 202);
}

/// Has everything of both visitors that can be: events that count and that are set aside, attributes, consents, recordings, and
/// of one of them a second id.
fn planted() -> Server {
    let server = Server::start();
    server.add_site(SITE);
    declare(&server, &[("note", "text")], false);
    set_recording(&server, &json!({ "on": true, "text": "clear" }));
    for whose in [ADA, BOB] {
        happens(&server, whose, FIREFOX, &canary(whose, "path"));
        happens(&server, whose, ROBOT, &canary(whose, "aside"));
        let note = json!({ "attributes": { "note": canary(whose, "attribute") } });
        let said = owner(&server, "PATCH", &format!("visitors/{whose}/attributes"), Some(&note));
        assert_eq!(said.status, 200, "{}", said.text());
        let consent = json!({ "visitor": whose, "purposes": ["analytics", "maps"], "version": canary(whose, "consent") });
        assert_eq!(owner(&server, "POST", "consents", Some(&consent)).status, 201);
        assert_eq!(send_visit_of(&server, whose, &canary(whose, "page"), 0), 202);
    }
    happens(&server, ALSO_ADA, FIREFOX, &canary(ADA, "other-id"));
    let both = json!({ "from": ALSO_ADA, "to": ADA });
    assert_eq!(owner(&server, "POST", "aliases", Some(&both)).status, 204);
    eventually("both recordings are listed", || {
        let listed = owner(&server, "GET", "recordings", None).json();
        (listed["recordings"].as_array()?.len() == 2).then_some(())
    });
    server
}

#[test]
fn everything_of_a_visitor_is_in_the_zip_by_every_id_and_nothing_of_anybody_else() {
    let server = planted();
    let reply = access(&server, ADA);
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/zip")));
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"example.com-visitor.zip\""));
    let given = opened(&reply.body);
    let recorded = given["recordings.json"][0]["id"].as_str().expect("a recording");
    let recording = format!("recordings/{recorded}.json");
    for (place, files) in [
        ("name", &["events.json", "events.csv"][..]),
        ("path", &["events.json", "events.csv"]),
        ("aside", &["events.json", "events.csv"]),
        ("property", &["events.json", "events.csv"]),
        ("other-id", &["events.json", "events.csv"]),
        ("attribute", &["visitor.json"]),
        ("consent", &["consents.json", "consents.csv"]),
        ("page", &[&*recording]),
    ] {
        for file in files {
            assert!(given[*file].to_string().contains(&canary(ADA, place)), "{place} is not in {file}");
        }
    }
    for foreign in [BOB.to_owned(), "of-bob".to_owned()] {
        assert!(!given.to_string().contains(&foreign), "{foreign} is given to somebody else");
    }

    let events = given["events.json"].as_array().expect("events");
    let rows = given["events.csv"].as_array().expect("rows");
    assert_eq!((events.len(), rows.len()), (3, 3));
    for (event, row) in events.iter().zip(rows) {
        for name in ["visitor", "name", "page", "timestamp"] {
            assert_eq!(event[name], row[name], "{name}");
        }
        assert_eq!(event["props"]["sum"], FORMULA);
        let props: Value = serde_json::from_str(row["props"].as_str().expect("JSON")).expect("JSON");
        assert_eq!(props, event["props"]);
        assert_eq!(event["set_aside"].as_str().unwrap_or_default(), row["set_aside"]);
    }
    let counted_as = |visitor: &str| {
        events.iter().find(|event| event["visitor"] == visitor).expect("one")["counted_as"].clone()
    };
    assert_eq!((counted_as(ADA), counted_as(ALSO_ADA)), (Value::Null, json!(ADA)));
    assert_eq!(events.iter().filter(|event| event["set_aside"] == "user_agent").count(), 1);
    let who = &given["visitor.json"];
    assert_eq!(
        (&who["site"], &who["visitor"], &who["restricted"]),
        (&json!(SITE), &json!(ADA), &json!(false))
    );
    let led: Vec<&Value> = who["ids"].as_array().expect("ids").iter().map(|id| &id["leads_to"]).collect();
    assert!(led.len() == 2 && led.contains(&&Value::Null) && led.contains(&&json!(ADA)), "{who}");
    assert_eq!(given["consents.csv"][0]["purposes"], "analytics maps");
    assert!(given[&recording]["events"].as_array().expect("events").iter().any(|event| event["type"] == 2));
    assert_eq!(given[&recording]["recording"], given["recordings.json"][0]);
    let readme = given["README.txt"].as_str().expect("a page");
    for file in ["visitor.json", "consents.json", "events.json", "recordings.json", "recordings/ID.json"] {
        assert!(readme.contains(file), "{file} is not told of");
    }
    // By the other id it is the same, and whoever is restricted is given theirs as well.
    assert_eq!(owner(&server, "PUT", &format!("visitors/{ADA}/restriction"), None).status, 204);
    let by_other = opened(&access(&server, ALSO_ADA).body);
    assert_eq!(by_other["events.json"], given["events.json"]);
    assert_eq!(by_other[&recording], given[&recording]);
    assert_eq!(by_other["visitor.json"]["restricted"], true);
    server.assert_log_clean();
}

#[test]
fn a_cell_that_would_be_a_formula_is_none_and_the_json_says_what_was_sent() {
    let server = Server::start();
    server.add_site(SITE);
    for name in [FORMULA, "plain"] {
        // Where cells are parted by semicolons, this path is three of them.
        let (url, sum) = (format!("https://{SITE}/x;=1+1;"), json!({ "sum": "a;=1+1" }));
        let event = json!({ "n": name, "u": url, "d": SITE, "visitor": ADA, "p": sum });
        assert_eq!(server.send(&event).status, 202);
    }
    let given = opened(&access(&server, ADA).body);
    assert_eq!(given["events.json"][0]["name"], FORMULA);
    assert_eq!(given["events.csv"][0]["name"], format!("'{FORMULA}"));
    assert_eq!(given["events.csv"][1]["name"], "plain");
    assert_eq!(given["events.json"][1]["page"], "/x;=1+1;");
    assert_eq!(given["events.csv"][1]["page"], "/x;'=1+1;");
    assert_eq!(given["events.json"][1]["props"]["sum"], "a;=1+1");
    assert_eq!(given["events.csv"][1]["props"], r#"{"sum":"a;'=1+1"}"#);
}

#[test]
fn who_took_it_is_written_down_by_a_digest_and_of_nobody_nothing_is_given() {
    let server = planted();
    assert_eq!(access(&server, ADA).status, 200);
    let nobody = access(&server, "3f1c0f4e-5b0a-4e0e-9d50-1f2e3d4c5b6a");
    assert_eq!(nobody.status, 404);
    assert!(nobody.text().contains("nothing is kept of this visitor"), "{}", nobody.text());
    assert_eq!(access(&server, "nobody").status, 404);
    let log = owner(&server, "GET", &format!("visitors/{ADA}/erasure"), None);
    assert_eq!(log.status, 200);
    let log = ask(&server, &server.owner().cookie, "GET", "/api/audit?act=visitor_access", None);
    let entries = log.json()["entries"].as_array().expect("entries").clone();
    let preview = ask(&server, &server.owner().cookie, "GET", "/api/audit?act=erasure_preview", None).json();
    assert_eq!(entries.len(), 2, "also that of nobody, before it is known");
    assert_eq!(entries[1]["object"], preview["entries"][0]["object"], "the digest that erasures name");
    assert!(!log.text().contains(ADA), "{}", log.text());
}

/// Text that does not pack well.
fn noise(seed: &mut u64, bytes: usize) -> String {
    let mut sign = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'A' + (*seed >> 59) as u8)
    };
    (0..bytes).map(|_| sign()).collect()
}

/// A visitor of whom more is kept than waits between the server and a reader that does not read.
fn much_of_one(server: &Server) -> String {
    server.add_site(SITE);
    let key = write_key(server, SITE);
    let mut seed = 1;
    for batch in 0..30 {
        let item = |number: i32| {
            let properties: serde_json::Map<String, Value> =
                (0..14).map(|name| (format!("p{name}"), json!(noise(&mut seed, 2_000)))).collect();
            json!({ "type": "track", "userId": "u1", "event": "Much", "messageId": format!("{batch}-{number}"),
                    "properties": properties })
        };
        let items: Vec<Value> = (0..15).map(item).collect();
        let taken = call(server, "/v1/batch", &key, &json!({ "batch": items }));
        assert_eq!((taken.status, taken.header("x-candor-refused")), (200, None), "{}", taken.text());
    }
    crate::consent::visitor_of(server, "u1")
}

/// Somebody who asks, and reads nothing but the head of the answer.
fn reads_the_head(server: &Server, visitor: &str) -> TcpStream {
    let path = format!("/api/sites/{SITE}/visitors/{visitor}/access");
    let asking = Asking::get(&path).by(&server.owner().cookie);
    eventually("there is a place", || {
        let mut stream = TcpStream::connect(server.address()).expect("the server");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.write_all(&asking.bytes(&server.address().to_string())).expect("a request");
        let mut head = [0; 12];
        stream.read_exact(&mut head).expect("an answer");
        (&head == b"HTTP/1.1 200").then_some(stream)
    })
}

/// Everything else that comes, without the frames around it.
fn rest_of(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // How a connection ends that breaks off is no matter here.
    let _ = stream.read_to_end(&mut bytes);
    let begin = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    let (mut rest, mut body) = (&bytes[begin..], Vec::new());
    while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
        let size =
            std::str::from_utf8(&rest[..line]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else { break };
        let chunk = &rest[line + 2..];
        body.extend_from_slice(&chunk[..size.min(chunk.len())]);
        rest = chunk.get(size + 2..).unwrap_or_default();
    }
    body
}

#[test]
fn two_of_an_organization_are_given_at_once_and_what_an_erasure_breaks_off_does_not_open() {
    let server = Server::start();
    let visitor = much_of_one(&server);
    let whole = rest_of(reads_the_head(&server, &visitor));
    assert_eq!(opened(&whole)["events.json"].as_array().map(Vec::len), Some(450));
    let readers: Vec<TcpStream> = (0..2).map(|_| reads_the_head(&server, &visitor)).collect();
    let third = access(&server, &visitor);
    assert_eq!((third.status, third.header("retry-after")), (503, Some("2")), "{}", third.text());
    assert!(third.text().contains("2 visitors of your organization"), "{}", third.text());
    let erased = owner(&server, "POST", &format!("visitors/{visitor}/erasure"), None);
    assert_eq!(erased.status, 200, "{}", erased.text());
    for reader in readers {
        let given = rest_of(reader);
        assert!(given.len() < whole.len(), "what was erased meanwhile is given whole");
        let judged = judged(&given);
        assert!(!judged.status.success());
        let complaint = String::from_utf8_lossy(&judged.stderr);
        assert!(complaint.contains("BadZipFile"), "{complaint}");
    }
    // Their places are free again.
    eventually("nothing is kept", || (access(&server, &visitor).status == 404).then_some(()));
}
