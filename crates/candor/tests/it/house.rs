//! A server under test: the built program on a data directory of its own, on ports of its own.

mod http;
mod import;
mod owner;
mod processes;
pub(crate) mod smtp;

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub(crate) use http::{Asking, Reply};
pub(crate) use owner::{EMAIL, Owner, PASSWORD, candor_of, cookie_of, owned};
pub(crate) use processes::{children_of, is_alive, is_supervisor, kill};
use tempfile::TempDir;

/// `make bless` sets it: what is kept is then written anew instead of compared.
#[expect(clippy::disallowed_methods, reason = "how a developer speaks to a test")]
pub(crate) fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// How long anything may take before a test gives up; generous, as machines differ.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// A browser that is no bot.
pub(crate) const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

/// The built program.
pub(crate) fn candor() -> Command {
    Command::new(env!("CARGO_BIN_EXE_candor"))
}

/// The test-only twin of the program, with these controls taken out of it.
pub(crate) fn twin_without(controls: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor-twin"));
    command.args(["--without", controls]);
    command
}

/// Asks until there is an answer. Fails with `what` when patience ends.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A port that is free, with the three after it.
pub(crate) fn free_ports() -> u16 {
    eventually("four free ports in a row", || {
        let first = TcpListener::bind("127.0.0.1:0").ok()?;
        let port = first.local_addr().ok()?.port();
        TcpListener::bind(("127.0.0.1", port.checked_add(1)?)).ok()?;
        TcpListener::bind(("127.0.0.1", port.checked_add(2)?)).ok()?;
        TcpListener::bind(("127.0.0.1", port.checked_add(3)?)).ok()?;
        TcpListener::bind(("::1", port)).ok()?;
        Some(port)
    })
}

/// Makes the command that starts a server, up to its arguments.
type Wrapper = Box<dyn Fn() -> Command + Send + Sync>;

/// A running server. It is killed, with everything it started, when dropped.
pub(crate) struct Server {
    process: Child,
    port: u16,
    data: PathBuf,
    arguments: Vec<String>,
    log: Arc<Mutex<String>>,
    wrapper: Wrapper,
    /// Who owns it; none on a server that is as fresh as the test wants it.
    owner: Option<Owner>,
    _folder: Option<Arc<TempDir>>,
}

impl Server {
    /// A server with default settings.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// A server with further arguments to `serve`.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let data = folder.path().join("data");
        let mut server = Self::on(&data, arguments, candor);
        server._folder = Some(folder);
        server
    }

    /// The test-only twin of the server, with these controls taken out of it.
    pub(crate) fn without(controls: &'static str, arguments: &[&str]) -> Self {
        let mut server = Self::fresh_without(controls, arguments);
        server.owner = Some(Owner::of(&server));
        server
    }

    /// The twin before anybody owns it.
    pub(crate) fn fresh_without(controls: &'static str, arguments: &[&str]) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let mut server =
            Self::launched(&folder.path().join("data"), arguments, move || twin_without(controls));
        server._folder = Some(folder);
        server
    }

    /// The product on a clock that the test turns ([`Self::turn_clock`]).
    pub(crate) fn on_clock(arguments: &[&str]) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let (data, ahead) = (folder.path().join("data"), folder.path().join("ahead"));
        std::fs::write(&ahead, "0").expect("a clock");
        let mut server = Self::on(&data, arguments, move || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_candor-twin"));
            command.arg("--clock").arg(&ahead);
            command
        });
        server._folder = Some(folder);
        server
    }

    /// Has the clock be this much ahead of the machine's from now on.
    pub(crate) fn turn_clock(&self, ahead: Duration) {
        let file = self.data.with_file_name("ahead");
        std::fs::write(file, format!("{:<20}", ahead.as_millis())).expect("a clock");
    }

    /// A server that nobody owns yet.
    pub(crate) fn fresh(arguments: &[&str]) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let mut server = Self::launched(&folder.path().join("data"), arguments, candor);
        server._folder = Some(folder);
        server
    }

    /// A server on a given data directory, started by what `wrapper` makes: the program, or another one that
    /// starts it.
    pub(crate) fn on(
        data: &Path,
        arguments: &[&str],
        wrapper: impl Fn() -> Command + Send + Sync + 'static,
    ) -> Self {
        let mut server = Self::launched(data, arguments, wrapper);
        server.owner = Some(Owner::of(&server));
        server
    }

    /// The same where it does not matter who owns it, if anybody does.
    pub(crate) fn not_owned(
        data: &Path,
        arguments: &[&str],
        wrapper: impl Fn() -> Command + Send + Sync + 'static,
    ) -> Self {
        Self::launched(data, arguments, wrapper)
    }

    fn launched(
        data: &Path,
        arguments: &[&str],
        wrapper: impl Fn() -> Command + Send + Sync + 'static,
    ) -> Self {
        let wrapper: Wrapper = Box::new(wrapper);
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let port = port_named(&arguments).unwrap_or_else(free_ports);
        let log = Arc::default();
        let process = launch(data, port, &arguments, &wrapper, &log);
        let server = Self {
            process,
            port,
            data: data.to_owned(),
            arguments,
            log,
            wrapper,
            owner: None,
            _folder: None,
        };
        server.wait_until_whole();
        server
    }

    /// Starts the supervisor again, on the same data and ports, after it was killed.
    pub(crate) fn start_again(&mut self) {
        kill(self.pid(), rustix::process::Signal::KILL);
        let _ = self.process.wait();
        self.process = launch(&self.data, self.port, &self.arguments, &self.wrapper, &self.log);
    }

    pub(crate) fn wait_until_whole(&self) {
        let begun = Instant::now();
        // One that hears https alone is asked nothing; it says when it is whole.
        let is_whole = || match self
            .arguments
            .iter()
            .any(|argument| argument == "--tls-cert" || argument.contains("0.0.0.0"))
        {
            true => self.log().contains("Stop       Ctrl-C"),
            false => self.try_ask(&Asking::get("/api/health")).is_ok_and(|reply| {
                // That something is late says nothing of the processes.
                let late = || reply.json()["promises"] == "late" && !reply.text().contains("starting");
                reply.status == 200 || reply.status == 503 && late()
            }),
        };
        while !is_whole() {
            assert!(begun.elapsed() < PATIENCE, "not every process serves; the log:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    pub(crate) fn metrics_address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port + 1))
    }

    /// Of the door for those who run it.
    pub(crate) fn operators_address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port + 2))
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The supervisor's process id, also where another program started it.
    pub(crate) fn pid(&self) -> u32 {
        let started = self.process.id();
        let inner = children_of(started).into_iter().map(|(pid, _)| pid).find(|pid| is_supervisor(*pid));
        inner.unwrap_or(started)
    }

    /// The process id of the child in this role; none while there is none.
    pub(crate) fn pid_of(&self, role: &str) -> Option<u32> {
        children_of(self.pid()).into_iter().find(|(_, found)| found == role).map(|(pid, _)| pid)
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    pub(crate) fn ask(&self, asking: &Asking<'_>) -> Reply {
        self.try_ask(asking).expect("an answer")
    }

    /// Asks as the owner, by an API key, unless the request shows somebody else.
    pub(crate) fn try_ask(&self, asking: &Asking<'_>) -> std::io::Result<Reply> {
        match &self.owner {
            Some(owner) if !asking.shows_somebody() => http::ask(self.address(), &asking.shown(&owner.key)),
            _ => http::ask(self.address(), asking),
        }
    }

    /// Asks as nobody.
    pub(crate) fn ask_as_nobody(&self, asking: &Asking<'_>) -> Reply {
        http::ask(self.address(), asking).expect("an answer")
    }

    /// Asks at the door for those who run the server.
    pub(crate) fn ask_at_operators_door(&self, asking: &Asking<'_>) -> Reply {
        http::ask(self.operators_address(), asking).expect("an answer")
    }

    /// What the head of the answer says, as soon as it says it.
    pub(crate) fn ask_for_head(&self, asking: &Asking<'_>) -> Reply {
        http::ask_for_head(self.address(), asking).expect("the head of an answer")
    }

    /// Who owns it.
    pub(crate) fn owner(&self) -> &Owner {
        self.owner.as_ref().expect("somebody owns it")
    }

    /// The API key of its owner, which may all that a key may.
    pub(crate) fn key(&self) -> &str {
        &self.owner().key
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask(&Asking::get(path))
    }

    /// Posts JSON as a browser of this origin would.
    pub(crate) fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        self.ask(&Asking::post(path, body.to_string()).header("content-type", "application/json"))
    }

    /// Adds a site and waits until the edge knows it.
    pub(crate) fn add_site(&self, domain: &str) {
        let reply = self.post("/api/sites", &serde_json::json!({ "domain": domain }));
        assert_eq!(reply.status, 201, "{}", reply.text());
        eventually("the edge knows the site", || {
            let probe = serde_json::json!({ "n": "probe", "u": "data:,", "d": domain });
            let reply = self.ask(&Asking::event(&probe));
            (reply.header("x-candor-refused") == Some("scheme")).then_some(())
        });
    }

    /// Sends an event as a page would.
    pub(crate) fn send(&self, event: &serde_json::Value) -> Reply {
        self.ask(&Asking::event(event))
    }

    /// One number: `metric` of `domain` over the last days.
    pub(crate) fn count(&self, domain: &str, metric: &str) -> u64 {
        self.try_count(domain, metric).expect("a number")
    }

    pub(crate) fn try_count(&self, domain: &str, metric: &str) -> Option<u64> {
        let query = serde_json::json!({ "site_id": domain, "date_range": "7d", "metrics": [metric] });
        let asking =
            Asking::post("/api/v2/query", query.to_string()).header("content-type", "application/json");
        let reply = self.try_ask(&asking).ok().filter(|reply| reply.status == 200)?;
        reply.json()["results"][0]["metrics"][0].as_u64()
    }

    /// Asks it to end as the system would, and waits; how long it took.
    pub(crate) fn terminate(mut self) -> (Output, Duration) {
        let begun = Instant::now();
        kill(self.pid(), rustix::process::Signal::TERM);
        let status = self.process.wait().expect("the end of the server");
        let output = Output { status, stdout: Vec::new(), stderr: self.log().into_bytes() };
        (output, begun.elapsed())
    }

    /// Fails when anything was logged that a calm server does not log.
    pub(crate) fn assert_log_clean(&self) {
        let log = self.log();
        let loud: Vec<_> =
            log.lines().filter(|line| line.contains("warning  ") || line.contains("error    ")).collect();
        assert!(loud.is_empty(), "the log is not clean:\n{}", loud.join("\n"));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let children = children_of(self.pid());
        kill(self.pid(), rustix::process::Signal::KILL);
        let _ = self.process.kill();
        let _ = self.process.wait();
        // What comes next must not meet what is left of this server.
        let deadline = Instant::now() + Duration::from_secs(5);
        while children.iter().any(|(pid, _)| is_alive(*pid)) && Instant::now() < deadline {
            std::thread::yield_now();
        }
    }
}

/// The port of a `--listen` among the arguments.
fn port_named(arguments: &[String]) -> Option<u16> {
    let at = arguments.iter().position(|argument| argument == "--listen")?;
    arguments.get(at + 1)?.rsplit(':').next()?.parse().ok()
}

fn launch(
    data: &Path,
    port: u16,
    arguments: &[String],
    wrapper: &Wrapper,
    log: &Arc<Mutex<String>>,
) -> Child {
    let mut process = wrapper()
        .arg("serve")
        .arg("--data")
        .arg(data)
        .args(arguments)
        .args((port_named(arguments).is_none()).then(|| format!("--listen=127.0.0.1:{port}")))
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(process.stderr.take().expect("a pipe"));
    let log = log.clone();
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            let mut log = log.lock().expect("the log");
            log.push_str(&line);
            log.push('\n');
        }
    });
    process
}
