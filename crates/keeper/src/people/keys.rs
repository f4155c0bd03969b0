//! API keys, and the sites that have keys of their own: each for the token of one who may.

use domain::{Object, OrganizationId, Place, Scope, SiteId, Timestamp, Verb};
use sealing::Token;
use sealing::protocol::people::{ApiKey, NotDone, Told};

use super::registry::limits::KEYS_MAX;
use super::registry::{Key, Kind, Registry};
use super::{Hands, People, Stop};

/// What is asked for when an API key is made.
pub(super) struct Wanted {
    pub(super) organization: OrganizationId,
    pub(super) site: Option<SiteId>,
    pub(super) scopes: Vec<Scope>,
    pub(super) until: Option<Timestamp>,
}

impl People {
    /// Makes an API key, which may no more than its maker.
    pub(super) fn make_key(
        &mut self,
        token: &Token,
        wanted: Wanted,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let Wanted { organization, site, mut scopes, until } = wanted;
        scopes.sort_unstable();
        scopes.dedup();
        let place = Place::organization(organization);
        let bearer = self.who_may(token, Verb::Add, Object::Keys, place, hands.now)?;
        self.must_be_confirmed(&bearer, hands)?;
        if site.is_some_and(|site| hands.keys.organization_of(site) != Some(organization)) {
            return Err(NotDone::NotThere.into());
        }
        let at = site.map_or(place, |site| Place::site(organization, site));
        let may = |scope: &Scope| match scope {
            Scope::Read => bearer.identity.may(Verb::See, Object::Events, at),
            Scope::Write => bearer.identity.may(Verb::Add, Object::Events, at),
            Scope::Manage => bearer.identity.may(Verb::Change, Object::Site, at),
            Scope::Export => bearer.identity.may(Verb::Export, Object::Events, at),
            Scope::Audit => site.is_none() && bearer.identity.may(Verb::See, Object::AuditLog, at),
        };
        if scopes.is_empty() || !scopes.iter().all(may) {
            return Err(NotDone::Denied.into());
        }
        let by = bearer.identity.person;
        self.change(hands, |registry| {
            registry.end(hands.now, |_, _| false);
            if registry.keys(organization).len() >= KEYS_MAX {
                return Err(NotDone::TooMany.into());
            }
            let of = Kind::Key(Key { by, organization, site, scopes, seen_at: None });
            let good_for = until.map_or(i64::MAX, |until| until.0.saturating_sub(hands.now.0));
            let (id, key) = registry.mint(of, good_for, hands.now, hands.rng);
            Ok(Told::Key(id, key))
        })
    }

    /// The API keys of an organization.
    pub(super) fn keys_of(
        &self,
        token: &Token,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Told, Stop> {
        self.who_may(token, Verb::See, Object::Keys, Place::organization(organization), now)?;
        Ok(Told::Keys(self.registry.keys(organization)))
    }

    /// Ends an API key.
    pub(super) fn end_key(
        &mut self,
        token: &Token,
        organization: OrganizationId,
        id: u64,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        self.who_may(token, Verb::Remove, Object::Keys, Place::organization(organization), hands.now)?;
        if !self.registry.keys(organization).iter().any(|key| key.id == id) {
            return Err(NotDone::NotThere.into());
        }
        self.change(hands, |registry| {
            registry.end(hands.now, |_, minted| matches!(minted.of, Kind::Key(_)) && minted.id == id);
            Ok(Told::Done(vec![id]))
        })
    }

    /// Makes keys for a new site of an organization.
    pub(super) fn add_site(
        &self,
        token: &Token,
        organization: OrganizationId,
        site: SiteId,
        hands: &mut Hands<'_>,
    ) -> Result<Told, Stop> {
        self.who_may(token, Verb::Add, Object::Site, Place::organization(organization), hands.now)?;
        match hands.keys.organization_of(site) {
            None => hands.keys.make(organization, site, hands.rng)?,
            Some(owner) if owner == organization => {}
            Some(_) => return Err(NotDone::NotThere.into()),
        }
        Ok(Told::Done(Vec::new()))
    }

    /// Destroys the keys of a site. Again it is done: whoever asked may not have heard so, and finishes what is theirs.
    pub(super) fn remove_site(
        &mut self,
        token: &Token,
        site: SiteId,
        hands: &mut Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.bearer(token, hands.now)?;
        if hands.keys.is_destroyed(site) {
            return Ok(Told::Done(Vec::new()));
        }
        let organization = hands.keys.organization_of(site).ok_or(NotDone::NotThere)?;
        let place = Place::site(organization, site);
        self.who_may(token, Verb::Remove, Object::Site, place, hands.now)?;
        if bearer.signed_in {
            self.must_be_confirmed(&bearer, hands)?;
        }
        hands.keys.destroy(site, hands.now, hands.rng)?;
        Ok(Told::Done(Vec::new()))
    }

    /// Which sites somebody who is signed in, or a key, may see now.
    pub(super) fn sites_seen(&self, hands: &Hands<'_>) -> Told {
        let sites = hands.keys.sites();
        let tokens = &self.registry.tokens;
        let bearers: Vec<_> =
            tokens.keys().filter_map(|hash| self.registry.bearer(*hash, hands.now)).collect();
        let seen = |(organization, site): &(OrganizationId, SiteId)| {
            let place = Place::site(*organization, *site);
            let sees = |verb| bearers.iter().any(|bearer| bearer.identity.may(verb, Object::Events, place));
            sees(Verb::See) || sees(Verb::Export)
        };
        let granted = self.sites_granted(hands.now);
        let seen = |one: &(OrganizationId, SiteId)| seen(one) || granted.contains(&one.1);
        Told::Sites(sites.filter(seen).map(|(_, site)| site).collect())
    }
}

impl Registry {
    fn keys(&self, organization: OrganizationId) -> Vec<ApiKey> {
        let keys = self.tokens.values().filter_map(|minted| match &minted.of {
            Kind::Key(key) if key.organization == organization => Some(ApiKey {
                id: minted.id,
                by: key.by,
                site: key.site,
                scopes: key.scopes.clone(),
                created_at: minted.at,
                expires_at: (minted.until.0 != i64::MAX).then_some(minted.until),
                seen_at: key.seen_at,
            }),
            _ => None,
        });
        keys.collect()
    }
}
