//! Backups to a server that speaks S3, which nobody here wrote: moto, behind a proxy that fails, truncates and lies.

mod killed;
mod proxy;
mod stalling;
mod tls;

use std::path::PathBuf;
use std::process::{Child, Stdio};

use super::*;
use crate::house::free_ports;
use proxy::{Fault, Proxy};

const BUCKET: &str = "candor-backups";

/// moto, of the oracle's Python environment. It is killed when dropped, and keeps everything in memory.
struct Moto {
    process: Child,
    port: u16,
}

impl Moto {
    fn start() -> Self {
        let moto = Self::launched(&[]);
        eventually("a bucket is made", || {
            let request = format!(
                "PUT /{BUCKET} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                moto.port
            );
            proxy::answer_of(moto.port, request.as_bytes())
                .ok()
                .filter(|answer| answer.starts_with(b"HTTP/1.1 200"))
        });
        moto
    }

    /// One without a bucket.
    fn launched(more: &[&str]) -> Self {
        #[expect(clippy::disallowed_methods, reason = "how a developer speaks to a test")]
        let venv = std::env::var_os("ORACLE_VENV").map(PathBuf::from);
        let program = venv.map(|venv| venv.join("bin/moto_server")).filter(|program| program.exists());
        let program = program.expect(
            "moto is missing: run `make test`, or set ORACLE_VENV to a folder and run `sh oracle/prepare.sh`",
        );
        let port = free_ports();
        let process = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto starts");
        Self { process, port }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A file with what is shown to the server.
fn credentials(house: &House) -> String {
    let credentials = house.path("credentials");
    fs::write(&credentials, "key-id\nkey-secret-canary\n").expect("credentials");
    std::fs::set_permissions(&credentials, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("rights");
    credentials.display().to_string()
}

/// The arguments by which a bucket behind `proxy` is reached.
fn place(house: &House, proxy: &Proxy) -> [String; 4] {
    let endpoint = format!("http://127.0.0.1:{}", proxy.port());
    ["--s3-endpoint".to_owned(), endpoint, "--s3-credentials".to_owned(), credentials(house)]
}

fn target() -> String {
    format!("s3://{BUCKET}/some/where")
}

fn serve(house: &House, proxy: &Proxy) -> Server {
    serve_by(house, proxy, candor)
}

fn serve_by(house: &House, proxy: &Proxy, wrapper: impl Fn() -> Command + Send + Sync + 'static) -> Server {
    let [to, recipient] = ["--backup-to", "--backup-recipient"].map(str::to_owned);
    let mut arguments = vec![to, target(), recipient, house.recipient.clone()];
    arguments.extend(place(house, proxy));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Server::on(&house.path("data"), &arguments, wrapper)
}

fn with_place(house: &House, proxy: &Proxy, arguments: &[&str]) -> (Option<i32>, String) {
    let place = place(house, proxy);
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    house.run(&[arguments, &place].concat())
}

fn list(house: &House) -> String {
    let (code, said) = house.run(&["backup", "list", "--data", &house.text("data")]);
    assert_eq!(code, Some(0), "{said}");
    said
}

fn wait_for_first(house: &House) {
    eventually("a first backup", || list(house).contains("bytes").then_some(()));
}

#[test]
fn a_backup_goes_to_a_bucket_is_checked_there_and_restores() {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    let server = serve(&house, &proxy);
    server.add_site(DOMAIN);
    for page in 0..10 {
        view(&server, &format!("/{page}"));
    }
    wait_for_first(&house);
    house.back_up();
    let (code, said) = with_place(&house, &proxy, &["backup", "verify", "--from", &target()]);
    assert_eq!(code, Some(0), "{said}");
    let (identity, data) = (house.text("identity"), house.text("restored"));
    let restore = ["restore", "--from", &target(), "--identity", &identity, "--data", &data];
    let (code, said) = with_place(&house, &proxy, &restore);
    assert_eq!(code, Some(0), "{said}");
    fs::copy(house.path("data.keys/root.key"), house.path("restored.keys/root.key")).expect("the root key");
    server.assert_log_clean();
    drop(server);
    assert_eq!(Server::on(&house.path("restored"), &[], candor).count(DOMAIN, "pageviews"), 10);
    assert!(!proxy.saw(b"key-secret-canary"));
}

#[test]
fn a_server_that_fails_now_and_then_is_asked_again() {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    let _server = serve(&house, &proxy);
    wait_for_first(&house);
    proxy.every(3, Fault::Unavailable);
    house.back_up();
    proxy.every(5, Fault::Truncated);
    house.back_up();
}

#[test]
fn a_server_that_lies_is_found_out_and_the_backup_does_not_count() {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    let server = serve(&house, &proxy);
    wait_for_first(&house);
    let before = list(&house);
    proxy.every(1, Fault::Altered);
    let (code, said) = house.run(&["backup", "now", "--data", &house.text("data")]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("came back as something else") || said.contains("damaged"), "{said}");
    proxy.every(0, Fault::Altered);
    assert_eq!(list(&house), before);
    assert_eq!(server.get("/api/health").status, 200);
}

#[test]
fn a_server_that_is_away_is_given_up_in_a_clear_sentence_and_nothing_else_stops() {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    let server = serve(&house, &proxy);
    server.add_site(DOMAIN);
    wait_for_first(&house);
    proxy.every(1, Fault::Closed);
    let (code, said) = house.run(&["backup", "now", "--data", &house.text("data")]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("in the backup target"), "{said}");
    view(&server, "/meanwhile");
    assert_eq!(server.count(DOMAIN, "pageviews"), 1);
    let log = server.log();
    assert!(!log.contains("key-secret-canary"), "{log}");
}
