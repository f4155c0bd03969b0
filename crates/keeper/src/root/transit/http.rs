//! One question over a Unix socket, in HTTP/1.1: as much of it as a key management service needs, within limits of
//! time and size. Nothing is followed, retried or kept open.

use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// How long a question and its answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer at most, head and body.
const ANSWER_BYTES_MAX: usize = 64 << 10;
const HEADERS_MAX: usize = 64;

/// Asks, and returns the status and the body of the answer.
pub(super) fn post(socket: &Path, path: &str, body: &str) -> io::Result<(u16, Zeroizing<Vec<u8>>)> {
    let mut stream = UnixStream::connect(socket)?;
    let begun = Instant::now();
    stream.set_write_timeout(Some(PATIENCE))?;
    // The one header beyond HTTP is what an agent may ask for, against questions that a browser was tricked into.
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Vault-Request: true\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    // Of its whole size at once: what a buffer that grows leaves behind is not wiped.
    let mut answer = Zeroizing::new(vec![0; ANSWER_BYTES_MAX]);
    let mut length = 0;
    while let Some(left) = PATIENCE.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
        stream.set_read_timeout(Some(left))?;
        let read = stream.read(&mut answer[length..])?;
        length += read;
        if let Some(understood) = understand(&answer[..length], read == 0)? {
            return Ok(understood);
        }
        if read == 0 || length == answer.len() {
            break;
        }
    }
    Err(bad("its answer ends early or does not end"))
}

/// Status and body, once the answer is whole; `ended` says that nothing more will come.
fn understand(answer: &[u8], ended: bool) -> io::Result<Option<(u16, Zeroizing<Vec<u8>>)>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(begin) = head.parse(answer).map_err(|_| bad("it does not speak HTTP"))?
    else {
        return Ok(None);
    };
    let status = head.code.ok_or_else(|| bad("it does not speak HTTP"))?;
    let header = |name: &str| {
        let mut all = head.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        all.next().and_then(|header| std::str::from_utf8(header.value).ok()).map(str::trim)
    };
    let rest = &answer[begin..];
    let body = if header("transfer-encoding").is_some_and(|how| how.eq_ignore_ascii_case("chunked")) {
        unchunk(rest)?
    } else if let Some(length) = header("content-length") {
        let length: usize = length.parse().map_err(|_| bad("it tells a length that is no number"))?;
        rest.get(..length).map(|body| Zeroizing::new(body.to_vec()))
    } else {
        ended.then(|| Zeroizing::new(rest.to_vec()))
    };
    Ok(body.map(|body| (status, body)))
}

/// A body that came in chunks, once the last is there.
fn unchunk(mut rest: &[u8]) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut body = Zeroizing::new(Vec::with_capacity(rest.len()));
    loop {
        let size = httparse::parse_chunk_size(rest).map_err(|_| bad("its chunks cannot be read"))?;
        let httparse::Status::Complete((begin, size)) = size else { return Ok(None) };
        if size == 0 {
            return Ok(Some(body));
        }
        let end = usize::try_from(size).ok().and_then(|size| begin.checked_add(size));
        let Some(chunk) = end.and_then(|end| rest.get(begin..end)) else { return Ok(None) };
        body.extend_from_slice(chunk);
        let Some(after) = rest.get(begin + chunk.len() + 2..) else { return Ok(None) };
        rest = after;
    }
}

fn bad(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why.to_owned())
}
