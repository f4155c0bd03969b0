//! `candor audit verify`, on files as a server writes them.

use std::path::{Path, PathBuf};
use std::process::Output;

use sealing::audit_file::{entry_line, first_line, last_line};
use sealing::merkle::{Frontier, leaf_hash};
use sealing::{Checkpoint, Environment, Key, Origin, SigningKey};

use crate::house::candor;

struct Log {
    folder: tempfile::TempDir,
    key: SigningKey,
}

impl Log {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, key: SigningKey::of_seed(&Key::take(&mut [7; 32])) }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }

    fn origin() -> Origin {
        Origin::of(Environment(5), 1)
    }

    /// The checkpoint of a log of so many entries.
    fn note(&self, size: u64) -> String {
        let mut tree = Frontier::default();
        (1..=size).for_each(|number| tree.push(leaf_hash(entry(number).as_bytes())));
        Checkpoint::sign(&Self::origin(), size, &tree.root(), &self.key)
    }

    fn file(&self, size: u64) -> String {
        let line = |number| entry_line(&leaf_hash(entry(number).as_bytes()), &entry(number));
        let first = first_line(&Self::origin(), 1, &self.key.public());
        let entries = (1..=size).map(line).collect::<String>();
        first + &entries + &last_line(&self.note(size))
    }
}

fn entry(number: u64) -> String {
    format!(r#"{{"number":{number},"at":{number},"act":"site_add"}}"#)
}

fn verify(file: &Path, further: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        candor().args(["audit", "verify"]).arg(file).args(further).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_whole_log_is_found_whole_without_a_server() {
    let log = Log::new();
    let file = log.write("audit.jsonl", &log.file(57));
    let kept = log.write("kept.txt", &log.note(41));
    let kept = kept.to_str().expect("a path");
    let (code, said, complaint) = verify(&file, &["--checkpoint", kept]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(said.contains("whole     every entry is as it was signed"), "{said}");
    assert!(said.contains(&format!("continues {kept}")) && said.contains("entries: 57"), "{said}");
    assert!(said.contains("The key is the one that the file names"), "{said}");
    let key = log.key.public().to_string();
    let (code, said, _) = verify(&file, &["--key", &key]);
    assert!(code == Some(0) && !said.contains("the file names"), "{said}");
}

#[test]
fn what_is_wrong_with_a_log_is_said() {
    let log = Log::new();
    let kept = log.write("kept.txt", &log.note(57));
    let kept = kept.to_str().expect("a path");
    for (file, further, told) in [
        (
            log.file(41),
            ["--checkpoint", kept],
            format!(
                "WRONG     this log has 41 entries, {kept} had 57: the last were taken away, or an older database"
            ),
        ),
        (
            log.file(57).replacen("site_add", "site_end", 1),
            ["--checkpoint", kept],
            "WRONG     entry 1 is not as it was written".to_owned(),
        ),
        (log.file(57), ["--key", &"0".repeat(64)], "WRONG     the file names another public key".to_owned()),
        (
            "no log\n".to_owned(),
            ["--checkpoint", kept],
            "WRONG     this is not the file of an audit log".to_owned(),
        ),
    ] {
        let (code, said, complaint) = verify(&log.write("audit.jsonl", &file), &further);
        assert!(said.contains(&told), "{told}: {said}");
        assert_eq!(code, Some(1));
        assert!(complaint.contains("wrong with this log"), "{complaint}");
    }
    let (code, _, complaint) = verify(Path::new("/nowhere"), &[]);
    assert!(code == Some(1) && complaint.contains("/nowhere cannot be opened"), "{complaint}");
    let (code, _, complaint) = verify(Path::new("/nowhere"), &["--key", "nonsense"]);
    assert!(code == Some(2) && complaint.contains("is not a public key"), "{complaint}");
}

/// The page gives a program that needs nothing of Candor's: it must agree, and must not agree with everything.
#[test]
fn the_program_in_the_page_computes_the_same_root() {
    let page = include_str!("../../../../../docs/audit-log.md");
    let program = page.split_once("```python\n").and_then(|(_, rest)| rest.split_once("```"));
    let (program, _) = program.expect("a program");
    let log = Log::new();
    for size in [0, 1, 2, 3, 57] {
        let file = log.file(size);
        let altered = file.replacen("site_add", "site_end", 1);
        for (text, holds) in [(&file, true), (&altered, size == 0)] {
            let path = log.write("audit.jsonl", text);
            let judged = std::process::Command::new("python3").args(["-c", program]).arg(path).output();
            let judged = judged.expect("Python, which the tests require");
            assert_eq!(judged.status.success(), holds, "{size} entries: {judged:?}");
        }
    }
}
