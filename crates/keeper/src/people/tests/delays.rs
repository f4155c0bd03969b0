use super::super::delays::Delays;
use super::*;

const HERE: &str = "203.0.113.0";
const THERE: &str = "198.51.100.0";

fn account(number: u8) -> Digest {
    Digest([number; 32])
}

/// The wait before each of so many wrong tries, made as soon as they may be.
fn waits(delays: &mut Delays, account_of: impl Fn(u32) -> Digest, network: &str, tries: u32) -> Vec<u32> {
    let mut now = Timestamp(DAY_MS);
    let mut waited = Vec::new();
    for number in 0..tries {
        let wait = match delays.check(account_of(number), network, now) {
            Ok(()) => 0,
            Err(NotDone::Wait(seconds)) => seconds,
            Err(no) => panic!("{no}"),
        };
        now = Timestamp(now.0 + i64::from(wait) * 1_000);
        assert_eq!(delays.check(account_of(number), network, now), Ok(()), "it ends");
        delays.wrong(account_of(number), network, now);
        waited.push(wait);
    }
    waited
}

#[test]
fn an_account_waits_twice_as_long_after_each_wrong_try_and_never_more_than_a_quarter_of_an_hour() {
    let waited = waits(&mut Delays::default(), |_| account(1), "", 20);
    assert_eq!(waited, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]);
}

#[test]
fn a_network_may_be_wrong_more_often_before_it_waits() {
    let mut delays = Delays::default();
    let waited = waits(&mut delays, |number| account(number as u8), HERE, 24);
    assert_eq!(waited[..21], [0; 21]);
    assert_eq!(waited[21..], [1, 2, 4]);
    let now = Timestamp(DAY_MS + 8_000);
    assert!(delays.check(account(200), HERE, now).is_err());
    assert_eq!(delays.check(account(200), THERE, now), Ok(()));
}

#[test]
fn what_was_wrong_is_one_accounts_own_and_forgotten_when_it_is_right_or_after_an_hour() {
    let (mut delays, now) = (Delays::default(), Timestamp(DAY_MS));
    for _ in 0..8 {
        delays.wrong(account(1), "", now);
    }
    assert_eq!(delays.check(account(1), THERE, now), Err(NotDone::Wait(8)), "from wherever it is tried");
    assert_eq!(delays.check(account(2), "", now), Ok(()));
    delays.right(account(1));
    assert_eq!(delays.check(account(1), "", now), Ok(()));
    waits(&mut delays, |_| account(3), "", 30);
    assert_eq!(delays.check(account(3), "", Timestamp(now.0 + DAY_MS)), Ok(()));
}

#[test]
fn a_network_that_tries_account_after_account_is_told_to_be_blocked() {
    let (mut delays, now) = (Delays::default(), Timestamp(DAY_MS));
    let told: Vec<_> = (0..10).map(|number| delays.wrong(account(number % 5), HERE, now)).collect();
    assert_eq!(told[..9], [None; 9]);
    assert_eq!(told[9], Some(Timestamp(now.0 + 15 * MINUTE_MS)));
    assert!((0..50).all(|_| delays.wrong(account(1), THERE, now).is_none()), "one account is no attack");
    let mut slow = Delays::default();
    let spread = |number: i64| Timestamp(DAY_MS + number * 3 * MINUTE_MS);
    assert!((0..50).all(|number| slow.wrong(account(number as u8), HERE, spread(number)).is_none()));
}

#[test]
fn who_waits_is_let_in_when_the_wait_is_over() {
    let (mut house, owner) = House::owned();
    let digest = house.people.digest(&owner.email);
    for _ in 0..40 {
        house.people.delays.wrong(digest, "", house.now);
    }
    assert_eq!(house.prove(&owner.email, PASSWORD).err(), Some(NotDone::Wait(900)));
    house.pass(15 * MINUTE_MS - 1);
    assert_eq!(house.prove(&owner.email, PASSWORD).err(), Some(NotDone::Wait(1)));
    house.pass(1);
    assert!(house.prove(&owner.email, PASSWORD).is_ok());
    assert!(house.people.delays.check(digest, "", house.now).is_ok());
}

#[test]
fn the_password_alone_does_not_give_more_tries_at_the_second_factor() {
    let (mut house, mut owner) = House::owned();
    house.with_totp(&mut owner);
    house.pass(MINUTE_MS);
    let Ok(Told::Proven(ticket, ..)) = house.prove(&owner.email, PASSWORD) else { panic!("not proven") };
    let wrong = || Proof::Totp(SecretText::new("000000".to_owned()));
    for _ in 0..4 {
        let try_it = Ask::ProveMore(ticket, wrong(), String::new());
        assert_eq!(house.refused(try_it), NotDone::Wrong(None));
    }
    let Ok(Told::Proven(ticket, ..)) = house.prove(&owner.email, PASSWORD) else { panic!("not proven") };
    house.refused(Ask::ProveMore(ticket, wrong(), String::new()));
    assert_eq!(house.refused(Ask::ProveMore(ticket, wrong(), String::new())), NotDone::Wait(1));
}

#[test]
fn what_is_remembered_does_not_grow_without_end() {
    let (mut delays, now) = (Delays::default(), Timestamp(DAY_MS));
    let held = Digest([255; 32]);
    for _ in 0..9 {
        delays.wrong(held, "", now);
    }
    for number in 0..100_100_u32 {
        let mut account = Digest([0; 32]);
        account.0[..4].copy_from_slice(&number.to_be_bytes());
        delays.wrong(account, &format!("network {number}"), now);
    }
    let remembered = delays.remembered();
    assert!(remembered.iter().all(|count| *count <= 100_000), "{remembered:?}");
    assert!(delays.check(held, "", now).is_err(), "whoever waits goes on waiting");
}
