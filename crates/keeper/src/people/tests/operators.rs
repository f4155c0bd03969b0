//! Those who run the server. OpenSSH makes the keys and the signatures.

use std::io::Write;
use std::process::{Command, Stdio};

use sealing::protocol::operators::{
    ApprovalTold, Ask as Wish, Badge, Grave, LOOPBACK, NewOperator, OperatorTold, Outcome, Told as Heard,
};

use super::*;

const SERVER: &str = "https://stats.example.org";

impl People {
    /// An operator on duty without any key of theirs being at hand.
    pub(crate) fn put_on_duty(&mut self, name: &str, hands: &mut Hands<'_>) -> Badge {
        let folder = tempfile::tempdir().unwrap();
        let pair = Pair::in_folder(&folder, name);
        self.change(hands, |registry| registry.enrol(&new(name, &pair, &[]), hands)).ok().unwrap();
        let operators = &self.registry.operators.enrolled;
        let id = *operators.iter().find(|(_, operator)| operator.name == name).unwrap().0;
        let token = self.change(hands, |registry| Ok(registry.put_on_duty(id, hands))).ok().unwrap();
        Badge { token, within: loopback() }
    }
}

/// A key pair of `ssh-keygen`'s.
pub(super) struct Pair {
    path: std::path::PathBuf,
    line: String,
}

impl Pair {
    fn in_folder(folder: &tempfile::TempDir, name: &str) -> Self {
        let path = folder.path().join(name);
        let mut making = Command::new("ssh-keygen");
        making.args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&path);
        assert!(making.status().expect("ssh-keygen is required for testing").success());
        let line = std::fs::read_to_string(path.with_extension("pub")).unwrap();
        Self { path, line }
    }

    fn sign(&self, text: &str) -> String {
        let mut signing = Command::new("ssh-keygen")
            .args(["-q", "-Y", "sign", "-n", "candor-operator", "-f"])
            .arg(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        signing.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        String::from_utf8(signing.wait_with_output().unwrap().stdout).unwrap()
    }
}

fn loopback() -> Vec<String> {
    LOOPBACK.map(str::to_owned).to_vec()
}

fn new(name: &str, pair: &Pair, networks: &[&str]) -> NewOperator {
    let networks = networks.iter().map(|network| (*network).to_owned()).collect();
    NewOperator { name: name.to_owned(), key: pair.line.clone(), networks }
}

/// An operator who is signed in.
pub(super) struct Operator {
    pub(super) badge: Badge,
    id: domain::OperatorId,
    name: String,
    pair: Pair,
    secret: String,
}

impl House {
    pub(super) fn wish(&mut self, wish: Wish) -> Result<Heard, NotDone> {
        let heard = self.hands(|people, hands| people.act_on_operators(wish, hands));
        heard.map_err(|stop| match stop {
            Stop::No(no) => no,
            Stop::Store(error) => panic!("{error}"),
        })
    }

    pub(super) fn wished(&mut self, wish: Wish) -> Heard {
        self.wish(wish).unwrap_or_else(|no| panic!("{no}"))
    }

    pub(super) fn not_wished(&mut self, wish: Wish) -> NotDone {
        self.wish(wish).err().expect("it is refused")
    }

    fn challenged(&mut self, name: &str) -> (Ticket, String) {
        match self.wished(Wish::Challenge(SERVER.to_owned(), name.to_owned())) {
            Heard::Challenge(ticket, text) => (ticket, text),
            _ => panic!("no challenge"),
        }
    }

    fn show(&mut self, ticket: Ticket, signature: &str, code: Option<SecretText>) -> Result<Heard, NotDone> {
        self.show_from(ticket, signature, code, loopback())
    }

    fn show_from(
        &mut self,
        ticket: Ticket,
        signature: &str,
        code: Option<SecretText>,
        within: Vec<String>,
    ) -> Result<Heard, NotDone> {
        self.wish(Wish::SignIn(ticket, signature.to_owned(), code, within, "127.0.0.0".to_owned()))
    }

    /// Signs in for the first time, by which the app for codes is begun.
    fn sign_in_first(&mut self, told: &OperatorTold, pair: Pair) -> Operator {
        let (ticket, text) = self.challenged(&told.name);
        let signature = pair.sign(&text);
        let Ok(Heard::EnrolTotp(id, secret, _)) = self.show(ticket, &signature, None) else {
            panic!("no secret")
        };
        let secret = secret.reveal().to_owned();
        let now = self.now;
        let Ok(Heard::SignedIn(token, _)) = self.show(ticket, &signature, Some(code(&secret, now))) else {
            panic!("not signed in")
        };
        Operator { badge: Badge { token, within: loopback() }, id, name: told.name.clone(), pair, secret }
    }

    pub(super) fn sign_in_again(&mut self, operator: &mut Operator) {
        self.pass(MINUTE_MS);
        let (ticket, text) = self.challenged(&operator.name.clone());
        let signature = operator.pair.sign(&text);
        let code = code(&operator.secret, self.now);
        let Ok(Heard::SignedIn(token, _)) = self.show(ticket, &signature, Some(code)) else {
            panic!("not signed in")
        };
        operator.badge.token = token;
    }

    fn pair(&self, name: &str) -> Pair {
        Pair::in_folder(&self.folder, name)
    }

    fn enrol_first(&mut self, name: &str, networks: &[&str]) -> (OperatorTold, Pair) {
        let pair = self.pair(name);
        match self.wished(Wish::EnrolFirst(new(name, &pair, networks))) {
            Heard::Done(Outcome::Enrolled(told), None) => (told, pair),
            _ => panic!("not enrolled"),
        }
    }

    /// The first operator, signed in.
    pub(super) fn operated(&mut self) -> Operator {
        let (told, pair) = self.enrol_first("olga", &[]);
        self.sign_in_first(&told, pair)
    }

    /// A second one, enrolled by one who is alone.
    pub(super) fn second(&mut self, by: &Operator) -> Operator {
        let pair = self.pair("otto");
        let enrol = Grave::Enrol(new("otto", &pair, &[]));
        let Heard::Done(Outcome::Enrolled(told), None) = self.wished(Wish::Do(by.badge.clone(), enrol))
        else {
            panic!("not enrolled")
        };
        self.sign_in_first(&told, pair)
    }

    fn waits(&mut self, by: &Operator, act: Grave) -> ApprovalTold {
        match self.wished(Wish::Do(by.badge.clone(), act)) {
            Heard::Done(Outcome::Waits(told), None) => told,
            _ => panic!("it was done at once"),
        }
    }

    fn add_organization(&mut self, by: &Operator) -> OrganizationId {
        match self.wished(Wish::AddOrganization(by.badge.clone())) {
            Heard::Organization(id) => id,
            _ => panic!("not added"),
        }
    }

    fn is_on_duty(&mut self, operator: &Operator) -> bool {
        self.wish(Wish::Identify(operator.badge.clone())).is_ok()
    }
}

#[test]
fn a_fresh_server_has_no_operator_and_enrols_one_from_the_shell_and_no_other() {
    let mut house = House::new();
    let Heard::Roster(roster) = house.wished(Wish::Roster) else { panic!("no roster") };
    assert_eq!((roster.count, roster.networks.len()), (0, 0));
    house.enrol_first("olga", &[]);
    let pair = house.pair("eve");
    assert_eq!(house.not_wished(Wish::EnrolFirst(new("eve", &pair, &[]))), NotDone::Denied);
    let Heard::Roster(roster) = house.wished(Wish::Roster) else { panic!("no roster") };
    assert_eq!((roster.count, roster.networks), (1, loopback()));
}

#[test]
fn both_factors_sign_in_and_neither_of_them_alone() {
    let mut house = House::new();
    let mut olga = house.operated();
    assert!(house.is_on_duty(&olga));
    house.pass(MINUTE_MS);
    let (ticket, text) = house.challenged("olga");
    let signature = olga.pair.sign(&text);
    assert_eq!(house.show(ticket, &signature, None).err(), Some(NotDone::CodeWanted), "a signature alone");
    let (other, _) = house.challenged("olga");
    let right = code(&olga.secret, house.now);
    let wrong = house.show(other, &signature, Some(right.clone())).err();
    assert!(matches!(wrong, Some(NotDone::Unfit(_))), "a signature of another text");
    assert!(house.show(ticket, &signature, Some(right)).is_ok(), "the missing half came");
    house.sign_in_again(&mut olga);
    assert!(house.is_on_duty(&olga));
}

#[test]
fn a_code_and_a_challenge_are_good_once() {
    let mut house = House::new();
    let olga = house.operated();
    house.pass(MINUTE_MS);
    let right = code(&olga.secret, house.now);
    let (ticket, text) = house.challenged("olga");
    let signature = olga.pair.sign(&text);
    assert!(house.show(ticket, &signature, Some(right.clone())).is_ok());
    assert_eq!(house.show(ticket, &signature, Some(right.clone())).err(), Some(NotDone::Unknown), "a replay");
    let (ticket, text) = house.challenged("olga");
    let signature = olga.pair.sign(&text);
    assert_eq!(house.show(ticket, &signature, Some(right)).err(), Some(NotDone::Wrong(None)), "a used code");
    let (ticket, text) = house.challenged("olga");
    let signature = olga.pair.sign(&text);
    house.pass(5 * MINUTE_MS);
    let late = code(&olga.secret, house.now);
    let refused = house.show(ticket, &signature, Some(late)).err().unwrap().to_string();
    assert!(refused.contains("expired"), "{refused}");
}

#[test]
fn the_secret_of_an_app_for_codes_is_shown_once_to_whoever_signed_first() {
    let mut house = House::new();
    let (told, pair) = house.enrol_first("olga", &[]);
    let (ticket, text) = house.challenged("olga");
    let signature = pair.sign(&text);
    assert!(matches!(house.show(ticket, &signature, None), Ok(Heard::EnrolTotp(..))));
    // Whoever saw the signature on its way shows it again.
    assert_eq!(house.show(ticket, &signature, None).err(), Some(NotDone::CodeWanted));
    let olga = house.sign_in_first(&told, pair);
    house.pass(MINUTE_MS);
    let (ticket, text) = house.challenged("olga");
    let signature = olga.pair.sign(&text);
    assert_eq!(house.show(ticket, &signature, None).err(), Some(NotDone::CodeWanted), "there is an app now");
}

#[test]
fn whether_somebody_is_an_operator_does_not_show_from_asking() {
    let mut house = House::new();
    let olga = house.operated();
    let (ticket, text) = house.challenged("nobody");
    let (_, of_olga) = house.challenged("olga");
    assert_eq!(text.lines().count(), of_olga.lines().count());
    let signature = olga.pair.sign(&text);
    let right = code(&olga.secret, house.now);
    assert_eq!(house.show(ticket, &signature, Some(right)).err(), Some(NotDone::Wrong(None)));
    let fingerprint = house.people.operator(olga.id).ok().unwrap().key.fingerprint();
    let (ticket, text) = house.challenged(&fingerprint);
    house.pass(MINUTE_MS);
    let signature = olga.pair.sign(&text);
    let right = code(&olga.secret, house.now);
    assert!(house.show(ticket, &signature, Some(right)).is_ok(), "known by the fingerprint, too");
}

#[test]
fn an_operator_acts_from_their_own_networks_alone() {
    let mut house = House::new();
    let (told, pair) = house.enrol_first("olga", &["203.0.113.7/32"]);
    let (ticket, text) = house.challenged("olga");
    let signature = pair.sign(&text);
    for within in [loopback(), vec![], vec!["203.0.113.0/24".to_owned()]] {
        let (ticket, text) = house.challenged("olga");
        let signature = pair.sign(&text);
        assert_eq!(house.show_from(ticket, &signature, None, within).err(), Some(NotDone::Elsewhere));
    }
    let there = || vec!["10.0.0.0/8".to_owned(), "203.0.113.7/32".to_owned()];
    let Ok(Heard::EnrolTotp(_, secret, _)) = house.show_from(ticket, &signature, None, there()) else {
        panic!("no secret")
    };
    let right = code(secret.reveal(), house.now);
    let Ok(Heard::SignedIn(token, _)) = house.show_from(ticket, &signature, Some(right), there()) else {
        panic!("not signed in")
    };
    assert!(house.wish(Wish::Identify(Badge { token: token.clone(), within: there() })).is_ok());
    let elsewhere = Badge { token, within: loopback() };
    assert_eq!(
        house.not_wished(Wish::Identify(elsewhere.clone())),
        NotDone::Elsewhere,
        "the token went elsewhere"
    );
    assert_eq!(house.not_wished(Wish::AddOrganization(elsewhere)), NotDone::Elsewhere);
    assert_eq!(told.networks, ["203.0.113.7/32"]);
}

#[test]
fn one_key_is_one_operators() {
    let mut house = House::new();
    let olga = house.operated();
    let mut again = new("oscar", &olga.pair, &[]);
    let enrol = |new: &NewOperator| Wish::Do(olga.badge.clone(), Grave::Enrol(new.clone()));
    assert_eq!(house.not_wished(enrol(&again)), NotDone::KeyTaken);
    again.key = again.key.trim().rsplit_once(' ').unwrap().0.to_owned() + " another comment";
    assert_eq!(house.not_wished(enrol(&again)), NotDone::KeyTaken);
    again.key = "ssh-rsa AAAA".to_owned();
    assert!(matches!(house.not_wished(enrol(&again)), NotDone::Unfit(_)));
}

#[test]
fn an_operators_sign_in_ends_unused_after_15_minutes_and_anyhow_after_8_hours() {
    let mut house = House::new();
    let mut olga = house.operated();
    house.pass(15 * MINUTE_MS);
    assert!(house.is_on_duty(&olga));
    house.pass(15 * MINUTE_MS + 1);
    assert!(!house.is_on_duty(&olga));
    house.sign_in_again(&mut olga);
    for _ in 0..47 {
        house.pass(10 * MINUTE_MS);
        assert!(house.is_on_duty(&olga));
    }
    house.pass(10 * MINUTE_MS);
    assert!(!house.is_on_duty(&olga));
}

#[test]
fn what_is_grave_wants_both_factors_of_a_short_while_ago() {
    let mut house = House::new();
    let mut olga = house.operated();
    let organization = house.add_organization(&olga);
    house.pass(14 * MINUTE_MS);
    assert!(house.is_on_duty(&olga));
    house.pass(2 * MINUTE_MS);
    let remove = |olga: &Operator| Wish::Do(olga.badge.clone(), Grave::Remove(organization));
    assert_eq!(house.not_wished(remove(&olga)), NotDone::Confirm);
    house.sign_in_again(&mut olga);
    assert!(house.wish(remove(&olga)).is_ok());
}

#[test]
fn an_operators_token_is_no_persons_and_a_persons_is_no_operators() {
    let (mut house, owner) = House::owned();
    let olga = house.operated();
    let token = olga.badge.token.clone();
    assert_eq!(house.refused(Ask::Identify(token.clone())), NotDone::Unknown);
    assert_eq!(house.refused(Ask::Members(token.clone(), FIRST)), NotDone::Unknown);
    assert_eq!(house.refused(Ask::AddSite(token.clone(), FIRST, SiteId(4))), NotDone::Unknown);
    assert_eq!(house.refused(Ask::End(token.clone(), Which::This)), NotDone::Unknown);
    assert_eq!(house.opened(&token), Vec::<u32>::new());
    let key = house.make_key(&owner, None, &[Scope::Read]).unwrap().1;
    for token in [owner.token.clone(), key] {
        let badge = Badge { token, within: loopback() };
        for wish in [
            Wish::Identify(badge.clone()),
            Wish::Organizations(badge.clone()),
            Wish::AddOrganization(badge.clone()),
            Wish::Do(badge.clone(), Grave::Remove(FIRST)),
            Wish::RemoveOperator(badge.clone(), olga.id),
            Wish::Grants(badge),
        ] {
            assert_eq!(house.not_wished(wish), NotDone::Unknown);
        }
    }
}

#[test]
fn whoever_is_removed_is_out_at_once_and_the_last_one_stays() {
    let mut house = House::new();
    let olga = house.operated();
    assert_eq!(house.not_wished(Wish::RemoveOperator(olga.badge.clone(), olga.id)), NotDone::LastOperator);
    let otto = house.second(&olga);
    assert!(house.is_on_duty(&otto));
    house.wished(Wish::RemoveOperator(olga.badge.clone(), otto.id));
    assert!(!house.is_on_duty(&otto));
    let (ticket, text) = house.challenged("otto");
    let signature = otto.pair.sign(&text);
    assert_eq!(house.show(ticket, &signature, None).err(), Some(NotDone::Wrong(None)));
    house.restart();
    assert!(!house.is_on_duty(&otto));
}

#[test]
fn one_alone_does_what_is_grave_at_once_and_of_two_another_must_approve_it() {
    let mut house = House::new();
    let mut olga = house.operated();
    let (one, two) = (house.add_organization(&olga), house.add_organization(&olga));
    let done = house.wished(Wish::Do(olga.badge.clone(), Grave::Disable(one)));
    assert!(matches!(done, Heard::Done(Outcome::Disabled(_), None)), "alone");
    let mut otto = house.second(&olga);
    let asked = house.waits(&olga, Grave::Remove(one));
    house.waits(&olga, Grave::Disable(two));
    let oscar = house.pair("oscar");
    let enrol = house.waits(&otto, Grave::Enrol(new("oscar", &oscar, &[])));
    let approve = |operator: &Operator, id| Wish::Approve(operator.badge.clone(), id);
    assert_eq!(house.not_wished(approve(&olga, asked.id)), NotDone::OwnAct);
    let Heard::Done(Outcome::Removed(gone, ..), Some(told)) = house.wished(approve(&otto, asked.id)) else {
        panic!("not removed")
    };
    assert_eq!((gone, told), (one, asked.clone()));
    assert_eq!(house.not_wished(approve(&otto, asked.id)), NotDone::NotThere, "it was used");
    assert!(matches!(house.wished(approve(&olga, enrol.id)), Heard::Done(Outcome::Enrolled(_), _)));
    // What nobody approves in a day is not done.
    let asked = house.waits(&olga, Grave::Remove(two));
    house.pass(DAY_MS);
    house.sign_in_again(&mut olga);
    house.sign_in_again(&mut otto);
    assert_eq!(house.not_wished(approve(&otto, asked.id)), NotDone::NotThere);
    let asked = house.waits(&olga, Grave::Remove(two));
    house.wished(Wish::Decline(otto.badge.clone(), asked.id));
    assert_eq!(house.not_wished(approve(&otto, asked.id)), NotDone::NotThere);
}

#[test]
fn nobody_becomes_alone_by_removing_the_others() {
    let mut house = House::new();
    let mut olga = house.operated();
    let organization = house.add_organization(&olga);
    let otto = house.second(&olga);
    house.wished(Wish::RemoveOperator(olga.badge.clone(), otto.id));
    let remove = |olga: &Operator| Wish::Do(olga.badge.clone(), Grave::Remove(organization));
    let until = house.now + Duration::from_millis(7 * DAY_MS as u64);
    assert_eq!(house.not_wished(remove(&olga)), NotDone::SecondOperator(until));
    let puppet = Grave::Enrol(new("puppet", &house.pair("puppet"), &[]));
    let enrol = Wish::Do(olga.badge.clone(), puppet);
    assert_eq!(house.not_wished(enrol), NotDone::SecondOperator(until));
    house.restart();
    assert_eq!(house.not_wished(remove(&olga)), NotDone::SecondOperator(until));
    house.pass(7 * DAY_MS);
    house.sign_in_again(&mut olga);
    assert!(house.wish(remove(&olga)).is_ok());
}

#[test]
fn what_somebody_asked_for_who_was_removed_is_approved_by_nobody() {
    let mut house = House::new();
    let olga = house.operated();
    let otto = house.second(&olga);
    let organization = house.add_organization(&olga);
    let asked = house.waits(&otto, Grave::Remove(organization));
    house.wished(Wish::RemoveOperator(olga.badge.clone(), otto.id));
    assert_eq!(house.not_wished(Wish::Approve(olga.badge.clone(), asked.id)), NotDone::NotThere);
}

#[test]
fn an_operator_lets_the_first_owner_of_an_organization_in_and_nobody_else() {
    let (mut house, owner) = House::owned();
    let olga = house.operated();
    let invite =
        |organization, email: &str| Wish::InviteOwner(olga.badge.clone(), organization, email.to_owned());
    assert_eq!(house.not_wished(invite(FIRST, "olga@example.org")), NotDone::Denied, "it has an owner");
    assert_eq!(house.not_wished(invite(OrganizationId(9), "olga@example.org")), NotDone::NotThere);
    let organization = house.add_organization(&olga);
    assert_eq!(
        organization,
        OrganizationId(3),
        "the second one has keys, so that its number is not given again"
    );
    let Heard::Invited(_, first, _) = house.wished(invite(organization, "wrong@example.net")) else {
        panic!("not invited")
    };
    let Heard::Invited(_, token, _) = house.wished(invite(organization, "ann@example.net")) else {
        panic!("not invited")
    };
    assert_eq!(house.accept(first, "wrong@example.net").err(), Some(NotDone::Unknown));
    let ann = house.accept(token, "ann@example.net").unwrap();
    house.done(Ask::AddSite(ann.token.clone(), organization, SiteId(20)));
    assert_eq!(house.not_wished(invite(organization, "olga@example.org")), NotDone::Denied);
    assert_eq!(house.refused(Ask::Members(owner.token.clone(), organization)), NotDone::NotThere);
}

#[test]
fn a_closed_organization_is_nobodys_until_it_is_opened_again() {
    let (mut house, owner) = House::owned();
    let olga = house.operated();
    let key = house.make_key(&owner, None, &[Scope::Read]).unwrap().1;
    house.wished(Wish::Do(olga.badge.clone(), Grave::Disable(FIRST)));
    assert_eq!(house.opened(&owner.token), Vec::<u32>::new());
    assert_eq!(house.opened(&key), Vec::<u32>::new());
    assert_eq!(house.refused(Ask::Members(owner.token.clone(), FIRST)), NotDone::NotThere);
    house.wished(Wish::Enable(olga.badge.clone(), FIRST));
    assert_eq!(house.opened(&owner.token), SITES);
    assert_eq!(house.opened(&key), SITES);
}

#[test]
fn what_an_organization_measured_is_kept_sixty_days_after_the_end_whatever_operators_want_and_no_longer() {
    let (mut house, owner) = House::owned();
    let mut olga = house.operated();
    let mut otto = house.second(&olga);
    let ask = |operator: &Operator| Wish::Do(operator.badge.clone(), Grave::Remove(FIRST));
    let end = |operator: &Operator| Wish::EndSubscription(operator.badge.clone(), FIRST);
    assert_eq!(house.not_wished(ask(&olga)), NotDone::Kept(None), "it goes on");
    assert_eq!(house.not_wished(Wish::RemoveEnded(FIRST)), NotDone::Kept(None));
    let Heard::Ended(at) = house.wished(end(&olga)) else { panic!("it has not ended") };
    assert_eq!(at, house.now);
    let until = Timestamp(at.0 + 60 * DAY_MS);
    let Heard::Owners(owners) = house.wished(Wish::OwnersOf(FIRST)) else { panic!("nobody's") };
    assert_eq!(owners, [owner.id]);
    house.pass(59 * DAY_MS);
    house.restart();
    house.sign_in_again(&mut olga);
    house.sign_in_again(&mut otto);
    let Heard::Ended(again) = house.wished(end(&olga)) else { panic!("it has not ended") };
    assert_eq!(again, at, "said again it ended when it did");
    for operator in [&olga, &otto] {
        assert_eq!(house.not_wished(ask(operator)), NotDone::Kept(Some(until)));
    }
    assert_eq!(house.not_wished(Wish::RemoveEnded(FIRST)), NotDone::Kept(Some(until)));
    assert!(SITES.iter().all(|site| !house.keys.is_destroyed(SiteId(*site))));
    house.pass(DAY_MS);
    let Heard::Done(Outcome::Removed(FIRST, sites, people), None) = house.wished(Wish::RemoveEnded(FIRST))
    else {
        panic!("not removed")
    };
    assert_eq!((sites, people), (SITES.map(SiteId).to_vec(), vec![owner.id]));
    assert!(SITES.iter().all(|site| house.keys.is_destroyed(SiteId(*site))));
    // Asked once more, as by a worker that was killed in between, it is done already.
    let Heard::Done(Outcome::Removed(FIRST, sites, _), None) = house.wished(Wish::RemoveEnded(FIRST)) else {
        panic!("not removed")
    };
    assert!(sites.is_empty());
    house.restart();
}

#[test]
fn a_subscription_that_goes_on_is_kept_and_when_it_ends_again_the_time_begins_anew() {
    let (mut house, _) = House::owned();
    let mut olga = house.operated();
    house.wished(Wish::EndSubscription(olga.badge.clone(), FIRST));
    house.pass(59 * DAY_MS);
    house.sign_in_again(&mut olga);
    house.wished(Wish::ResumeSubscription(olga.badge.clone(), FIRST));
    house.pass(2 * DAY_MS);
    assert_eq!(house.not_wished(Wish::RemoveEnded(FIRST)), NotDone::Kept(None));
    house.sign_in_again(&mut olga);
    house.wished(Wish::EndSubscription(olga.badge.clone(), FIRST));
    let until = Timestamp(house.now.0 + 60 * DAY_MS);
    assert_eq!(house.not_wished(Wish::RemoveEnded(FIRST)), NotDone::Kept(Some(until)));
    let of_nobody = OrganizationId(99);
    assert_eq!(house.not_wished(Wish::EndSubscription(olga.badge.clone(), of_nobody)), NotDone::NotThere);
}

#[test]
fn of_a_removed_organization_nothing_opens_again_and_its_number_is_not_given_again() {
    let (mut house, owner, other) = House::of_two();
    let olga = house.operated();
    let now = house.now;
    house.people.end_long_ago(FIRST, now);
    let key = house.make_key(&owner, Some(1), &[Scope::Read]).unwrap().1;
    let done = house.wished(Wish::Do(olga.badge.clone(), Grave::Remove(FIRST)));
    let Heard::Done(Outcome::Removed(FIRST, sites, people), None) = done else { panic!("not removed") };
    assert_eq!((sites, people), (SITES.map(SiteId).to_vec(), vec![owner.id]));
    assert!(!house.is_good(&owner.token) && !house.is_good(&key));
    assert!(SITES.iter().all(|site| house.keys.is_destroyed(SiteId(*site))));
    assert_eq!(house.opened(&other.token), [OTHER_SITE], "another's is untouched");
    house.restart();
    assert_ne!(house.add_organization(&olga), FIRST);
}
