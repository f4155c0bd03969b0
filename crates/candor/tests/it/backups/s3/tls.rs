//! A bucket that is reached over TLS: by a certificate of an authority that the operator names, and by no other.

use super::*;
use crate::house::smtp::make_certificates;

/// moto under a certificate of its own authority, with a bucket.
struct Guarded {
    moto: Moto,
    folder: TempDir,
}

impl Guarded {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        make_certificates(folder.path());
        let file = |name: &str| folder.path().join(name).display().to_string();
        let moto = Moto::launched(&["-s", "-c", &file("server.pem"), "-k", &file("server.key")]);
        let guarded = Self { moto, folder };
        eventually("a bucket is made", || {
            let bucket = format!("{}/{BUCKET}", guarded.endpoint());
            let made = Command::new("curl")
                .args(["-sf", "-X", "PUT", "--cacert", &guarded.authority(), &bucket])
                .output()
                .expect("curl");
            made.status.success().then_some(())
        });
        guarded
    }

    fn endpoint(&self) -> String {
        format!("https://localhost:{}", self.moto.port)
    }

    fn authority(&self) -> String {
        self.folder.path().join("ca.pem").display().to_string()
    }
}

/// The arguments by which it is reached, believing certificates of `authority`.
fn place_of(house: &House, guarded: &Guarded, authority: Option<&str>) -> Vec<String> {
    let mut arguments = ["--s3-endpoint", &guarded.endpoint(), "--s3-credentials", &credentials(house)]
        .map(str::to_owned)
        .to_vec();
    arguments
        .extend(authority.into_iter().flat_map(|authority| ["--s3-ca".to_owned(), authority.to_owned()]));
    arguments
}

fn with_place(house: &House, place: &[String], arguments: &[&str]) -> (Option<i32>, String) {
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    house.run(&[arguments, &place].concat())
}

#[test]
fn a_backup_goes_over_tls_to_a_server_of_the_named_authority_and_restores_from_it() {
    let (guarded, house) = (Guarded::start(), House::new());
    let place = place_of(&house, &guarded, Some(&guarded.authority()));
    let mut arguments = vec!["--backup-to".to_owned(), target(), "--backup-recipient".to_owned()];
    arguments.push(house.recipient.clone());
    arguments.extend(place.iter().cloned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let server = Server::on(&house.path("data"), &arguments, candor);
    server.add_site(DOMAIN);
    view(&server, "/");
    wait_for_first(&house);
    house.back_up();
    server.assert_log_clean();
    let (target, identity, data) = (target(), house.text("identity"), house.text("restored"));
    let (code, said) = with_place(&house, &place, &["backup", "verify", "--from", &target]);
    assert_eq!(code, Some(0), "{said}");
    let restore = ["restore", "--from", &target, "--identity", &identity, "--data", &data];
    let (code, said) = with_place(&house, &place, &restore);
    assert_eq!(code, Some(0), "{said}");
    fs::copy(house.path("data.keys/root.key"), house.path("restored.keys/root.key")).expect("the root key");
    drop(server);
    assert_eq!(Server::on(&house.path("restored"), &[], candor).count(DOMAIN, "pageviews"), 1);
}

#[test]
fn a_server_of_another_authority_is_sent_nothing_and_the_sentence_says_why() {
    let (guarded, house) = (Guarded::start(), House::new());
    let other = tempfile::tempdir().expect("a folder");
    make_certificates(other.path());
    let wrong = other.path().join("ca.pem").display().to_string();
    for authority in [None, Some(&*wrong)] {
        let place = place_of(&house, &guarded, authority);
        let (code, said) = with_place(&house, &place, &["backup", "verify", "--from", &target()]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("in the backup target") && said.contains("certificate"), "{said}");
        assert!(!said.contains("key-secret-canary"), "{said}");
    }
    let nothing = other.path().join("nothing.pem");
    fs::write(&nothing, "no certificate").expect("a file");
    let place = place_of(&house, &guarded, Some(&nothing.display().to_string()));
    let (code, said) = with_place(&house, &place, &["backup", "verify", "--from", &target()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("holds no certificate that can be used"), "{said}");
}
