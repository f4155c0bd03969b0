//! Organizations, as far as operators have to do with them: they add one, let its first owner in, close it and remove it.
//! Nothing here lets an operator see anything of one.

use domain::{Membership, OrganizationId, PersonId, Role, SiteId, Timestamp};
use sealing::protocol::operators::{Badge, OrganizationTold, Outcome, Told};
use sealing::protocol::people::NotDone;

use super::super::registry::limits::{INVITATION_MS, ORGANIZATIONS_MAX};
use super::super::registry::{Kind, Organization, Registry};
use super::super::{Hands, People, Stop};

/// By whom an invitation is that no person made.
pub(in crate::people) const BY_OPERATOR: PersonId = PersonId(0);

impl People {
    /// All organizations.
    pub(super) fn organizations_told(&self, hands: &Hands<'_>) -> Vec<OrganizationTold> {
        let told = |(id, organization): (&OrganizationId, &Organization)| OrganizationTold {
            id: *id,
            disabled: organization.disabled,
            people: self.registry.members_of(*id) as u32,
            sites: sites_of(*id, hands),
        };
        self.registry.organizations.iter().map(told).collect()
    }

    /// Adds an organization, with a key of its own and a number that no other ever had.
    pub(super) fn begin_organization(&mut self, _: &Badge, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        if self.registry.organizations.len() >= ORGANIZATIONS_MAX {
            return Err(NotDone::TooMany.into());
        }
        let of_keys = hands.keys.organizations().into_iter().map(|id| id.0).max().unwrap_or(0);
        let of_people = self.registry.organizations.keys().next_back().map_or(0, |id| id.0);
        let last = self.registry.operators.last_organization.max(of_keys).max(of_people);
        let id = OrganizationId(last.max(OrganizationId::FIRST.0) + 1);
        hands.keys.make_organization(id, hands.rng)?;
        self.change(hands, |registry| {
            registry.operators.last_organization = id.0;
            registry.organizations.insert(id, Organization::default());
            Ok(Told::Organization(id))
        })
    }

    /// Invites the first owner of an organization. Where anybody belongs to it already or there is anything to see, its
    /// own people do that: an operator must not let anybody in, themselves least of all.
    pub(super) fn invite_owner(
        &mut self,
        _: &Badge,
        organization: OrganizationId,
        email: &str,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        if !self.registry.organizations.contains_key(&organization) {
            return Err(NotDone::NotThere.into());
        }
        if self.registry.members_of(organization) > 0 || !sites_of(organization, hands).is_empty() {
            return Err(NotDone::Denied.into());
        }
        let digest = self.digest(email);
        self.change(hands, |registry| {
            // One at a time: whoever was invited by mistake before comes too late.
            registry.end(hands.now, |_, minted| {
                matches!(&minted.of, Kind::Invitation { membership, .. } if membership.organization == organization)
            });
            let membership = Membership { organization, role: Role::Owner, sites: Vec::new() };
            let of = Kind::Invitation { email: digest, membership, by: BY_OPERATOR };
            let (id, token) = registry.mint(of, INVITATION_MS, hands.now, hands.rng);
            Ok(Told::Invited(id, token, Timestamp(hands.now.0 + INVITATION_MS)))
        })
    }

    /// Opens an organization again.
    pub(super) fn enable(&mut self, _: &Badge, id: OrganizationId, hands: &Hands<'_>) -> Result<Told, Stop> {
        self.change(hands, |registry| {
            registry.organizations.get_mut(&id).ok_or(NotDone::NotThere)?.disabled = false;
            Ok(Told::Plain)
        })
    }

    /// Closes an organization to everybody. Nothing is lost.
    pub(super) fn disable(&mut self, id: OrganizationId, hands: &Hands<'_>) -> Result<Outcome, Stop> {
        self.change(hands, |registry| {
            registry.organizations.get_mut(&id).ok_or(NotDone::NotThere)?.disabled = true;
            registry.operators.end_grants(hands.now, |grant| grant.organization == id);
            Ok(Outcome::Disabled(id))
        })
    }

    /// Removes an organization: its key and those of its sites are destroyed, and whoever belongs nowhere else is known no more.
    pub(super) fn remove_organization(
        &mut self,
        id: OrganizationId,
        hands: &mut Hands<'_>,
    ) -> Result<Outcome, Stop> {
        let sites = sites_of(id, hands);
        for site in &sites {
            hands.keys.destroy(*site, hands.now, hands.rng)?;
        }
        hands.keys.destroy_organization(id, hands.rng)?;
        let last = self.registry.operators.last_organization.max(id.0);
        self.change(hands, |registry| {
            registry.organizations.remove(&id).ok_or(NotDone::NotThere)?;
            registry.ended.remove(&id);
            registry.operators.last_organization = last;
            registry.operators.end_grants(hands.now, |grant| grant.organization == id);
            registry.end(hands.now, |_, minted| match &minted.of {
                Kind::Key(key) => key.organization == id,
                Kind::Invitation { membership, .. } => membership.organization == id,
                _ => false,
            });
            let members: Vec<PersonId> = registry
                .people
                .iter_mut()
                .filter_map(|(person, known)| known.member_of.remove(&id).map(|_| *person))
                .collect();
            let mut gone = Vec::new();
            for person in members {
                registry.end_resets_of(person, hands.now);
                registry.end_of_outsider(person, hands.now);
                if registry.people.get(&person).is_some_and(|known| known.member_of.is_empty()) {
                    registry.people.remove(&person);
                    gone.push(person);
                }
            }
            Ok(Outcome::Removed(id, sites, gone))
        })
    }
}

impl Registry {
    /// How many people belong to an organization.
    pub(in crate::people) fn members_of(&self, organization: OrganizationId) -> usize {
        self.people.values().filter(|person| person.member_of.contains_key(&organization)).count()
    }
}

pub(super) fn sites_of(organization: OrganizationId, hands: &Hands<'_>) -> Vec<SiteId> {
    hands.keys.sites().filter(|(of, _)| *of == organization).map(|(_, site)| site).collect()
}
