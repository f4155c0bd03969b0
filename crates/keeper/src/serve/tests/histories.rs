//! Histories of what people do to each other, of random steps: after each the keeper and a model of it agree on whether
//! it was done, and on what is open to whom.

mod model;

use std::collections::VecDeque;

use domain::{HOUR_MS, MINUTE_MS, Membership, PersonId, Role, Scope};
use sealing::protocol::people::Which;

use super::*;
use model::{Bearer, Member, Model, organization_of, outranks};

const STEPS: usize = 2_000;
/// People who may come and go, by their addresses.
const PEOPLE: usize = 7;
const SITES: [u32; 5] = [1, 2, 3, 4, 5];
const LAST_STEPS: usize = 25;

struct Invitation {
    token: Token,
    whom: usize,
    by: usize,
    organization: u32,
    role: Role,
    sites: Vec<u32>,
    until: i64,
}

struct History {
    house: House,
    keeper: Keeper,
    model: Model,
    sealed: Vec<Wanted>,
    tokens: Vec<Token>,
    invitations: Vec<Invitation>,
    ids: [Option<PersonId>; PEOPLE],
    random: u64,
    told: VecDeque<String>,
    opened: usize,
    done: usize,
}

fn address(who: usize) -> String {
    format!("person{who}@example.org")
}

fn site_ids(sites: &[u32]) -> Vec<SiteId> {
    sites.iter().copied().map(SiteId).collect()
}

impl History {
    fn begin(seed: u64) -> Self {
        let house = House::in_memory();
        let keeper = house.keeper();
        let Heard::Setup(Some(setup)) = ask(&keeper, Ask::SetupToken(None)) else { panic!("set up before") };
        let chosen = keeper.lock().people.chosen(house.clock.now(), &*house.rng);
        let set_up = Ask::SetUp(setup, address(0), Credential::Password(chosen), Device::default());
        let Heard::Begun(token, id, ..) = ask(&keeper, set_up) else { panic!("not set up") };
        for site in SITES {
            let organization = OrganizationId(organization_of(site));
            keeper.lock().keys.make(organization, SiteId(site), &*house.rng).unwrap();
        }
        keeper.lock().people.add_organization(OrganizationId(2));
        keeper.lock().people.put(id, OrganizationId(2), Role::Owner);
        let sealed = SITES.iter().map(|site| sealed_in(&keeper, organization_of(*site), *site).1).collect();
        let model = Model { now: house.clock.now().0, ..Model::default() };
        let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let (tokens, told) = (Vec::new(), VecDeque::new());
        let mut history = Self {
            house,
            keeper,
            model,
            sealed,
            tokens,
            invitations: Vec::new(),
            ids: [None; PEOPLE],
            random,
            told,
            opened: 0,
            done: 0,
        };
        history.ids[0] = Some(id);
        for organization in [1, 2] {
            history.model.members.insert((0, organization), be(Role::Owner, &[], false));
        }
        history.signed_in(0, false, token);
        history
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

    /// Some of the sites, of whichever organization: mostly one.
    fn some_sites(&mut self) -> Vec<u32> {
        let count = 1 + self.below(8) / 6;
        (0..count).map(|_| self.one_of(&SITES)).collect()
    }

    /// A token, mostly one of the last.
    fn token(&mut self) -> usize {
        let reach = if self.below(4) == 0 { self.tokens.len() } else { self.tokens.len().min(12) };
        self.tokens.len() - 1 - self.below(reach)
    }

    fn say(&mut self, step: String) {
        if self.told.len() == LAST_STEPS {
            self.told.pop_front();
        }
        self.told.push_back(step);
    }

    /// That the keeper does what the model says it does.
    fn agreed(&mut self, step: &str, expected: bool, asked: Ask) -> Option<Heard> {
        self.say(format!("{step} by the model {expected}"));
        let heard = ask(&self.keeper, asked);
        let done = !matches!(heard, Heard::No(_));
        self.done += usize::from(done);
        if done != expected {
            let why = if let Heard::No(no) = &heard { no.as_str() } else { "done" };
            panic!(
                "the keeper says {why}, the model {expected}; the last steps:\n{}",
                self.told.iter().map(|step| format!("  {step}\n")).collect::<String>()
            );
        }
        done.then_some(heard)
    }

    fn signed_in(&mut self, who: usize, strong: bool, token: Token) {
        let now = self.model.now;
        let bearer = Bearer { who, key: None, strong, until: now + 90 * DAY_MS, seen: now, confirmed: now };
        self.model.bearers.insert(self.tokens.len(), bearer);
        self.tokens.push(token);
    }

    fn membership(&mut self) -> (u32, Role, Vec<u32>) {
        let (organization, role) = (self.one_of(&[1, 1, 2]), self.one_of(&Role::ALL));
        let named = (role == Role::SiteViewer) != (self.below(12) == 0);
        (organization, role, if named { self.some_sites() } else { Vec::new() })
    }

    fn step(&mut self) {
        match self.below(100) {
            0..40 => self.open(),
            40..55 => self.identify(),
            55..63 => self.sign_in(),
            63..66 => self.sign_out(),
            66..74 => self.invite(),
            74..81 => self.accept(),
            81..87 => self.change_member(),
            87..89 => self.remove_member(),
            89..93 => self.make_key(),
            93..95 => self.require(),
            95..96 => self.break_glass(),
            96..97 => self.sites_seen(),
            _ => self.pass(),
        }
    }

    fn open(&mut self) {
        let (token, sites) = (self.token(), self.some_sites());
        let expected = sites.iter().all(|site| self.model.opens(token, *site));
        self.say(format!("{token} opens {sites:?}: by the model {expected}"));
        let wanted = sites.iter().map(|site| (&self.sealed[*site as usize - 1]).into()).collect();
        let asked = Request::Open(request(&self.tokens[token]), wanted);
        let given = word(&self.keeper.answer(Peer::App, Some(asked)));
        self.opened += usize::from(expected);
        assert_eq!(given == "given", expected, "{given}; the last steps: {:#?}", self.told);
    }

    fn identify(&mut self) {
        let token = self.token();
        let live = self.model.live(token);
        let of_key =
            |one: &Bearer| one.key.as_ref().is_none_or(|key| self.model.open(one.who, key.0).is_some());
        let expected = live.is_some_and(of_key);
        let asked = Ask::Identify(self.tokens[token].clone());
        if self.agreed(&format!("{token} is looked up"), expected, asked).is_some() {
            let now = self.model.now;
            self.model.bearers.get_mut(&token).unwrap().seen = now;
        }
    }

    fn sign_in(&mut self) {
        let (who, strong) = (self.below(PEOPLE), self.below(2) == 0);
        let Some(id) = self.ids[who] else { return };
        if self.model.bearers.values().filter(|one| one.who == who && one.key.is_none()).count() > 40 {
            return;
        }
        let ticket = self.keeper.lock().people.shown(id, strong, self.house.clock.now(), &*self.house.rng);
        let (expected, asked) = (self.model.lets_in(who), Ask::SignIn(ticket, Device::default()));
        let step = format!("{who} signs in as {}, strong {strong}:", self.tokens.len());
        if let Some(Heard::SignedIn(token, _)) = self.agreed(&step, expected, asked) {
            self.signed_in(who, strong, token);
        }
    }

    fn sign_out(&mut self) {
        let (token, which) = (self.token(), self.one_of(&[Which::This, Which::Others]));
        let who = self.model.live(token).filter(|one| one.key.is_none()).map(|one| one.who);
        let asked = Ask::End(self.tokens[token].clone(), which);
        if self.agreed(&format!("{token} ends {which:?}"), who.is_some(), asked).is_some() {
            let ends = |other: usize| if which == Which::This { other == token } else { other != token };
            self.model.end(|other, one| one.key.is_none() && Some(one.who) == who && ends(other));
        }
    }

    fn invite(&mut self) {
        let (token, whom, (organization, role, sites)) =
            (self.token(), self.below(PEOPLE), self.membership());
        let expected = self.model.grants(token, organization, role)
            && are_named(role, organization, &sites)
            && !self.model.members.contains_key(&(whom, organization));
        let membership =
            Membership { organization: OrganizationId(organization), role, sites: site_ids(&sites) };
        let asked = Ask::Invite(self.tokens[token].clone(), address(whom), membership);
        let step = format!("{token} invites {whom} to {organization} as {role:?} of {sites:?}");
        if let Some(Heard::Invitation(_, Some(made))) = self.agreed(&step, expected, asked) {
            let replaced = |one: &Invitation| one.whom == whom && one.organization == organization;
            self.invitations.iter_mut().filter(|one| replaced(one)).for_each(|one| one.until = 0);
            let by = self.model.bearers[&token].who;
            let until = self.model.now + 7 * DAY_MS;
            self.invitations.push(Invitation { token: made, whom, by, organization, role, sites, until });
        }
    }

    /// Accepts one of the last invitations, mostly as whom it was made for.
    fn accept(&mut self) {
        if self.invitations.is_empty() {
            return;
        }
        let number = self.invitations.len() - 1 - self.below(self.invitations.len().min(4));
        let one = &self.invitations[number];
        let (whom, organization, given) = (one.whom, one.organization, one.token.clone());
        let member = be(one.role, &one.sites, false);
        let inviter = self.model.open(one.by, organization);
        let good = self.model.now < one.until && inviter.is_some_and(|by| outranks(by.role, member.role));
        let known = self.ids[whom].is_some();
        let (step, expected, asked, who) = if known && self.below(4) > 0 {
            let token = self.token();
            let bearer = self.model.live(token).filter(|bearer| bearer.key.is_none());
            let expected = good
                && bearer.is_some_and(|bearer| bearer.who == whom)
                && !self.model.members.contains_key(&(whom, organization));
            (
                format!("{token} accepts {number}"),
                expected,
                Ask::AcceptAs(given, self.tokens[token].clone()),
                whom,
            )
        } else {
            let who = if self.below(6) == 0 { self.below(PEOPLE) } else { whom };
            let chosen = self.keeper.lock().people.chosen(self.house.clock.now(), &*self.house.rng);
            let asked = Ask::Accept(given, address(who), Credential::Password(chosen), Device::default());
            (format!("{who}, who is new, accepts {number}"), good && who == whom && !known, asked, who)
        };
        let heard = self.agreed(&step, expected, asked);
        if heard.is_some() {
            self.invitations[number].until = 0;
            self.model.members.insert((who, organization), member);
        }
        if let Some(Heard::Begun(token, id, ..)) = heard {
            self.ids[who] = Some(id);
            self.signed_in(who, false, token);
        }
    }

    fn change_member(&mut self) {
        let (token, whom, (organization, role, sites)) =
            (self.token(), self.below(PEOPLE), self.membership());
        let (Some(id), disabled) = (self.ids[whom], self.below(4) == 0) else { return };
        let before = self.model.members.get(&(whom, organization)).map(|member| member.role);
        let less = before == Some(Role::Owner) && (disabled || role != Role::Owner);
        let expected = self.model.grants(token, organization, role)
            && are_named(role, organization, &sites)
            && before.is_some_and(|before| self.model.grants(token, organization, before))
            && !(less && self.model.is_last_owner(whom, organization));
        let membership =
            Membership { organization: OrganizationId(organization), role, sites: site_ids(&sites) };
        let asked = Ask::ChangeMember(self.tokens[token].clone(), id, membership, disabled);
        let step =
            format!("{token} makes {whom} {role:?} of {sites:?} in {organization}, disabled {disabled}");
        if self.agreed(&step, expected, asked).is_some() {
            self.model.members.insert((whom, organization), be(role, &sites, disabled));
            if disabled {
                self.end_keys(whom, organization);
            }
            self.end_of_outsider(whom);
        }
    }

    fn remove_member(&mut self) {
        let (token, whom, organization) = (self.token(), self.below(PEOPLE), self.one_of(&[1, 2]));
        let Some(id) = self.ids[whom] else { return };
        let before = self.model.members.get(&(whom, organization)).map(|member| member.role);
        let leaves = self.model.live(token).is_some_and(|one| {
            let confirmed = one.key.is_none() && self.model.now - one.confirmed <= 10 * MINUTE_MS;
            confirmed && one.who == whom && self.model.open(whom, organization).is_some()
        });
        let expected = before.is_some_and(|before| {
            let last = before == Role::Owner && self.model.is_last_owner(whom, organization);
            (leaves || self.model.grants(token, organization, before)) && !last
        });
        let asked = Ask::RemoveMember(self.tokens[token].clone(), id, OrganizationId(organization));
        if self.agreed(&format!("{token} removes {whom} from {organization}"), expected, asked).is_some() {
            self.model.members.remove(&(whom, organization));
            self.end_keys(whom, organization);
            self.end_of_outsider(whom);
            if !self.model.members.keys().any(|(one, _)| *one == whom) {
                self.ids[whom] = None;
                self.model.closed.remove(&whom);
                self.forget_inviter(whom);
            }
        }
    }

    fn make_key(&mut self) {
        let (token, organization) = (self.token(), self.one_of(&[1, 2]));
        let site = (self.below(2) == 0).then(|| self.one_of(&SITES));
        let scopes: Vec<Scope> = (0..self.below(3)).map(|_| self.one_of(&Scope::ALL)).collect();
        let role = self.model.acts_as(token, organization);
        let may = |scope: &Scope| match scope {
            Scope::Read | Scope::Write | Scope::Manage => true,
            Scope::Export => role == Some(Role::Owner),
            Scope::Audit => site.is_none(),
        };
        let expected = matches!(role, Some(Role::Owner | Role::Admin))
            && site.is_none_or(|site| organization_of(site) == organization)
            && !scopes.is_empty()
            && scopes.iter().all(may);
        let good_for = self.one_of(&[DAY_MS, 30 * DAY_MS]);
        let until = self.model.now + good_for;
        let id = OrganizationId(organization);
        let key = Ask::MakeKey(
            self.tokens[token].clone(),
            id,
            site.map(SiteId),
            scopes.clone(),
            Some(Timestamp(until)),
        );
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let step =
            format!("{token} makes the key {} of {organization} for {site:?} {words:?}", self.tokens.len());
        if let Some(Heard::Key(_, made)) = self.agreed(&step, expected, key) {
            let who = self.model.bearers[&token].who;
            let key = Some((organization, site, scopes));
            let bearer = Bearer { who, key, strong: false, until, seen: 0, confirmed: i64::MIN };
            self.model.bearers.insert(self.tokens.len(), bearer);
            self.tokens.push(made);
        }
    }

    fn require(&mut self) {
        let (token, organization, required) = (self.token(), self.one_of(&[1, 2]), self.below(2) == 0);
        let owns = self.model.acts_as(token, organization) == Some(Role::Owner);
        let expected = owns && (!required || self.model.bearers[&token].strong);
        let asked =
            Ask::RequireSecondFactor(self.tokens[token].clone(), OrganizationId(organization), required);
        let step = format!("{token} requires second factors of {organization}: {required}");
        if self.agreed(&step, expected, asked).is_some() {
            self.model.strict.remove(&organization);
            self.model.strict.extend(required.then_some(organization));
        }
    }

    fn break_glass(&mut self) {
        let who = self.below(PEOPLE);
        let owns =
            |organization| self.model.open(who, organization).is_some_and(|one| one.role == Role::Owner);
        let expected = owns(1) || owns(2);
        std::fs::write(self.keeper.0.folder.join(crate::BREAK_GLASS_WISH), address(who)).unwrap();
        let asked = Ask::BreakGlass(address(who));
        let Some(Heard::Link(token)) = self.agreed(&format!("{who} breaks the glass"), expected, asked)
        else {
            return;
        };
        let chosen = self.keeper.lock().people.chosen(self.house.clock.now(), &*self.house.rng);
        self.agreed("and chooses a password", true, Ask::Reset(token, chosen));
        self.model.end(|_, one| one.who == who && one.key.is_none());
        self.model.closed.insert(who, self.model.now + DAY_MS);
    }

    fn sites_seen(&mut self) {
        let opens = |site: &u32| self.model.bearers.keys().any(|token| self.model.opens(*token, *site));
        let expected: Vec<SiteId> = SITES.iter().filter(|site| opens(site)).copied().map(SiteId).collect();
        let Heard::Sites(mut seen) = ask(&self.keeper, Ask::SitesSeen) else { panic!("no sites") };
        seen.sort_unstable();
        assert_eq!(seen, expected, "the last steps: {:#?}", self.told);
    }

    fn pass(&mut self) {
        let span =
            self.one_of(&[MINUTE_MS, 4 * MINUTE_MS, 4 * MINUTE_MS, 7 * MINUTE_MS, 13 * HOUR_MS, 8 * DAY_MS]);
        self.say(format!("{} minutes pass", span / MINUTE_MS));
        self.house.clock.advance(Duration::from_millis(span as u64));
        self.model.now += span;
        let over: Vec<usize> =
            self.model.bearers.keys().copied().filter(|token| self.model.live(*token).is_none()).collect();
        self.model.end(|token, _| over.contains(&token));
    }

    fn end_keys(&mut self, who: usize, organization: u32) {
        self.model.end(|_, one| one.who == who && one.key.as_ref().is_some_and(|key| key.0 == organization));
    }

    fn end_of_outsider(&mut self, who: usize) {
        if !self.model.lets_in(who) {
            self.model.end(|_, one| one.who == who);
        }
    }

    /// Whoever comes back under the same address is somebody else, who invited nobody.
    fn forget_inviter(&mut self, who: usize) {
        self.invitations.iter_mut().filter(|one| one.by == who).for_each(|one| one.until = 0);
    }
}

fn be(role: Role, sites: &[u32], disabled: bool) -> Member {
    Member { role, sites: sites.to_vec(), disabled }
}

/// A site viewer is named sites of the organization, and nobody else is named any.
fn are_named(role: Role, organization: u32, sites: &[u32]) -> bool {
    (role == Role::SiteViewer) != sites.is_empty()
        && sites.iter().all(|site| organization_of(*site) == organization)
}

/// How often something was opened, and how often something else was done.
fn live_through(seed: u64) -> [usize; 2] {
    let mut history = History::begin(seed);
    for _ in 0..STEPS {
        history.step();
    }
    [history.opened, history.done]
}

#[test]
fn in_a_hundred_thousand_random_steps_the_keeper_and_the_model_agree() {
    let begun = std::time::Instant::now();
    let lived = (1..=50).map(live_through);
    let [opened, done] = lived.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
    println!("{opened} times something was opened and {done} times done in {:?}", begun.elapsed());
    assert!(opened > 5_000 && done > 10_000, "{opened} opened, {done} done: nearly all was refused");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}
