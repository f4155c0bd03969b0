//! The beginning: the one setup token of a fresh server, the first owner, and whoever accepts an invitation.

use std::collections::BTreeMap;

use domain::{Membership, OrganizationId, PersonId, Rng, Role, Timestamp};
use sealing::protocol::people::{Credential, Device, Invited, NotDone, Told};
use sealing::{SecretText, Token, TokenHash};

use super::operators::BY_OPERATOR;
use super::registry::limits::MEMBERS_MAX;
use super::registry::{Digest, Kind, Member, Minted, Organization, Passkey, Person, Registry};
use super::{Hands, People, Stop};
use crate::proofs::password::Verifier;
use crate::proofs::recovery::RecoveryCodes;

/// By what a new person signs in.
pub(super) enum Shown {
    Password(Verifier),
    Passkey(Box<Passkey>),
}

impl People {
    /// The token of the first setup, while nobody owns anything.
    pub(super) fn setup_token(&mut self, held: Option<Token>, hands: &Hands<'_>) -> Result<Told, Stop> {
        if !self.registry.people.is_empty() {
            return Ok(Told::Setup(None));
        }
        let is_setup = |registry: &Registry, token: &Token| {
            registry.tokens.get(&token.hash()).is_some_and(|minted| matches!(minted.of, Kind::Setup))
        };
        if let Some(held) = held.filter(|held| is_setup(&self.registry, held)) {
            return Ok(Told::Setup(Some(held)));
        }
        let token = Token::random(hands.rng);
        let until = Timestamp(i64::MAX);
        self.change(hands, |registry| {
            registry.tokens.retain(|_, minted| !matches!(minted.of, Kind::Setup));
            let minted = Minted { id: hands.rng.next_u128() as u64, at: hands.now, until, of: Kind::Setup };
            registry.tokens.insert(token.hash(), minted);
            Ok(())
        })?;
        Ok(Told::Setup(Some(token)))
    }

    /// Makes the first owner and their organization, by the setup token, which is good no more.
    pub(super) fn set_up(
        &mut self,
        token: &Token,
        email: &str,
        credential: Credential,
        device: Device,
        hands: &mut Hands<'_>,
    ) -> Result<Told, Stop> {
        if !self.can_set_up(token) {
            return Err(NotDone::Unknown.into());
        }
        let digest = self.digest(email);
        let (id, shown) = self.first_credential(credential, (token.hash(), digest), hands)?;
        let organization = OrganizationId::FIRST;
        let (codes, kept) = recovery_codes(hands.rng);
        let second_factor = matches!(shown, Shown::Passkey(_));
        let sign_in = self.change(hands, |registry| {
            registry.tokens.remove(&token.hash());
            registry.organizations.insert(organization, Organization::default());
            let owner = Member { role: Role::Owner, sites: Vec::new(), disabled: false };
            let mut person = new_person(digest, shown, organization, owner);
            person.recovery_codes = kept;
            registry.people.insert(id, person);
            Ok(registry.sign_in(id, second_factor, device, hands.now, hands.rng))
        })?;
        Ok(Told::Begun(sign_in, id, organization, codes))
    }

    /// Whether this is the token of the first setup, and nobody owns anything.
    pub(super) fn can_set_up(&self, token: &Token) -> bool {
        let minted = self.registry.tokens.get(&token.hash());
        minted.is_some_and(|minted| matches!(minted.of, Kind::Setup)) && self.registry.people.is_empty()
    }

    /// To what an invitation is.
    pub(super) fn look_at_invitation(&self, token: &Token, now: Timestamp) -> Result<Told, Stop> {
        let (_, invited) = self.invitation(token, now)?;
        Ok(Told::Invitation(invited, None))
    }

    /// Accepts an invitation as a new person, who must be the one who was invited. Whoever begins with a passkey is given codes
    /// to be kept, since passkeys can be lost.
    pub(super) fn accept(
        &mut self,
        token: &Token,
        email: &str,
        credential: Credential,
        device: Device,
        hands: &mut Hands<'_>,
    ) -> Result<Told, Stop> {
        let (invited_as, invited) = self.invitation(token, hands.now)?;
        let digest = self.digest(email);
        if digest != invited_as {
            return Err(NotDone::Unknown.into());
        }
        if self.registry.by_email(digest).is_some() {
            return Err(NotDone::Taken.into());
        }
        let (id, shown) = self.first_credential(credential, (token.hash(), digest), hands)?;
        let organization = invited.membership.organization;
        let second_factor = matches!(shown, Shown::Passkey(_));
        let (codes, kept) = if second_factor { recovery_codes(hands.rng) } else { Default::default() };
        let sign_in = self.change(hands, |registry| {
            registry.tokens.remove(&token.hash());
            registry.has_room(organization)?;
            let member = member_of(&invited.membership);
            let mut person = new_person(digest, shown, organization, member);
            person.recovery_codes = kept;
            registry.people.insert(id, person);
            Ok(registry.sign_in(id, second_factor, device, hands.now, hands.rng))
        })?;
        Ok(Told::Begun(sign_in, id, organization, codes))
    }

    /// Accepts an invitation as somebody who is signed in, who must be the one who was invited, too.
    pub(super) fn accept_as(
        &mut self,
        token: &Token,
        bearer: &Token,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let (invited_as, invited) = self.invitation(token, hands.now)?;
        let bearer = self.signed_in(bearer, hands.now)?;
        if self.registry.people.get(&bearer.identity.person).is_none_or(|person| person.email != invited_as) {
            return Err(NotDone::Denied.into());
        }
        let organization = invited.membership.organization;
        self.change(hands, |registry| {
            registry.tokens.remove(&token.hash());
            registry.has_room(organization)?;
            let person = registry.people.get_mut(&bearer.identity.person).ok_or(NotDone::Unknown)?;
            if person.member_of.contains_key(&organization) {
                return Err(NotDone::Taken.into());
            }
            person.member_of.insert(organization, member_of(&invited.membership));
            registry.end_resets_of(bearer.identity.person, hands.now);
            Ok(())
        })?;
        Ok(Told::Invitation(invited, None))
    }

    /// An invitation that is good: for as long as whoever made it could make it again.
    pub(super) fn invitation(&self, token: &Token, now: Timestamp) -> Result<(Digest, Invited), NotDone> {
        let minted = self.registry.tokens.get(&token.hash()).filter(|minted| minted.is_good(now));
        match minted.map(|minted| (minted, &minted.of)) {
            Some((minted, Kind::Invitation { email, membership, by })) => {
                if !self.may_still_invite(*by, membership) {
                    return Err(NotDone::Unknown);
                }
                let membership = membership.clone();
                Ok((*email, Invited { id: minted.id, membership, by: *by, expires_at: minted.until }))
            }
            _ => Err(NotDone::Unknown),
        }
    }

    fn may_still_invite(&self, by: PersonId, membership: &Membership) -> bool {
        if by == BY_OPERATOR {
            return self.registry.members_of(membership.organization) == 0;
        }
        let inviter = self.member(by, membership.organization);
        inviter.is_ok_and(|inviter| !inviter.disabled && inviter.role.may_grant(membership.role))
    }

    /// What a new person signs in by, and who they will be: by this token, as this e-mail address.
    fn first_credential(
        &mut self,
        credential: Credential,
        by: (TokenHash, Digest),
        hands: &Hands<'_>,
    ) -> Result<(PersonId, Shown), NotDone> {
        match credential {
            Credential::Password(ticket) => {
                let verifier = self.tickets.take_password(ticket, hands.now)?;
                Ok((PersonId(hands.rng.next_u128() as u64), Shown::Password(verifier)))
            }
            Credential::Passkey(ticket, credential) => self.first_passkey(ticket, &credential, by, hands),
        }
    }
}

impl Registry {
    /// Whether one more can belong to an organization.
    pub(super) fn has_room(&self, organization: OrganizationId) -> Result<(), NotDone> {
        let members = self.people.values().filter(|person| person.member_of.contains_key(&organization));
        if members.count() < MEMBERS_MAX { Ok(()) } else { Err(NotDone::TooMany) }
    }
}

pub(super) fn member_of(membership: &Membership) -> Member {
    Member { role: membership.role, sites: membership.sites.clone(), disabled: false }
}

fn new_person(email: Digest, shown: Shown, organization: OrganizationId, member: Member) -> Person {
    let (password, passkeys) = match shown {
        Shown::Password(verifier) => (Some(verifier), Vec::new()),
        Shown::Passkey(passkey) => (None, vec![*passkey]),
    };
    Person {
        email,
        password,
        totp: None,
        passkeys,
        recovery_codes: RecoveryCodes::default(),
        member_of: BTreeMap::from([(organization, member)]),
        closed_until: None,
    }
}

/// Fresh codes to be kept, and what is kept of them here.
pub(super) fn recovery_codes(rng: &dyn Rng) -> (Vec<SecretText>, RecoveryCodes) {
    let (codes, kept) = RecoveryCodes::random(rng);
    (codes.iter().map(|code| SecretText::new(code.text().to_owned())).collect(), kept)
}
