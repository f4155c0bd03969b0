//! Those who run the server: the built program's own commands, OpenSSH and oathtool, against a running server.

mod backups;
mod door;
mod grants;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::{Asking, Reply, Server, candor, cookie_of, eventually, kill};

const SITE: &str = "shop.example";

/// What operators look at, below the root of their API.
const OPERATORS_OWN: [&str; 7] =
    ["session", "organizations", "approvals", "health", "support-grants", "operators", "openapi.json"];

/// A server with an owner, a site, and a folder for the operators' keys.
pub(crate) struct Full {
    pub(crate) server: Server,
    owner: String,
    keys: TempDir,
}

/// An operator at the shell.
pub(crate) struct Operator {
    key: PathBuf,
    token_file: PathBuf,
    secret: String,
}

impl Full {
    fn new() -> Self {
        Self::of(Server::start())
    }

    /// Of a server that has an owner and no operator.
    pub(crate) fn of(server: Server) -> Self {
        let owner = server.owner().cookie.clone();
        Self { server, owner, keys: tempfile::tempdir().unwrap() }
    }

    /// Asks the public API as the owner.
    pub(crate) fn as_owner(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let asking = match method {
            "GET" => Asking::get(path),
            _ => Asking::post(path, body),
        };
        self.server
            .ask_as_nobody(&asking.header("content-type", "application/json").header("cookie", &self.owner))
    }

    /// Asks at the operators' door.
    fn at_door(&self, asking: Asking<'_>) -> Reply {
        self.server.ask_at_operators_door(&asking.header("content-type", "application/json"))
    }

    pub(crate) fn as_operator(&self, operator: &Operator, asking: Asking<'_>) -> Reply {
        self.at_door(asking.header("authorization", &format!("Bearer {}", operator.token())))
    }

    /// The same operators and owner of another server on the same data, which is started once this one has ended.
    pub(crate) fn moved_to(self, start: impl FnOnce() -> Server) -> Self {
        let Self { server, owner, keys } = self;
        drop(server);
        Self { server: start(), owner, keys }
    }

    /// Signs an operator in anew, on a server whose clock is so many days ahead.
    pub(crate) fn sign_in_after(&self, operator: &Operator, days: u32) {
        let code = code_at(&operator.secret, &format!("+{days} days"));
        let mut login = self.command(&["login", "--totp", &code]);
        let output =
            login.arg("--key").arg(&operator.key).arg("--token-file").arg(&operator.token_file).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", told(&output));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = candor();
        command.arg("operator").args(arguments).arg("--data").arg(self.server.data());
        command
    }

    pub(crate) fn run(&self, operator: &Operator, arguments: &[&str]) -> Output {
        self.command(arguments).arg("--token-file").arg(&operator.token_file).output().unwrap()
    }

    fn key(&self, name: &str) -> PathBuf {
        let key = self.keys.path().join(name);
        let mut making = Command::new("ssh-keygen");
        making.args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&key);
        assert!(making.status().expect("ssh-keygen is required: apt-get install openssh-client").success());
        key
    }

    /// Signs in for the first time: the program shows a secret, oathtool makes the code of it.
    fn log_in(&self, key: PathBuf) -> Operator {
        let token_file = key.with_extension("token");
        let mut login = self
            .command(&["login"])
            .arg("--key")
            .arg(&key)
            .arg("--token-file")
            .arg(&token_file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Held until the end: what it says next must find a reader.
        let mut says = BufReader::new(login.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("otpauth://") {
            let read = says.read_line(&mut said).unwrap();
            assert!(read > 0, "no address for an app for codes: {said}");
        }
        let uri = said.lines().last().unwrap();
        let secret = uri.split("secret=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        writeln!(login.stdin.take().unwrap(), "{}", code(&secret)).unwrap();
        let output = login.wait_with_output().unwrap();
        says.read_to_string(&mut said).unwrap();
        assert!(output.status.success(), "{said}");
        Operator { key, token_file, secret }
    }

    pub(crate) fn enrol_first(&self) -> Operator {
        let key = self.key("olga");
        let output = self.command(&["enrol"]).arg(key.with_extension("pub")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.log_in(key)
    }
}

/// A server whose operator has added a second organization.
pub(crate) struct Neighboured {
    pub(crate) server: Server,
    /// The cookie of its owner.
    pub(crate) neighbour: String,
    /// The token of the operator.
    pub(crate) operator: String,
}

impl Neighboured {
    /// Makes it of a server that has an owner and no operator.
    pub(crate) fn of(server: Server, email: &str, password: &str) -> Self {
        let full = Full::of(server);
        let olga = full.enrol_first();
        let added = full.run(&olga, &["organizations", "add", "Bakery", "--owner", email]);
        assert!(added.status.success(), "{}", told(&added));
        let added: Value = serde_json::from_slice(&added.stdout).unwrap();
        let (_, token) = added["url"].as_str().unwrap().split_once('#').unwrap();
        let accepted = json!({ "token": token, "password": password });
        let asking = Asking::json("POST", "/api/invitations/accept", &accepted);
        let neighbour = cookie_of(&full.server.ask_as_nobody(&asking));
        Self { neighbour, operator: olga.token(), server: full.server }
    }
}

impl Operator {
    fn token(&self) -> String {
        std::fs::read_to_string(&self.token_file).unwrap()
    }
}

fn code(secret: &str) -> String {
    code_at(secret, "now")
}

fn code_at(secret: &str, when: &str) -> String {
    let output = Command::new("oathtool").args(["--totp", "-b", "--now", when, secret]).output();
    let output = output.expect("oathtool is required: apt-get install oathtool");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_first_operator_is_enrolled_from_the_shell_signs_in_by_both_factors_and_no_second_is_enrolled_so() {
    let full = Full::new();
    let olga = full.enrol_first();
    assert_eq!(std::fs::metadata(&olga.token_file).unwrap().permissions().mode() & 0o777, 0o600);
    let session = full.as_operator(&olga, Asking::get("/api/operator/session"));
    assert_eq!((session.status, &session.json()["operator"]), (200, &json!("olga")));
    let eve = full.key("eve");
    let refused = full.command(&["enrol"]).arg(eve.with_extension("pub")).output().unwrap();
    assert!(
        !refused.status.success() && told(&refused).contains("candor operator login"),
        "{}",
        told(&refused)
    );
    // A code that was used does not sign in again.
    let again = full
        .command(&["login", "--totp", &code(&olga.secret)])
        .arg("--key")
        .arg(&olga.key)
        .arg("--token-file")
        .arg(&olga.token_file)
        .output()
        .unwrap();
    assert!(!again.status.success() && told(&again).contains("wrong"), "{}", told(&again));
    let listed = full.run(&olga, &["list"]);
    assert!(told(&listed).contains("SHA256:") && told(&listed).contains("127.0.0.0/8"), "{}", told(&listed));
    full.server.assert_log_clean();
}

#[test]
fn the_two_doors_have_nothing_in_common_and_each_token_is_good_at_its_own() {
    let full = Full::new();
    let olga = full.enrol_first();
    for path in OPERATORS_OWN {
        let path = format!("/api/operator/{path}");
        let by_owner = full.at_door(Asking::get(&path).header("cookie", &full.owner));
        assert_eq!(by_owner.status, 401, "{path} with an owner's cookie");
        assert_eq!(full.as_operator(&olga, Asking::get(&path)).status, 200, "{path}");
        let elsewhere = full.as_owner("GET", &path, None);
        assert_eq!(elsewhere.status, 404, "{path} at the public door");
    }
    for path in
        ["/api/sites", "/api/session", "/api/people", "/api/audit", "/api/health", "/api/openapi.json"]
    {
        assert_eq!(full.as_operator(&olga, Asking::get(path)).status, 404, "{path} at the operators' door");
    }
    let bearer = format!("Bearer {}", olga.token());
    let query = json!({ "site_id": SITE, "date_range": "7d", "metrics": ["visitors"] });
    let asked = Asking::post("/api/v2/query", query.to_string()).header("content-type", "application/json");
    assert_eq!(full.server.ask_as_nobody(&asked.header("authorization", &bearer)).status, 401);
    let bare = Asking::get("/api/sites").header("cookie", &format!("__Host-candor={}", &olga.token()[16..]));
    assert_eq!(full.server.ask_as_nobody(&bare).status, 401, "an operator's token as a person's cookie");
    assert!(full.run(&olga, &["logout"]).status.success());
    assert!(!olga.token_file.exists());
}

#[test]
fn from_elsewhere_the_right_token_is_refused_and_the_servers_own_log_tells_of_it_and_is_checked() {
    let full = Full::of(Server::with(&["--behind-proxy", "127.0.0.1/32"]));
    let olga = full.enrol_first();
    let from = |client: &str| {
        let asking = Asking::get("/api/operator/session").header("x-forwarded-for", client);
        full.as_operator(&olga, asking.header("x-forwarded-proto", "https")).status
    };
    assert_eq!((from("127.0.0.9"), from("192.0.2.77"), from("192.0.2.78")), (200, 403, 403));
    let told_of = eventually("an entry about who was turned away", || {
        let page = full.as_operator(&olga, Asking::get("/api/operator/audit?act=turn_away")).json();
        page["entries"].as_array().filter(|entries| !entries.is_empty()).cloned()
    });
    assert_eq!(told_of.len(), 1, "a network is told of once in a while");
    assert_eq!(
        (&told_of[0]["network"], &told_of[0]["details"]["door"]),
        (&json!("192.0.2.0"), &json!("operators"))
    );
    let enrolled = full.as_operator(&olga, Asking::get("/api/operator/audit?act=sign_in")).json();
    assert_eq!(enrolled["entries"][0]["actor"]["name"], "olga");
    let (log, kept) = (full.keys.path().join("server.jsonl"), full.keys.path().join("kept.txt"));
    for (what, file) in [("checkpoint", &kept), ("export", &log)] {
        let taken = full.run(&olga, &["audit", what, "--output", file.to_str().unwrap()]);
        assert!(taken.status.success(), "{}", told(&taken));
    }
    let verify = |log: &Path| {
        candor().args(["audit", "verify"]).arg(log).arg("--checkpoint").arg(&kept).output().unwrap()
    };
    assert!(verify(&log).status.success(), "{}", told(&verify(&log)));
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replace("192.0.2.0", "192.0.3.0")).unwrap();
    assert!(!verify(&log).status.success());
}

#[test]
fn that_somebody_was_turned_away_is_written_down_though_whoever_writes_ends_before() {
    let full = Full::of(Server::with(&["--behind-proxy", "127.0.0.1/32"]));
    let olga = full.enrol_first();
    let app = full.server.pid_of("app").unwrap();
    kill(app, rustix::process::Signal::STOP);
    let asking = Asking::get("/api/operator/session").header("x-forwarded-for", "192.0.2.77");
    let stranger = full.as_operator(&olga, asking.header("x-forwarded-proto", "https"));
    assert_eq!(stranger.status, 403, "the door is kept all the same");
    kill(app, rustix::process::Signal::KILL);
    let told_of = eventually("an entry about who was turned away", || {
        let reply = full.as_operator(&olga, Asking::get("/api/operator/audit?act=turn_away"));
        let page = (reply.status == 200).then(|| reply.json())?;
        page["entries"].as_array().filter(|entries| !entries.is_empty()).cloned()
    });
    assert_eq!(told_of[0]["network"], "192.0.2.0");
}

#[test]
fn an_operator_adds_an_organization_that_only_its_owner_sees_into_and_removing_it_takes_two() {
    let full = Full::new();
    let olga = full.enrol_first();
    let added = full.run(&olga, &["organizations", "add", "Bakery", "--owner", "ann@bakery.example"]);
    assert!(added.status.success(), "{}", told(&added));
    let added: Value = serde_json::from_slice(&added.stdout).unwrap();
    let id = added["id"].as_u64().unwrap();
    assert_eq!(id, 2);
    let invitation = added["url"].as_str().unwrap();
    let token = invitation.split('#').nth(1).unwrap();
    let accepted = json!({ "token": token, "password": "nine loaves before dawn" });
    let accepted = full.server.ask_as_nobody(&Asking::json("POST", "/api/invitations/accept", &accepted));
    assert_eq!(accepted.status, 201, "{}", accepted.text());
    assert_eq!(accepted.json()["organization"]["name"], "Bakery");
    let ann = accepted.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let again = Asking::post(
        "/api/operator/organizations/2/owner",
        json!({ "email": "olga@ops.example" }).to_string(),
    );
    assert_eq!(full.as_operator(&olga, again).status, 403, "it has an owner");
    // A second operator: from then on nobody does what is grave alone.
    let otto_key = full.key("otto");
    let enrolled = full.run(&olga, &["enrol", otto_key.with_extension("pub").to_str().unwrap()]);
    assert!(enrolled.status.success(), "{}", told(&enrolled));
    let otto = full.log_in(otto_key);
    let removed = full.run(&olga, &["organizations", "remove", "2"]);
    assert!(removed.status.success(), "{}", told(&removed));
    let waits = told(&removed);
    let number = waits.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(waits.contains("waits for a second operator"), "{waits}");
    let own = full.run(&olga, &["approve", &number]);
    assert!(!own.status.success() && told(&own).contains("asked for themselves"), "{}", told(&own));
    let session = || full.server.ask_as_nobody(&Asking::get("/api/session").header("cookie", &ann)).status;
    assert_eq!(session(), 200);
    let approved = full.run(&otto, &["approve", &number]);
    assert!(approved.status.success(), "{}", told(&approved));
    assert_eq!(session(), 401, "whoever belonged to it alone is known no more");
    assert!(!full.run(&otto, &["approve", &number]).status.success(), "an approval is good once");
    let listed = told(&full.run(&otto, &["organizations", "list"]));
    assert!(listed.contains("Example") && !listed.contains("Bakery"), "{listed}");
    let doctor = candor().args(["doctor", "--data"]).arg(full.server.data()).output().unwrap();
    assert!(told(&doctor).contains("there are 2, and what is grave needs two of them"), "{}", told(&doctor));
}

#[test]
fn the_twin_that_needs_no_second_operator_is_caught_removing_an_organization_by_one() {
    let full = Full::of(Server::without("second-operator", &[]));
    let olga = full.enrol_first();
    let added = full.run(&olga, &["organizations", "add", "Bakery", "--owner", "ann@bakery.example"]);
    assert!(added.status.success(), "{}", told(&added));
    let otto = full.key("otto").with_extension("pub");
    let enrolled = full.run(&olga, &["enrol", otto.to_str().unwrap()]);
    assert!(enrolled.status.success(), "{}", told(&enrolled));
    let removed = full.run(&olga, &["organizations", "remove", "2"]);
    assert!(removed.status.success() && !told(&removed).contains("waits"), "{}", told(&removed));
    let listed = told(&full.run(&olga, &["organizations", "list"]));
    assert!(listed.contains("Example") && !listed.contains("Bakery"), "{listed}");
}
