//! The process that tidies: absorbs closed journal files into segments, merges them, takes spooled chunks in, erases visitors
//! and what is too old, collects garbage.
//! It faces nothing and listens on nothing. Killed at any moment, it loses, doubles and reorders nothing.

mod backups;
mod erasing;
mod haste;
mod mail;
mod promises;
mod rounds;
mod subscriptions;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use control::{DUTY_EVERY, Database, LinkToken};
use domain::{Clock, PersonId};
use events::{Disk, Disks, Upkeep};
use recordings::{Recordings, SpoolFolder};
use sealing::Client;
use sealing::protocol::people::{Ask, Told};
use sealing::protocol::{Duty, Purpose};

use self::erasing::Eraser;
pub use self::erasing::Stored;
use self::haste::Haste;
use self::mail::{Bag, NoToken, Postman, ResetTokens};
use self::promises::{Means, Watch};
use self::subscriptions::Subscriptions;
use super::birth::{self, Settled, Voice};
use super::checking::{check_events, check_logs};
use super::dialer::{Dial, Whom};
use super::keeper::{KEEPER_PATIENCE, KEEPER_START_PATIENCE};
use super::messages::{FromChild, Storage, ToChild};
use crate::Parts;
use crate::catalog::ControlCatalog;
use crate::data_dir::DataDir;
use crate::ledger::ControlLedger;
use crate::logging::with_causes;

/// How often every audit log is signed, so that it shows when one was altered or put back.
const SIGNED_EVERY: Duration = Duration::from_secs(86_400);
/// By which name that is promised.
const SIGNING: &str = "audit_log";
/// How long it waits for the duty under way when the server ends.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// Runs the process until its supervisor ends or asks it to.
pub(crate) fn run(parts: &Parts) -> anyhow::Result<()> {
    let settled = birth::receive()?.settle(parts)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(settled, parts))?;
    runtime.shutdown_background();
    Ok(())
}

async fn serve(settled: Settled, parts: &Parts) -> anyhow::Result<()> {
    let Settled { birth, mut handed, mut heard, voice } = settled;
    let keeper = Client::start(handed.introductions()?, KEEPER_PATIENCE)?;
    let data = DataDir::new(birth.data);
    let starting = keeper.with_patience(KEEPER_START_PATIENCE);
    let key = starting.control_key()?;
    let database = Database::open(&data.control_database(), &key)?;
    let database = Arc::new(database);
    let catalog = Arc::new(ControlCatalog(database.clone()));
    let stop = Arc::new(AtomicBool::new(false));
    let haste_of_events = Arc::new(Haste::until(stop.clone()));
    let haste_of_recordings = Arc::new(Haste::until(stop.clone()));
    let disk = Disk::open(data.path(), keeper.opener(Purpose::Duty(Duty::Absorb)))?;
    let disks = Disks {
        merging: disk.opened_by(keeper.opener(Purpose::Duty(Duty::Merge))),
        sealing_old: disk.opened_by(keeper.opener(Purpose::Duty(Duty::SealOld))),
        erasing: disk.opened_by(keeper.opener(Purpose::Duty(Duty::Erase))),
        expiring: disk.opened_by(keeper.opener(Purpose::Duty(Duty::Expire))),
        absorbing: disk,
    };
    let recipients = starting.remembered_recipients()?;
    let seals = (parts.seals)(recipients.clone(), parts.rng.clone());
    let (clock, rng) = (parts.clock.clone(), parts.rng.clone());
    let of_recordings = recordings::Upkeep::new(
        SpoolFolder::open(data.path())?,
        Recordings::open(data.path(), keeper.opener(Purpose::Duty(Duty::TakeIn)))?,
        seals.clone(),
        Arc::new(ControlLedger(database.clone())),
        (clock.clone(), rng.clone()),
        haste_of_recordings.stops(),
    );
    let upkeep = Upkeep::new(disks, seals, catalog, clock.clone(), rng, haste_of_events.stops());
    let upkeep = upkeep.on_threads(birth.threads);
    let of_events = rounds::OfEvents::new(upkeep, database.clone(), clock.clone());
    let of_recordings = rounds::OfRecordings::new(of_recordings, database.clone(), clock);
    let events = rounds::begin("upkeep", of_events, haste_of_events)?;
    let recordings = rounds::begin("recordings", of_recordings, haste_of_recordings)?;
    let eraser = Eraser {
        data: data.clone(),
        database: database.clone(),
        keeper: keeper.clone(),
        clock: parts.clock.clone(),
        voice: voice.clone(),
        hands: [(Stored::Events, events.hand()), (Stored::Recordings, recordings.hand())],
        erases: parts.erases,
    };
    let eraser = eraser.begin()?;
    let checker = Checker {
        data: data.path().to_owned(),
        database: database.clone(),
        keeper: keeper.clone(),
        clock: parts.clock.clone(),
        voice: voice.clone(),
    };
    let dial = handed.dialled.take().map(|line| Dial::new(line, voice.clone())).transpose()?.map(Arc::new);
    let backups_shown = Arc::default();
    let watch = Watch::new(Means {
        backups: Arc::clone(&backups_shown),
        database: database.clone(),
        alerts: birth.alerts,
        mail: birth.smtp.is_some(),
        dial: dial.clone(),
        terms: parts.mail_terms,
        public_url: birth.public_url.clone(),
        clock: parts.clock.clone(),
        rng: parts.rng.clone(),
        voice: voice.clone(),
    })?;
    let subscriptions = Subscriptions {
        database: database.clone(),
        keeper: keeper.clone(),
        mail: birth.smtp.is_some(),
        clock: parts.clock.clone(),
        rng: parts.rng.clone(),
        voice: voice.clone(),
    };
    let looked_after = begin_to("subscriptions", move |told| subscriptions.go_on(&told))?;
    let watched = begin_to("promises", move |told| watch.go_on(&told))?;
    let post = match (birth.smtp, dial) {
        (Some(smtp), Some(line)) => {
            let (clock, rng) = (parts.clock.clone(), parts.rng.clone());
            let (dial, resets) = (Box::new(move || line.connect(Whom::Mail)), Box::new(keeper.clone()));
            let bag = Bag {
                database: database.clone(),
                dial,
                smtp,
                terms: parts.mail_terms,
                public_url: birth.public_url,
                resets,
                clock,
                rng,
            };
            let postman = Postman::new(bag)?;
            Some(begin_to("mail", move |told| postman.go_on(&told))?)
        }
        _ => None,
    };
    let backups = birth.backups.map(|orders| {
        let means = backups::Means {
            data: data.path().to_owned(),
            database: database.clone(),
            key,
            keeper: keeper.clone(),
            clock: parts.clock.clone(),
            voice: voice.clone(),
            stop: stop.clone(),
            controls: parts.backups,
            s3_patience: parts.s3_patience,
            shown: backups_shown,
        };
        backups::begin(orders, means, handed.dialled_for_backups.take())
    });
    let backups = backups.transpose()?;
    if parts.signs_logs {
        tokio::spawn(sign_logs(database, keeper, parts.clock.clone()));
    }
    tokio::spawn(voice.clone().beat(|| Storage::Ok));
    voice.say(FromChild::Serving);
    while let Some(message) = heard.recv().await {
        match message {
            ToChild::Tidy => {
                events.begin_anew();
                recordings.begin_anew();
            }
            ToChild::Rotated => recipients.forget(),
            ToChild::Check(number) => checker.check(number),
            ToChild::AboutBackups(number, wish) => match &backups {
                Some(backups) => drop(backups.send((number, wish))),
                None => voice.say(FromChild::OfBackups(number, Err(backups::OFF.to_owned()))),
            },
            ToChild::Mail => {
                let _ = post.as_ref().map(|post| post.send(()));
            }
            ToChild::Erase => eraser.look(),
            ToChild::Rolled(number) => eraser.take_rolled(number),
            ToChild::Stop => break,
            _ => {}
        }
    }
    drop((watched, looked_after));
    stop.store(true, Ordering::Relaxed);
    let ended = async {
        events.end().await;
        recordings.end().await;
    };
    let _ = tokio::time::timeout(STOP_PATIENCE, ended).await;
    Ok(())
}

/// Reads everything when it is asked to, beside the other duties.
struct Checker {
    data: PathBuf,
    database: Arc<Database>,
    keeper: Client,
    clock: Arc<dyn Clock>,
    voice: Voice,
}

impl Checker {
    fn check(&self, number: u64) {
        let Self { data, database, keeper, clock, voice } = self;
        let (data, database, keeper) = (data.clone(), database.clone(), keeper.clone());
        let (clock, voice) = (clock.clone(), voice.clone());
        tokio::task::spawn_blocking(move || {
            let found = check_events(&data, &database, &keeper, &*clock);
            voice.say(FromChild::Checked(number, found));
        });
    }
}

/// Has every audit log signed at once, and then every day.
async fn sign_logs(database: Arc<Database>, keeper: Client, clock: Arc<dyn Clock>) {
    let mut due = tokio::time::interval(SIGNED_EVERY);
    loop {
        due.tick().await;
        let (database, keeper, clock) = (database.clone(), keeper.clone(), clock.clone());
        let signed = tokio::task::spawn_blocking(move || {
            let signed = check_logs(&database, &keeper);
            let ended = signed.as_ref().copied().map_err(String::as_str);
            let noted = database
                .promise_duty(SIGNING, DUTY_EVERY, clock.now())
                .and_then(|()| database.duty_ended(SIGNING, ended, clock.now()));
            signed.and(noted.map_err(|error| with_causes(&error)))
        });
        if let Ok(Err(sentence)) = signed.await {
            tracing::error!("{sentence}");
        }
    }
}

/// Goes on on a thread of its own, for as long as its answer is held.
fn begin_to(
    name: &str,
    go_on: impl FnOnce(mpsc::Receiver<()>) + Send + 'static,
) -> std::io::Result<mpsc::Sender<()>> {
    let (tell, told) = mpsc::channel();
    std::thread::Builder::new().name(name.to_owned()).spawn(move || go_on(told))?;
    Ok(tell)
}

/// The keeper makes the token of a reset while its mail is sent: nobody else ever holds it.
impl ResetTokens for Client {
    fn token_for(&self, person: PersonId, address: &str) -> Result<LinkToken, NoToken> {
        match self.people(Ask::ResetToken(person, address.to_owned())) {
            Ok(Told::Link(token)) => Ok(LinkToken::from(&token)),
            Ok(_) => Err(NoToken::NotTheirs),
            Err(_) => Err(NoToken::Away),
        }
    }
}
