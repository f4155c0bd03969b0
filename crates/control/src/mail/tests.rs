//! The queue, on a real database.

use std::time::Duration;

use domain::{Counting, MINUTE_MS, ManualClock};
use proptest::prelude::*;

use super::*;
use crate::testing::key;

struct Queue {
    database: Database,
    clock: ManualClock,
    rng: Counting,
    folder: tempfile::TempDir,
}

impl Queue {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("control.db"), &key(1)).unwrap();
        Self { database, clock: ManualClock::at(Timestamp(1_000)), rng: Counting::from(7), folder }
    }

    fn put(&self, address: &str, minutes: i64) -> MailId {
        let mail = NewMail {
            organization: Some(OrganizationId(1)),
            address,
            name: Some("Ada"),
            letter: &invitation(),
            expires_at: Timestamp(self.clock.now().0 + minutes * MINUTE_MS),
        };
        self.database.enqueue_mail(&mail, &self.clock, &self.rng).unwrap()
    }

    fn claim(&self) -> Option<Mail> {
        self.database.claim_mail(self.clock.now(), &self.rng).unwrap()
    }

    fn rows(&self) -> i64 {
        self.database.connection().query_row("SELECT count(*) FROM mail", [], |row| row.get(0)).unwrap()
    }
}

fn invitation() -> Letter {
    Letter::Invitation {
        organization: "Example".to_owned(),
        invited_by: "Grace".to_owned(),
        role: "admin".to_owned(),
        token: LinkToken::new("canary-token".to_owned()),
    }
}

#[test]
fn a_mail_comes_out_as_it_was_put_in_and_nothing_is_left_of_it_once_it_was_sent() {
    let queue = Queue::new();
    let id = queue.put("ada@example.com", 60);
    let mail = queue.claim().unwrap();
    assert!(mail.id == id && mail.letter == invitation());
    assert_eq!((mail.address.as_str(), mail.name.as_deref()), ("ada@example.com", Some("Ada")));
    queue.database.mail_was_sent(id, queue.clock.now()).unwrap();
    assert_eq!((queue.database.mail_state(id).unwrap(), queue.rows()), (None, 0));
}

#[test]
fn a_mail_of_a_transaction_that_is_given_up_is_never_sent() {
    let queue = Queue::new();
    let given_up: Result<(), DatabaseError> = queue.database.transact(|transaction| {
        let mail = NewMail {
            organization: None,
            address: "ada@example.com",
            name: None,
            letter: &Letter::Test,
            expires_at: Timestamp(i64::MAX),
        };
        enqueue(transaction, &mail, queue.clock.now(), &queue.rng)?;
        Err(DatabaseError(rusqlite::Error::QueryReturnedNoRows))
    });
    assert!(given_up.is_err());
    assert!(queue.claim().is_none());
}

#[test]
fn what_was_claimed_has_its_next_turn_later_even_if_nobody_says_what_became_of_it() {
    let queue = Queue::new();
    queue.put("ada@example.com", 600);
    assert!(queue.claim().is_some());
    assert!(queue.claim().is_none());
    queue.clock.advance(Duration::from_secs(44));
    assert!(queue.claim().is_none());
    queue.clock.advance(Duration::from_secs(32));
    assert!(queue.claim().is_some(), "a minute, and a quarter of one at most");
}

#[test]
fn waiting_grows_to_six_hours_and_no_two_wait_alike() {
    let rng = Counting::from(1);
    let waits: Vec<_> = (1..=9).map(|attempt| pace::delay(attempt, &rng).as_secs()).collect();
    for (wait, due) in waits.iter().zip([60, 180, 540, 1_620, 4_860, 14_580, 21_600, 21_600, 21_600]) {
        assert!((due * 3 / 4..=due * 5 / 4).contains(wait), "{waits:?}");
    }
    let again: std::collections::HashSet<_> = (0..20).map(|_| pace::delay(9, &rng)).collect();
    assert!(again.len() > 10);
    assert!(pace::delay(u32::MAX, &rng) >= pace::delay(1, &rng));
}

#[test]
fn what_has_expired_is_gone_and_is_not_sent() {
    let queue = Queue::new();
    let id = queue.put("ada@example.com", 30);
    queue.clock.advance(Duration::from_secs(30 * 60));
    assert!(queue.claim().is_none());
    assert_eq!((queue.database.mail_state(id).unwrap(), queue.rows()), (None, 0));
}

#[test]
fn of_a_refused_mail_only_why_is_kept_until_it_would_have_expired() {
    let queue = Queue::new();
    let id = queue.put("ada@example.com", 60);
    queue.claim().unwrap();
    queue.database.mail_was_not_sent(id, Trouble::Refused(550)).unwrap();
    let state = queue.database.mail_state(id).unwrap().unwrap();
    assert_eq!((state.next_attempt_at, state.trouble), (None, Some(Trouble::Refused(550))));
    let left: String = queue
        .database
        .connection()
        .query_row("SELECT address || coalesce(name, '') || letter FROM mail", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, "");
    queue.clock.advance(Duration::from_secs(61 * 60));
    assert!(queue.claim().is_none());
    assert_eq!(queue.rows(), 0);
}

#[test]
fn a_mail_that_goes_out_brings_on_those_that_waited_for_the_server_and_no_others() {
    let queue = Queue::new();
    let (waits, put_off, goes) =
        (queue.put("a@x.test", 600), queue.put("b@x.test", 600), queue.put("c@x.test", 600));
    for _ in 0..3 {
        queue.claim().unwrap();
    }
    queue.database.mail_was_not_sent(waits, Trouble::Unreachable).unwrap();
    queue.database.mail_was_not_sent(put_off, Trouble::Later(451)).unwrap();
    queue.database.mail_was_sent(goes, queue.clock.now()).unwrap();
    assert!(queue.claim().unwrap().id == waits);
    assert!(queue.claim().is_none());
}

#[test]
fn a_letter_that_cannot_be_read_holds_up_no_other() {
    let queue = Queue::new();
    let id = queue.put("a@x.test", 60);
    queue.database.connection().execute("UPDATE mail SET letter = '{'", []).unwrap();
    let other = queue.put("b@x.test", 60);
    assert!(queue.claim().unwrap().id == other);
    assert_eq!(queue.database.mail_state(id).unwrap().unwrap().trouble, Some(Trouble::Unfit));
}

#[test]
fn a_reset_holds_whose_it_is_and_no_token() {
    let letter = Letter::Reset { person: domain::PersonId(7) };
    assert_eq!(letter.to_json().as_str(), r#"{"kind":"reset","person":7}"#);
    assert!(Letter::from_json(&letter.to_json()).unwrap() == letter);
}

#[test]
fn nothing_of_a_waiting_mail_can_be_read_on_the_disk() {
    let queue = Queue::new();
    queue.put("ada@example.com", 60);
    for file in std::fs::read_dir(queue.folder.path()).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        for text in ["canary-token", "ada@example.com"] {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
        }
    }
}

#[test]
fn every_trouble_is_read_back_as_it_was_written() {
    for trouble in
        [Trouble::Unreachable, Trouble::Untrusted, Trouble::NoTls, Trouble::SignIn, Trouble::Later(421)]
            .into_iter()
            .chain([Trouble::Refused(554), Trouble::BrokenOff, Trouble::KeeperAway, Trouble::Unfit])
    {
        assert_eq!(Trouble::of(trouble.word(), trouble.code()), Some(trouble));
    }
}

proptest! {
    #[test]
    fn any_text_survives_the_queue(organization in any::<String>(), role in any::<String>(), at in any::<i64>()) {
        let letter = Letter::GrantAsked(SupportGrant {
            organization: organization.clone(),
            operator: role.clone(),
            site: role,
            purpose: organization,
            ticket: String::new(),
            minutes: 1,
            at: Timestamp(at),
        });
        prop_assert!(Letter::from_json(&letter.to_json()).is_some_and(|read| read == letter));
    }
}
