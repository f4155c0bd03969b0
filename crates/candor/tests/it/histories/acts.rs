//! What people do to each other: each act is asked for, and where the model says that it is done, done in the model, too.

use domain::Scope;

use super::model::{Wish, outranks};
use super::*;
use crate::house::cookie_of;

/// Sign-ins of one person, and keys of everybody, of which no more are made.
const SIGN_INS_MAX: usize = 6;
const KEYS_MAX: usize = 24;
/// Links that are none which a network may open before it is made to wait.
const WRONG_LINKS_MAX: usize = 20;

fn text_at(reply: &Value, field: &str) -> String {
    reply[field].as_str().unwrap_or_else(|| panic!("no {field} in {reply}")).to_owned()
}

/// What stands behind the fragment of an address.
fn token_in(reply: &Value) -> String {
    let url = text_at(reply, "url");
    let (_, fragment) = url.split_once('#').expect("a fragment");
    fragment.trim_start_matches("one-time=").to_owned()
}

impl History {
    pub(super) fn act(&mut self) -> Agreed<()> {
        match self.below(100) {
            0..20 => self.invite(),
            20..38 => self.accept(),
            38..40 => self.take_back(),
            40..54 => self.change_member(),
            54..59 => self.remove_member(),
            59..69 => self.make_key(),
            69..72 => self.end_key(),
            72..84 => self.sign_in(),
            84..88 => self.sign_out(),
            88..94 => self.add_some_site(),
            94..97 => self.remove_site(),
            _ => self.make_reset_link(),
        }
    }

    /// The same, counted where it is done.
    fn do_it(
        &mut self,
        shown: usize,
        expected: u16,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Agreed<Option<Value>> {
        let reply = self.ask(shown, expected, method, path, body)?;
        self.acts += usize::from(reply.is_some());
        Ok(reply.map(|reply| if reply.body.is_empty() { Value::Null } else { reply.json() }))
    }

    /// A role, and the sites that go with it.
    fn membership(&mut self, organization: u32) -> (Role, Vec<usize>) {
        let there = self.model.sites.iter().filter(|(_, (_, of))| *of == organization);
        let there: Vec<usize> = there.map(|(number, _)| *number).collect();
        match self.one_of(&[Role::Owner, Role::Admin, Role::OrganizationViewer, Role::SiteViewer]) {
            Role::SiteViewer if there.is_empty() => (Role::Admin, Vec::new()),
            Role::SiteViewer => {
                let sites = (0..=self.below(2)).map(|_| self.one_of(&there)).collect();
                (Role::SiteViewer, sites)
            }
            role => (role, Vec::new()),
        }
    }

    fn body_of(&self, organization: u32, role: Role, sites: &[usize]) -> Value {
        let mut body = json!({ "organization": organization, "role": role.as_str() });
        if role == Role::SiteViewer {
            let domains = sites.iter().map(|site| domain_at(self.model.sites[site].0));
            body["sites"] = domains.collect();
        }
        body
    }

    fn invite(&mut self) -> Agreed<()> {
        let (organization, whom) = (self.one_of(&ORGANIZATIONS), self.below(PEOPLE));
        let (shown, (role, sites)) = (self.shown_by_manager(organization), self.membership(organization));
        let expected = match self.model.answer(shown, Wish::People, organization, None) {
            200 if !self.model.grants(shown, organization, role) => 403,
            200 if self.model.members.contains_key(&(whom, organization)) => 409,
            answer => answer,
        };
        let mut body = self.body_of(organization, role, &sites);
        body["email"] = json!(address(whom));
        let Some(made) = self.do_it(shown, expected, "POST", "/api/invitations", &body)? else {
            return Ok(());
        };
        let replaced = |one: &&mut Invitation| one.whom == whom && one.organization == organization;
        self.invitations.iter_mut().filter(replaced).for_each(|one| one.waits = false);
        let (id, token, by) = (text_at(&made, "id"), token_in(&made), self.model.bearers[&shown].who);
        self.invitations.push(Invitation { id, token, whom, by, organization, role, sites, waits: true });
        Ok(())
    }

    /// One of the last invitations, mostly one that waits.
    fn some_invitation(&mut self) -> Option<usize> {
        let (last, all) = (self.below(6) == 0, 0..self.invitations.len());
        let some: Vec<usize> = all.rev().filter(|one| last || self.invitations[*one].waits).take(8).collect();
        (!some.is_empty()).then(|| self.one_of(&some))
    }

    /// Accepts as who is signed in, mostly as whom it was made for; with a password only where nobody has the address, as
    /// that takes the server long.
    fn accept(&mut self) -> Agreed<()> {
        let Some(number) = self.some_invitation() else { return Ok(()) };
        let one = &self.invitations[number];
        let (whom, organization, mut body) = (one.whom, one.organization, json!({ "token": one.token }));
        let inviter = self.model.open(one.by, organization);
        let good = one.waits && inviter.is_some_and(|by| outranks(by.role, one.role));
        // Whoever opens more links that are none is made to wait, and this goes on at once.
        if !good && self.wrong_links >= WRONG_LINKS_MAX {
            return Ok(());
        }
        let member = Member { role: one.role, sites: one.sites.clone(), disabled: false };
        let known = self.model.members.keys().any(|(one, _)| *one == whom);
        let shown = match self.sign_in_of(whom) {
            _ if !known => NOTHING,
            Some(shown) if self.below(4) > 0 => shown,
            _ => self.any_shown(),
        };
        if !known {
            body["password"] = json!(PASSWORD);
        }
        let expected = match self.model.bearers.get(&shown) {
            _ if !good => 410,
            None if !known => 200,
            None => 400,
            Some(bearer) if bearer.key.is_some() || bearer.who != whom => 403,
            Some(_) if self.model.members.contains_key(&(whom, organization)) => 409,
            Some(_) => 200,
        };
        self.wrong_links += usize::from(!good);
        let Some(accepted) = self.ask(shown, expected, "POST", "/api/invitations/accept", &body)? else {
            return Ok(());
        };
        self.acts += 1;
        self.invitations[number].waits = false;
        self.model.members.insert((whom, organization), member);
        if !known {
            self.ids[whom] = Some(text_at(&accepted.json()["person"], "id"));
            self.now_shows(whom, None, Shown::Cookie(cookie_of(&accepted)));
        }
        Ok(())
    }

    fn take_back(&mut self) -> Agreed<()> {
        let Some(number) = self.some_invitation().filter(|one| self.invitations[*one].waits) else {
            return Ok(());
        };
        let one = &self.invitations[number];
        let (organization, role, path) = (one.organization, one.role, format!("/api/invitations/{}", one.id));
        let shown = self.shown_by_manager(organization);
        let expected = match self.model.answer(shown, Wish::People, organization, None) {
            200 if !self.model.grants(shown, organization, role) => 403,
            answer => answer,
        };
        if self.do_it(shown, expected, "DELETE", &path, &Value::Null)?.is_some() {
            self.invitations[number].waits = false;
        }
        Ok(())
    }

    /// Gives somebody another role or other sites, disables or enables them.
    fn change_member(&mut self) -> Agreed<()> {
        let (organization, whom, disabled) =
            (self.one_of(&ORGANIZATIONS), self.below(PEOPLE), self.below(4) == 0);
        let (shown, (role, sites)) = (self.shown_by_manager(organization), self.membership(organization));
        let Some(path) = self.ids[whom].as_ref().map(|id| format!("/api/people/{id}")) else { return Ok(()) };
        let before = self.model.members.get(&(whom, organization)).map(|member| member.role);
        let last = || before == Some(Role::Owner) && self.model.is_last_owner(whom, organization);
        let grants = |role| self.model.grants(shown, organization, role);
        let expected = match (self.model.answer(shown, Wish::People, organization, None), before) {
            (200, None) => 404,
            (200, Some(before)) if !grants(role) || !grants(before) => 403,
            (200, _) if (disabled || role != Role::Owner) && last() => 409,
            (answer, _) => answer,
        };
        let mut body = self.body_of(organization, role, &sites);
        body["disabled"] = json!(disabled);
        if self.do_it(shown, expected, "PATCH", &path, &body)?.is_some() {
            self.model.members.insert((whom, organization), Member { role, sites, disabled });
            self.model.end_what_is_left(whom, organization);
        }
        Ok(())
    }

    /// Takes somebody out of an organization; whoever goes themselves needs no right to.
    fn remove_member(&mut self) -> Agreed<()> {
        let (organization, whom) = (self.one_of(&ORGANIZATIONS), self.below(PEOPLE));
        let shown = self.shown_by_manager(organization);
        let Some(id) = &self.ids[whom] else { return Ok(()) };
        let path = format!("/api/people/{id}?organization={organization}");
        let before = self.model.members.get(&(whom, organization)).map(|member| member.role);
        let of_oneself = |bearer: &Bearer| bearer.who == whom && bearer.key.is_none();
        let leaves = self.model.bearers.get(&shown).is_some_and(of_oneself)
            && self.model.open(whom, organization).is_some();
        let answer = if leaves { 200 } else { self.model.answer(shown, Wish::People, organization, None) };
        let expected = match (answer, before) {
            (200, None) => 404,
            (200, Some(before)) if !leaves && !self.model.grants(shown, organization, before) => 403,
            (200, Some(Role::Owner)) if self.model.is_last_owner(whom, organization) => 409,
            (answer, _) => answer,
        };
        if self.do_it(shown, expected, "DELETE", &path, &Value::Null)?.is_some() {
            self.model.members.remove(&(whom, organization));
            self.model.end_what_is_left(whom, organization);
            if !self.model.members.keys().any(|(one, _)| *one == whom) {
                // Whoever comes back under the same address is somebody else, who invited nobody.
                self.invitations.iter_mut().filter(|one| one.by == whom).for_each(|one| one.waits = false);
            }
        }
        Ok(())
    }

    fn make_key(&mut self) -> Agreed<()> {
        if self.model.bearers.values().filter(|one| one.key.is_some()).count() >= KEYS_MAX {
            return self.end_key();
        }
        let organization = self.one_of(&ORGANIZATIONS);
        let shown = self.shown_by_manager(organization);
        let at = (self.below(2) == 0).then(|| self.below(DOMAINS));
        let scopes: Vec<Scope> = (0..=self.below(3)).map(|_| self.one_of(&Scope::ALL)).collect();
        let site = at.and_then(|at| self.model.site_at(at));
        let organization = site.map_or(organization, |(_, of)| of);
        let seen = at.map_or(200, |at| self.model.answer_at(shown, Wish::SeeSite, at));
        let owns = self.model.grants(shown, organization, Role::Owner);
        let may = |scope: &Scope| match scope {
            Scope::Read | Scope::Write | Scope::Manage => true,
            Scope::Export => owns,
            Scope::Audit => at.is_none(),
        };
        let expected = match self.model.answer(shown, Wish::Keys, organization, None) {
            _ if seen != 200 => seen,
            200 if !scopes.iter().all(may) => 403,
            answer => answer,
        };
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let mut body = json!({ "organization": organization, "scopes": words });
        if let Some(at) = at {
            body["site"] = json!(domain_at(at));
        }
        if let Some(made) = self.do_it(shown, expected, "POST", "/api/keys", &body)? {
            let who = self.model.bearers[&shown].who;
            let key = Key { organization, site: site.map(|(number, _)| number), scopes };
            let (id, text) = (text_at(&made, "id"), text_at(&made, "key"));
            self.now_shows(who, Some(key), Shown::Key { id, text, organization });
        }
        Ok(())
    }

    fn end_key(&mut self) -> Agreed<()> {
        let all = self.shown.iter().enumerate().rev();
        let keys = all.filter_map(|(number, shown)| match shown {
            Shown::Key { id, organization, .. } => Some((number, id.clone(), *organization)),
            _ => None,
        });
        let keys: Vec<_> = keys.take(KEYS_MAX).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let (number, id, of) = keys[self.below(keys.len())].clone();
        let organization = if self.below(6) == 0 { self.one_of(&ORGANIZATIONS) } else { of };
        let shown = self.shown_by_manager(organization);
        let there = organization == of && self.model.bearers.contains_key(&number);
        let expected = match self.model.answer(shown, Wish::Keys, organization, None) {
            200 if !there => 404,
            answer => answer,
        };
        let path = format!("/api/keys/{id}?organization={organization}");
        if self.do_it(shown, expected, "DELETE", &path, &Value::Null)?.is_some() {
            self.model.end(|other, _| other == number);
        }
        Ok(())
    }

    /// Signs in once more, by an address that another sign-in made; by a password, which takes long, who has no other.
    fn sign_in(&mut self) -> Agreed<()> {
        let whom = (0..PEOPLE).find(|who| self.model.lets_in(*who) && self.sign_in_of(*who).is_none());
        if let Some(who) = whom {
            let body = json!({ "email": address(who), "password": PASSWORD });
            return self.begin_sign_in(who, "/api/session", &body);
        }
        let shown = self.any_shown();
        let bearer = self.model.bearers.get(&shown);
        let who = bearer.filter(|one| one.key.is_none()).map(|one| one.who);
        let others = self.model.bearers.values().filter(|one| Some(one.who) == who && one.key.is_none());
        if others.count() >= SIGN_INS_MAX {
            return self.sign_out();
        }
        let expected = self.answer_to_oneself(shown);
        let made = self.do_it(shown, expected, "POST", "/api/session/link", &Value::Null)?;
        let (Some(who), Some(made)) = (who, made) else { return Ok(()) };
        self.begin_sign_in(who, "/api/session/one-time", &json!({ "token": token_in(&made) }))
    }

    fn begin_sign_in(&mut self, who: usize, path: &str, body: &Value) -> Agreed<()> {
        let reply = self.ask(NOTHING, 200, "POST", path, body)?.expect("what is done is answered");
        self.acts += 1;
        self.now_shows(who, None, Shown::Cookie(cookie_of(&reply)));
        Ok(())
    }

    /// What somebody is answered who wants something of their own sign-ins.
    pub(super) fn answer_to_oneself(&self, shown: usize) -> u16 {
        self.model.bearers.get(&shown).map_or(401, |one| if one.key.is_some() { 403 } else { 200 })
    }

    /// Ends the sign-in that is shown, or all others of its person.
    fn sign_out(&mut self) -> Agreed<()> {
        let (shown, this) = (self.any_shown(), self.below(2) == 0);
        let path = if this { "/api/session" } else { "/api/me/devices" };
        let who = self.model.bearers.get(&shown).map(|one| one.who);
        let expected = self.answer_to_oneself(shown);
        if self.do_it(shown, expected, "DELETE", path, &Value::Null)?.is_some() {
            let ends = |other| if this { other == shown } else { other != shown };
            self.model.end(|other, one| Some(one.who) == who && one.key.is_none() && ends(other));
        }
        Ok(())
    }

    fn add_some_site(&mut self) -> Agreed<()> {
        let (organization, at) = (self.one_of(&ORGANIZATIONS), self.below(DOMAINS));
        let shown = if self.below(3) == 0 { self.any_shown() } else { self.shown_by_manager(organization) };
        self.add_site(shown, organization, at)
    }

    /// Adds a site, which is visited once.
    pub(super) fn add_site(&mut self, shown: usize, organization: u32, at: usize) -> Agreed<()> {
        let expected = match self.model.answer(shown, Wish::AddSite, organization, None) {
            200 if self.model.site_at(at).is_some() => 409,
            answer => answer,
        };
        let domain = domain_at(at);
        let body = json!({ "organization": organization, "domain": domain });
        if self.do_it(shown, expected, "POST", "/api/sites", &body)?.is_some() {
            self.model.sites.insert(self.sites, (at, organization));
            self.sites += 1;
            let event = json!({ "n": "pageview", "u": format!("https://{domain}/"), "d": domain });
            let sent = self.server.send(&event);
            assert_eq!(sent.status, 202, "{domain}: {}", sent.text());
        }
        Ok(())
    }

    fn remove_site(&mut self) -> Agreed<()> {
        let (shown, at) = (self.any_shown(), self.below(DOMAINS));
        let expected = self.model.answer_at(shown, Wish::ChangeSite, at);
        let domain = domain_at(at);
        let (path, body) = (format!("/api/sites/{domain}"), json!({ "confirm": domain }));
        if self.do_it(shown, expected, "DELETE", &path, &body)?.is_some() {
            self.model.sites.retain(|_, (one, _)| *one != at);
        }
        Ok(())
    }

    /// A link by which somebody could be signed in as: made by who outranks them everywhere, and used by nobody here.
    fn make_reset_link(&mut self) -> Agreed<()> {
        let (organization, whom) = (self.one_of(&ORGANIZATIONS), self.below(PEOPLE));
        let shown = self.shown_by_manager(organization);
        let Some(path) = self.ids[whom].as_ref().map(|id| format!("/api/people/{id}/reset-link")) else {
            return Ok(());
        };
        let mut places = self.model.members.iter().filter(|((one, _), _)| *one == whom);
        let outranked = places.all(|((_, of), member)| self.model.grants(shown, *of, member.role));
        let expected = match self.model.answer(shown, Wish::People, organization, None) {
            200 if !self.model.members.contains_key(&(whom, organization)) => 404,
            200 if !outranked => 403,
            answer => answer,
        };
        let body = json!({ "organization": organization });
        self.do_it(shown, expected, "POST", &path, &body).map(drop)
    }
}
