//! A key management service that does what `docs/root-key-kms.md` says, over a Unix socket. Made for tests: its keys
//! end with it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use base64ct::{Base64, Encoding};
use domain::Counting;
use sealing::Key;
use serde_json::{Value, json};

/// How it answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As documented, with the length of each answer.
    Plain,
    /// As documented, each answer in chunks.
    Chunked,
    /// With this status, whatever is asked.
    Status(u16),
    /// With something that is no answer.
    Nonsense,
    /// With more than anybody should read.
    Endless,
}

/// The service. It ends with the test's process.
pub(crate) struct Service {
    folder: tempfile::TempDir,
    manner: Arc<Mutex<Manner>>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Service {
    pub(crate) fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("agent.sock")).unwrap();
        let manner = Arc::new(Mutex::new(Manner::Plain));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (of_thread, hears) = (manner.clone(), heard.clone());
        std::thread::spawn(move || {
            let mut keys = Keys { named: BTreeMap::new(), rng: Counting::from(77) };
            for stream in listener.incoming() {
                let manner = *of_thread.lock().unwrap();
                // A client that hung up is no reason to end.
                let _ = answer(&stream.unwrap(), manner, &mut keys, &hears);
            }
        });
        Self { folder, manner, heard }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("agent.sock")
    }

    pub(crate) fn source(&self, key: &str) -> String {
        format!("transit:{}?key={key}", self.socket().display())
    }

    pub(crate) fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// The heads of what was asked.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

struct Keys {
    named: BTreeMap<String, Key>,
    rng: Counting,
}

fn answer(
    stream: &UnixStream,
    manner: Manner,
    keys: &mut Keys,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head)?;
    }
    heard.lock().unwrap().push(head.clone());
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body)?;
    let (status, body) = match manner {
        Manner::Status(status) => (status, json!({ "errors": ["1 error occurred"] })),
        Manner::Plain | Manner::Chunked => do_what_is_asked(&head, &serde_json::from_slice(&body)?, keys),
        Manner::Nonsense => return write_all(stream, "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        Manner::Endless => (200, json!({ "data": "x".repeat(1 << 20) })),
    };
    let body = body.to_string();
    if manner == Manner::Chunked {
        let (first, second) = body.split_at(body.len() / 2);
        return write_all(
            stream,
            &format!(
                "HTTP/1.1 {status} x\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
                first.len(),
                second.len()
            ),
        );
    }
    write_all(stream, &format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

fn write_all(mut stream: &UnixStream, text: &str) -> std::io::Result<()> {
    stream.write_all(text.as_bytes())
}

fn do_what_is_asked(head: &str, asked: &Value, keys: &mut Keys) -> (u16, Value) {
    let refused = |why: &str| (400, json!({ "errors": [why] }));
    let field = |name: &str| Base64::decode_vec(asked[name].as_str().unwrap_or_default()).unwrap_or_default();
    let path = head.split(' ').nth(1).unwrap();
    let Keys { named: keys, rng } = keys;
    match *path.trim_start_matches("/v1/transit/").split('/').collect::<Vec<_>>() {
        ["encrypt", name] => {
            let key = keys.entry(name.to_owned()).or_insert_with(|| Key::random(rng));
            let sealed = sealing::seal_bytes(&field("plaintext"), key, &field("associated_data"), rng);
            let ciphertext = format!("vault:v1:{}", Base64::encode_string(&sealed));
            (200, json!({ "request_id": "x", "data": { "ciphertext": ciphertext, "key_version": 1 } }))
        }
        ["decrypt", name] => {
            let Some(key) = keys.get(name) else { return refused("encryption key not found") };
            let sealed = asked["ciphertext"].as_str().and_then(|text| text.strip_prefix("vault:v1:"));
            let Some(sealed) = sealed.and_then(|text| Base64::decode_vec(text).ok()) else {
                return refused("invalid ciphertext");
            };
            match sealing::unseal_bytes(&sealed, key, &field("associated_data")) {
                Ok(open) => (200, json!({ "data": { "plaintext": Base64::encode_string(&open) } })),
                Err(_) => refused("cipher: message authentication failed"),
            }
        }
        _ => (404, json!({ "errors": [] })),
    }
}
