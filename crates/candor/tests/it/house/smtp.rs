//! A mail server nobody here wrote: Debian's Exim, on ports of its own, with a certificate authority made for the test. It
//! keeps every mail in a folder, one a file, and refuses or puts off those to `refused@` and `later@`.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64ct::{Base64, Encoding};
use rustix::process::Signal;
use tempfile::TempDir;

use super::{children_of, eventually, free_ports, kill};

/// As whom mail is handed in, and the password, which is a canary as well.
pub(crate) const USER: &str = "candor@mail.test";
pub(crate) const PASSWORD: &str = "canary-smtp-password";

/// This machine, by an address that is not taken for it: so it must do what one far away must.
pub(crate) const FAR: &str = "0.0.0.0";

/// A mail server. It is killed, with everything it started, when dropped.
pub(crate) struct MailServer {
    folder: TempDir,
    process: Option<Child>,
    /// Of STARTTLS; TLS from the first byte is on the next.
    port: u16,
}

/// What the mail server can be asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offers {
    /// STARTTLS on its port, TLS on the next, and a sign-in under either.
    Tls,
    /// No TLS at all, and taking mail from anybody: as where STARTTLS was stripped on the way.
    Nothing,
}

/// A mail that arrived.
pub(crate) struct Arrived {
    pub(crate) raw: String,
}

impl MailServer {
    /// One that offers TLS.
    pub(crate) fn start() -> Self {
        let server = Self::not_yet();
        server.running(Offers::Tls)
    }

    /// One whose port is known and closed.
    pub(crate) fn not_yet() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        make_certificates(folder.path());
        // Exim delivers as an account without rights, which must get there.
        set_mode(folder.path(), 0o755);
        fs::create_dir(folder.path().join("mail")).expect("a folder");
        set_mode(&folder.path().join("mail"), 0o777);
        Self { folder, process: None, port: free_ports() }
    }

    /// The same, answering from now on.
    pub(crate) fn running(mut self, offers: Offers) -> Self {
        self.open(offers);
        self
    }

    /// Begins to answer.
    pub(crate) fn open(&mut self, offers: Offers) {
        let configuration = self.folder.path().join("exim.conf");
        fs::write(&configuration, exim(self.folder.path(), self.port, offers)).expect("a file");
        let process = Command::new("exim4")
            .arg("-C")
            .arg(&configuration)
            .arg("-bdf")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("exim4 starts");
        self.process = Some(process);
        eventually("the mail server answers", || TcpStream::connect(("127.0.0.1", self.port)).ok());
    }

    /// The certificate of its authority.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A file with the password, as `--smtp-password-file` wants it.
    pub(crate) fn password_file(&self) -> PathBuf {
        let file = self.folder.path().join("password");
        fs::write(&file, format!("{PASSWORD}\n")).expect("a file");
        set_mode(&file, 0o600);
        file
    }

    /// Settings of `candor serve` that reach it by `url`, in which `PORT` and `TLS_PORT` are its ports.
    pub(crate) fn settings(&self, url: &str) -> Vec<String> {
        let url =
            url.replace("TLS_PORT", &(self.port + 1).to_string()).replace("PORT", &self.port.to_string());
        let mut settings: Vec<String> =
            ["--public-url", "https://stats.example", "--mail-from", "candor@stats.example", "--smtp", &url]
                .map(str::to_owned)
                .into();
        settings.extend(["--smtp-ca".to_owned(), self.authority().display().to_string()]);
        if url.contains('@') {
            settings.extend(["--smtp-password-file".to_owned(), self.password_file().display().to_string()]);
        }
        settings
    }

    /// All mail that arrived for an address so far.
    pub(crate) fn all_for(&self, address: &str) -> Vec<Arrived> {
        let files = fs::read_dir(self.folder.path().join("mail/new")).into_iter().flatten().flatten();
        let mut paths: Vec<_> = files.map(|file| file.path()).collect();
        paths.sort();
        let all =
            paths.iter().filter_map(|path| fs::read(path).ok()).map(|bytes| Arrived::from_bytes(&bytes));
        all.filter(|mail| mail.header("envelope-to").as_deref() == Some(address)).collect()
    }

    /// Waits for the first mail to an address.
    pub(crate) fn wait_for(&self, address: &str) -> Arrived {
        eventually(&format!("mail to {address}; the mail server's log:\n{}", self.log()), || {
            self.all_for(address).into_iter().next()
        })
    }

    /// What the mail server logged.
    pub(crate) fn log(&self) -> String {
        ["main", "reject", "panic"]
            .iter()
            .filter_map(|kind| fs::read_to_string(self.folder.path().join(format!("log-{kind}"))).ok())
            .collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let deliveries = children_of(process.id());
        kill(process.id(), Signal::KILL);
        deliveries.into_iter().for_each(|(pid, _)| kill(pid, Signal::KILL));
        let _ = process.wait();
    }
}

impl Arrived {
    fn from_bytes(bytes: &[u8]) -> Self {
        Self { raw: String::from_utf8_lossy(bytes).replace("\r\n", "\n") }
    }

    /// A header, with its folded lines as one.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\n\n").next()?;
        let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
        unfolded.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    /// The part of this type, decoded.
    fn part(&self, content_type: &str) -> String {
        let boundary = self.header("content-type").expect("a content type");
        let boundary = boundary.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next());
        let boundary = format!("--{}", boundary.expect("a boundary"));
        let part = self.raw.split(&boundary).find(|part| part.contains(content_type)).expect("such a part");
        let (head, body) = part.trim_start().split_once("\n\n").expect("a head and a body");
        decode(head, body)
    }

    /// What a person reads who reads plain text.
    pub(crate) fn text(&self) -> String {
        self.part("text/plain")
    }

    /// What a person reads who reads HTML.
    pub(crate) fn html(&self) -> String {
        self.part("text/html")
    }

    /// The first link of the text, up to its end.
    pub(crate) fn link(&self) -> String {
        let text = self.text();
        text.lines().find(|line| line.starts_with("http")).expect("a link").trim().to_owned()
    }
}

fn decode(head: &str, body: &str) -> String {
    let head = head.to_ascii_lowercase();
    if head.contains("base64") {
        let packed: String = body.split_whitespace().collect();
        return String::from_utf8(Base64::decode_vec(&packed).expect("base64")).expect("text");
    }
    if !head.contains("quoted-printable") {
        return body.to_owned();
    }
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'=' {
            let digits = std::str::from_utf8(&after[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).expect("text")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
}

/// An authority, and a certificate of it for `localhost` and for [`FAR`].
pub(crate) fn make_certificates(folder: &Path) {
    let openssl = |line: &str| {
        let output =
            Command::new("openssl").args(line.split(' ')).current_dir(folder).output().expect("openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=authority -days 2"));
    openssl(&format!(
        "req {key} -keyout server.key -out server.csr -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:0.0.0.0"
    ));
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -copy_extensions copy",
    );
}

fn exim(folder: &Path, port: u16, offers: Offers) -> String {
    let own = rustix::process::geteuid();
    // It hands nothing over to root.
    let (account, receiver) = if own.is_root() {
        ("root".to_owned(), "mail".to_owned())
    } else {
        (own.as_raw().to_string(), own.as_raw().to_string())
    };
    let (tls, anybody) = match offers {
        Offers::Tls => ("*", "authenticated = *"),
        Offers::Nothing => ("", "hosts = *"),
    };
    let tls_port = port + 1;
    let folder = folder.display();
    format!(
        "primary_hostname = mail.test
spool_directory = {folder}/spool
log_file_path = {folder}/log-%s
pid_file_path =
exim_user = {account}
exim_group = {account}
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
local_interfaces = <; [127.0.0.1]:{port} ; [127.0.0.1]:{tls_port}
tls_on_connect_ports = {tls_port}
tls_advertise_hosts = {tls}
tls_certificate = {folder}/server.pem
tls_privatekey = {folder}/server.key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
begin acl
rcpt:
  deny message = nobody of that name
       local_parts = refused
  defer message = come back later
       local_parts = later
  accept {anybody}
  deny message = sign in first
begin routers
all:
  driver = accept
  transport = keep
begin transports
keep:
  driver = appendfile
  maildir_format
  directory = {folder}/mail
  envelope_to_add
  user = {receiver}
  group = {receiver}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{USER}}}}}{{eq{{$auth3}}{{{PASSWORD}}}}}}}}}
  server_set_id = $auth2
"
    )
}
