//! Which act of operators leads where: the whole list.

use sealing::Token;
use sealing::protocol::operators::{Ask, Badge, Grave, Outcome, Told};
use sealing::protocol::people::NotDone;

use super::super::registry::Kind;
use super::super::{Hands, People, Stop};

/// Whether an act only looks.
pub(crate) const fn is_quiet(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::Roster
            | Ask::Challenge(..)
            | Ask::Identify(_)
            | Ask::Operators(_)
            | Ask::Approvals(_)
            | Ask::Organizations(_)
            | Ask::Grants(_)
            | Ask::GrantsOf(..)
            | Ask::OwnersOf(_)
    )
}

impl People {
    /// Does what is asked about operators.
    pub(crate) fn act_on_operators(&mut self, ask: Ask, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        if let Some(badge) = badge_of(&ask) {
            self.on_duty(badge, hands.now)?;
            self.note_on_duty(&badge.token.clone(), hands);
        }
        match ask {
            Ask::Roster => Ok(Told::Roster(self.roster(hands.now))),
            Ask::EnrolFirst(new) => self.enrol_first(&new, hands),
            Ask::Challenge(server, name) => self.challenge(&server, &name, hands),
            Ask::SignIn(challenge, signature, code, within, network) => {
                let shown = super::sign_in::Shown { challenge, signature, code, within, network };
                self.sign_in_operator(&shown, hands)
            }
            Ask::Identify(badge) => self.identify_operator(&badge, hands.now),
            Ask::End(badge) => self.end_on_duty(&badge, hands),
            Ask::Operators(_) => Ok(Told::Operators(self.operators_told())),
            Ask::RemoveOperator(badge, id) => self.remove_operator(&badge, id, hands),
            Ask::Do(badge, grave) => self.do_grave(&badge, grave, hands),
            Ask::Approvals(_) => Ok(Told::Approvals(self.approvals(hands.now))),
            Ask::Approve(badge, id) => self.approve(&badge, id, hands),
            Ask::Decline(badge, id) => self.decline(&badge, id, hands),
            Ask::Organizations(_) => Ok(Told::Organizations(self.organizations_told(hands))),
            Ask::AddOrganization(badge) => self.begin_organization(&badge, hands),
            Ask::InviteOwner(badge, organization, email) => {
                self.invite_owner(&badge, organization, &email, hands)
            }
            Ask::Enable(badge, organization) => self.enable(&badge, organization, hands),
            Ask::EndSubscription(badge, organization) => self.end_subscription(&badge, organization, hands),
            Ask::ResumeSubscription(badge, organization) => {
                self.resume_subscription(&badge, organization, hands)
            }
            Ask::RemoveEnded(organization) => self.remove_ended(organization, hands),
            Ask::OwnersOf(organization) => Ok(self.owners_of(organization)),
            of_grants => self.act_on_grants(of_grants, hands),
        }
    }

    fn act_on_grants(&mut self, ask: Ask, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        match ask {
            Ask::AskGrant(badge, new) => self.ask_grant(&badge, new, hands),
            Ask::Grants(_) => Ok(Told::Grants(self.grants(|_| true, hands.now))),
            Ask::OpenGrant(badge, id) => self.open_grant(&badge, id, hands),
            Ask::EndGrant(badge, id) => self.end_grant(&badge, id, hands),
            Ask::GrantsOf(token, organization) => self.grants_of(&token, organization, hands.now),
            Ask::DecideGrant(token, id, approved) => self.decide_grant(&token, id, approved, hands),
            Ask::CloseGrant(token, id) => self.close_grant(&token, id, hands),
            _ => Err(NotDone::Unknown.into()),
        }
    }

    /// It is noted, in memory, that they were there: a keeper that starts again may ask them to sign in again.
    fn note_on_duty(&mut self, token: &Token, hands: &Hands<'_>) {
        if let Some(minted) = self.registry.tokens.get_mut(&token.hash())
            && let Kind::OnDuty { seen_at, .. } = &mut minted.of
        {
            *seen_at = hands.now;
        }
    }
}

/// Whose badge an act is done with.
const fn badge_of(ask: &Ask) -> Option<&Badge> {
    match ask {
        Ask::Identify(badge) | Ask::End(badge) | Ask::Operators(badge) | Ask::RemoveOperator(badge, _) => {
            Some(badge)
        }
        Ask::Do(badge, _) | Ask::Approvals(badge) | Ask::Approve(badge, _) | Ask::Decline(badge, _) => {
            Some(badge)
        }
        Ask::Organizations(badge) | Ask::AddOrganization(badge) | Ask::InviteOwner(badge, ..) => Some(badge),
        Ask::Enable(badge, _) | Ask::AskGrant(badge, _) | Ask::Grants(badge) => Some(badge),
        Ask::OpenGrant(badge, _) | Ask::EndGrant(badge, _) => Some(badge),
        Ask::EndSubscription(badge, _) | Ask::ResumeSubscription(badge, _) => Some(badge),
        Ask::RemoveEnded(_) | Ask::OwnersOf(_) => None,
        Ask::Roster | Ask::EnrolFirst(_) | Ask::Challenge(..) | Ask::SignIn(..) => None,
        Ask::GrantsOf(..) | Ask::DecideGrant(..) | Ask::CloseGrant(..) => None,
    }
}

/// The token that an act is done with.
pub(crate) const fn token_of(ask: &Ask) -> Option<&Token> {
    match ask {
        Ask::GrantsOf(token, _) | Ask::DecideGrant(token, ..) | Ask::CloseGrant(token, _) => Some(token),
        _ => match badge_of(ask) {
            Some(badge) => Some(&badge.token),
            None => None,
        },
    }
}

/// The word for an act in the audit file, and what it is about.
pub(crate) fn told(ask: &Ask) -> (&'static str, Vec<String>) {
    let organization = |id: &domain::OrganizationId| vec![format!("organization {}", id.0)];
    let grant = |id: &u64| vec![named_grant(*id)];
    match ask {
        Ask::Roster | Ask::Operators(_) | Ask::Approvals(_) | Ask::Organizations(_) => ("look", vec![]),
        Ask::Identify(_) | Ask::Challenge(..) | Ask::Grants(_) | Ask::GrantsOf(..) => ("look", vec![]),
        Ask::EnrolFirst(_) => ("enrol-first-operator", vec![]),
        Ask::SignIn(..) => ("operator-sign-in", vec![]),
        Ask::End(_) => ("operator-sign-out", vec![]),
        Ask::RemoveOperator(_, id) => ("remove-operator", vec![format!("operator {id}")]),
        Ask::Do(_, Grave::Enrol(_)) => ("enrol-operator", vec![]),
        Ask::Do(_, Grave::Disable(id)) => ("disable-organization", organization(id)),
        Ask::Do(_, Grave::Remove(id)) => ("remove-organization", organization(id)),
        Ask::Do(_, Grave::ListBackups) => ("list-backups", vec![]),
        Ask::Approve(_, id) => ("approve", vec![format!("approval {id:016x}")]),
        Ask::Decline(_, id) => ("decline", vec![format!("approval {id:016x}")]),
        Ask::AddOrganization(_) => ("add-organization", vec![]),
        Ask::InviteOwner(_, id, _) => ("invite-owner", organization(id)),
        Ask::Enable(_, id) => ("enable-organization", organization(id)),
        Ask::EndSubscription(_, id) => ("end-subscription", organization(id)),
        Ask::ResumeSubscription(_, id) => ("resume-subscription", organization(id)),
        Ask::RemoveEnded(id) => ("remove-ended", organization(id)),
        Ask::OwnersOf(_) => ("look", vec![]),
        Ask::AskGrant(_, new) => ("ask-grant", vec![format!("site {}", new.site)]),
        Ask::OpenGrant(_, id) => ("open-grant", grant(id)),
        Ask::EndGrant(_, id) | Ask::CloseGrant(_, id) => ("end-grant", grant(id)),
        Ask::DecideGrant(_, id, true) => ("approve-grant", grant(id)),
        Ask::DecideGrant(_, id, false) => ("decline-grant", grant(id)),
    }
}

/// As what a support grant is spoken of in the audit file.
pub(crate) fn named_grant(id: u64) -> String {
    format!("grant {id:016x}")
}

/// The sites whose keys an act destroyed, as the audit file says it: known only once it was done.
pub(crate) fn destroyed(told: &Told) -> Option<Vec<String>> {
    match told {
        Told::Done(Outcome::Removed(_, sites, _), _) => {
            Some(sites.iter().map(|site| format!("site {site}")).collect())
        }
        _ => None,
    }
}
