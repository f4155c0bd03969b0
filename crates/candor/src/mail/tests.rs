//! What letters look like, whatever people typed; and what is said to a mail server that cannot be trusted.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use control::{FactorChange, Letter, LinkToken, Mail, MailId, SupportGrant, Trouble};
use domain::{PersonId, Timestamp};
use lettre::Message;
use lettre::message::Mailbox;
use lettre::transport::smtp::extension::ClientId;
use proptest::prelude::*;

use super::page::{typed, typed_in_subject};
use super::*;
use crate::config::{Smtp, SmtpSecurity, SmtpServer};

/// 2026-11-22 14:02 UTC.
const NOW: Timestamp = Timestamp(1_795_356_120_000);

fn grant(word: &str) -> SupportGrant {
    SupportGrant {
        organization: word.to_owned(),
        operator: word.to_owned(),
        site: word.to_owned(),
        purpose: word.to_owned(),
        ticket: word.to_owned(),
        minutes: 60,
        at: NOW,
    }
}

/// One letter of each kind, with `word` wherever somebody may have typed it.
fn all_letters(word: &str) -> Vec<Letter> {
    let word = || word.to_owned();
    vec![
        Letter::Invitation {
            organization: word(),
            invited_by: word(),
            role: "site_viewer".to_owned(),
            token: LinkToken::new("TOKEN".to_owned()),
        },
        Letter::Reset { person: PersonId(7) },
        Letter::NewDevice { agent: word(), network: "203.0.113.0".to_owned(), at: NOW },
        Letter::SecondFactorChanged { change: FactorChange::PasskeyAdded, network: word(), at: NOW },
        Letter::PasswordChanged { network: word(), at: NOW },
        Letter::BreakGlass { person: word(), at: NOW, opens_at: NOW },
        Letter::GrantAsked(grant(&word())),
        Letter::GrantApproved(grant(&word())),
        Letter::GrantEnded(grant(&word())),
        Letter::NetworkBlocked { network: word(), attempts: 900, accounts: 40, until: NOW },
        Letter::Test,
        Letter::SubscriptionEnds { organization: word(), days: 30, removed_at: NOW },
        Letter::PromisesLate { late: vec![word()], at: NOW },
        Letter::PromisesKept { at: NOW },
    ]
}

fn mail(letter: Letter, name: Option<&str>, address: &str) -> Mail {
    Mail {
        id: MailId(7),
        address: address.to_owned(),
        name: name.map(str::to_owned),
        letter,
        expires_at: NOW,
    }
}

fn message(mail: &Mail) -> Option<Message> {
    let token = LinkToken::new("TOKEN".to_owned());
    let words = Words { public_url: "https://stats.example", expires_at: NOW, reset: Some(&token) };
    let from = Mailbox::new(Some("Candor".to_owned()), "candor@stats.example".parse().unwrap());
    compose(mail, &words, &Sending { from: &from, now: NOW })
}

fn in_words(letter: &Letter) -> (String, String, String) {
    let token = LinkToken::new("TOKEN".to_owned());
    let words = Words { public_url: "https://stats.example", expires_at: NOW, reset: Some(&token) };
    let page = words.page(letter).unwrap();
    (page.subject().to_owned(), page.text(), page.html())
}

/// The lines of a message's head, folded ones with those they belong to.
fn head(message: &Message) -> Vec<String> {
    let raw = String::from_utf8(message.formatted()).unwrap();
    let head = raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    head.split("\r\n").map(str::to_owned).collect()
}

#[test]
fn an_invitation_reads_so() {
    let letter = all_letters("Example & Sons").remove(0);
    let (subject, text, html) = in_words(&letter);
    assert_eq!(subject, "Invitation to Example & Sons");
    assert_eq!(
        text,
        "Example & Sons invites you to Example & Sons on Candor, as site viewer.\n\n\
         Accept the invitation:\nhttps://stats.example/invitation#TOKEN\n\n\
         The link works once, until 2026-11-22 14:02 UTC.\n\n\
         If you did not expect this, do nothing: without the link nothing happens.\n"
    );
    assert!(
        html.contains("<a href=\"https://stats.example/invitation#TOKEN\">Accept the invitation</a>"),
        "{html}"
    );
    assert!(html.contains("Example &amp; Sons invites you"), "{html}");
}

#[test]
fn a_reset_without_its_token_is_no_mail() {
    let words = Words { public_url: "https://stats.example", expires_at: NOW, reset: None };
    assert!(words.page(&Letter::Reset { person: PersonId(7) }).is_none());
}

#[test]
fn every_letter_is_text_and_html_and_fetches_nothing() {
    for letter in all_letters("Example") {
        let (subject, text, html) = in_words(&letter);
        assert!(!subject.is_empty() && text.contains("https://stats.example/"), "{}", letter.kind());
        for fetched in ["<img", "<script", "<link", "url(", "src="] {
            assert!(!html.contains(fetched), "{}: {html}", letter.kind());
        }
        assert!(html.contains("color-scheme"), "{}", letter.kind());
    }
}

#[test]
fn only_the_organization_is_in_a_subject() {
    for letter in all_letters("canary") {
        let (subject, _, _) = in_words(&letter);
        let of_organization =
            matches!(letter.kind(), "invitation" | "grant_asked" | "grant_approved" | "grant_ended");
        assert_eq!(subject.contains("canary"), of_organization, "{}: {subject}", letter.kind());
    }
}

#[test]
fn the_head_of_a_mail_is_this_and_nothing_else() {
    let message = message(&mail(Letter::Test, Some("Ada"), "ada@example.com")).unwrap();
    let boundary = format!("{:032x}", 7);
    let expected = [
        "From: Candor <candor@stats.example>".to_owned(),
        "To: Ada <ada@example.com>".to_owned(),
        "Subject: Candor can send mail".to_owned(),
        "Date: Sun, 22 Nov 2026 14:02:00 +0000".to_owned(),
        format!("Message-ID: <{boundary}@stats.example>"),
        "Auto-Submitted: auto-generated".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        format!("Content-Type: multipart/alternative; boundary=\"{boundary}\""),
    ];
    assert_eq!(head(&message), expected);
}

#[test]
fn what_is_no_address_of_one_person_is_written_to_by_nobody() {
    for text in [
        "",
        "ada",
        "@x.test",
        "ada@",
        "ada@x.test\r\nBcc: eve@x.test",
        "ada@x.test\nRCPT TO:<eve@x.test>",
        "\"a\r\nb\"@x.test",
        "\"a b\"@x.test",
        "ada@x.test, eve@x.test",
        "<ada@x.test>",
        "ada@x.test\0",
        "a da@x.test",
    ] {
        assert!(address(text).is_none(), "{text:?}");
        assert!(message(&mail(Letter::Test, None, text)).is_none(), "{text:?}");
    }
    for text in ["ada@example.com", "ada+x@example.com", "o'neil@example.com", "ada@xn--bcher-kva.example"] {
        assert!(address(text).is_some(), "{text}");
    }
}

#[test]
fn typed_words_are_one_line_without_marks_that_steer() {
    assert_eq!(typed("  a\r\n\tb\0c\u{202e}d\u{2028}e  "), "a b cd e");
    assert_eq!(typed(&"x".repeat(1_000)).chars().count(), 201);
    assert_eq!(typed_in_subject(&"ü".repeat(1_000)).chars().count(), 81);
}

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any::<String>(),
        Just("\r\n".to_owned()),
        Just("\r\n\r\n".to_owned()),
        Just("\n.\r\n".to_owned()),
        Just("\0".to_owned()),
        Just("<script>alert(1)</script>".to_owned()),
        Just("Bcc: eve@x.test".to_owned()),
        Just("=?utf-8?q?=0d=0aBcc:_eve@x.test?=".to_owned()),
        Just("\"><img src=x>".to_owned()),
        Just("ü\u{202e}🦀".to_owned()),
        Just("x".repeat(1_000)),
    ];
    proptest::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_typed_adds_no_header_no_markup_and_no_line(word in hostile(), name in hostile()) {
        for letter in all_letters(&word) {
            let kind = letter.kind();
            let plain = in_words(&all_letters("plain").into_iter().find(|plain| plain.kind() == kind).unwrap());
            let (_, text, html) = in_words(&letter);
            prop_assert_eq!(text.lines().count(), plain.1.lines().count(), "{}", kind);
            prop_assert_eq!(html.matches('<').count(), plain.2.matches('<').count(), "{}", kind);
            prop_assert_eq!(html.matches('"').count(), plain.2.matches('"').count(), "{}", kind);
            let message = message(&mail(letter, Some(&name), "ada@example.com")).unwrap();
            let names: Vec<_> =
                head(&message).iter().filter_map(|line| Some(line.split_once(": ")?.0.to_owned())).collect();
            prop_assert_eq!(names, [
                "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"
            ], "{}", kind);
            prop_assert!(message.formatted().is_ascii());
            prop_assert_eq!(message.envelope().to().len(), 1);
        }
    }
}

/// What becomes of a mail to a server that says `lines`, one after each that it hears, and what it heard.
fn talk(lines: &'static [&'static str]) -> (Trouble, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = Vec::new();
        for line in lines {
            stream.write_all(line.as_bytes()).unwrap();
            let mut piece = [0; 4_096];
            match stream.read(&mut piece) {
                Ok(length) if length > 0 => heard.extend_from_slice(&piece[..length]),
                _ => break,
            }
        }
        drop(stream);
        String::from_utf8_lossy(&heard).into_owned()
    });
    let server_settings = SmtpServer {
        security: SmtpSecurity::StartTls,
        host: "mail.example.com".to_owned(),
        port: 587,
        user: Some("candor".to_owned()),
    };
    let smtp = Smtp {
        server: server_settings,
        password: Some("canary".to_owned().into()),
        from: "candor@stats.example".to_owned(),
        roots: Vec::new(),
    };
    let post = Post::new(smtp, ClientId::Domain("stats.example".to_owned()), |terms| terms).unwrap();
    let message = message(&mail(Letter::Test, None, "ada@example.com")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sent = runtime.block_on(post.send(TcpStream::connect(address).unwrap(), &message));
    (sent.unwrap_err(), server.join().unwrap())
}

const GREETING: &str = "220 mail.example.com ready\r\n";

#[test]
fn where_tls_is_not_offered_nothing_but_a_greeting_is_said() {
    let (trouble, heard) = talk(&[GREETING, "250-mail.example.com\r\n250-AUTH PLAIN\r\n250 HELP\r\n"]);
    assert_eq!((trouble, heard.as_str()), (Trouble::NoTls, "EHLO stats.example\r\n"));
    let (trouble, heard) =
        talk(&[GREETING, "250-mail.example.com\r\n250 STARTTLS\r\n", "454 not just now\r\n"]);
    assert_eq!((trouble, heard.as_str()), (Trouble::NoTls, "EHLO stats.example\r\nSTARTTLS\r\n"));
}

#[test]
fn words_that_were_put_behind_the_last_ones_in_the_clear_are_not_taken_for_the_servers() {
    let (trouble, heard) = talk(&[
        GREETING,
        "250-mail.example.com\r\n250 STARTTLS\r\n",
        "220 go ahead\r\n250-mail.example.com\r\n250 AUTH PLAIN\r\n235 welcome\r\n",
    ]);
    assert_eq!(trouble, Trouble::Untrusted);
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL FROM"), "{heard}");
}

#[test]
fn what_is_no_reply_ends_the_matter() {
    for lines in
        [&["hello\r\n"][..], &["999999 x\r\n"], &["22\r\n"], &["\u{fc}\u{fc}\u{fc}\r\n"], &[GREETING]]
    {
        assert_eq!(talk(lines).0, Trouble::BrokenOff, "{lines:?}");
    }
    assert_eq!(talk(&["421 busy\r\n"]).0, Trouble::Later(421));
}
