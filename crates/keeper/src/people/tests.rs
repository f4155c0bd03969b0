//! A house of people with a keeper of their own: who they are, and what they ask.

mod api_keys;
mod beginning;
mod delays;
mod grants;
mod kept;
mod links;
mod members;
mod operators;
mod second_factors;
mod sign_ins;
mod signing_in;

use std::sync::OnceLock;
use std::time::Duration;

use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key as HmacKey, sign};
use domain::{
    Counting, DAY_MS, HOUR_MS, MINUTE_MS, Membership, OrganizationId, PersonId, Role, Scope, SiteId,
};
use sealing::protocol::people::{Ask, Credential, Device, Factor, Proof, Security, Ticket, Told, Which};
use sealing::{Key, SecretText};

use super::registry::{Member, Organization};
use super::tickets::{Held, Proven};
use super::*;
use crate::proofs::password::{self, Verifier};
use crate::store::Store;

/// The password of everybody who has one that can be shown.
const PASSWORD: &str = "correct horse battery";
const FIRST: OrganizationId = OrganizationId::FIRST;
const SECOND: OrganizationId = OrganizationId(2);
/// Sites of the first organization, and one of the second.
const SITES: [u32; 3] = [1, 2, 3];
const OTHER_SITE: u32 = 9;

impl People {
    /// A ticket for a password that nobody can show: whoever is set up by it costs no time.
    pub(crate) fn chosen(&mut self, now: Timestamp, rng: &dyn Rng) -> Ticket {
        let verifier = Verifier::dummy(&self.pepper);
        self.tickets.give(Held::Password(verifier), now, rng).expect("room for a ticket")
    }

    /// A ticket as somebody gets it by showing their password, with no time taken.
    pub(crate) fn shown(&mut self, person: PersonId, second: bool, now: Timestamp, rng: &dyn Rng) -> Ticket {
        let proven = Proven { person, second_factor: second, wanted: Vec::new() };
        self.tickets.give(Held::Proven(proven), now, rng).expect("room for a ticket")
    }

    /// Another customer, of which nobody is a member yet.
    pub(crate) fn add_organization(&mut self, id: OrganizationId) {
        self.registry.organizations.insert(id, Organization::default());
    }

    /// The subscription of an organization ended so long ago that everything of it may go.
    pub(crate) fn end_long_ago(&mut self, id: OrganizationId, now: Timestamp) {
        let kept = domain::limits::KEPT_AFTER_END.as_millis() as i64;
        self.registry.ended.insert(id, Timestamp(now.0 - kept));
    }

    /// Makes somebody a member without asking anybody.
    pub(crate) fn put(&mut self, person: PersonId, organization: OrganizationId, role: Role) {
        let member = Member { role, sites: Vec::new(), disabled: false };
        let known = self.registry.people.get_mut(&person).expect("they are known");
        known.member_of.insert(organization, member);
    }
}

/// The code of an app for codes, by the words of RFC 6238 and of nobody here.
pub(crate) fn code(secret: &str, now: Timestamp) -> SecretText {
    let mut bits = String::new();
    for char in secret.bytes() {
        let five = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|one| *one == char).expect("base32");
        bits.push_str(&format!("{five:05b}"));
    }
    let key: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |sum, bit| sum * 2 + (bit - b'0')))
        .collect();
    let step = (now.0 / 30_000) as u64;
    let tag = sign(&HmacKey::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[at..at + 4].try_into().expect("four bytes");
    SecretText::new(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000))
}

/// Somebody who is signed in.
#[derive(Clone)]
struct Somebody {
    token: Token,
    id: PersonId,
    email: String,
}

struct House {
    folder: tempfile::TempDir,
    now: Timestamp,
    rng: Counting,
    keys: Keys,
    people: People,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rng = Counting::from(4);
        let root = Key::random(&Counting::from(1));
        let mut keys = Keys::open(Store::new(folder.path().join("keys.sealed"), &root), &root, &rng).unwrap();
        for site in SITES {
            keys.make(FIRST, SiteId(site), &rng).unwrap();
        }
        keys.make(SECOND, SiteId(OTHER_SITE), &rng).unwrap();
        let people = People::open(folder.path(), &keys).unwrap();
        Self { folder, now: Timestamp(20_000 * DAY_MS), rng, keys, people }
    }

    /// A house with an owner in it.
    fn owned() -> (Self, Somebody) {
        let mut house = Self::new();
        let owner = house.set_up("owner@example.org");
        (house, owner)
    }

    /// The same with another organization, whose owner is somebody else.
    fn of_two() -> (Self, Somebody, Somebody) {
        let (mut house, owner) = Self::owned();
        let other = house.join(&owner, "other@example.net", Role::OrganizationViewer);
        house.people.add_organization(SECOND);
        house.people.put(other.id, SECOND, Role::Owner);
        let left = Ask::RemoveMember(other.token.clone(), other.id, FIRST);
        house.done(left);
        (house, owner, other)
    }

    fn hands<T>(&mut self, act: impl FnOnce(&mut People, &mut Hands<'_>) -> T) -> T {
        act(&mut self.people, &mut Hands { now: self.now, rng: &self.rng, keys: &mut self.keys })
    }

    /// Asks, and takes the time that it takes.
    fn ask(&mut self, ask: Ask) -> Result<Told, NotDone> {
        let heard = if is_slow(&ask) {
            let finding = self.people.prepare(ask, self.now)?.run(&self.rng);
            self.hands(|people, hands| people.conclude(finding, hands))
        } else {
            self.hands(|people, hands| people.act(ask, hands))
        };
        heard.map_err(|stop| match stop {
            Stop::No(no) => no,
            Stop::Store(error) => panic!("{error}"),
        })
    }

    /// Why something is not done.
    fn refused(&mut self, ask: Ask) -> NotDone {
        self.ask(ask).err().expect("it is refused")
    }

    fn done(&mut self, ask: Ask) -> Told {
        self.ask(ask).unwrap_or_else(|no| panic!("{no}"))
    }

    fn pass(&mut self, span: i64) {
        self.now = self.now + Duration::from_millis(span as u64);
    }

    /// A ticket for [`PASSWORD`], which is hashed once for all houses: their pepper is the same.
    fn chosen(&mut self) -> Ticket {
        static VERIFIER: OnceLock<Verifier> = OnceLock::new();
        let pepper = self.people.pepper.clone();
        let verifier = VERIFIER.get_or_init(|| password::hash(PASSWORD, &pepper, &Counting::from(5))).clone();
        self.people.tickets.give(Held::Password(verifier), self.now, &self.rng).unwrap()
    }

    fn setup_token(&mut self) -> Token {
        match self.done(Ask::SetupToken(None)) {
            Told::Setup(Some(token)) => token,
            _ => panic!("somebody owns something"),
        }
    }

    fn set_up(&mut self, email: &str) -> Somebody {
        let (token, chosen) = (self.setup_token(), self.chosen());
        let told =
            self.done(Ask::SetUp(token, email.to_owned(), Credential::Password(chosen), Device::default()));
        let Told::Begun(token, id, FIRST, codes) = told else { panic!("not set up") };
        assert_eq!(codes.len(), 10);
        Somebody { token, id, email: email.to_owned() }
    }

    fn invite(&mut self, by: &Somebody, email: &str, membership: Membership) -> Token {
        match self.done(Ask::Invite(by.token.clone(), email.to_owned(), membership)) {
            Told::Invitation(_, Some(token)) => token,
            _ => panic!("not invited"),
        }
    }

    fn accept(&mut self, invitation: Token, email: &str) -> Result<Somebody, NotDone> {
        let chosen = self.chosen();
        let device = Device::default();
        match self.ask(Ask::Accept(invitation, email.to_owned(), Credential::Password(chosen), device))? {
            Told::Begun(token, id, _, codes) => {
                assert!(codes.is_empty());
                Ok(Somebody { token, id, email: email.to_owned() })
            }
            _ => panic!("not accepted"),
        }
    }

    /// Somebody new in the first organization; a site viewer sees its first site.
    fn join(&mut self, by: &Somebody, email: &str, role: Role) -> Somebody {
        let invitation = self.invite(by, email, be(FIRST, role));
        self.accept(invitation, email).unwrap()
    }

    /// Signs somebody in once more, with no password shown.
    fn sign_in(&mut self, person: PersonId, second_factor: bool) -> Token {
        let ticket = self.people.shown(person, second_factor, self.now, &self.rng);
        match self.done(Ask::SignIn(ticket, Device::default())) {
            Told::SignedIn(token, who) if who == person => token,
            _ => panic!("not signed in"),
        }
    }

    fn prove(&mut self, email: &str, password: &str) -> Result<Told, NotDone> {
        self.prove_from(email, password, "203.0.113.0")
    }

    fn prove_from(&mut self, email: &str, password: &str, network: &str) -> Result<Told, NotDone> {
        let password = SecretText::new(password.to_owned());
        self.ask(Ask::Prove(email.to_owned(), password, network.to_owned()))
    }

    /// A sign-in that was confirmed this moment, with no password shown.
    fn confirm(&mut self, somebody: &mut Somebody) {
        let told = self.hands(|people, hands| people.confirm(&somebody.token, false, hands));
        match told.ok().expect("a confirmed sign-in") {
            Told::SignedIn(token, _) => somebody.token = token,
            _ => panic!("not confirmed"),
        }
    }

    /// Gives somebody an app for codes: its secret, and codes to be kept where they had none.
    fn with_totp(&mut self, somebody: &mut Somebody) -> (String, Vec<SecretText>) {
        let begun = self.done(Ask::BeginTotp(somebody.token.clone(), somebody.email.clone()));
        let Told::Totp(secret, _) = begun else { panic!("no secret") };
        let secret = secret.reveal().to_owned();
        let finish = Ask::FinishTotp(somebody.token.clone(), code(&secret, self.now));
        let Told::Strengthened(token, codes) = self.done(finish) else { panic!("not put to use") };
        somebody.token = token;
        (secret, codes)
    }

    fn identity(&mut self, token: &Token) -> Result<Identity, NotDone> {
        match self.ask(Ask::Identify(token.clone()))? {
            Told::Identity(identity) => Ok(*identity),
            _ => panic!("no identity"),
        }
    }

    fn is_good(&mut self, token: &Token) -> bool {
        self.identity(token).is_ok()
    }

    /// Which sites a token opens now, of all there are.
    fn opened(&mut self, token: &Token) -> Vec<u32> {
        let now = self.now;
        let places = SITES.map(|site| (FIRST, site)).into_iter().chain([(SECOND, OTHER_SITE)]);
        let opens = |(organization, site): &(OrganizationId, u32)| {
            self.people.opens(token, Object::Events, Place::site(*organization, SiteId(*site)), now).is_ok()
        };
        places.filter(opens).map(|(_, site)| site).collect()
    }

    fn make_key(
        &mut self,
        by: &Somebody,
        site: Option<u32>,
        scopes: &[Scope],
    ) -> Result<(u64, Token), NotDone> {
        let site = site.map(SiteId);
        match self.ask(Ask::MakeKey(by.token.clone(), FIRST, site, scopes.to_vec(), None))? {
            Told::Key(id, key) => Ok((id, key)),
            _ => panic!("no key"),
        }
    }

    fn security(&mut self, token: &Token) -> Security {
        match self.done(Ask::Security(token.clone())) {
            Told::Security(security) => security,
            _ => panic!("nothing told"),
        }
    }

    /// What a restart of the keeper makes of it.
    fn restart(&mut self) {
        self.people = People::open(self.folder.path(), &self.keys).unwrap();
    }
}

/// What one is asked to be; a site viewer of the first site.
fn be(organization: OrganizationId, role: Role) -> Membership {
    let sites = if role == Role::SiteViewer { vec![SiteId(1)] } else { Vec::new() };
    Membership { organization, role, sites }
}

fn totp(secret: &str, now: Timestamp) -> Proof {
    Proof::Totp(code(secret, now))
}
