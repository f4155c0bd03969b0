//! The postman, with a keeper of the test's own and a mail server that says yes to everything.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::mpsc;

use control::NewMail;
use domain::{ManualClock, Timestamp};
use sealing::Key;

use super::*;
use crate::config::{SmtpSecurity, SmtpServer};

/// There is one mail at a time, so any number will do.
struct Die;

impl Rng for Die {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// A keeper that answers as it was told, and remembers what it was asked.
#[derive(Clone)]
struct Keeper {
    answer: Arc<Mutex<Result<&'static str, NoToken>>>,
    asked: Arc<Mutex<Vec<(PersonId, String)>>>,
}

impl ResetTokens for Keeper {
    fn token_for(&self, person: PersonId, address: &str) -> Result<LinkToken, NoToken> {
        self.asked.lock().unwrap().push((person, address.to_owned()));
        self.answer.lock().unwrap().map(|token| LinkToken::new(token.to_owned()))
    }
}

struct House {
    database: Arc<Database>,
    clock: Arc<ManualClock>,
    keeper: Keeper,
    postman: Postman,
    /// Every mail that the mail server took.
    taken: mpsc::Receiver<String>,
    _folder: tempfile::TempDir,
}

impl House {
    fn new(answer: Result<&'static str, NoToken>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::take(&mut [7; 32]);
        let database = Arc::new(Database::open(&folder.path().join("control.db"), &key).unwrap());
        let clock = Arc::new(ManualClock::at(Timestamp(1_795_356_120_000)));
        let keeper = Keeper { answer: Arc::new(Mutex::new(answer)), asked: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (take, taken) = mpsc::channel();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| take_mail(stream, &take)));
        let bag = Bag {
            database: database.clone(),
            dial: Box::new(move || TcpStream::connect(address).map_err(|error| error.to_string())),
            terms: |terms| terms,
            smtp: Smtp {
                server: SmtpServer {
                    security: SmtpSecurity::Plain,
                    host: "localhost".to_owned(),
                    port: address.port(),
                    user: None,
                },
                password: None,
                from: "candor@stats.example".to_owned(),
                roots: Vec::new(),
            },
            public_url: "https://stats.example".to_owned(),
            resets: Box::new(keeper.clone()),
            clock: clock.clone(),
            rng: Arc::new(Die),
        };
        let postman = Postman::new(bag).unwrap();
        Self { database, clock, keeper, postman, taken, _folder: folder }
    }

    fn ask_for_reset(&self) -> control::MailId {
        let mail = NewMail {
            organization: None,
            address: "ada@example.com",
            name: None,
            letter: &Letter::Reset { person: PersonId(7) },
            expires_at: self.clock.now() + Duration::from_secs(30 * 60),
        };
        self.database.enqueue_mail(&mail, &*self.clock, &Die).unwrap()
    }
}

/// Speaks SMTP as far as a mail needs it.
fn take_mail(mut stream: TcpStream, take: &mpsc::Sender<String>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
    say("220 ready");
    while let Some(line) = lines.next() {
        if line == "DATA" {
            say("354 go on");
            let mail: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
            let _ = take.send(mail.join("\n"));
        }
        say("250 fine");
    }
}

#[test]
fn the_token_of_a_reset_is_made_while_it_is_sent_and_is_in_the_mail_alone() {
    let mut house = House::new(Ok("TOKEN"));
    let id = house.ask_for_reset();
    assert!(house.keeper.asked.lock().unwrap().is_empty());
    house.postman.round().unwrap();
    assert_eq!(*house.keeper.asked.lock().unwrap(), [(PersonId(7), "ada@example.com".to_owned())]);
    let mail = house.taken.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(mail.contains("https://stats.example/reset#TOKEN"), "{mail}");
    assert_eq!(house.database.mail_state(id).unwrap(), None);
}

#[test]
fn a_reset_of_somebody_who_is_not_there_any_more_is_let_go_of_unsent() {
    let mut house = House::new(Err(NoToken::NotTheirs));
    let id = house.ask_for_reset();
    house.postman.round().unwrap();
    assert!(house.taken.try_recv().is_err());
    assert_eq!(house.database.mail_state(id).unwrap(), None);
}

#[test]
fn a_reset_waits_for_a_keeper_that_is_away() {
    let mut house = House::new(Err(NoToken::Away));
    let id = house.ask_for_reset();
    house.postman.round().unwrap();
    assert_eq!(house.database.mail_state(id).unwrap().unwrap().trouble, Some(Trouble::KeeperAway));
    *house.keeper.answer.lock().unwrap() = Ok("TOKEN");
    house.clock.advance(Duration::from_secs(76));
    house.postman.round().unwrap();
    assert!(house.taken.recv_timeout(Duration::from_secs(30)).is_ok());
    assert_eq!(house.database.mail_state(id).unwrap(), None);
}
