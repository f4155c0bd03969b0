//! What is shipped to run Candor with, judged by the software that it is for.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Tenths of a point, of 100, that systemd may find a service to be exposed by.
const EXPOSED_AT_MOST: &str = "20";

fn unit() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/candor.service");
    std::fs::read_to_string(path).expect("the unit")
}

/// A unit in a folder of its own, so that it is judged by its text alone.
fn written(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("candor.service");
    std::fs::write(&path, text).expect("a unit");
    path
}

fn systemd(arguments: &[&str], unit: &Path) -> (bool, String) {
    let mut command = Command::new("systemd-analyze");
    let output =
        command.args(arguments).arg(unit).output().expect("systemd-analyze: apt-get install systemd");
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn is_little_exposed(unit: &Path) -> (bool, String) {
    let threshold = format!("--threshold={EXPOSED_AT_MOST}");
    systemd(&["security", "--offline=true", "--no-pager", &threshold], unit)
}

#[test]
fn systemd_finds_the_unit_right_and_little_exposed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (little, said) = is_little_exposed(&written(folder.path(), &unit()));
    assert!(little, "{said}");
    // The program is not installed here; all else is as it is shipped.
    let installed = unit().replace("/usr/local/bin/candor", "/bin/true");
    let (right, said) = systemd(&["verify"], &written(folder.path(), &installed));
    assert!(right && said.trim().is_empty(), "{said}");
}

#[test]
fn a_unit_with_its_protections_taken_out_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let open: Vec<String> = unit()
        .lines()
        .filter(|line| !line.starts_with("Protect") && !line.starts_with("CapabilityBoundingSet"))
        .map(str::to_owned)
        .collect();
    let (little, _) = is_little_exposed(&written(folder.path(), &open.join("\n")));
    assert!(!little);
}
