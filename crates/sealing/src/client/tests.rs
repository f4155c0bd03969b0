use super::*;
use crate::packets::{introduce, pair, receive_packet, send_packet};
use crate::protocol::{MESSAGE_BYTES_MAX, Message, decode, encode};

/// A client, the line over which it hears of keepers, and the keeper's end of the first it hears of.
fn client_and_keeper(patience: Duration) -> (Client, OwnedFd, OwnedFd) {
    let (line, theirs) = pair().unwrap();
    let client = Client::start(theirs, patience).unwrap();
    let (keeper, of_client) = pair().unwrap();
    introduce(&line, 0, std::os::fd::AsFd::as_fd(&of_client)).unwrap();
    (client, line, keeper)
}

/// Hears a question: its number.
fn hear(keeper: &OwnedFd) -> u64 {
    let mut room = vec![0; MESSAGE_BYTES_MAX];
    let length = receive_packet(keeper, &mut room).unwrap();
    decode::<Request>(&room[..length]).unwrap().number
}

fn answer_with_key(keeper: &OwnedFd, number: u64, key: u8) {
    let body = Answer::Keys(vec![crate::protocol::Handed::new(&Key::take(&mut [key; 32]))]);
    send_packet(keeper, &encode(&Message { number, body })).unwrap();
}

#[test]
fn a_keeper_that_answers_too_late_is_asked_again_and_its_late_answer_is_taken_for_no_other() {
    let (client, _line, keeper) = client_and_keeper(Duration::from_millis(50));
    assert!(matches!(client.control_key(), Err(OpenError::Away)));
    let late = hear(&keeper);
    answer_with_key(&keeper, late, 1);
    let client = client.with_patience(Duration::from_secs(5));
    let asking = std::thread::spawn(move || client.control_key());
    let next = hear(&keeper);
    answer_with_key(&keeper, next, 2);
    assert_eq!(asking.join().unwrap().unwrap().bytes(), &[2; 32]);
}

#[test]
fn questions_that_are_under_way_together_each_hear_their_own_answer() {
    let (client, _line, keeper) = client_and_keeper(Duration::from_secs(5));
    let ask = || {
        let client = client.clone();
        std::thread::spawn(move || client.control_key())
    };
    let first = ask();
    let slow = hear(&keeper);
    let second = ask();
    let quick = hear(&keeper);
    answer_with_key(&keeper, quick, 2);
    assert_eq!(second.join().unwrap().unwrap().bytes(), &[2; 32]);
    answer_with_key(&keeper, slow, 1);
    assert_eq!(first.join().unwrap().unwrap().bytes(), &[1; 32]);
}

#[test]
fn what_a_keeper_did_not_answer_before_it_was_gone_is_asked_of_the_next() {
    let (client, line, keeper) = client_and_keeper(Duration::from_secs(5));
    let asking = std::thread::spawn(move || client.control_key());
    hear(&keeper);
    drop(keeper);
    let (keeper, of_client) = pair().unwrap();
    introduce(&line, 0, std::os::fd::AsFd::as_fd(&of_client)).unwrap();
    drop(of_client);
    let again = hear(&keeper);
    answer_with_key(&keeper, again, 3);
    assert_eq!(asking.join().unwrap().unwrap().bytes(), &[3; 32]);
}

#[test]
fn what_a_keeper_may_have_done_before_it_was_gone_is_not_asked_of_the_next() {
    let (client, line, keeper) = client_and_keeper(Duration::from_secs(5));
    let act = |client: &Client| {
        let client = client.clone();
        std::thread::spawn(move || client.people_act(Ask::SitesSeen))
    };
    let asking = act(&client);
    hear(&keeper);
    drop(keeper);
    let (keeper, of_client) = pair().unwrap();
    introduce(&line, 0, std::os::fd::AsFd::as_fd(&of_client)).unwrap();
    drop(of_client);
    assert!(matches!(asking.join().unwrap(), Err(OpenError::Unanswered)));
    let next = act(&client);
    let number = hear(&keeper);
    let body = Answer::People(Told::Sites(Vec::new()));
    send_packet(&keeper, &encode(&Message { number, body })).unwrap();
    assert!(matches!(next.join().unwrap(), Ok(Told::Sites(_))), "it hears the second act alone");
}

#[test]
fn an_act_that_no_keeper_took_was_surely_not_done_and_one_that_is_answered_too_late_may_have_been() {
    let (client, _line, keeper) = client_and_keeper(Duration::from_millis(50));
    assert!(matches!(client.people_act(Ask::SitesSeen), Err(OpenError::Unanswered)));
    hear(&keeper);
    let (_line, theirs) = pair().unwrap();
    let alone = Client::start(theirs, Duration::from_millis(50)).unwrap();
    assert!(matches!(alone.people_act(Ask::SitesSeen), Err(OpenError::Away)));
}
