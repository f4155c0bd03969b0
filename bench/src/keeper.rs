//! What asking the keeper for one key takes: a real keeper over a folder of this disk, asked over a socket pair as
//! `app` asks it for somebody who is signed in. Every answer is a line of its audit file, synced before it is given; what a sync of such a line
//! takes by itself is measured in the same turn.

use std::fs::{File, OpenOptions};
use std::io::{Error, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::keeper::{Keeper, Parts};
use domain::{ManualClock, OrganizationId, Rng, SiteId, Timestamp};
use sealing::protocol::people::{Ask, Credential, Device, Told};
use sealing::protocol::{Peer, Purpose};
use sealing::{Client, Kind, Label, SecretText, Token, Wanted};
use serde::Serialize;

const SITE: SiteId = SiteId(1);
const PATIENCE: Duration = Duration::from_secs(5);
/// Questions before the first that is timed.
const WARMING: usize = 100;
/// About as long as a line of the audit file.
const LINE: [u8; 260] = [b'x'; 260];
/// Syncs that are timed in a turn.
const SYNCS: usize = 200;

/// How long one question for one key takes, in microseconds.
#[derive(Serialize)]
pub(crate) struct Turn {
    p50_us: f64,
    p99_us: f64,
    max_us: f64,
    sync_p50_us: f64,
    sync_p99_us: f64,
}

/// The kernel's randomness, as the product has it.
pub(crate) struct KernelRng;

impl Rng for KernelRng {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the kernel gives random bytes");
    }
}

/// Asks `calls` times in each of `turns`, of a keeper whose keys are made in `folder`.
pub(crate) fn measure(folder: &Path, turns: usize, calls: usize) -> Result<Vec<Turn>, String> {
    let failed = |fault: Error| fault.to_string();
    let data = folder.join("data");
    std::fs::create_dir_all(&data).map_err(failed)?;
    let clock = Arc::new(ManualClock::at(Timestamp(0)));
    let parts = Parts {
        keys: Keeper::folder_beside(&data),
        data,
        clock,
        rng: Arc::new(KernelRng),
        public_url: "http://localhost:7400".to_owned(),
        root: keeper::Unsealing::default(),
        end: || {},
    };
    let (keeper, _) = Keeper::open(&parts).map_err(|fault| fault.to_string())?;
    let (client, _line) = client_of(&keeper).map_err(failed)?;
    let owner = owner_of_site(&client)?;
    let wanted = [sealed_key(&client)?];
    let opener = client.opener(Purpose::Request(owner));
    let ask = || -> Result<(), String> {
        let keys = opener.open(&wanted).map_err(|fault| fault.to_string())?;
        if keys.len() == 1 { Ok(()) } else { Err("no key".to_owned()) }
    };
    for _ in 0..WARMING {
        ask()?;
    }
    let probe = folder.join("sync-probe");
    let mut probe = OpenOptions::new().create(true).append(true).open(probe).map_err(failed)?;
    (0..turns)
        .map(|_| {
            let asked = timed(calls, ask)?;
            let synced = timed(SYNCS, || sync(&mut probe).map_err(failed))?;
            let [p50_us, p99_us, max_us] = [0.5, 0.99, 1.0].map(|share| at(&asked, share));
            let [sync_p50_us, sync_p99_us] = [0.5, 0.99].map(|share| at(&synced, share));
            Ok(Turn { p50_us, p99_us, max_us, sync_p50_us, sync_p99_us })
        })
        .collect()
}

/// A client that the keeper knows as `app`; the line must be kept for as long as it asks.
fn client_of(keeper: &Keeper) -> std::io::Result<(Client, OwnedFd)> {
    let (line, theirs) = sealing::packet_pair()?;
    let client = Client::start(theirs, PATIENCE)?;
    let (of_keeper, of_app) = sealing::packet_pair()?;
    keeper.welcome(Peer::App, of_keeper)?;
    sealing::introduce(&line, Peer::App as u8, of_app.as_fd())?;
    Ok((client, line))
}

/// The first owner, signed in, and a site of theirs.
fn owner_of_site(client: &Client) -> Result<Token, String> {
    let ask = |ask| client.people(ask).map_err(|fault| fault.to_string());
    let Told::Setup(Some(token)) = ask(Ask::SetupToken(None))? else {
        return Err("nothing to set up".into());
    };
    let password = SecretText::new(KernelRng.next_u128().to_string());
    let Told::Ticket(chosen) = ask(Ask::Choose(password, Vec::new()))? else {
        return Err("the password will not do".into());
    };
    let credential = Credential::Password(chosen);
    let begin = Ask::SetUp(token, "owner@bench.example".to_owned(), credential, Device::default());
    let Told::Begun(owner, _, organization, _) = ask(begin)? else { return Err("no owner".into()) };
    match ask(Ask::AddSite(owner.clone(), organization, SITE))? {
        Told::No(no) => Err(no.to_string()),
        _ => Ok(owner),
    }
}

/// A key as it lies in a segment's header.
fn sealed_key(client: &Client) -> Result<Wanted, String> {
    let (environment, recipients) = client.recipients(&[SITE]).map_err(|fault| fault.to_string())?;
    let recipient = recipients.into_iter().next().flatten().ok_or("the site has no key")?;
    let organization = OrganizationId::FIRST;
    let name = format!("{:032x}", KernelRng.next_u128());
    let label = Label { environment, organization, site: SITE, kind: Kind::Segment, name };
    let (_, sealed) =
        recipient.fresh_key(&label.to_bytes(), &KernelRng).map_err(|fault| fault.to_string())?;
    Ok(Wanted { label, sealed })
}

fn sync(probe: &mut File) -> std::io::Result<()> {
    probe.write_all(&LINE)?;
    probe.sync_data()
}

/// Microseconds that each of `count` times took, in ascending order.
fn timed(count: usize, mut once: impl FnMut() -> Result<(), String>) -> Result<Vec<f64>, String> {
    let mut took = Vec::with_capacity(count);
    for _ in 0..count {
        let begun = Instant::now();
        once()?;
        took.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    took.sort_unstable_by(f64::total_cmp);
    Ok(took)
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}
