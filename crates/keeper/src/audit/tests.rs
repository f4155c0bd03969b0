use super::*;

fn append(audit: &mut Audit, asks: &str) {
    let about = &["segment a of site 1".to_owned()];
    audit
        .append(&Line { at: Timestamp(7), peer: "app", asks, about, answer: "given", people: None })
        .unwrap();
}

fn written() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.log");
    let mut audit = Audit::open(&path).unwrap();
    ["one", "two", "three"].iter().for_each(|asks| append(&mut audit, asks));
    let text = std::fs::read_to_string(&path).unwrap();
    (folder, path, text)
}

fn reopened(path: &Path, text: &str) -> Result<Audit, AuditError> {
    std::fs::write(path, text).unwrap();
    Audit::open(path)
}

#[test]
fn lines_are_added_after_those_that_were_there() {
    let (_folder, path, _) = written();
    append(&mut Audit::open(&path).unwrap(), "four");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 4);
    assert!(text.lines().last().unwrap().contains("\"number\":4"));
    Audit::open(&path).unwrap();
}

#[test]
fn an_altered_dropped_or_moved_line_is_told_with_the_files_name_and_the_line() {
    let (_folder, path, text) = written();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let [one, two, three] = lines[..] else { panic!("three lines") };
    for (what, altered, line) in [
        ("altered", format!("{one}{}{three}", two.replace("given", "never")), 3),
        ("dropped", format!("{one}{three}"), 2),
        ("moved", format!("{two}{one}{three}"), 1),
        ("begins later", format!("{two}{three}"), 1),
        ("no entry", format!("{one}something\n{three}"), 2),
    ] {
        let error = reopened(&path, &altered).err().unwrap().to_string();
        assert!(
            error.contains("audit.log was altered") && error.contains(&format!("line {line}")),
            "{what}: {error}"
        );
    }
}

#[test]
fn a_last_line_that_was_not_finished_is_cut_off() {
    let (_folder, path, text) = written();
    let torn = &text[..text.len() - 5];
    append(&mut reopened(&path, torn).unwrap(), "three again");
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 3);
    Audit::open(&path).unwrap();
}
