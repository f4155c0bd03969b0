use std::time::Duration;

use domain::{Counting, DAY_MS, ManualClock, Scope, Timestamp};
use sealing::protocol::people::{Credential, Device, Told as Heard};
use sealing::protocol::{Duty, Purpose, SealedBytes};
use sealing::{Client, Environment, Kind, Label, OpenError, Recipient, Token};

use super::*;

mod checkpoints;
mod histories;
mod operators;
mod people_kept;
mod taken_over;
mod taken_over_app;

const PATIENCE: Duration = Duration::from_secs(5);

struct House {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    rng: Arc<Counting>,
}

impl House {
    fn new() -> Self {
        Self::within(tempfile::tempdir().unwrap())
    }

    /// One whose files are in memory, where the system has such a place: for tests that write very often.
    fn in_memory() -> Self {
        Self::within(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap())
    }

    fn within(folder: tempfile::TempDir) -> Self {
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(100 * DAY_MS)));
        Self { folder, clock, rng: Arc::new(Counting::from(4)) }
    }

    fn keys(&self) -> PathBuf {
        self.folder.path().join("data.keys")
    }

    fn parts(&self) -> Parts {
        let data = self.folder.path().join("data");
        Parts {
            keys: self.keys(),
            data,
            clock: self.clock.clone(),
            rng: self.rng.clone(),
            public_url: "https://stats.example.org".to_owned(),
            root: Unsealing::default(),
            end: || {},
        }
    }

    fn keeper(&self) -> Keeper {
        Keeper::open(&self.parts()).unwrap().0
    }

    /// A keeper that somebody set up, with keys for site 1; the owner's sign-in.
    fn begun(&self) -> (Keeper, Token) {
        let keeper = self.keeper();
        let owner = owner_of(&keeper);
        add_site(&keeper, &owner, 1);
        (keeper, owner)
    }

    fn audit(&self) -> String {
        std::fs::read_to_string(self.keys().join("audit.log")).unwrap()
    }
}

fn recipient_of(keeper: &Keeper, peer: Peer, site: u32) -> (Environment, Option<Recipient>) {
    match keeper.answer(peer, Some(Request::Recipients(vec![SiteId(site)]))) {
        Answer::Recipients(environment, recipients) => (environment, recipients[0]),
        _ => panic!("no recipients"),
    }
}

/// Sets up the first owner, by a password that nobody can show; their sign-in.
fn owner_of(keeper: &Keeper) -> Token {
    let Heard::Setup(Some(setup)) = ask(keeper, Ask::SetupToken(None)) else { panic!("set up before") };
    let chosen = keeper.lock().people.chosen(keeper.0.clock.now(), &*keeper.0.rng);
    let set_up =
        Ask::SetUp(setup, "owner@example.org".to_owned(), Credential::Password(chosen), Device::default());
    match ask(keeper, set_up) {
        Heard::Begun(token, ..) => token,
        _ => panic!("not set up"),
    }
}

fn ask(keeper: &Keeper, ask: Ask) -> Heard {
    match keeper.answer(Peer::App, Some(Request::People(Box::new(ask)))) {
        Answer::People(heard) => heard,
        other => panic!("{}", word(&other)),
    }
}

fn add_site(keeper: &Keeper, owner: &Token, site: u32) {
    let heard = ask(keeper, Ask::AddSite(owner.clone(), OrganizationId::FIRST, SiteId(site)));
    assert!(matches!(heard, Heard::Done(_)));
}

fn remove_site(owner: &Token, site: u32) -> Request {
    Request::People(Box::new(Ask::RemoveSite(owner.clone(), SiteId(site))))
}

fn request(token: &Token) -> Purpose {
    Purpose::Request(token.clone())
}

/// What the audit file says from its line `from` on.
fn told_from(house: &House, from: usize) -> Vec<String> {
    let audit = house.audit();
    let told = audit.lines().skip(from).map(|line| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| entry[name].as_str().unwrap().to_owned();
        format!("{} {} {} {}", field("peer"), field("asks"), entry["about"], field("answer"))
    });
    told.collect()
}

/// A key sealed to a site, as `edge` makes one, and the question that opens it.
fn sealed(keeper: &Keeper, site: u32) -> (sealing::Key, Wanted) {
    sealed_in(keeper, 1, site)
}

fn sealed_in(keeper: &Keeper, organization: u32, site: u32) -> (sealing::Key, Wanted) {
    sealed_as(Kind::Journal, keeper, organization, site)
}

fn sealed_as(kind: Kind, keeper: &Keeper, organization: u32, site: u32) -> (sealing::Key, Wanted) {
    let (environment, recipient) = recipient_of(keeper, Peer::App, site);
    let label = Label {
        environment,
        organization: OrganizationId(organization),
        site: SiteId(site),
        kind,
        name: "0000000001".to_owned(),
    };
    let (key, sealed) = recipient.unwrap().fresh_key(&label.to_bytes(), &Counting::from(8)).unwrap();
    (key, Wanted { label, sealed })
}

fn open_for(purpose: Purpose, wanted: &Wanted) -> Request {
    Request::Open(purpose, vec![wanted.into()])
}

fn word(answer: &Answer) -> String {
    match answer {
        Answer::No(no) => no.to_string(),
        Answer::People(Heard::No(no)) => no.as_str().to_owned(),
        _ => "given".to_owned(),
    }
}

#[test]
fn a_key_opens_for_app_and_worker_and_never_for_edge() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    let absorb = Purpose::Duty(Duty::Absorb);
    for (peer, purpose, expected) in [
        (Peer::App, request(&owner), "given"),
        (Peer::Worker, absorb.clone(), "given"),
        (Peer::Edge, request(&owner), "denied"),
        (Peer::Edge, absorb.clone(), "denied"),
        (Peer::App, absorb, "denied"),
        (Peer::Worker, request(&owner), "denied"),
    ] {
        let word_of_purpose = purpose.as_str();
        let answer = keeper.answer(peer, Some(open_for(purpose, &wanted)));
        assert_eq!(word(&answer), expected, "{peer:?} for {word_of_purpose}");
    }
}

#[test]
fn a_recording_opens_for_who_may_see_recordings_for_its_own_duty_and_for_no_key_that_reads_events() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let made = Ask::MakeKey(owner.clone(), OrganizationId::FIRST, Some(SiteId(1)), vec![Scope::Read], None);
    let Heard::Key(_, reader) = ask(&keeper, made) else { panic!("no key") };
    let (_, events) = sealed(&keeper, 1);
    let (_, recording) = sealed_as(Kind::Recording, &keeper, 1, 1);
    for (peer, purpose, wanted, expected) in [
        (Peer::App, request(&reader), &events, "given"),
        (Peer::App, request(&reader), &recording, "denied"),
        (Peer::App, request(&owner), &recording, "given"),
        (Peer::Worker, Purpose::Duty(Duty::TakeIn), &recording, "given"),
        (Peer::Worker, Purpose::Duty(Duty::TakeIn), &events, "denied"),
        (Peer::Worker, Purpose::Duty(Duty::Merge), &recording, "denied"),
        (Peer::Edge, Purpose::Duty(Duty::TakeIn), &recording, "denied"),
    ] {
        let word_of_purpose = purpose.as_str();
        let answer = keeper.answer(peer, Some(open_for(purpose, wanted)));
        assert_eq!(word(&answer), expected, "{peer:?} for {word_of_purpose} of {}", wanted.label);
    }
}

#[test]
fn of_chunks_that_are_taken_in_the_audit_file_says_how_many_of_which_site() {
    let house = House::new();
    let (keeper, _) = house.begun();
    let from = house.audit().lines().count();
    let (_, chunk) = sealed_as(Kind::Recording, &keeper, 1, 1);
    let wanted = vec![(&chunk).into(), (&chunk).into()];
    let answer = keeper.answer(Peer::Worker, Some(Request::Open(Purpose::Duty(Duty::TakeIn), wanted)));
    assert_eq!(word(&answer), "given");
    let told = told_from(&house, from);
    assert_eq!(told.last().unwrap(), r#"worker take-in ["2 of kind recording of site 1"] given"#, "{told:?}");
}

#[test]
fn only_app_has_keys_made_and_only_for_the_token_of_one_who_may() {
    let house = House::new();
    let keeper = house.keeper();
    let owner = owner_of(&keeper);
    for peer in Peer::ALL {
        assert_eq!(recipient_of(&keeper, peer, 1).1, None, "to be asked makes none");
    }
    let add = |token: &Token| {
        Request::People(Box::new(Ask::AddSite(token.clone(), OrganizationId::FIRST, SiteId(1))))
    };
    assert_eq!(word(&keeper.answer(Peer::Edge, Some(add(&owner)))), "denied");
    assert_eq!(word(&keeper.answer(Peer::Worker, Some(add(&owner)))), "denied");
    let nobody = Token::random(&Counting::from(77));
    assert_eq!(word(&keeper.answer(Peer::App, Some(add(&nobody)))), "unknown");
    assert_eq!(recipient_of(&keeper, Peer::App, 1).1, None);
    add_site(&keeper, &owner, 1);
    let made = recipient_of(&keeper, Peer::App, 1).1;
    assert!(made.is_some());
    assert_eq!(recipient_of(&keeper, Peer::Edge, 1).1, made);
}

#[test]
fn every_answer_is_in_the_audit_file_refusals_too() {
    let house = House::new();
    let keeper = house.keeper();
    let owner = owner_of(&keeper);
    let before = house.audit().lines().count();
    add_site(&keeper, &owner, 1);
    let (_, wanted) = sealed(&keeper, 1);
    keeper.answer(Peer::Worker, Some(open_for(Purpose::Duty(Duty::Merge), &wanted)));
    keeper.answer(Peer::Edge, Some(open_for(request(&Token::random(&Counting::from(77))), &wanted)));
    keeper.answer(Peer::App, None);
    let who = keeper.lock().people.whose(&owner, house.clock.now()).unwrap();
    assert_eq!(
        told_from(&house, before),
        [
            format!(r#"app for {who} add-site ["site 1"] begun"#),
            format!(r#"app for {who} add-site ["site 1"] given"#),
            r#"app recipients ["site 1"] given"#.to_owned(),
            r#"worker merge ["journal 0000000001 of site 1"] given"#.to_owned(),
            r#"edge request ["journal 0000000001 of site 1"] denied"#.to_owned(),
            r#"app ? [] malformed"#.to_owned(),
        ]
    );
}

#[test]
fn a_folder_for_keys_is_used_by_one_keeper_at_a_time() {
    let house = House::new();
    let keeper = house.keeper();
    let refused = Keeper::open(&house.parts()).err().expect("a refusal").to_string();
    assert!(refused.contains("another Candor server uses the keys in"), "{refused}");
    drop(keeper);
    house.keeper();
}

#[test]
fn stored_keys_that_are_older_than_the_audit_file_are_refused() {
    let house = House::new();
    let store = house.keys().join("keys.sealed");
    let (keeper, owner) = house.begun();
    let older = std::fs::read(&store).unwrap();
    assert_eq!(word(&keeper.answer(Peer::App, Some(remove_site(&owner, 1)))), "given");
    drop(keeper);
    house.keeper();
    std::fs::write(&store, older).unwrap();
    let refused = Keeper::open(&house.parts()).err().expect("a refusal").to_string();
    assert!(refused.contains("older than the audit file") && refused.contains("restore"), "{refused}");
}

#[test]
fn a_root_key_that_was_not_promised_to_be_replaced_is_not_replaced_later() {
    let house = House::new();
    let keeper = house.keeper();
    let full = std::fs::OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
    keeper.lock().audit.replace_file(full);
    assert_eq!(word(&keeper.answer(Peer::App, Some(Request::RotateRoot))), "unable");
    assert!(!house.keys().join("rotate-root").exists());
}

#[test]
fn what_cannot_be_written_down_is_neither_given_nor_done() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    // A file that takes nothing: every write to it fails as on a full disk.
    let full = std::fs::OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
    keeper.lock().audit.replace_file(full);
    for asked in [
        open_for(request(&owner), &wanted),
        Request::Recipients(vec![SiteId(2)]),
        remove_site(&owner, 1),
        Request::People(Box::new(Ask::AddSite(owner.clone(), OrganizationId::FIRST, SiteId(2)))),
        Request::Rotate(None),
        Request::Rewrap,
        Request::List(0),
    ] {
        assert_eq!(word(&keeper.answer(Peer::App, Some(asked))), "unable");
    }
    drop(keeper);
    let again = house.keeper();
    let listed = again.lock().keys.list(0, 9);
    let held: Vec<_> = listed.into_iter().map(|keys| (keys.site, keys.pair, keys.destroyed_at)).collect();
    assert_eq!(held, [(SiteId(0), 1, None), (SiteId(1), 1, None)], "nothing was made or destroyed");
}

#[test]
fn altered_keys_and_questions_beyond_the_limits_are_refused() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    let mut bytes = *wanted.sealed.bytes();
    bytes[50] ^= 1;
    let altered = SealedBytes(sealing::SealedKey::read(&bytes).unwrap());
    let ask = |wanted| keeper.answer(Peer::App, Some(Request::Open(request(&owner), wanted)));
    assert_eq!(word(&ask(vec![(wanted.label.clone(), altered)])), "refused");
    assert_eq!(word(&ask(vec![])), "malformed");
    let most: Vec<_> = (0..WANTED_MAX).map(|_| (&wanted).into()).collect();
    assert_eq!(word(&ask(most.clone())), "given");
    assert_eq!(word(&ask([most, vec![(&wanted).into()]].concat())), "malformed");
    let sites = |count| keeper.answer(Peer::Edge, Some(Request::Recipients(vec![SiteId(1); count])));
    assert_eq!(word(&sites(SITES_MAX)), "given");
    assert_eq!(word(&sites(SITES_MAX + 1)), "malformed");
}

#[test]
fn the_days_secret_turns_at_midnight_and_survives_a_restart_of_the_keeper() {
    let house = House::new();
    let ask = |keeper: &Keeper, held| match keeper.answer(Peer::Edge, Some(Request::DaySecrets(held))) {
        Answer::DaySecrets(secrets) => secrets,
        _ => panic!("no secrets"),
    };
    let keeper = house.keeper();
    let first = ask(&keeper, None);
    assert_eq!(first.today.day, 100);
    assert_eq!(ask(&keeper, None).today.key(), first.today.key(), "the same all day");
    drop(keeper);
    let restarted = house.keeper();
    assert_eq!(ask(&restarted, Some(first.clone())).today.key(), first.today.key(), "given back by edge");
    house.clock.advance(Duration::from_millis(DAY_MS as u64));
    let second = ask(&restarted, None);
    assert_eq!(second.today.day, 101);
    assert_ne!(second.today.key(), first.today.key());
    assert_eq!(second.yesterday.unwrap().key(), first.today.key());
    house.clock.advance(Duration::from_millis(2 * DAY_MS as u64));
    assert!(ask(&restarted, None).yesterday.is_none(), "of the day before yesterday nothing is left");
}

/// Two ends of a line, and a client at one of them.
fn client_of(keeper: &Keeper, peer: Peer) -> (Client, OwnedFd) {
    let (ours, theirs) = sealing::packet_pair().unwrap();
    let client = Client::start(theirs, PATIENCE).unwrap();
    introduce_each_other(keeper, peer, &ours);
    (client, ours)
}

fn introduce_each_other(keeper: &Keeper, peer: Peer, line: &OwnedFd) {
    let (of_keeper, of_peer) = sealing::packet_pair().unwrap();
    keeper.welcome(peer, of_keeper).unwrap();
    sealing::introduce(line, 0, of_peer.as_fd()).unwrap();
}

#[test]
fn a_client_opens_what_was_sealed_and_goes_on_with_the_next_keeper() {
    let house = House::new();
    let (keeper, _) = house.begun();
    let (key, wanted) = sealed(&keeper, 1);
    let (client, line) = client_of(&keeper, Peer::Worker);
    let opener = client.opener(Purpose::Duty(Duty::Absorb));
    assert_eq!(opener.open(std::slice::from_ref(&wanted)).unwrap()[0].bytes(), key.bytes());
    // The keeper dies: its sockets close. Another takes its place.
    for (_, socket) in keeper.lock_peers().drain() {
        rustix::net::shutdown(&*socket, rustix::net::Shutdown::Both).unwrap();
    }
    drop(keeper);
    let next = house.keeper();
    introduce_each_other(&next, Peer::Worker, &line);
    assert_eq!(opener.open(std::slice::from_ref(&wanted)).unwrap()[0].bytes(), key.bytes());
}

#[test]
fn without_a_keeper_nothing_opens_and_the_client_says_so() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    drop(keeper);
    let (_line, theirs) = sealing::packet_pair().unwrap();
    let client = Client::start(theirs, Duration::from_millis(50)).unwrap();
    let error = client.opener(request(&owner)).open(&[wanted]).err().unwrap();
    assert!(matches!(error, OpenError::Away), "{error}");
}

#[test]
fn a_malformed_packet_is_answered_and_the_line_goes_on() {
    let house = House::new();
    let keeper = house.keeper();
    let (ours, theirs) = sealing::packet_pair().unwrap();
    keeper.welcome(Peer::Edge, theirs).unwrap();
    let mut room = vec![0; MESSAGE_BYTES_MAX];
    for packet in [vec![0xff; 3], vec![7; MESSAGE_BYTES_MAX + 1]] {
        sealing::send_packet(&ours, &packet).unwrap();
        let length = sealing::receive_packet(&ours, &mut room).unwrap();
        let answer: Message<Answer> = decode(&room[..length]).unwrap();
        assert_eq!(word(&answer.body), "malformed");
    }
    sealing::send_packet(&ours, &encode(&Message { number: 9, body: Request::DaySecrets(None) })).unwrap();
    let length = sealing::receive_packet(&ours, &mut room).unwrap();
    let answer: Message<Answer> = decode(&room[..length]).unwrap();
    assert_eq!((answer.number, word(&answer.body)), (9, "given".to_owned()));
}

#[test]
fn an_older_socket_of_the_same_process_is_hung_up_on() {
    let house = House::new();
    let keeper = house.keeper();
    let (old, theirs) = sealing::packet_pair().unwrap();
    keeper.welcome(Peer::App, theirs).unwrap();
    let (_new, theirs) = sealing::packet_pair().unwrap();
    keeper.welcome(Peer::App, theirs).unwrap();
    let heard = sealing::receive_packet(&old, &mut [0; 16]);
    assert_eq!(heard.unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
}

#[test]
fn more_keys_than_one_answer_may_name_are_all_listed() {
    let house = House::new();
    let keeper = house.keeper();
    let sites: Vec<SiteId> = (1..=SITES_MAX as u32 + 1).map(SiteId).collect();
    for site in &sites {
        keeper.lock().keys.make(OrganizationId::FIRST, *site, &*house.rng).unwrap();
    }
    let (client, _line) = client_of(&keeper, Peer::App);
    let listed: Vec<SiteId> = client.list().unwrap().into_iter().map(|keys| keys.site).collect();
    // First what belongs to no site.
    assert_eq!(listed, [&[SiteId(0)], &sites[..]].concat());
}

#[test]
fn stored_keys_that_are_missing_are_not_made_anew_once_any_were_given() {
    let house = House::new();
    // Killed before it stored anything: the next start begins.
    drop(house.keeper());
    std::fs::remove_file(house.keys().join("keys.sealed")).unwrap();
    house.begun();
    std::fs::remove_file(house.keys().join("keys.sealed")).unwrap();
    let refused = Keeper::open(&house.parts()).err().unwrap().to_string();
    assert!(refused.contains("keys.sealed is missing") && refused.contains("restore"), "{refused}");
    assert!(!house.keys().join("keys.sealed").exists());
}

#[test]
fn replacing_the_root_key_is_written_down_before_and_after_and_opens_what_was_sealed() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let (_, wanted) = sealed(&keeper, 1);
    drop(keeper);
    std::fs::write(house.keys().join("rotate-root"), "").unwrap();
    let (keeper, news) = Keeper::open(&house.parts()).unwrap();
    assert_eq!(news, [RootNews::Replaced(RootSource::File)]);
    let told: Vec<String> = house
        .audit()
        .lines()
        .filter(|line| line.contains("replace-root"))
        .map(|line| {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {} {}", entry["peer"], entry["about"], entry["answer"])
        })
        .collect();
    assert_eq!(told, [r#""keeper" ["from file"] "begun""#, r#""keeper" ["from file"] "done""#]);
    assert_eq!(word(&keeper.answer(Peer::App, Some(open_for(request(&owner), &wanted)))), "given");
    drop(keeper);
    assert_eq!(Keeper::open(&house.parts()).unwrap().1, []);
}
