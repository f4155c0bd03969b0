//! A client so plain that it can send what no good client would.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{FIREFOX, PATIENCE};

type Headers = Vec<(String, String)>;

/// A request.
#[derive(Clone)]
pub(crate) struct Asking<'a> {
    method: &'a str,
    path: &'a str,
    headers: Headers,
    body: Vec<u8>,
}

impl<'a> Asking<'a> {
    pub(crate) fn new(method: &'a str, path: &'a str) -> Self {
        Self { method, path, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(path: &'a str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post(path: &'a str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new("POST", path) }
    }

    pub(crate) fn patch(path: &'a str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new("PATCH", path) }
    }

    /// JSON as the UI sends it.
    pub(crate) fn json(method: &'a str, path: &'a str, body: &serde_json::Value) -> Self {
        Self { body: body.to_string().into_bytes(), ..Self::new(method, path) }
            .header("content-type", "application/json")
    }

    /// An event as a page's script sends it.
    pub(crate) fn event(event: &serde_json::Value) -> Self {
        Self::post("/api/event", event.to_string())
            .header("content-type", "text/plain")
            .header("user-agent", FIREFOX)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Whether it says who asks; an event never needs to.
    pub(super) fn shows_somebody(&self) -> bool {
        let named = ["authorization", "cookie"];
        let shows = self.headers.iter().any(|(name, _)| named.contains(&name.to_ascii_lowercase().as_str()));
        shows
            || !(self.path.starts_with("/api/") || self.path.starts_with("/commands/"))
            || self.path == "/api/event"
    }

    /// The same by an API key.
    pub(super) fn shown(&self, key: &str) -> Self {
        self.clone().header("authorization", &format!("Bearer {key}"))
    }

    /// The same by the cookie of a sign-in.
    pub(crate) fn by(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }

    /// Its bytes, for one request on a connection.
    pub(crate) fn bytes(&self, host: &str) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        let given = |name: &str| self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !given("host") {
            head.push_str(&format!("host: {host}\r\n"));
        }
        if !given("connection") {
            head.push_str("connection: close\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.method != "GET" && !given("content-length") && !given("transfer-encoding") {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Headers,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Reads an answer to its end.
    pub(crate) fn read(mut from: impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes)?;
        parse(&bytes).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

pub(super) fn ask(address: SocketAddr, asking: &Asking<'_>) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(100)))?;
    // A server that has heard enough answers and closes while the rest is still being written.
    let written = stream.write_all(&asking.bytes(&address.to_string()));
    match Reply::read(&stream) {
        Ok(reply) => Ok(reply),
        Err(error) => Err(written.err().unwrap_or(error)),
    }
}

/// Asks, and reads no further than the head of the answer: some answers have no end.
pub(super) fn ask_for_head(address: SocketAddr, asking: &Asking<'_>) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let written = stream.write_all(&asking.bytes(&address.to_string()));
    let mut bytes = Vec::new();
    let mut part = [0; 4_096];
    loop {
        if let Some((status, headers, _)) = parse_head(&bytes) {
            return Ok(Reply { status, headers, body: Vec::new() });
        }
        match stream.read(&mut part) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => bytes.extend_from_slice(&part[..read]),
            Err(error) => return Err(written.err().unwrap_or(error)),
        }
    }
}

/// The status and the headers, and where the body begins.
fn parse_head(bytes: &[u8]) -> Option<(u16, Headers, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some((status, headers, end + 4))
}

fn parse(bytes: &[u8]) -> Option<Reply> {
    let (status, headers, end) = parse_head(bytes)?;
    let rest = &bytes[end..];
    let find =
        |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let body = match (find("transfer-encoding"), find("content-length")) {
        (Some("chunked"), _) => unchunk(rest)?,
        (_, Some(length)) => {
            let length: usize = length.parse().ok()?;
            // An answer that breaks off is no answer.
            rest.get(..length).map(<[u8]>::to_vec).or_else(|| rest.is_empty().then(Vec::new))?
        }
        _ => rest.to_vec(),
    };
    Some(Reply { status, headers, body })
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 2 + size + 2..)?;
    }
}
