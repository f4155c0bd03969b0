//! Choosing another password by a link: mailed, handed on by an owner or admin, or from the shell when every owner is
//! locked out. None of the first two lets go of a second factor.

use domain::{Object, OrganizationId, PersonId, Place, Role, Timestamp, Verb};
use sealing::Token;
use sealing::protocol::people::{NotDone, Ticket, Told};

use super::registry::limits::{BREAK_GLASS_CLOSED_MS, BREAK_GLASS_MS, RESET_LINK_MS, RESET_MS};
use super::registry::{Kind, Person};
use super::{Hands, People, Stop};
use crate::BREAK_GLASS_WISH;
use crate::proofs::recovery::RecoveryCodes;

impl People {
    /// A link for somebody, to be handed on by one who outranks them wherever they belong.
    pub(super) fn reset_link(
        &mut self,
        token: &Token,
        organization: OrganizationId,
        id: PersonId,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let place = Place::organization(organization);
        let bearer = self.who_may(token, Verb::Change, Object::People, place, hands.now)?;
        self.must_be_confirmed(&bearer, hands)?;
        self.member(id, organization)?;
        let person = self.registry.people.get(&id).ok_or(NotDone::NotThere)?;
        // Whoever chooses somebody's password could sign in as them, everywhere.
        let outranks = |(organization, member): (&OrganizationId, &super::registry::Member)| {
            bearer.role_in(*organization).may_grant(member.role)
        };
        if !person.member_of.iter().all(outranks) {
            return Err(NotDone::Denied.into());
        }
        self.link(Kind::Reset { person: id, whole: false }, RESET_LINK_MS, hands)
    }

    /// Whom an e-mail address is of.
    pub(super) fn reset_wanted(&self, email: &str) -> Told {
        let known = self.registry.by_email(self.digest(email));
        Told::Whose(known.filter(|id| self.registry.is_let_in(*id)))
    }

    /// The token for the mail to somebody, which goes to their own address alone.
    pub(super) fn reset_token(&mut self, id: PersonId, email: &str, hands: &Hands<'_>) -> Result<Told, Stop> {
        if self.registry.by_email(self.digest(email)) != Some(id) {
            return Err(NotDone::Unknown.into());
        }
        self.link(Kind::Reset { person: id, whole: false }, RESET_MS, hands)
    }

    /// Chooses another password by such a token, which ends every sign-in of the person.
    pub(super) fn reset(&mut self, token: &Token, chosen: Ticket, hands: &Hands<'_>) -> Result<Told, Stop> {
        let minted = self.registry.tokens.get(&token.hash()).filter(|minted| minted.is_good(hands.now));
        let Some(&Kind::Reset { person: id, whole }) = minted.map(|minted| &minted.of) else {
            return Err(NotDone::Unknown.into());
        };
        let verifier = self.tickets.take_password(chosen, hands.now)?;
        self.tickets.forget(id);
        self.change(hands, |registry| {
            let person = registry.people.get_mut(&id).ok_or(NotDone::Unknown)?;
            person.password = Some(verifier);
            if whole {
                person.totp = None;
                person.passkeys.clear();
                person.recovery_codes = RecoveryCodes::default();
                person.closed_until = Some(Timestamp(hands.now.0 + BREAK_GLASS_CLOSED_MS));
            }
            registry.end(hands.now, |_, minted| {
                let ends = matches!(minted.of, Kind::SignIn(_) | Kind::Reset { .. } | Kind::Once { .. });
                ends && minted.of.person() == Some(id)
            });
            Ok(Told::Whose(Some(id)))
        })
    }

    /// A token for an owner who is locked out. Used, it lets go of their second factors, and nothing is opened for them
    /// for a day: long enough for every other owner to have seen it.
    ///
    /// It is done only where the shell asked for it, too, by a file in the folder for keys, which no other process can
    /// write: one that was taken over could let in itself.
    pub(super) fn break_glass(&mut self, email: &str, hands: &Hands<'_>) -> Result<Told, Stop> {
        let wanted = self.saved.take_wish(BREAK_GLASS_WISH)?;
        if wanted.is_none_or(|wanted| self.digest(&wanted) != self.digest(email)) {
            return Err(NotDone::Denied.into());
        }
        let id = self.registry.by_email(self.digest(email)).ok_or(NotDone::NotThere)?;
        let memberships = self.registry.people.get(&id).map(Person::memberships).unwrap_or_default();
        if !memberships.iter().any(|membership| membership.role == Role::Owner) {
            return Err(NotDone::Denied.into());
        }
        self.link(Kind::Reset { person: id, whole: true }, BREAK_GLASS_MS, hands)
    }

    /// Mints the token of a link; one before of the same person is good no more.
    fn link(&mut self, of: Kind, good_for: i64, hands: &Hands<'_>) -> Result<Told, Stop> {
        let person = of.person();
        self.change(hands, |registry| {
            registry.end(hands.now, |_, minted| {
                matches!(minted.of, Kind::Reset { .. }) && minted.of.person() == person
            });
            Ok(Told::Link(registry.mint(of, good_for, hands.now, hands.rng).1))
        })
    }
}
