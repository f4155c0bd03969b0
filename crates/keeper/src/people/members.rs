//! Who belongs to an organization, and as what: changed only for the token of one who may, and never to more than they
//! are themselves.

use domain::{Membership, Object, OrganizationId, PersonId, Place, Role, Timestamp, Verb};
use sealing::Token;
use sealing::protocol::people::{Invited, Member as MemberTold, NotDone, Told};

use super::begin::member_of;
use super::registry::limits::{INVITATION_MS, INVITATIONS_MAX, VIEWER_SITES_MAX};
use super::registry::{Bearer, Kind, Member, Registry};
use super::{Hands, People, Stop};
use crate::keys::Keys;

impl People {
    /// The people of an organization.
    pub(super) fn members(
        &self,
        token: &Token,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Told, Stop> {
        self.who_may(token, Verb::See, Object::People, Place::organization(organization), now)?;
        let told = self.registry.people.iter().filter_map(|(id, person)| {
            let member = person.member_of.get(&organization)?;
            Some(MemberTold {
                person: *id,
                membership: member.membership(organization),
                disabled: member.disabled,
                second_factor: !person.second_factors().is_empty(),
                seen_at: self.registry.seen_at(*id),
            })
        });
        Ok(Told::Members(told.collect()))
    }

    /// What the whole organization requires of its people: only one who has it may require it.
    pub(super) fn require_second_factor(
        &mut self,
        token: &Token,
        organization: OrganizationId,
        required: bool,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let place = Place::organization(organization);
        let bearer = self.who_may(token, Verb::Change, Object::Organization, place, hands.now)?;
        self.must_be_confirmed(&bearer, hands)?;
        if required && !bearer.identity.second_factor {
            return Err(NotDone::Required.into());
        }
        self.change(hands, |registry| {
            let known = registry.organizations.get_mut(&organization).ok_or(NotDone::NotThere)?;
            known.second_factor = required;
            Ok(Told::Done(Vec::new()))
        })
    }

    /// Changes what somebody is in an organization.
    pub(super) fn change_member(
        &mut self,
        token: &Token,
        id: PersonId,
        membership: &Membership,
        disabled: bool,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let organization = membership.organization;
        let bearer = self.who_may_grant(token, membership, hands)?;
        let before = self.member(id, organization)?;
        if !bearer.role_in(organization).may_grant(before.role) {
            return Err(NotDone::Denied.into());
        }
        let owns_no_more = before.role == Role::Owner && (disabled || membership.role != Role::Owner);
        if owns_no_more && self.registry.owners_beside(organization, id) == 0 {
            return Err(NotDone::LastOwner.into());
        }
        let after = Member { disabled, ..member_of(membership) };
        self.change(hands, |registry| {
            let person = registry.people.get_mut(&id).ok_or(NotDone::NotThere)?;
            person.member_of.insert(organization, after);
            if disabled {
                registry.end_keys_of(id, organization, hands.now);
            }
            registry.end_resets_of(id, hands.now);
            registry.end_of_outsider(id, hands.now);
            Ok(Told::Done(Vec::new()))
        })
    }

    /// Takes somebody out of an organization, and with them the keys that they made there.
    pub(super) fn remove_member(
        &mut self,
        token: &Token,
        id: PersonId,
        organization: OrganizationId,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.signed_in(token, hands.now)?;
        let before = self.member_as_seen_by(&bearer, id, organization)?;
        self.must_be_confirmed(&bearer, hands)?;
        if bearer.identity.person != id {
            let place = Place::organization(organization);
            self.who_may(token, Verb::Remove, Object::People, place, hands.now)?;
            if !bearer.role_in(organization).may_grant(before.role) {
                return Err(NotDone::Denied.into());
            }
        }
        if before.role == Role::Owner && self.registry.owners_beside(organization, id) == 0 {
            return Err(NotDone::LastOwner.into());
        }
        self.change(hands, |registry| {
            let person = registry.people.get_mut(&id).ok_or(NotDone::NotThere)?;
            person.member_of.remove(&organization);
            registry.end_keys_of(id, organization, hands.now);
            registry.end_of_outsider(id, hands.now);
            // Whoever belongs nowhere is known no more.
            if registry.people.get(&id).is_some_and(|person| person.member_of.is_empty()) {
                registry.people.remove(&id);
                return Ok(Told::Whose(Some(id)));
            }
            Ok(Told::Whose(None))
        })
    }

    /// Invites an e-mail address.
    pub(super) fn invite(
        &mut self,
        token: &Token,
        email: &str,
        membership: Membership,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.who_may_grant(token, &membership, hands)?;
        let (organization, digest) = (membership.organization, self.digest(email));
        let known = self.registry.by_email(digest).and_then(|id| self.registry.people.get(&id));
        if known.is_some_and(|person| person.member_of.contains_key(&organization)) {
            return Err(NotDone::Taken.into());
        }
        let by = bearer.identity.person;
        self.change(hands, |registry| {
            // One that waits for the same address is replaced.
            registry.end(hands.now, |_, minted| {
                matches!(&minted.of, Kind::Invitation { email, membership, .. }
                    if *email == digest && membership.organization == organization)
            });
            registry.has_room(organization)?;
            if registry.invitations(organization).len() >= INVITATIONS_MAX {
                return Err(NotDone::TooMany.into());
            }
            let of = Kind::Invitation { email: digest, membership: membership.clone(), by };
            let (id, token) = registry.mint(of, INVITATION_MS, hands.now, hands.rng);
            let expires_at = Timestamp(hands.now.0 + INVITATION_MS);
            Ok(Told::Invitation(Invited { id, membership, by, expires_at }, Some(token)))
        })
    }

    /// Who is invited to an organization and did not come yet.
    pub(super) fn invitations_of(
        &self,
        token: &Token,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Told, Stop> {
        self.who_may(token, Verb::See, Object::People, Place::organization(organization), now)?;
        let mut invited = self.registry.invitations(organization);
        invited.retain(|one| now < one.expires_at);
        Ok(Told::Invitations(invited))
    }

    /// Takes an invitation back.
    pub(super) fn end_invitation(
        &mut self,
        token: &Token,
        organization: OrganizationId,
        id: u64,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let place = Place::organization(organization);
        let bearer = self.who_may(token, Verb::Remove, Object::People, place, hands.now)?;
        let invited = self.registry.invitations(organization).into_iter().find(|one| one.id == id);
        let invited = invited.ok_or(NotDone::NotThere)?;
        if !bearer.role_in(organization).may_grant(invited.membership.role) {
            return Err(NotDone::Denied.into());
        }
        self.change(hands, |registry| {
            registry
                .end(hands.now, |_, minted| matches!(minted.of, Kind::Invitation { .. }) && minted.id == id);
            Ok(Told::Done(vec![id]))
        })
    }

    /// Whether the bearer may make somebody this.
    fn who_may_grant(
        &self,
        token: &Token,
        membership: &Membership,
        hands: &Hands<'_>,
    ) -> Result<Bearer, Stop> {
        let organization = membership.organization;
        let place = Place::organization(organization);
        let bearer = self.who_may(token, Verb::Change, Object::People, place, hands.now)?;
        if !bearer.role_in(organization).may_grant(membership.role) {
            return Err(NotDone::Denied.into());
        }
        self.must_be_confirmed(&bearer, hands)?;
        if membership.sites.len() > VIEWER_SITES_MAX {
            return Err(NotDone::TooMany.into());
        }
        if !are_sites_of(hands.keys, membership) {
            return Err(NotDone::NotThere.into());
        }
        Ok(bearer)
    }

    pub(super) fn must_be_confirmed(&self, bearer: &Bearer, hands: &Hands<'_>) -> Result<(), NotDone> {
        if bearer.is_confirmed(hands.now) { Ok(()) } else { Err(NotDone::Confirm) }
    }

    pub(super) fn member(&self, id: PersonId, organization: OrganizationId) -> Result<&Member, NotDone> {
        let person = self.registry.people.get(&id).ok_or(NotDone::NotThere)?;
        person.member_of.get(&organization).ok_or(NotDone::NotThere)
    }

    /// To whom an organization is not there, its people are not.
    fn member_as_seen_by(
        &self,
        bearer: &Bearer,
        id: PersonId,
        organization: OrganizationId,
    ) -> Result<Member, NotDone> {
        bearer.identity.membership(organization).ok_or(NotDone::NotThere)?;
        self.member(id, organization).cloned()
    }
}

/// Whether a site viewer is named sites of the organization, and whoever sees all of them none.
fn are_sites_of(keys: &Keys, membership: &Membership) -> bool {
    let named = (membership.role == Role::SiteViewer) != membership.sites.is_empty();
    let theirs = |site: &domain::SiteId| keys.organization_of(*site) == Some(membership.organization);
    named && membership.sites.iter().all(theirs)
}

impl Bearer {
    /// What they are there; one who is nothing there, or to whom it is closed, may nothing.
    pub(super) fn role_in(&self, organization: OrganizationId) -> Role {
        let open = !self.identity.lacks_second_factor(organization);
        let membership = self.identity.membership(organization).filter(|_| open);
        membership.map_or(Role::SiteViewer, |membership| membership.role)
    }
}

impl Registry {
    fn invitations(&self, organization: OrganizationId) -> Vec<Invited> {
        let waiting = self.tokens.values().filter_map(|minted| match &minted.of {
            Kind::Invitation { membership, by, .. } if membership.organization == organization => {
                Some(Invited {
                    id: minted.id,
                    membership: membership.clone(),
                    by: *by,
                    expires_at: minted.until,
                })
            }
            _ => None,
        });
        waiting.collect()
    }

    /// When somebody last asked for anything.
    fn seen_at(&self, id: PersonId) -> Option<Timestamp> {
        let seen = self.tokens.values().filter_map(|minted| match &minted.of {
            Kind::SignIn(sign_in) if sign_in.person == id => Some(sign_in.seen_at),
            _ => None,
        });
        seen.max()
    }
}
