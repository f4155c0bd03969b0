//! Certificates made by `openssl`, and the folder they lie in.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::NAME;

/// Of what the key is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Curve,
    Rsa,
}

/// A folder with a certificate that signed itself, and its key.
pub(crate) struct Certificates {
    folder: TempDir,
}

impl Certificates {
    pub(crate) fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let certificates = Self { folder };
        certificates.make("cert.pem", "key.pem", kind, &["-days", "30"]);
        certificates
    }

    /// Makes another pair, under these names in the same folder.
    pub(crate) fn make(&self, certificate: &str, key: &str, kind: Kind, more: &[&str]) {
        let kind: &[&str] = match kind {
            Kind::Curve => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Kind::Rsa => &["-newkey", "rsa:2048"],
        };
        let output = Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-subj", &format!("/CN={NAME}")])
            .args(["-addext", &format!("subjectAltName=DNS:{NAME}"), "-keyout"])
            .args([self.path(key), PathBuf::from("-out"), self.path(certificate)])
            .args(kind)
            .args(more)
            .output()
            .expect("openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Makes a pair whose certificate ended yesterday.
    pub(crate) fn make_ended(&self, certificate: &str, key: &str) {
        self.make(certificate, key, Kind::Curve, &["-days", "30"]);
        let request = self.path("request.pem");
        let run = |arguments: &[&str], files: &[(&str, &Path)]| {
            let mut command = Command::new("openssl");
            command.args(arguments);
            for (flag, file) in files {
                command.arg(flag).arg(file);
            }
            let output = command.output().expect("openssl");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let (certificate, key) = (self.path(certificate), self.path(key));
        run(&["x509", "-x509toreq"], &[("-in", &certificate), ("-signkey", &key), ("-out", &request)]);
        let ended = ["x509", "-req", "-days", "-1"];
        run(&ended, &[("-in", &request), ("-signkey", &key), ("-out", &certificate)]);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn certificate(&self) -> String {
        text(&self.path("cert.pem"))
    }

    pub(crate) fn key(&self) -> String {
        text(&self.path("key.pem"))
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("a name").to_owned()
}
