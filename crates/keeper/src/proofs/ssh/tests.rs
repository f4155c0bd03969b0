//! The judge is OpenSSH: `ssh-keygen` makes the keys and the signatures.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64ct::Base64;
use domain::Counting;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const NOW: Timestamp = Timestamp(1_790_000_055_000);
const SERVER: &str = "https://stats.example.org";

/// A key pair of `ssh-keygen`'s, in a folder of its own.
struct Pair(TempDir);

impl Pair {
    fn new(kind: &str, bits: &str) -> Self {
        let pair = Self(TempDir::new().expect("a folder"));
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", kind, "-b", bits, "-N", "", "-C", "alice@laptop", "-f"])
            .arg(pair.path())
            .status()
            .expect("ssh-keygen is required for testing: apt-get install openssh-client");
        assert!(made.success());
        pair
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("key")
    }

    fn line(&self) -> String {
        fs::read_to_string(self.path().with_extension("pub")).expect("it was made")
    }

    fn key(&self) -> OperatorKey {
        OperatorKey::parse(&self.line()).expect("it is taken")
    }

    fn sign(&self, text: &str, namespace: &str, hash: &str) -> String {
        let mut signing = Command::new("ssh-keygen")
            .args(["-q", "-Y", "sign", "-n", namespace, "-O", &format!("hashalg={hash}"), "-f"])
            .arg(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it ran before");
        signing.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads");
        let output = signing.wait_with_output().expect("it ends");
        String::from_utf8(output.stdout).expect("a signature is text")
    }
}

fn fresh() -> Challenge {
    challenge(SERVER, &Counting::from(1), NOW)
}

#[test]
fn what_openssh_signs_with_each_kind_of_key_signs_in() {
    for (kind, bits) in [("ed25519", "256"), ("ecdsa", "256"), ("rsa", "3072"), ("rsa", "4096")] {
        let pair = Pair::new(kind, bits);
        for hash in ["sha256", "sha512"] {
            let signature = pair.sign(fresh().text(), NAMESPACE, hash);
            assert_eq!(verify(&pair.key(), &fresh(), &signature, NOW), Ok(()), "{kind} {bits} {hash}");
        }
    }
}

#[test]
fn a_signature_that_was_pasted_through_a_form_is_read() {
    let pair = Pair::new("ed25519", "256");
    let signature = pair.sign(fresh().text(), NAMESPACE, "sha512");
    let pasted = format!("\r\n  {}\r\n\r\n", signature.trim().replace('\n', "\r\n"));
    assert_eq!(verify(&pair.key(), &fresh(), &pasted, NOW), Ok(()));
}

#[test]
fn a_challenge_is_no_more_when_it_has_expired() {
    let pair = Pair::new("ed25519", "256");
    let signature = pair.sign(fresh().text(), NAMESPACE, "sha512");
    let last = NOW + CHALLENGE_LIFE - Duration::from_millis(1);
    assert_eq!(verify(&pair.key(), &fresh(), &signature, last), Ok(()));
    assert_eq!(verify(&pair.key(), &fresh(), &signature, NOW + CHALLENGE_LIFE), Err(SignatureError::Expired));
    assert_eq!(fresh().expires(), NOW + CHALLENGE_LIFE);
}

#[test]
fn a_signature_for_another_purpose_server_or_moment_or_with_another_key_is_refused() {
    let [pair, other] = [(); 2].map(|()| Pair::new("ed25519", "256"));
    let refusal = |signature: &str| verify(&pair.key(), &fresh(), signature, NOW).err();
    let text = fresh().text;
    assert_eq!(refusal(&pair.sign(&text, "file", "sha512")), Some(SignatureError::AnotherNamespace));
    assert_eq!(refusal(&other.sign(&text, NAMESPACE, "sha512")), Some(SignatureError::AnotherKey));
    let others = [
        challenge(SERVER, &Counting::from(2), NOW),
        challenge("https://evil.example", &Counting::from(1), NOW),
        challenge(SERVER, &Counting::from(1), NOW + Duration::from_millis(1)),
    ];
    for challenge in others {
        assert_eq!(refusal(&pair.sign(challenge.text(), NAMESPACE, "sha512")), Some(SignatureError::Wrong));
    }
    assert_eq!(refusal(&pair.sign(text.trim_end(), NAMESPACE, "sha512")), Some(SignatureError::Wrong));
}

#[test]
fn a_signature_that_says_another_hash_or_is_damaged_is_refused() {
    let pair = Pair::new("ed25519", "256");
    let signature = pair.sign(fresh().text(), NAMESPACE, "sha512");
    for hash in ["sha384", "sha256", "shake1"] {
        let mut bytes = bytes_of(&signature);
        let at = bytes.windows(6).position(|window| window == b"sha512").expect("it is named");
        bytes[at..at + 6].copy_from_slice(hash.as_bytes());
        let expected = if hash == "sha256" { SignatureError::Wrong } else { SignatureError::NotASignature };
        assert_eq!(verify(&pair.key(), &fresh(), &armoured(&bytes), NOW), Err(expected), "{hash}");
    }
    assert_eq!(verify(&pair.key(), &fresh(), &armoured(&bytes_of(&signature)), NOW), Ok(()));
    let whole = bytes_of(&signature);
    let [magic, key, made] = [0..6, 33..65, whole.len() - 64..whole.len()];
    for place in magic.chain(key).chain(made) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        assert!(verify(&pair.key(), &fresh(), &armoured(&bytes), NOW).is_err(), "{place}");
    }
    let long = format!("{signature}{}", "A".repeat(SIGNATURE_BYTES_MAX));
    for text in ["", "hello", &signature[..signature.len() / 2], &long] {
        assert_eq!(verify(&pair.key(), &fresh(), text, NOW), Err(SignatureError::NotASignature));
    }
}

#[test]
fn a_challenge_names_the_server_the_purpose_and_the_end_and_differs_each_time() {
    let rng = Counting::from(1);
    let [one, two] = [(); 2].map(|()| challenge(SERVER, &rng, NOW));
    assert_ne!(one, two);
    let lines: Vec<_> = one.text().lines().collect();
    assert_eq!(lines[1..3], ["server: https://stats.example.org", "namespace: candor-operator"]);
    assert_eq!(lines[3].len(), "nonce: ".len() + 43);
    assert_eq!(lines[4], format!("expires: {}", NOW + CHALLENGE_LIFE));
    assert_eq!(challenge("a\nnonce: x\r", &rng, NOW).text().lines().count(), 5);
}

#[test]
fn the_fingerprint_is_what_openssh_shows() {
    let pair = Pair::new("ed25519", "256");
    let output = Command::new("ssh-keygen").arg("-lf").arg(pair.path()).output().expect("it ran before");
    let shown = String::from_utf8(output.stdout).expect("text");
    assert!(shown.contains(&format!(" {} ", pair.key().fingerprint())), "{shown}");
    assert_eq!(pair.key().comment(), "alice@laptop");
}

#[test]
fn a_stored_key_is_read_as_it_was_written_and_a_weak_one_is_not() {
    let pair = Pair::new("ed25519", "256");
    let text = serde_json::to_string(&pair.key()).expect("it is written");
    assert_eq!(text, format!("\"{}\"", pair.line().trim()));
    assert_eq!(serde_json::from_str::<OperatorKey>(&text).ok(), Some(pair.key()));
    let weak = format!("\"{}\"", Pair::new("rsa", "2048").line().trim());
    assert!(serde_json::from_str::<OperatorKey>(&weak).is_err());
}

#[test]
fn keys_that_are_weak_rare_private_or_none_are_refused_by_name() {
    let refusal = |line: &str| OperatorKey::parse(line).err();
    assert_eq!(refusal(&Pair::new("rsa", "2048").line()), Some(KeyError::Bits));
    assert_eq!(refusal(&Pair::new("ecdsa", "384").line()), Some(KeyError::Kind));
    let pair = Pair::new("ed25519", "256");
    let private = fs::read_to_string(pair.path()).expect("it was made");
    assert_eq!(refusal(&private), Some(KeyError::Private));
    let line = pair.line();
    let twice = format!("{line}{line}");
    let with_options = format!("command=\"true\" {line}");
    let another_kind = line.replace("ssh-ed25519", "ssh-rsa");
    let long = format!("{} {}", line.trim(), "x".repeat(3_000));
    for line in ["", "hello", &line[..40], &twice, &with_options, &another_kind, &long] {
        assert_eq!(refusal(line), Some(KeyError::NotAKey), "{line}");
    }
}

/// No security key is at hand: a signature is put together as one makes it, and OpenSSH says that it is right.
#[test]
fn a_security_key_signs_in_when_it_was_touched_and_is_for_ssh() {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).expect("a seed");
    let line = security_key_line(&pair, "ssh:");
    let key = OperatorKey::parse(&line).expect("it is taken");
    let touched = armoured(&security_key_signature(&pair, &fresh(), 1));
    assert_eq!(openssh_verifies(&line, &touched, &fresh()), Some(true));
    assert_eq!(verify(&key, &fresh(), &touched, NOW), Ok(()));
    let untouched = armoured(&security_key_signature(&pair, &fresh(), 0));
    assert_eq!(verify(&key, &fresh(), &untouched, NOW), Err(SignatureError::NotTouched));
    assert_eq!(OperatorKey::parse(&security_key_line(&pair, "example.org")), Err(KeyError::Application));
}

fn openssh_verifies(line: &str, signature: &str, challenge: &Challenge) -> Option<bool> {
    let folder = TempDir::new().ok()?;
    let [allowed, armoured] = ["allowed", "signature"].map(|name| folder.path().join(name));
    fs::write(&allowed, format!("alice {line}\n")).ok()?;
    fs::write(&armoured, signature).ok()?;
    let mut judge = Command::new("ssh-keygen")
        .args(["-q", "-Y", "verify", "-I", "alice", "-n", NAMESPACE, "-f"])
        .arg(allowed)
        .arg("-s")
        .arg(armoured)
        .stdin(Stdio::piped())
        .spawn()
        .ok()?;
    judge.stdin.take()?.write_all(challenge.text().as_bytes()).ok()?;
    Some(judge.wait().ok()?.success())
}

fn security_key_line(pair: &Ed25519KeyPair, application: &str) -> String {
    let blob = security_key_blob(pair, application);
    format!("sk-ssh-ed25519@openssh.com {}", Base64::encode_string(&blob))
}

fn security_key_blob(pair: &Ed25519KeyPair, application: &str) -> Vec<u8> {
    let parts = [&b"sk-ssh-ed25519@openssh.com"[..], pair.public_key().as_ref(), application.as_bytes()];
    parts.map(string).concat()
}

fn security_key_signature(pair: &Ed25519KeyPair, challenge: &Challenge, flags: u8) -> Vec<u8> {
    let hash = digest(&SHA512, challenge.text().as_bytes());
    let signed = [
        b"SSHSIG".to_vec(),
        string(NAMESPACE.as_bytes()),
        string(b""),
        string(b"sha512"),
        string(hash.as_ref()),
    ];
    let trailer = [flags, 0, 0, 0, 7];
    let [application, message] = [&b"ssh:"[..], &signed.concat()].map(|bytes| digest(&SHA256, bytes));
    let by_device = pair.sign(&[application.as_ref(), &trailer, message.as_ref()].concat());
    let signature = [string(b"sk-ssh-ed25519@openssh.com"), string(by_device.as_ref()), trailer.to_vec()];
    let parts = [
        b"SSHSIG".to_vec(),
        1_u32.to_be_bytes().to_vec(),
        string(&security_key_blob(pair, "ssh:")),
        string(NAMESPACE.as_bytes()),
        string(b""),
        string(b"sha512"),
        string(&signature.concat()),
    ];
    parts.concat()
}

/// As SSH writes one: its length, then its bytes.
fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).expect("short").to_be_bytes(), bytes].concat()
}

fn bytes_of(signature: &str) -> Vec<u8> {
    let base64: String = signature.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&base64).expect("base64")
}

fn armoured(bytes: &[u8]) -> String {
    let base64 = Base64::encode_string(bytes);
    let lines: Vec<_> = base64.as_bytes().chunks(70).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
}

proptest! {
    #[test]
    fn whatever_is_pasted_is_judged(line in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _verdict = OperatorKey::parse(&line);
        let _verdict = OperatorKey::parse(&format!("ssh-ed25519 {}", Base64::encode_string(&bytes)));
        let _verdict = armoured(&[b"SSHSIG\0\0\0\x01", &*bytes].concat()).parse::<SshSig>();
    }
}
