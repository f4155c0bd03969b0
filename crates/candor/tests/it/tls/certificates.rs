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

    /// Makes a pair whose certificate was of another year.
    pub(crate) fn make_ended(&self, certificate: &str, key: &str) {
        self.make(certificate, key, Kind::Curve, &["-days", "30"]);
        let authority = "[ca]\ndefault_ca=c\n[c]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n\
                         default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n[x]\nbasicConstraints=CA:false\n";
        for (name, text) in [("ca.conf", authority), ("index", ""), ("serial", "01")] {
            std::fs::write(self.path(name), text).expect("a file");
        }
        let run = |words: String| {
            let mut command = Command::new("openssl");
            let output =
                command.args(words.split(' ')).current_dir(self.folder.path()).output().expect("openssl");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        run(format!("x509 -x509toreq -in {certificate} -signkey {key} -out request.pem"));
        run(format!(
            "ca -batch -config ca.conf -selfsign -keyfile {key} -in request.pem -out {certificate} -notext \
             -startdate 20200101000000Z -enddate 20200201000000Z -extensions x"
        ));
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
