//! Histories of what people of two organizations do to each other, of random steps, through HTTP against a whole server:
//! whatever is asked, by a sign-in, a key or nothing, the server answers what a model of it says.

mod acts;
mod model;
mod requests;

use std::collections::{BTreeMap, VecDeque};
use std::process::Command;
use std::time::Instant;

use domain::Role;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::{Asking, EMAIL, PASSWORD, Reply, Server, candor};
use crate::operators::Neighboured;
use model::{Bearer, Key, Member, Model, manages};

/// Steps of each history; nine of ten are requests that change nobody's rights. A debug build takes them in about 40 s on
/// two cores.
const STEPS: usize = 16_000;
/// As many at once, each on a server of its own, so that one is asked while another writes to the disk.
const SEEDS: [u64; 2] = [1, 2];
/// More than it takes until somebody may not see a site.
const STEPS_OF_TWIN: usize = 400;
const LAST_STEPS: usize = 25;

/// People who may come and go, by their addresses; each of the first two owns an organization.
const PEOPLE: usize = 8;
const ORGANIZATIONS: [u32; 2] = [1, 2];
/// Domains at which there may be a site.
const DOMAINS: usize = 6;
/// In what nothing is shown.
const NOTHING: usize = 0;
const TWIN: &str = env!("CARGO_BIN_EXE_candor-twin");

/// What a request shows of who asks.
enum Shown {
    Nothing,
    Cookie(String),
    Key { id: String, text: String, organization: u32 },
}

struct Invitation {
    id: String,
    token: String,
    whom: usize,
    by: usize,
    organization: u32,
    role: Role,
    sites: Vec<usize>,
    /// Whether it was neither accepted nor replaced nor taken back, and whoever made it is known.
    waits: bool,
}

struct History {
    server: Server,
    model: Model,
    /// Everything that was ever shown.
    shown: Vec<Shown>,
    /// The number of each person, or of the one who had the address before.
    ids: [Option<String>; PEOPLE],
    invitations: Vec<Invitation>,
    /// Invitations that were opened although they are none any more.
    wrong_links: usize,
    /// Sites that there were.
    sites: usize,
    seed: u64,
    random: u64,
    told: VecDeque<String>,
    /// How often something was answered.
    answers: BTreeMap<u16, usize>,
    acts: usize,
    _folder: TempDir,
}

/// What the server and the model agreed on; otherwise a report of where they did not.
type Agreed<T> = Result<T, String>;

fn address(who: usize) -> String {
    if who == 0 { EMAIL.to_owned() } else { format!("person{who}@example.com") }
}

fn domain_at(domain: usize) -> String {
    format!("site{domain}.example")
}

fn owner() -> Member {
    Member { role: Role::Owner, sites: Vec::new(), disabled: false }
}

impl History {
    /// On the server that `program` starts: two owners, and the first sites of each.
    fn begin(seed: u64, program: impl Fn() -> Command + Send + Sync + 'static) -> Agreed<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Server::on(&folder.path().join("data"), &[], program);
        let Neighboured { server, neighbour, .. } = Neighboured::of(server, &address(1), PASSWORD);
        let cookies = [server.owner().cookie.clone(), neighbour];
        let mut history = Self {
            server,
            model: Model::default(),
            shown: vec![Shown::Nothing],
            ids: [const { None }; PEOPLE],
            invitations: Vec::new(),
            wrong_links: 0,
            sites: 0,
            seed,
            random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            told: VecDeque::new(),
            answers: BTreeMap::new(),
            acts: 0,
            _folder: folder,
        };
        for (who, (cookie, organization)) in cookies.into_iter().zip(ORGANIZATIONS).enumerate() {
            let session = history.server.ask_as_nobody(&Asking::get("/api/session").by(&cookie)).json();
            history.ids[who] = session["person"]["id"].as_str().map(str::to_owned);
            history.model.members.insert((who, organization), owner());
            let shown = history.now_shows(who, None, Shown::Cookie(cookie));
            history.add_site(shown, organization, who)?;
            history.add_site(shown, organization, who + ORGANIZATIONS.len())?;
        }
        Ok(history)
    }

    fn step(&mut self) -> Agreed<()> {
        if self.below(10) > 0 { self.request() } else { self.act() }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) as usize % bound
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Something that is shown: mostly what is good, sometimes what was, or nothing.
    fn any_shown(&mut self) -> usize {
        if self.below(12) == 0 {
            return self.below(self.shown.len());
        }
        let good: Vec<usize> = self.model.bearers.keys().copied().collect();
        if good.is_empty() { NOTHING } else { self.one_of(&good) }
    }

    /// The same, mostly of somebody who manages the organization, so that most acts are done.
    fn shown_by_manager(&mut self, organization: u32) -> usize {
        let is_of_manager = |one: &Bearer| {
            one.key.is_none()
                && self.model.open(one.who, organization).is_some_and(|member| manages(member.role))
        };
        let good = self.model.bearers.iter().filter(|(_, one)| is_of_manager(one));
        let good: Vec<usize> = good.map(|(shown, _)| *shown).collect();
        if good.is_empty() || self.below(4) == 0 { self.any_shown() } else { self.one_of(&good) }
    }

    /// A sign-in of somebody's.
    fn sign_in_of(&self, who: usize) -> Option<usize> {
        let theirs = |one: &Bearer| one.who == who && one.key.is_none();
        self.model.bearers.iter().find(|(_, one)| theirs(one)).map(|(shown, _)| *shown)
    }

    fn now_shows(&mut self, who: usize, key: Option<Key>, shown: Shown) -> usize {
        self.model.bearers.insert(self.shown.len(), Bearer { who, key });
        self.shown.push(shown);
        self.shown.len() - 1
    }

    /// Asks, and has the answer where it was done; a report where it is not answered as the model expects.
    fn ask(
        &mut self,
        shown: usize,
        expected: u16,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Agreed<Option<Reply>> {
        let asking =
            if body.is_null() { Asking::new(method, path) } else { Asking::json(method, path, body) };
        let asking = match &self.shown[shown] {
            Shown::Nothing => asking,
            Shown::Cookie(cookie) => asking.by(cookie),
            Shown::Key { text, .. } => asking.header("authorization", &format!("Bearer {text}")),
        };
        // The live view has no end.
        let reply = match path.ends_with("/live") {
            true => self.server.ask_for_head(&asking),
            false => self.server.ask_as_nobody(&asking),
        };
        let answered = if (200..300).contains(&reply.status) { 200 } else { reply.status };
        self.say(format!("{} {method} {path} {body}: {answered}", self.name_of(shown)));
        *self.answers.entry(answered).or_default() += 1;
        if answered != expected {
            return Err(self.disagreement(&format!("{} {}, the model {expected}", answered, reply.text())));
        }
        Ok((answered == 200).then_some(reply))
    }

    /// Who shows it, as the steps tell it.
    fn name_of(&self, shown: usize) -> String {
        let kind = match &self.shown[shown] {
            Shown::Nothing => "nobody",
            Shown::Cookie(_) => "sign-in",
            Shown::Key { .. } => "key",
        };
        let of = self.model.bearers.get(&shown).map_or(String::new(), |one| format!(" of person{}", one.who));
        format!("{kind} {shown}{of}")
    }

    fn say(&mut self, step: String) {
        if self.told.len() == LAST_STEPS {
            self.told.pop_front();
        }
        self.told.push_back(step);
    }

    fn disagreement(&self, what: &str) -> String {
        let told: String = self.told.iter().map(|step| format!("  {step}\n")).collect();
        format!("seed {}: the server says {what}; the last steps:\n{told}", self.seed)
    }

    /// Lives through so many steps on a server of its own.
    fn live(seed: u64, steps: usize, program: impl Fn() -> Command + Send + Sync + 'static) -> Agreed<Self> {
        let mut history = Self::begin(seed, program)?;
        (0..steps).try_for_each(|_| history.step())?;
        Ok(history)
    }
}

#[test]
fn whatever_people_do_to_each_other_everybody_is_answered_what_the_model_says() {
    let begun = Instant::now();
    let lived = std::thread::scope(|scope| {
        let lives = SEEDS.map(|seed| scope.spawn(move || History::live(seed, STEPS, candor)));
        lives.map(|life| life.join().expect("a history that came to its end"))
    });
    let seconds = begun.elapsed().as_secs_f64();
    for history in lived {
        let history = history.unwrap_or_else(|report| panic!("{report}"));
        let History { seed, answers, acts, .. } = &history;
        println!("seed {seed}: {answers:?}, of them {acts} acts that were done");
        let often = |answer: u16| answers.get(&answer).copied().unwrap_or_default();
        for (answer, least) in [(200, STEPS / 4), (401, STEPS / 50), (403, STEPS / 10), (404, STEPS / 10)] {
            assert!(often(answer) > least, "{answer} was answered {} times only", often(answer));
        }
        assert!(*acts > STEPS / 50, "{acts} acts were done: nearly all were refused");
        history.server.assert_log_clean();
    }
    let steps = SEEDS.len() * STEPS;
    println!("{steps} steps in {seconds:.1} s, {:.0} a second", steps as f64 / seconds);
}

#[test]
fn without_its_check_of_permits_the_server_soon_differs_from_the_model() {
    let without = || {
        let mut command = Command::new(TWIN);
        command.args(["--without", "permits"]);
        command
    };
    let Err(report) = History::live(SEEDS[0], STEPS_OF_TWIN, without) else {
        panic!("a server that shows every site to everybody agrees with the model");
    };
    // What is said last is about a site, which is what that server asks nobody about.
    let last = report.trim_end().lines().last().expect("a last step");
    assert!(last.contains("site"), "{report}");
}
