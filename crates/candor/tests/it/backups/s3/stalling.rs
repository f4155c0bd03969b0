//! A server that stalls: it hears and never answers, falls silent in the midst of an answer, dribbles, or says that it keeps what it does not.
//! Each is asked a few times more and then given up in a clear sentence, and nothing else waits for it.

use std::net::TcpListener;
use std::time::Duration;

use super::*;

/// How often one thing is asked for at most: an object is tried three times, and each request four times more.
const ASKED_MAX: usize = 3 * 5;

/// The product, but for how long it waits.
fn impatient() -> Command {
    twin_without("s3-patience")
}

/// What comes of a backup while every answer is wrong in this way, how often it was asked, and what one comes to after that.
fn given_up(fault: Fault) -> (String, usize) {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    let server = serve_by(&house, &proxy, impatient);
    server.add_site(DOMAIN);
    wait_for_first(&house);
    let before = list(&house);
    view(&server, "/before");
    proxy.every(1, fault);
    let asked = proxy.asked();
    let (code, said) = house.run(&["backup", "now", "--data", &house.text("data")]);
    assert_eq!(code, Some(1), "{fault:?}: {said}");
    let asked = proxy.asked() - asked;
    view(&server, "/meanwhile");
    assert_eq!(server.count(DOMAIN, "pageviews"), 2, "{fault:?}: events are taken all the same");
    proxy.every(0, fault);
    assert_eq!(list(&house), before, "{fault:?}: it does not count");
    house.back_up();
    (said, asked)
}

#[test]
fn a_server_that_never_answers_is_asked_a_few_times_and_given_up() {
    let (said, asked) = given_up(Fault::Silent);
    assert!(said.contains("in the backup target") && said.contains("fell silent"), "{said}");
    assert!((2..=ASKED_MAX).contains(&asked), "asked {asked} times");
}

#[test]
fn a_server_that_stalls_in_the_midst_of_an_answer_is_asked_a_few_times_and_given_up() {
    let (said, asked) = given_up(Fault::Stalled);
    assert!(said.contains("in the backup target") && said.contains("fell silent"), "{said}");
    assert!((2..=ASKED_MAX).contains(&asked), "asked {asked} times");
}

#[test]
fn a_server_whose_answers_never_come_to_an_end_is_given_up_though_it_is_never_silent() {
    let (said, asked) = given_up(Fault::Dribbling);
    assert!(said.contains("in the backup target") && said.contains("too slowly"), "{said}");
    assert!((2..=ASKED_MAX).contains(&asked), "asked {asked} times");
}

#[test]
fn a_server_whose_answers_all_end_too_soon_is_asked_a_few_times_and_given_up() {
    let (said, asked) = given_up(Fault::Truncated);
    assert!(said.contains("in the backup target"), "{said}");
    assert!((2..=ASKED_MAX).contains(&asked), "asked {asked} times");
}

#[test]
fn what_a_server_only_says_that_it_keeps_is_missed_when_it_is_read_back() {
    let (said, _) = given_up(Fault::Swallowed);
    assert!(said.contains("in the backup target") && said.contains("it is not there"), "{said}");
}

#[test]
fn a_restore_from_a_server_that_falls_silent_in_its_midst_is_given_up_serves_nothing_and_goes_on_when_asked_again()
 {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    let server = serve_by(&house, &proxy, impatient);
    server.add_site(DOMAIN);
    wait_for_first(&house);
    for page in 0..5 {
        view(&server, &format!("/{page}"));
    }
    house.back_up();
    drop(server);
    let (target, identity, data) = (target(), house.text("identity"), house.text("restored"));
    let place = place(&house, &proxy);
    let restore = ["restore", "--from", &target, "--identity", &identity, "--data", &data];
    let restore = [&restore[..], &place.each_ref().map(String::as_str)].concat();
    // It has found the backup and the keys by then, and is about to read what is in them.
    proxy.after(8, Fault::Silent);
    let (code, said) = house.run_by(impatient(), &restore);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("in the backup target") && said.contains("fell silent"), "{said}");
    let (code, said) = house.run(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("half restored"), "{said}");
    proxy.every(0, Fault::Silent);
    let (code, said) = house.run_by(impatient(), &restore);
    assert_eq!(code, Some(0), "{said}");
    fs::copy(house.path("data.keys/root.key"), house.path("restored.keys/root.key")).expect("the root key");
    assert_eq!(Server::on(&house.path("restored"), &[], candor).count(DOMAIN, "pageviews"), 5);
}

#[test]
fn while_a_server_never_answers_health_turns_red_and_whoever_makes_backups_is_waited_for_by_nobody() {
    let (moto, house) = (Moto::start(), House::new());
    let proxy = Proxy::before(moto.port);
    // It waits for a minute, as the product does.
    let server = serve_by(&house, &proxy, house.on_clock(&[]));
    server.add_site(DOMAIN);
    wait_for_first(&house);
    proxy.every(1, Fault::Silent);
    let asked = proxy.asked();
    server.turn_clock(Duration::from_secs(26 * 3_600));
    eventually("it is asked for the day's backup", || (proxy.asked() > asked).then_some(()));
    eventually("health says that the backup is late", || {
        let health = server.try_ask(&Asking::get("/api/health")).ok()?;
        (health.json()["backups"] == "backup_late" && health.status == 503).then_some(())
    });
    view(&server, "/meanwhile");
    assert_eq!(server.count(DOMAIN, "pageviews"), 1);
    let (output, took) = server.terminate();
    assert!(took < Duration::from_secs(5), "it ended after {took:?}: {output:?}");
}

#[test]
fn a_server_that_agrees_on_no_tls_is_given_up_as_well() {
    let house = House::new();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("https://localhost:{}", silent.local_addr().expect("an address").port());
    let credentials = credentials(&house);
    let target = target();
    let (code, said) = house.run_by(
        impatient(),
        &[
            "backup",
            "verify",
            "--from",
            &target,
            "--s3-endpoint",
            &endpoint,
            "--s3-credentials",
            &credentials,
        ],
    );
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("in the backup target") && said.contains("fell silent"), "{said}");
}
