//! Another account of the same machine reaches nothing: no file of the data, none of the keys, and no command. The
//! socket for commands asks the kernel who speaks, so that it holds even where every door was opened by mistake.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;

use keeper::Keeper;
use rustix::process::{Gid, Uid};
use serde_json::json;

use crate::house::{Asking, PATIENCE, Server};
use crate::operators::Full;

/// `nobody`, on every Linux.
const NOBODY: u32 = 65_534;

/// Everything in a folder, and the folder.
fn all_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut at = 0;
    while at < found.len() {
        let entries = fs::read_dir(&found[at]).into_iter().flatten().flatten().map(|entry| entry.path());
        found.extend(entries.collect::<Vec<_>>());
        at += 1;
    }
    found
}

/// What is answered to a command; nothing where it is hung up on.
fn command(socket: &Path) -> io::Result<String> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut answer = String::new();
    // Who is turned away may be so before all is written.
    let asked =
        stream.write_all(b"GET /commands/keys HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    match (asked, stream.read_to_string(&mut answer)) {
        (Ok(()), Ok(_)) => Ok(answer),
        (Err(error), _) | (_, Err(error)) if error.kind() == ErrorKind::WouldBlock => Err(error),
        _ => Ok(String::new()),
    }
}

/// Does `work` as another account would. Only root can.
fn as_nobody<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let changed = || -> io::Result<()> {
        rustix::thread::set_thread_groups(&[])?;
        rustix::thread::set_thread_gid(Gid::from_raw(NOBODY))?;
        Ok(rustix::thread::set_thread_uid(Uid::from_raw(NOBODY))?)
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            changed().expect("another account");
            work()
        });
        other.join().expect("what another account did")
    })
}

fn open_to_all(path: &Path) {
    let mode = if path.is_dir() { 0o777 } else { 0o666 };
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("an open door");
}

#[test]
fn another_account_reaches_no_file_and_gives_no_command() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    server.send(&json!({ "n": "pageview", "u": "https://example.com/" }));
    let (data, keys) = (server.data(), Keeper::folder_beside(server.data()));
    let files = [all_in(data), all_in(&keys)].concat();
    for file in &files {
        let mode = fs::symlink_metadata(file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is open to others: {mode:o}", file.display());
    }
    let socket = data.join("candor.sock");
    assert!(command(&socket).expect("an answer").contains("example.com"), "this account is answered");
    if !rustix::process::geteuid().is_root() {
        eprintln!("only permissions were looked at: to try as another account this test must run as root");
        return;
    }
    // Up to the folders themselves every door is open.
    open_to_all(data.parent().expect("a folder"));
    as_nobody(|| {
        for file in &files {
            let denied =
                if file.is_dir() { fs::read_dir(file).map(drop) } else { File::open(file).map(drop) };
            let kind = denied.map_err(|error| error.kind());
            assert_eq!(kind, Err(ErrorKind::PermissionDenied), "{}", file.display());
        }
        assert_eq!(command(&socket).map_err(|error| error.kind()), Err(ErrorKind::PermissionDenied));
    });
    open_to_all(data);
    open_to_all(&socket);
    let answer = as_nobody(|| command(&socket)).expect("the door is open");
    assert_eq!(answer, "", "another account is hung up on");
    assert!(command(&socket).expect("an answer").contains("example.com"), "this account is still answered");
    // Once, however often they try.
    assert_eq!(as_nobody(|| command(&socket)).expect("the door is open"), "");
    let operators = Full::of(server);
    let olga = operators.enrol_first();
    let turned_away = operators.as_operator(&olga, Asking::get("/api/operator/audit?act=turn_away")).json();
    assert_eq!(turned_away["entries"][0]["details"]["account"], NOBODY.to_string());
    let doors: Vec<_> = turned_away["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| &entry["details"]["door"])
        .collect();
    assert_eq!(doors, ["commands"], "it is in the server's log");
}
