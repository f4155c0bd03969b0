//! What a process that was taken over can do with its line to the keeper: nothing that its own table does not allow.

use rustix::net::sockopt::{Timeout, set_socket_timeout};
use sealing::{receive_packet, send_packet};

use super::*;

/// The far end of a line on which the keeper takes whoever writes for `peer`.
pub(super) fn line_of(keeper: &Keeper, peer: Peer) -> OwnedFd {
    let (ours, theirs) = sealing::packet_pair().unwrap();
    set_socket_timeout(&ours, Timeout::Recv, Some(PATIENCE)).unwrap();
    keeper.welcome(peer, theirs).unwrap();
    ours
}

/// The next answer on a line; `None` where it was hung up on.
pub(super) fn hear(line: &OwnedFd) -> Option<(u64, String)> {
    let mut room = vec![0; MESSAGE_BYTES_MAX];
    let length = match receive_packet(line, &mut room) {
        Ok(length) => length,
        Err(error) => {
            assert!(error.kind() != std::io::ErrorKind::WouldBlock, "neither answered nor hung up on");
            return None;
        }
    };
    let answer: Message<Answer> = decode(&room[..length]).unwrap();
    Some((answer.number, word(&answer.body)))
}

pub(super) fn packet(number: u64, body: Request) -> Vec<u8> {
    encode(&Message { number, body }).to_vec()
}

fn audited(house: &House, peer: &str) -> Vec<String> {
    let audit = house.audit();
    let lines = audit.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    // Whose token was put to use stands after the process.
    let of_peer = lines.filter(|line| line["peer"].as_str().unwrap().split(' ').next() == Some(peer));
    of_peer
        .map(|line| format!("{} {}", line["asks"].as_str().unwrap(), line["answer"].as_str().unwrap()))
        .collect()
}

#[test]
fn over_the_line_of_edge_nothing_opens_and_each_try_is_written_down() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    let line = line_of(&keeper, Peer::Edge);
    let asked = [
        open_for(request(&owner), &wanted),
        open_for(Purpose::Duty(Duty::Absorb), &wanted),
        Request::ControlKey,
        Request::List(0),
        remove_site(&owner, 1),
    ];
    for (number, body) in (1..).zip(asked) {
        send_packet(&line, &packet(number, body)).unwrap();
        assert_eq!(hear(&line), Some((number, "denied".to_owned())));
    }
    assert_eq!(
        audited(&house, "edge"),
        ["request denied", "absorb denied", "control-key denied", "list denied", "destroy denied"]
    );
    let (_, recipient) = recipient_of(&keeper, Peer::App, 1);
    assert!(recipient.is_some(), "its keys are still there");
}

#[test]
fn cut_off_and_padded_packets_do_no_harm_whoever_sends_them() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    for peer in [Peer::Edge, Peer::App, Peer::Worker] {
        let line = line_of(&keeper, peer);
        let whole = packet(7, open_for(request(&owner), &wanted));
        for length in 1..whole.len() {
            send_packet(&line, &whole[..length]).unwrap();
            assert_eq!(hear(&line), Some((0, "malformed".to_owned())), "{length} bytes of it");
        }
        send_packet(&line, &[&whole[..], &[0]].concat()).unwrap();
        assert_ne!(hear(&line), Some((7, "given".to_owned())), "with something after it");
        let expected = if peer == Peer::App { "given" } else { "denied" };
        send_packet(&line, &whole).unwrap();
        assert_eq!(hear(&line), Some((7, expected.to_owned())), "the line goes on");
        // Nothing at all is how a line ends.
        send_packet(&line, &[]).unwrap();
        assert_eq!(hear(&line), None);
    }
    drop(keeper);
    assert!(house.keeper().lock().keys.list(0, 9).iter().all(|keys| keys.destroyed_at.is_none()));
}

#[test]
fn a_packet_that_is_sent_again_is_answered_again_and_changes_nothing() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let line = line_of(&keeper, Peer::App);
    let add = Ask::AddSite(owner.clone(), OrganizationId::FIRST, SiteId(1));
    let made = packet(3, Request::People(Box::new(add)));
    let destroyed = packet(4, remove_site(&owner, 1));
    for (number, again, heard) in
        [(3, &made, "given"), (3, &made, "given"), (4, &destroyed, "given"), (4, &destroyed, "given")]
    {
        send_packet(&line, again).unwrap();
        assert_eq!(hear(&line), Some((number, heard.to_owned())));
    }
    // What was destroyed does not come back because an old question is asked again.
    send_packet(&line, &made).unwrap();
    hear(&line);
    assert_eq!(recipient_of(&keeper, Peer::App, 1).1, None);
    let listed = keeper.lock().keys.list(0, 9);
    let mut of_sites = listed.iter().filter(|keys| keys.site != SiteId(0));
    assert!(of_sites.all(|keys| keys.destroyed_at.is_some()), "no keys were made anew");
}

#[test]
fn who_was_replaced_hears_nothing_more_and_asks_nothing_more() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    let old = line_of(&keeper, Peer::App);
    let question = packet(1, open_for(request(&owner), &wanted));
    send_packet(&old, &question).unwrap();
    assert_eq!(hear(&old), Some((1, "given".to_owned())));
    let new = line_of(&keeper, Peer::App);
    assert!(send_packet(&old, &question).is_err(), "it cannot ask");
    assert_eq!(hear(&old), None);
    let before = audited(&house, "app").len();
    send_packet(&new, &question).unwrap();
    assert_eq!(hear(&new), Some((1, "given".to_owned())));
    assert_eq!(audited(&house, "app").len(), before + 1, "only the newer one was heard");
}
