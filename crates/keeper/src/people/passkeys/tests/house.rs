//! A house with people in it who have devices with passkeys.

use domain::{Counting, DAY_MS, Membership, OrganizationId, Role};
use sealing::Key;
use sealing::protocol::people::{Ask, Credential, Device as From, Proof};

use super::super::*;
use crate::keys::Keys;
use crate::proofs::passkey::tests::device::Device;
use crate::store::Store;

pub(super) const SERVER: &str = "https://stats.example.org";
const FIRST: OrganizationId = OrganizationId::FIRST;

pub(super) struct House {
    folder: tempfile::TempDir,
    pub(super) now: Timestamp,
    pub(super) rng: Counting,
    keys: Keys,
    pub(super) people: People,
    devices: u8,
}

/// Somebody who is signed in, and the device with their passkey.
pub(super) struct Somebody {
    pub(super) id: PersonId,
    pub(super) token: Token,
    pub(super) device: Device,
}

impl House {
    pub(super) fn at(public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rng = Counting::from(4);
        let root = Key::random(&Counting::from(1));
        let keys = Keys::open(Store::new(folder.path().join("keys.sealed"), &root), &root, &rng).unwrap();
        let people = People::open(folder.path(), &keys).unwrap().reached_at(public_url);
        Self { folder, now: Timestamp(20_000 * DAY_MS), rng, keys, people, devices: 0 }
    }

    /// A house whose owner began with a passkey.
    pub(super) fn owned() -> (Self, Somebody) {
        let mut house = Self::at(SERVER);
        let token = house.setup_token();
        let owner = house.begin(token, "owner@example.org", |token, email, credential| {
            Ask::SetUp(token, email, credential, From::default())
        });
        (house, owner)
    }

    pub(super) fn setup_token(&mut self) -> Token {
        match self.ask(Ask::SetupToken(None)) {
            Ok(Told::Setup(Some(token))) => token,
            _ => panic!("no setup token"),
        }
    }

    /// Somebody whom the owner invited, and who began with a passkey.
    pub(super) fn join(&mut self, owner: &Somebody, email: &str) -> Somebody {
        let token = self.invite(owner, email);
        self.begin(token, email, |token, email, credential| {
            Ask::Accept(token, email, credential, From::default())
        })
    }

    pub(super) fn invite(&mut self, owner: &Somebody, email: &str) -> Token {
        let membership = membership(Role::OrganizationViewer);
        match self.ask(Ask::Invite(owner.token.clone(), email.to_owned(), membership)) {
            Ok(Told::Invitation(_, Some(token))) => token,
            _ => panic!("not invited"),
        }
    }

    fn begin(
        &mut self,
        token: Token,
        email: &str,
        ask: impl FnOnce(Token, String, Credential) -> Ask,
    ) -> Somebody {
        let mut device = self.device();
        let (ticket, options) = self.options(PasskeyFor::Beginning(token.clone(), email.to_owned())).unwrap();
        let credential = Credential::Passkey(ticket, device.create(&options));
        match self.ask(ask(token, email.to_owned(), credential)) {
            Ok(Told::Begun(token, id, _, codes)) => {
                assert_eq!(codes.len(), 10);
                Somebody { id, token, device }
            }
            Ok(_) => panic!("not begun"),
            Err(no) => panic!("{no}"),
        }
    }

    pub(super) fn device(&mut self) -> Device {
        self.devices += 1;
        Device::new(SERVER, self.devices)
    }

    pub(super) fn ask(&mut self, ask: Ask) -> Result<Told, NotDone> {
        let hands = &mut Hands { now: self.now, rng: &self.rng, keys: &mut self.keys };
        match self.people.act(ask, hands) {
            Ok(told) => Ok(told),
            Err(Stop::No(no)) => Err(no),
            Err(Stop::Store(error)) => panic!("{error}"),
        }
    }

    /// Why not.
    pub(super) fn no(&mut self, ask: Ask) -> NotDone {
        self.ask(ask).err().expect("a refusal")
    }

    pub(super) fn options(&mut self, wanted: PasskeyFor) -> Result<(Ticket, String), NotDone> {
        match self.ask(Ask::PasskeyOptions(wanted))? {
            Told::Passkey(ticket, options) => Ok((ticket, options)),
            _ => panic!("no options"),
        }
    }

    /// Shows a passkey without a name: whose it is, and a sign-in of theirs.
    pub(super) fn sign_in(&mut self, device: &mut Device) -> Result<(PersonId, Token), NotDone> {
        let (ticket, options) = self.options(PasskeyFor::SigningIn)?;
        let Told::Proven(ticket, whose, wanted) =
            self.ask(Ask::ProvePasskey(ticket, device.get(&options)))?
        else {
            panic!("nothing is proven")
        };
        assert!(wanted.is_empty());
        match self.ask(Ask::SignIn(ticket, From::default()))? {
            Told::SignedIn(token, person) if person == whose => Ok((person, token)),
            _ => panic!("not signed in"),
        }
    }

    /// A ticket as whoever showed their password is given.
    pub(super) fn password_shown(&mut self, person: PersonId) -> Ticket {
        let wanted = self.people.registry.people[&person].second_factors();
        let held = Held::Proven(Proven { person, second_factor: false, wanted });
        self.people.tickets.give(held, self.now, &self.rng).unwrap()
    }

    /// Shows again that it is they, with a device; their token from now on.
    pub(super) fn confirm(&mut self, token: &Token, device: &mut Device) -> Result<Token, NotDone> {
        let (ticket, options) = self.options(PasskeyFor::Confirming(token.clone()))?;
        let proof = Proof::Passkey(ticket, device.get(&options));
        match self.ask(Ask::Confirm(token.clone(), proof))? {
            Told::SignedIn(token, _) => Ok(token),
            _ => panic!("not confirmed"),
        }
    }

    /// Adds the passkey of another device; their token from now on, and how many codes to be kept they were given.
    pub(super) fn add(&mut self, token: &Token, device: &mut Device) -> Result<(Token, usize), NotDone> {
        let adding = PasskeyFor::Adding(token.clone(), "somebody@example.org".to_owned());
        let (ticket, options) = self.options(adding)?;
        let ask = Ask::AddPasskey(token.clone(), ticket, device.create(&options), "a key".to_owned());
        match self.ask(ask)? {
            Told::Strengthened(token, codes) => Ok((token, codes.len())),
            _ => panic!("not added"),
        }
    }

    pub(super) fn passkeys(&mut self, token: &Token) -> Vec<sealing::protocol::people::PasskeyTold> {
        match self.ask(Ask::Security(token.clone())) {
            Ok(Told::Security(security)) => security.passkeys,
            _ => panic!("nothing is told"),
        }
    }

    pub(super) fn identity(&mut self, token: &Token) -> Result<domain::Identity, NotDone> {
        match self.ask(Ask::Identify(token.clone()))? {
            Told::Identity(identity) => Ok(*identity),
            _ => panic!("nobody"),
        }
    }

    /// As after a start.
    pub(super) fn again(&mut self) {
        self.people = People::open(self.folder.path(), &self.keys).unwrap().reached_at(SERVER);
    }
}

pub(super) fn membership(role: Role) -> Membership {
    Membership { organization: FIRST, role, sites: Vec::new() }
}

pub(super) fn refused(error: PasskeyError) -> NotDone {
    NotDone::Refused(error.to_string())
}
