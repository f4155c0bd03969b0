use super::*;
use crate::packets::{introduce, pair};

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
