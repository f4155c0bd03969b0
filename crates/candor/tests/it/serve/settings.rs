//! Flags, the configuration file, and what is refused.

use std::net::TcpListener;
use std::process::Output;

use crate::house::{Server, candor, free_ports};

fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } =
        candor().arg("serve").args(arguments).output().expect("the program starts");
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn nothing_is_opened_to_other_machines_in_the_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (open, https) = (["--listen", "0.0.0.0:7400"], ["--public-url", "https://stats.example"]);
    let http = ["--public-url", "http://stats.example"];
    let proxy = ["--behind-proxy", "10.0.0.1"];
    for (flags, sentence) in [
        ([&open[..], &https].concat(), "give --tls-cert FILE and --tls-key FILE"),
        ([&open[..], &https].concat(), "or --behind-proxy CIDR"),
        (vec!["--operators-listen", "[::]:7402"], "[::]:7402 can be reached from other machines"),
        ([&open[..], &proxy].concat(), "say by which address with --public-url"),
        ([&open[..], &proxy, &http].concat(), "http://stats.example is no https address"),
        ([&proxy[..], &http].concat(), "http://stats.example is no https address"),
        (vec!["--tls-cert", "cert.pem"], "--tls-key is missing"),
        (vec!["--tls-key", "key.pem"], "--tls-cert is missing"),
        (vec!["--redirect-from", "127.0.0.1:0"], "say by which address with --public-url"),
    ] {
        let (code, said) = refused(&[&flags[..], &["--data", data.to_str().expect("text")]].concat());
        assert_eq!(code, Some(1), "{flags:?}");
        assert!(said.contains(sentence), "{flags:?}: {said}");
        assert!(!data.exists());
    }
}

#[test]
fn doors_may_be_named_in_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("candor.toml");
    std::fs::write(
        &file,
        "listen = \"0.0.0.0:7400\"\nbehind-proxy = [\"10.0.0.0/8\"]\ntls-key = \"key.pem\"\n",
    )
    .expect("a file");
    let (code, said) = refused(&["--config", file.to_str().expect("text")]);
    assert_eq!(code, Some(1));
    assert!(said.contains("--tls-cert is missing"), "{said}");
}

#[test]
fn a_second_server_on_the_same_data_is_told_so() {
    let server = Server::start();
    let data = server.data().to_str().expect("text");
    let (code, said) = refused(&["--listen", "127.0.0.1:0", "--data", data]);
    assert_eq!(code, Some(1));
    assert!(said.contains("another Candor server is running"), "{said}");
}

#[test]
fn a_busy_port_is_told_so() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = refused(&["--listen", &address, "--data", folder.path().to_str().expect("text")]);
    assert_eq!(code, Some(1));
    assert!(said.contains("is used by another program"), "{said}");
}

#[test]
fn a_busy_port_for_metrics_is_warned_of_and_does_not_stop_it() {
    let port = free_ports();
    let _taken = TcpListener::bind(("127.0.0.1", port + 1)).expect("a port");
    let server = Server::with(&["--listen", &format!("127.0.0.1:{port}")]);
    assert!(server.log().contains("there are no metrics"), "{}", server.log());
}

#[test]
fn ipv4_only_leaves_the_ipv6_address_alone() {
    let both = Server::start();
    let alone = Server::with(&["--ipv4-only"]);
    assert!(std::net::TcpStream::connect(("::1", both.port())).is_ok());
    assert!(std::net::TcpStream::connect(("::1", alone.port())).is_err());
}

#[test]
fn a_setting_that_does_not_exist_is_refused_by_its_full_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("candor.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:7400\"\n[tls]\ncertificate = \"x\"\n").expect("a file");
    let (code, said) = refused(&["--config", file.to_str().expect("text")]);
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no setting `tls.certificate`"), "{said}");
}

#[test]
fn a_flag_wins_over_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("candor.toml");
    std::fs::write(&file, "listen = \"0.0.0.0:1\"\npublic-url = \"https://stats.example\"\n")
        .expect("a file");
    let server = Server::with(&["--config", file.to_str().expect("text")]);
    assert!(server.log().contains("https://stats.example"), "{}", server.log());
}

#[test]
fn what_is_not_understood_is_a_usage_error() {
    let (code, said) = refused(&["--behind-proxy", "not-an-address"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("10.0.0.0/8"), "{said}");
}

#[test]
fn data_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("format.json"), r#"{"format":2,"written_by":"candor 9"}"#)
        .expect("a file");
    let (code, said) = refused(&["--listen", "127.0.0.1:0", "--data", folder.path().to_str().expect("text")]);
    assert_eq!(code, Some(1));
    assert!(said.contains("written by a newer Candor"), "{said}");
}

#[test]
fn keys_that_cannot_be_used_are_told_with_what_mends_them_and_nothing_is_served() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    drop(Server::on(&data, &[], candor));
    let key = folder.path().join("data.keys/root.key");
    let whole = std::fs::read(&key).expect("the root key");
    let refused = || {
        let output = candor()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .output()
            .expect("a refusal");
        assert_eq!(output.status.code(), Some(78));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("the keys cannot be used") && !said.contains("Stop       Ctrl-C"), "{said}");
        said
    };
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("an open key");
    assert!(refused().contains("chmod 600"));
    std::fs::remove_file(&key).expect("no key");
    assert!(refused().contains("root.key is missing"));
    let mut other = whole.clone();
    other[30] = if other[30] == b'0' { b'1' } else { b'0' };
    std::fs::write(&key, other).expect("another key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("a private key");
    assert!(refused().contains("root.key is damaged"));
    std::fs::write(&key, whole).expect("the root key again");
    drop(Server::on(&data, &[], candor));
}

#[test]
fn sealed_data_whose_keys_are_elsewhere_is_refused_at_once_and_no_other_keys_are_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, elsewhere) = (folder.path().join("data"), folder.path().join("elsewhere"));
    let keys = elsewhere.to_str().expect("a name");
    drop(Server::on(&data, &["--keys", keys], candor));
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["keys", "list"]] {
        let output = candor().args(command).arg("--data").arg(&data).output().expect("a refusal");
        assert_eq!(output.status.code(), Some(78));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("with --keys") && !said.contains("its log above"), "{said}");
        assert!(!folder.path().join("data.keys").exists());
    }
    drop(Server::on(&data, &["--keys", keys], candor));
}
