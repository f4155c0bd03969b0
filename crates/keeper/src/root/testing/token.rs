//! A token in software, made anew for a test by SoftHSM, whose module finds it by a variable of its process: what uses
//! it runs in a process of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian puts the module.
const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];

/// A folder with a token named `candor` in it.
pub(crate) struct Token {
    folder: PathBuf,
}

/// Runs the test of this name, which is ignored otherwise, where SoftHSM finds a fresh token.
pub(crate) fn in_a_process_of_its_own(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("tokens")).unwrap();
    let settings =
        format!("directories.tokendir = {}\nobjectstore.backend = file\n", path.join("tokens").display());
    fs::write(path.join("softhsm2.conf"), settings).unwrap();
    fs::write(path.join("pin"), "1234\n").unwrap();
    fs::write(path.join("wrong-pin"), "4321\n").unwrap();
    for file in ["pin", "wrong-pin"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(path.join(file), mode).unwrap();
    }
    run(
        path,
        "softhsm2-util",
        &["--init-token", "--free", "--label", "candor", "--pin", "1234", "--so-pin", "123456"],
    );
    let tests = std::env::current_exe().unwrap();
    run(path, tests.to_str().unwrap(), &["--exact", test, "--ignored", "--nocapture"]);
}

fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; apt-get install softhsm2"));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    assert!(!said.contains("running 0 tests"), "there is no test {arguments:?}");
}

impl Token {
    /// The one of this process, which runs in its folder.
    pub(crate) fn here() -> Self {
        Self { folder: std::env::current_dir().unwrap() }
    }

    pub(crate) fn source(&self, object: &str, pin: &str) -> String {
        let module = MODULES.iter().find(|module| Path::new(module).exists()).expect("SoftHSM's module");
        let pin = self.folder.join(pin);
        format!("pkcs11:token=candor;object={object}?module-path={module}&pin-source={}", pin.display())
    }
}
