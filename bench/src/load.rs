//! A closed-loop load client: each connection stays open, sends one event, waits for its acknowledgement, and
//! sends the next. It does as little as it can on the core it shares with whoever it measures.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Instant;

use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::requests::{Request, requests};

/// The same requests each time.
const SEED: u64 = 1;

/// What to send where.
pub(crate) struct Load {
    pub(crate) target: SocketAddr,
    pub(crate) domain: String,
    pub(crate) connections: u32,
    /// Different requests that are sent in turn, by number: no number shares agent, address or page with another.
    pub(crate) variants: Range<u32>,
    /// How many events, over all connections.
    pub(crate) events: u64,
    /// The first event's number: events of one number have one id and count once.
    pub(crate) first: u64,
}

/// What came of it.
#[derive(Default, Serialize)]
pub(crate) struct Outcome {
    events: usize,
    seconds: f64,
    p50_us: u32,
    p99_us: u32,
    max_us: u32,
    /// How often each answer came: a status, and the reason where an event was refused.
    answers: BTreeMap<String, u32>,
}

impl Load {
    /// Sends everything and tells how long acknowledgements took.
    pub(crate) fn run(self) -> std::io::Result<Outcome> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        runtime.block_on(self.send())
    }

    async fn send(self) -> std::io::Result<Outcome> {
        let mut variants = requests(SEED, &self.target.to_string(), &self.domain, self.variants.clone());
        let share = variants.len() / self.connections as usize;
        let begun = Instant::now();
        let mut lines = Vec::new();
        for connection in 0..u64::from(self.connections) {
            let mine: Vec<Request> = variants.drain(..share).collect();
            let numbers =
                (self.first + connection..self.first + self.events).step_by(self.connections as usize);
            let stream = TcpStream::connect(self.target).await?;
            stream.set_nodelay(true)?;
            lines.push(tokio::spawn(converse(stream, mine, numbers)));
        }
        let mut waits = Vec::with_capacity(self.events as usize);
        let mut answers: BTreeMap<String, u32> = BTreeMap::new();
        for line in lines {
            for (wait_us, answer) in line.await.map_err(Error::other)?? {
                waits.push(wait_us);
                *answers.entry(answer).or_default() += 1;
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        waits.sort_unstable();
        let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
        Ok(Outcome {
            events: waits.len(),
            seconds,
            p50_us: at(0.50),
            p99_us: at(0.99),
            max_us: at(1.0),
            answers,
        })
    }
}

/// Sends this connection's events one after the other.
async fn converse(
    mut stream: TcpStream,
    mut requests: Vec<Request>,
    numbers: impl Iterator<Item = u64>,
) -> std::io::Result<Vec<(u32, String)>> {
    let mut heard = Vec::new();
    let mut buffer = Vec::with_capacity(4096);
    let turns = requests.len();
    for (turn, number) in numbers.enumerate() {
        let sent = Instant::now();
        stream.write_all(requests[turn % turns].numbered(number)).await?;
        let answer = read_answer(&mut stream, &mut buffer).await?;
        heard.push((u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX), answer));
    }
    Ok(heard)
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<String> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server hung up"));
        }
        if let Some(answer) = whole_answer(buffer) {
            return Ok(answer);
        }
    }
}

/// The status, with the reason of a refusal, once the whole answer is there.
fn whole_answer(buffer: &[u8]) -> Option<String> {
    let head_end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&buffer[..head_end]).ok()?;
    let mut length = 0;
    let mut refused = "";
    for line in head.split("\r\n") {
        if let Some((name, value)) = line.split_once(':') {
            match name {
                _ if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok()?,
                _ if name.eq_ignore_ascii_case("x-candor-refused") => refused = value,
                _ => {}
            }
        }
    }
    let status = head.get(9..12)?;
    (buffer.len() >= head_end + length).then(|| format!("{status}{refused}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_body_is_there() {
        let head = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nX-Candor-Refused: date\r\n\r\n";
        assert_eq!(whole_answer(head.as_bytes()), None);
        assert_eq!(whole_answer(format!("{head}ok").as_bytes()), Some("202 date".to_owned()));
    }
}
