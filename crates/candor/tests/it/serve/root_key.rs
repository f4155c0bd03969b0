//! Where the root key comes from: with a passphrase, a credential and a token, from the first start to a restart.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::json;

use crate::house::{PATIENCE, Server, candor, eventually, free_ports, kill};

const PASSPHRASE: &str = "correct horse battery";

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn keys(&self, name: &str) -> PathBuf {
        self.folder.path().join("data.keys").join(name)
    }

    /// A file for this account alone.
    fn secret(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a private file");
        path.to_str().expect("text").to_owned()
    }

    fn serve(&self, arguments: &[&str]) -> Server {
        Server::on(&self.data(), arguments, candor)
    }

    /// What a server says that does not start.
    fn refused(&self, arguments: &[&str]) -> String {
        let mut refused = candor();
        refused.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(self.data()).args(arguments);
        let output = without_terminal(&refused).output().expect("a refusal");
        let code = output.status.code();
        assert!(matches!(code, Some(1 | 78)), "{code:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

/// The same in a session that has no terminal.
fn without_terminal(command: &Command) -> Command {
    let mut alone = Command::new("setsid");
    alone.arg("--wait").arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    alone
}

fn measure_something(server: &Server) {
    server.add_site("example.com");
    let event = json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" });
    assert_eq!(server.send(&event).status, 202);
    assert_something_was_measured(server);
}

fn assert_something_was_measured(server: &Server) {
    eventually("the page view is counted", || {
        (server.try_count("example.com", "pageviews") == Some(1)).then_some(())
    });
}

/// The memory of a process in kilobytes, as it is now.
fn resident_kilobytes(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn with_a_passphrase_a_keeper_that_dies_comes_back_alone_and_a_server_that_ends_does_not() {
    let place = Place::new();
    let file = place.secret("passphrase", &format!("{PASSPHRASE}\n"));
    let with = ["--root-key", "passphrase", "--passphrase-file", &file];
    let server = place.serve(&with);
    assert!(place.keys("root.sealed").exists() && !place.keys("root.key").exists());
    measure_something(&server);
    fs::remove_file(&file).expect("the passphrase is no longer there");
    let keeper = server.pid_of("keeper").expect("a keeper");
    assert!(resident_kilobytes(keeper) < 48 << 10, "{} kB", resident_kilobytes(keeper));
    kill(keeper, Signal::KILL);
    eventually("another keeper", || server.pid_of("keeper").filter(|pid| *pid != keeper));
    server.wait_until_whole();
    assert_something_was_measured(&server);
    assert!(!server.log().contains(PASSPHRASE));
    server.terminate();
    assert!(place.refused(&["--root-key", "passphrase"]).contains("--passphrase-file"));
    place.secret("passphrase", PASSPHRASE);
    assert_something_was_measured(&place.serve(&with));
}

#[test]
fn a_wrong_passphrase_ends_the_server_with_its_own_sentence() {
    let place = Place::new();
    let file = place.secret("passphrase", PASSPHRASE);
    place.serve(&["--root-key", "passphrase", "--passphrase-file", &file]).terminate();
    place.secret("passphrase", "correct horse batterz");
    let said = place.refused(&["--passphrase-file", &file]);
    assert!(said.contains("the passphrase does not open") && said.contains("root.sealed"), "{said}");
    assert!(!said.contains("batterz"), "{said}");
    place.secret("passphrase", "too short");
    assert!(place.refused(&["--passphrase-file", &file]).contains("shorter than 12 characters"));
}

#[test]
fn a_passphrase_is_asked_for_twice_when_it_is_made_and_once_later_and_never_shown() {
    let place = Place::new();
    let answers = [("A new passphrase", PASSPHRASE), ("The same again", PASSPHRASE)];
    let said = at_a_terminal(&place.data(), &answers);
    assert!(said.contains("The root key was made") && !said.contains(PASSPHRASE), "{said}");
    let said = at_a_terminal(&place.data(), &[("Passphrase of the root key", PASSPHRASE)]);
    assert!(said.contains("root key") && !said.contains(PASSPHRASE), "{said}");
    let other = Place::new();
    let said = at_a_terminal(&other.data(), &[answers[0], ("The same again", "something else")]);
    assert!(said.contains("the two passphrases differ"), "{said}");
    assert!(!other.keys("root.sealed").exists());
}

/// What is shown on a terminal of its own, while a site is added and each question is answered.
fn at_a_terminal(data: &Path, answers: &[(&str, &str)]) -> String {
    let program = candor().get_program().to_str().expect("text").to_owned();
    let line = format!("{program} keys list --root-key passphrase --data {}", data.display());
    let mut script = Command::new("script")
        .args(["-q", "-c", &line, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script, of util-linux");
    let (mut keyboard, mut screen) =
        (script.stdin.take().expect("a keyboard"), script.stdout.take().expect("a screen"));
    let mut shown = String::new();
    let begun = std::time::Instant::now();
    let mut room = [0; 1024];
    for (question, answer) in answers {
        while !shown.contains(question) {
            assert!(begun.elapsed() < PATIENCE, "not asked: {shown}");
            let read = screen.read(&mut room).expect("what is shown");
            assert!(read > 0, "ended before it asked: {shown}");
            shown.push_str(&String::from_utf8_lossy(&room[..read]));
        }
        writeln!(keyboard, "{answer}").expect("what is typed");
    }
    screen.read_to_string(&mut shown).expect("the rest");
    drop(keyboard);
    script.wait().expect("its end");
    shown
}

#[test]
fn a_credential_of_systemd_opens_the_keys_and_its_absence_is_told_with_what_makes_one() {
    let place = Place::new();
    assert!(place.refused(&["--root-key", "credential"]).contains("systemd-creds encrypt"));
    let made = candor().args(["keys", "new-root"]).output().expect("a root key");
    assert!(String::from_utf8_lossy(&made.stderr).contains("kept nowhere else"));
    let line = String::from_utf8(made.stdout).expect("text");
    assert!(line.starts_with("candor-root-key-1:") && line.lines().count() == 1);
    let credentials = place.folder.path().join("credentials");
    fs::create_dir(&credentials).expect("a folder");
    fs::write(credentials.join("candor-root-key"), line).expect("a credential");
    let with_credentials = {
        let credentials = credentials.clone();
        move || {
            let mut candor = candor();
            candor.env("CREDENTIALS_DIRECTORY", &credentials);
            candor
        }
    };
    let server = Server::on(&place.data(), &["--root-key", "credential"], with_credentials.clone());
    measure_something(&server);
    assert!(!place.keys("root.key").exists() && !place.keys("root.sealed").exists());
    server.terminate();
    assert_something_was_measured(&Server::on(&place.data(), &[], with_credentials));
    assert!(place.refused(&[]).contains("LoadCredentialEncrypted="));
}

#[test]
fn a_token_opens_the_keys_after_a_restart_and_takes_over_from_a_key_file() {
    let place = Place::new();
    let server = place.serve(&[]);
    measure_something(&server);
    server.terminate();
    let root = place.folder.path().to_owned();
    fs::create_dir(root.join("tokens")).expect("a folder");
    fs::write(root.join("softhsm2.conf"), format!("directories.tokendir = {}/tokens\n", root.display()))
        .expect("settings");
    let pin = place.secret("pin", "1234");
    let with_token = move |program: Command| {
        let mut command = program;
        command.env("SOFTHSM2_CONF", root.join("softhsm2.conf"));
        command
    };
    let made = with_token(Command::new("softhsm2-util"))
        .args(["--init-token", "--free", "--label", "candor", "--pin", "1234", "--so-pin", "123456"])
        .output()
        .expect("softhsm2-util: apt-get install softhsm2");
    assert!(made.status.success(), "{made:?}");
    let source = format!("pkcs11:token=candor;object=candor-root?module-path={}&pin-source={pin}", softhsm());
    let started = move || with_token(candor());
    let server = Server::on(&place.data(), &["--root-key", &source], started.clone());
    assert!(server.log().contains("The root key was replaced"), "{}", server.log());
    assert!(place.keys("root.sealed").exists() && !place.keys("root.key").exists());
    assert_something_was_measured(&server);
    let keeper = server.pid_of("keeper").expect("a keeper");
    kill(keeper, Signal::KILL);
    eventually("another keeper", || server.pid_of("keeper").filter(|pid| *pid != keeper));
    server.wait_until_whole();
    server.terminate();
    assert_something_was_measured(&Server::on(&place.data(), &[], started));
}

fn softhsm() -> &'static str {
    let places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
    places.into_iter().find(|place| Path::new(place).exists()).expect("SoftHSM's module")
}

#[test]
fn a_service_that_is_away_at_the_start_is_waited_for() {
    let place = Place::new();
    let source = format!("transit:{}/agent.sock?key=candor", place.folder.path().display());
    let mut server = candor()
        .args(["serve", "--listen", &format!("127.0.0.1:{}", free_ports()), "--root-key", &source, "--data"])
        .arg(place.data())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let log = std::io::BufRead::lines(std::io::BufReader::new(server.stderr.take().expect("a pipe")));
    let mut tries = log.map_while(Result::ok).filter(|line| line.contains("does not answer"));
    assert!(tries.next().is_some() && tries.next().is_some(), "it is tried again");
    kill(server.id(), Signal::TERM);
    assert!(server.wait().expect("its end").success());
    assert!(!place.keys("root.sealed").exists() && !place.keys("keys.sealed").exists());
}

#[test]
fn a_source_that_is_not_understood_is_a_usage_error_and_in_the_file_one_with_its_name() {
    let output = candor().args(["serve", "--root-key", "tpm"]).output().expect("a refusal");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there are file, passphrase, credential"));
    let place = Place::new();
    let file = place.secret("candor.toml", "root-key = \"transit:/run/agent.sock\"\n");
    let said = place.refused(&["--config", &file]);
    assert!(said.contains("lacks key="), "{said}");
}
