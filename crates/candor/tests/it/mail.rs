//! Mail goes out through a real mail server, encrypted to the right one or not at all (promise D11).

use std::process::Output;

use serde_json::{Value, json};

use crate::house::smtp::{FAR, MailServer, Offers, PASSWORD, USER};
use crate::house::{Asking, EMAIL, Server, candor, eventually, kill};
use crate::operators::Full;

fn server_with(settings: &[String]) -> Server {
    Server::with(&settings.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What `candor mail test` says, and whether the mail was taken.
fn send_test(server: &Server, address: &str) -> (bool, String) {
    let output = candor().args(["mail", "test", address, "--data"]).arg(server.data()).output();
    let Output { status, stdout, stderr } = output.expect("an answer");
    (status.success(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

fn signed_in(scheme_and_place: &str) -> String {
    scheme_and_place.replace("://", &format!("://{USER}@"))
}

#[test]
fn mail_arrives_as_text_and_html_with_the_headers_of_a_machine() {
    let post = MailServer::start();
    for (url, address) in [
        ("smtps://localhost:TLS_PORT", "ada@example.com"),
        (&format!("smtp://{FAR}:PORT"), "grace@example.com"),
    ] {
        let server = server_with(&post.settings(&signed_in(url)));
        let (sent, said) = send_test(&server, address);
        assert!(sent && said.contains("The mail server took it."), "{said}\n{}", server.log());
        let mail = post.wait_for(address);
        let header = |name: &str| mail.header(name).unwrap_or_default();
        assert_eq!(header("from"), "Candor <candor@stats.example>");
        assert_eq!(header("to"), address);
        assert_eq!(header("subject"), "Candor can send mail");
        assert_eq!(header("auto-submitted"), "auto-generated");
        assert!(header("message-id").ends_with("@stats.example>"), "{}", mail.raw);
        assert!(header("date").ends_with("+0000"), "{}", mail.raw);
        let received = header("received");
        assert!(received.contains("helo=stats.example") && received.contains("TLS1.3"), "{received}");
        assert!(received.contains("AES_256") || received.contains("CHACHA20"), "{received}");
        assert!(mail.text().contains("https://stats.example/"), "{}", mail.text());
        assert!(mail.html().contains("<a href=\"https://stats.example/\">"), "{}", mail.html());
        assert_eq!(mail.link(), "https://stats.example/");
        server.assert_log_clean();
        assert!(!server.log().contains(PASSWORD));
    }
}

#[test]
fn a_mail_server_on_this_machine_needs_no_tls_and_one_elsewhere_does() {
    let post = MailServer::not_yet().running(Offers::Nothing);
    let here = server_with(&post.settings("smtp://127.0.0.1:PORT"));
    let (sent, said) = send_test(&here, "ada@example.com");
    assert!(sent, "{said}\n{}", here.log());
    post.wait_for("ada@example.com");
    let elsewhere = server_with(&post.settings(&signed_in(&format!("smtp://{FAR}:PORT"))));
    let (sent, said) = send_test(&elsewhere, "grace@example.com");
    assert!(!sent && said.contains("STARTTLS"), "{said}");
    assert!(post.all_for("grace@example.com").is_empty());
}

/// How a server is told to hand mail to `post`, for which only the authority of another mail server vouches.
fn trusting(other: &MailServer, post: &MailServer) -> Vec<String> {
    let mut settings = post.settings(&signed_in("smtps://localhost:TLS_PORT"));
    let at = settings.iter().position(|setting| setting == "--smtp-ca").expect("the setting") + 1;
    settings[at] = other.authority().display().to_string();
    settings
}

#[test]
fn a_mail_server_whose_certificate_leads_elsewhere_is_sent_nothing() {
    let (post, other) = (MailServer::start(), MailServer::not_yet());
    let server = server_with(&trusting(&other, &post));
    let (sent, said) = send_test(&server, "ada@example.com");
    assert!(!sent && said.contains("certificate that can be trusted; it is tried again at"), "{said}");
    assert!(post.all_for("ada@example.com").is_empty());
}

#[test]
fn the_twin_that_takes_any_certificate_for_the_mail_servers_is_caught_handing_mail_over() {
    let (post, other) = (MailServer::start(), MailServer::not_yet());
    let settings = trusting(&other, &post);
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let server = Server::without("mail-certificate", &settings);
    let (sent, said) = send_test(&server, "ada@example.com");
    assert!(sent, "{said}\n{}", server.log());
    post.wait_for("ada@example.com");
}

#[test]
fn operators_invite_a_first_owner_by_mail_and_owners_are_told_what_becomes_of_support_grants() {
    let post = MailServer::start();
    let full = Full::of(server_with(&post.settings(&signed_in("smtps://localhost:TLS_PORT"))));
    let olga = full.enrol_first();
    let added = full.run(&olga, &["organizations", "add", "Bakery", "--owner", "ann@bakery.example"]);
    let added: Value = serde_json::from_slice(&added.stdout).expect("an organization");
    assert_eq!(added["mailed"], true);
    let invitation = post.wait_for("ann@bakery.example");
    assert_eq!(invitation.link(), added["url"]);
    assert!(invitation.text().contains("olga, who runs this server"), "{}", invitation.text());
    full.server.add_site("shop.example");
    let wanted = json!({
        "site": "shop.example", "purpose": "visits look doubled", "ticket": "T-17", "fields": ["page"], "minutes": 30,
    });
    let asking = Asking::post("/api/operator/support-grants", wanted.to_string());
    let id = full.as_operator(&olga, asking).json()["id"].as_str().expect("a grant").to_owned();
    for (decision, subject) in [
        (None, "Support asks to see data of"),
        (Some("approve"), "Support may see data of"),
        (Some("end"), "Support sees no more data of"),
    ] {
        if let Some(decision) = decision {
            let path = format!("/api/support-grants/{id}/{decision}");
            assert_eq!(full.as_owner("POST", &path, Some(json!({}))).status, 204, "{decision}");
        }
        let told = eventually(subject, || {
            let all = post.all_for(EMAIL);
            all.into_iter().find(|mail| mail.header("subject").is_some_and(|line| line.starts_with(subject)))
        });
        assert!(
            told.text().contains("visits look doubled") && told.text().contains("T-17"),
            "{}",
            told.text()
        );
    }
}

#[test]
fn what_waits_while_the_mail_server_is_down_goes_out_once_it_is_back() {
    let mut post = MailServer::not_yet();
    let server = server_with(&post.settings(&signed_in("smtps://localhost:TLS_PORT")));
    let (sent, said) = send_test(&server, "waits@example.com");
    assert!(!sent && said.contains("cannot be reached; it is tried again at"), "{said}");
    assert!(server.log().contains("Connection refused"), "{}", server.log());
    let worker = server.pid_of("worker").expect("a worker");
    kill(worker, rustix::process::Signal::KILL);
    eventually("another worker", || server.pid_of("worker").filter(|pid| *pid != worker));
    server.wait_until_whole();
    post.open(Offers::Tls);
    let (sent, said) = send_test(&server, "next@example.com");
    assert!(sent, "{said}");
    post.wait_for("next@example.com");
    post.wait_for("waits@example.com");
    assert_eq!(post.all_for("waits@example.com").len(), 1);
}

#[test]
fn a_refusal_ends_the_matter_and_a_put_off_does_not() {
    let post = MailServer::start();
    let server = server_with(&post.settings(&signed_in("smtps://localhost:TLS_PORT")));
    let (sent, said) = send_test(&server, "refused@example.com");
    assert!(!sent && said.contains("refused it (550); it is not tried again"), "{said}");
    let (sent, said) = send_test(&server, "later@example.com");
    assert!(!sent && said.contains("try again later (451); it is tried again at"), "{said}");
}

#[test]
fn a_wrong_password_is_told_apart() {
    let post = MailServer::start();
    let server = server_with(&post.settings("smtps://somebody@localhost:TLS_PORT"));
    let (sent, said) = send_test(&server, "ada@example.com");
    assert!(!sent && said.contains("does not take the user name and password"), "{said}");
    assert!(!server.log().contains(PASSWORD));
}

#[test]
fn without_a_mail_server_mail_is_off_and_says_so() {
    let server = Server::start();
    let (sent, said) = send_test(&server, "ada@example.com");
    assert!(!sent && said.contains("mail is off"), "{said}");
}

#[test]
fn settings_that_do_not_fit_together_are_refused() {
    let refused = |arguments: &[&str]| {
        let output = candor().arg("serve").args(arguments).output().expect("a refusal");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let url = ["--public-url", "https://stats.example"];
    let with_url = |more: &[&'static str]| refused(&[&url[..], more].concat());
    assert!(with_url(&["--smtp", "smtps://mail.example.com"]).contains("--mail-from"));
    assert!(with_url(&["--mail-from", "a@x.test"]).contains("--smtp"));
    assert!(refused(&["--smtp", "smtps://m.test", "--mail-from", "a@x.test"]).contains("--public-url"));
    assert!(with_url(&["--smtp", "smtps://a@m.test", "--mail-from", "a@x.test"]).contains("belong together"));
    let said = with_url(&["--smtp", "smtps://a:canary@m.test", "--mail-from", "a@x.test"]);
    assert!(said.contains("--smtp-password-file") && !said.contains("canary"), "{said}");
}
