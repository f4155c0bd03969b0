//! A proxy before a server of HTTP that now and then does what bad servers do.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Bodies up to so many bytes are left as they are: lists and errors.
const SMALL: usize = 2_000;

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It says that it cannot answer now.
    Unavailable,
    /// The connection is closed instead.
    Closed,
    /// It ends in the midst of its body.
    Truncated,
    /// One bit of a body is another.
    Altered,
    /// What is asked is heard, and nothing is ever answered.
    Silent,
    /// What is asked is done, and nothing is ever answered.
    Unanswered,
    /// It begins, and falls silent in the midst of its body.
    Stalled,
    /// It goes on for ever, a byte now and then.
    Dribbling,
    /// What is put is said to be kept, and is not.
    Swallowed,
}

struct State {
    every: usize,
    /// So many more answers are right first.
    right: usize,
    fault: Fault,
    seen: usize,
    heard: Vec<u8>,
}

/// The proxy. Its threads end with the test.
pub(super) struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Proxy {
    /// One before the server on this port, with nothing wrong.
    pub(super) fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let state = State { every: 0, right: 0, fault: Fault::Closed, seen: 0, heard: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || serve(client, port, &state));
            }
        });
        Self { port: own, state }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// From now on every so many answers are wrong; none with 0.
    pub(super) fn every(&self, every: usize, fault: Fault) {
        let mut state = self.state.lock().expect("the state");
        (state.every, state.right, state.fault) = (every, 0, fault);
    }

    /// So many more answers are right, and every one after them is wrong.
    pub(super) fn after(&self, right: usize, fault: Fault) {
        self.every(1, fault);
        self.state.lock().expect("the state").right = right;
    }

    /// How often it was asked.
    pub(super) fn asked(&self) -> usize {
        self.state.lock().expect("the state").seen
    }

    /// Whether these bytes were ever sent through it.
    pub(super) fn saw(&self, bytes: &[u8]) -> bool {
        self.state.lock().expect("the state").heard.windows(bytes.len()).any(|window| window == bytes)
    }
}

fn serve(mut client: TcpStream, port: u16, state: &Mutex<State>) {
    while let Ok(request) = read_message(&mut client) {
        if request.is_empty() {
            return;
        }
        let fault = {
            let mut state = state.lock().expect("the state");
            state.heard.extend_from_slice(&request);
            state.seen += 1;
            let is_right = state.right > 0;
            state.right = state.right.saturating_sub(1);
            (!is_right && state.every > 0 && state.seen.is_multiple_of(state.every)).then_some(state.fault)
        };
        let answer = match fault {
            Some(Fault::Closed) => return,
            Some(Fault::Silent) => return hold(&mut client),
            Some(Fault::Unanswered) => {
                let _ = answer_of(port, &request);
                return hold(&mut client);
            }
            Some(Fault::Swallowed) if puts_whole(&request) => {
                b"HTTP/1.1 200 OK\r\netag: \"0\"\r\ncontent-length: 0\r\n\r\n".to_vec()
            }
            Some(Fault::Unavailable) => {
                b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".to_vec()
            }
            fault => match answer_of(port, &request) {
                Ok(answer) => spoilt(answer, fault),
                Err(_) => return,
            },
        };
        if client.write_all(&answer).is_err() || fault == Some(Fault::Truncated) {
            return;
        }
        match fault {
            Some(Fault::Stalled) => return hold(&mut client),
            Some(Fault::Dribbling) => return dribble(&mut client),
            _ => {}
        }
    }
}

/// Whether it puts an object in one piece.
fn puts_whole(request: &[u8]) -> bool {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    request.starts_with(b"PUT") && !line.windows(10).any(|window| window == b"partNumber")
}

/// Says a byte more now and then, until the other end is gone.
fn dribble(client: &mut TcpStream) {
    let pause = Some(std::time::Duration::from_millis(50));
    let _ = client.set_read_timeout(pause);
    let is_there = |client: &mut TcpStream| !matches!(client.read(&mut [0; 64]), Ok(0));
    while is_there(client) && client.write_all(b" ").is_ok() {}
}

/// Says nothing more until the other end is gone.
fn hold(client: &mut TcpStream) {
    while client.read(&mut [0; 64]).is_ok_and(|count| count > 0) {}
}

fn spoilt(mut answer: Vec<u8>, fault: Option<Fault>) -> Vec<u8> {
    let head = head_of(&answer).unwrap_or(answer.len());
    let body = answer.len() - head;
    match fault {
        Some(Fault::Truncated | Fault::Stalled | Fault::Dribbling) => answer.truncate(head + body / 2),
        Some(Fault::Altered) if body > SMALL => answer[head + body / 2] ^= 1,
        _ => {}
    }
    answer
}

/// What the server on this port answers to a request, whole.
pub(super) fn answer_of(port: u16, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut upstream = TcpStream::connect(("127.0.0.1", port))?;
    upstream.write_all(request)?;
    let to_head = request.starts_with(b"HEAD");
    let mut answer = Vec::new();
    let mut room = [0; 64 << 10];
    loop {
        if let Some(head) = head_of(&answer) {
            let length = length_of(&answer[..head]).unwrap_or(0);
            if to_head || answer.len() >= head + length {
                return Ok(answer);
            }
        }
        match upstream.read(&mut room)? {
            0 => return Ok(answer),
            count => answer.extend_from_slice(&room[..count]),
        }
    }
}

/// A request with its body.
fn read_message(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    let mut room = [0; 64 << 10];
    loop {
        if let Some(head) = head_of(&message)
            && message.len() >= head + length_of(&message[..head]).unwrap_or(0)
        {
            return Ok(message);
        }
        match from.read(&mut room)? {
            0 => return Ok(Vec::new()),
            count => message.extend_from_slice(&room[..count]),
        }
    }
}

/// Where the body begins.
fn head_of(message: &[u8]) -> Option<usize> {
    message.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn length_of(head: &[u8]) -> Option<usize> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
}
