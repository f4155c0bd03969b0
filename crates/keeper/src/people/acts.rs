//! Which act leads where: the whole list.

use sealing::Token;
use sealing::protocol::people::{Ask, NotDone, Told};

use super::keys::Wanted;
use super::{Hands, People, Stop};

/// Whether an act only looks: nothing is changed, nothing is opened, and so nothing is written down.
pub(crate) const fn is_quiet(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::Identify(_)
            | Ask::Devices(_)
            | Ask::Security(_)
            | Ask::Members(..)
            | Ask::Invitations(..)
            | Ask::LookAtInvitation(_)
            | Ask::Keys(..)
            | Ask::SitesSeen
            | Ask::PasskeyOptions(_)
            | Ask::ResetWanted(_)
    )
}

impl People {
    /// Does what is asked, all but what is slow.
    pub(crate) fn act(&mut self, ask: Ask, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        match ask {
            Ask::SetupToken(held) => self.setup_token(held, hands),
            Ask::SetUp(token, email, credential, device) => {
                self.set_up(&token, &email, credential, device, hands)
            }
            Ask::LookAtInvitation(token) => self.look_at_invitation(&token, hands.now),
            Ask::Accept(token, email, credential, device) => {
                self.accept(&token, &email, credential, device, hands)
            }
            Ask::AcceptAs(token, bearer) => self.accept_as(&token, &bearer, hands),
            Ask::PasskeyOptions(wanted) => self.passkey_options(wanted, hands),
            Ask::ProvePasskey(options, credential) => self.prove_passkey(options, &credential, hands),
            Ask::ProveMore(ticket, proof, network) => self.prove_more(ticket, &proof, &network, hands),
            Ask::SignIn(ticket, device) => {
                let proven = self.take_proven(ticket, hands.now)?;
                self.sign_in(&proven, device, hands)
            }
            Ask::SignInOnce(token, device) => self.sign_in_once(&token, device, hands),
            Ask::Identify(token) => self.identify(&token, hands),
            Ask::Confirm(token, proof) => self.confirm_by(&token, &proof, hands),
            Ask::End(token, which) => self.end(&token, which, hands),
            Ask::Devices(token) => self.devices(&token, hands.now),
            Ask::OneTime(token) => self.one_time(&token, hands),
            Ask::ResetWanted(email) => Ok(self.reset_wanted(&email)),
            Ask::ResetToken(person, email) => self.reset_token(person, &email, hands),
            Ask::Reset(token, chosen) => self.reset(&token, chosen, hands),
            Ask::BreakGlass(email) => self.break_glass(&email, hands),
            Ask::SitesSeen => Ok(self.sites_seen(hands)),
            // Done with nothing locked.
            Ask::Choose(..) | Ask::Prove(..) => Err(NotDone::Unknown.into()),
            own => self.act_on_own(own, hands),
        }
    }

    /// What somebody changes of themselves.
    fn act_on_own(&mut self, ask: Ask, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        match ask {
            Ask::Security(token) => self.security(&token, hands),
            Ask::SetPassword(token, chosen) => self.set_password(&token, chosen, hands),
            Ask::SetEmail(token, email) => self.set_email(&token, &email, hands),
            Ask::BeginTotp(token, account) => self.begin_totp(&token, &account, hands),
            Ask::FinishTotp(token, code) => self.finish_totp(&token, &code, hands),
            Ask::EndTotp(token) => self.end_totp(&token, hands),
            Ask::AddPasskey(token, options, credential, name) => {
                self.add_passkey(&token, options, &credential, &name, hands)
            }
            Ask::EndPasskey(token, id) => self.end_passkey(&token, id, hands),
            Ask::RenewRecoveryCodes(token) => self.renew_recovery_codes(&token, hands),
            of_others => self.act_on_organization(of_others, hands),
        }
    }

    /// What somebody changes of an organization.
    fn act_on_organization(&mut self, ask: Ask, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        match ask {
            Ask::RequireSecondFactor(token, organization, required) => {
                self.require_second_factor(&token, organization, required, hands)
            }
            Ask::Members(token, organization) => self.members(&token, organization, hands.now),
            Ask::ChangeMember(token, person, membership, disabled) => {
                self.change_member(&token, person, &membership, disabled, hands)
            }
            Ask::RemoveMember(token, person, organization) => {
                self.remove_member(&token, person, organization, hands)
            }
            Ask::Invite(token, email, membership) => self.invite(&token, &email, membership, hands),
            Ask::Invitations(token, organization) => self.invitations_of(&token, organization, hands.now),
            Ask::EndInvitation(token, organization, id) => {
                self.end_invitation(&token, organization, id, hands)
            }
            Ask::MakeKey(token, organization, site, scopes, until) => {
                self.make_key(&token, Wanted { organization, site, scopes, until }, hands)
            }
            Ask::Keys(token, organization) => self.keys_of(&token, organization, hands.now),
            Ask::EndKey(token, organization, id) => self.end_key(&token, organization, id, hands),
            Ask::AddSite(token, organization, site) => self.add_site(&token, organization, site, hands),
            Ask::RemoveSite(token, site) => self.remove_site(&token, site, hands),
            Ask::ShareRecordings(token, site, shared) => self.share_recordings(&token, site, shared, hands),
            Ask::ResetLink(token, organization, person) => {
                self.reset_link(&token, organization, person, hands)
            }
            _ => Err(NotDone::Unknown.into()),
        }
    }
}

/// The word for an act in the audit file, and what it is about.
pub(crate) fn told(ask: &Ask) -> (&'static str, Vec<String>) {
    let site = |site: &domain::SiteId| vec![format!("site {site}")];
    let person = |person: &domain::PersonId| vec![format!("person {person}")];
    match ask {
        Ask::SetupToken(_) => ("setup-token", vec![]),
        Ask::SetUp(..) => ("set-up", vec![]),
        Ask::Choose(..) => ("choose", vec![]),
        Ask::Prove(..) | Ask::ProveMore(..) | Ask::ProvePasskey(..) => ("prove", vec![]),
        Ask::Confirm(..) => ("confirm", vec![]),
        Ask::SignIn(..) | Ask::SignInOnce(..) => ("sign-in", vec![]),
        Ask::End(..) => ("sign-out", vec![]),
        Ask::OneTime(_) => ("one-time-address", vec![]),
        Ask::Accept(..) | Ask::AcceptAs(..) => ("accept", vec![]),
        Ask::SetPassword(..) => ("set-password", vec![]),
        Ask::SetEmail(..) => ("set-email", vec![]),
        Ask::BeginTotp(..) | Ask::FinishTotp(..) | Ask::EndTotp(_) => ("totp", vec![]),
        Ask::AddPasskey(..) | Ask::EndPasskey(..) => ("passkey", vec![]),
        Ask::RenewRecoveryCodes(_) => ("recovery-codes", vec![]),
        Ask::RequireSecondFactor(..) => ("require-second-factor", vec![]),
        Ask::ChangeMember(_, whom, ..) | Ask::RemoveMember(_, whom, _) => ("member", person(whom)),
        Ask::Invite(..) | Ask::EndInvitation(..) => ("invitation", vec![]),
        Ask::MakeKey(..) | Ask::EndKey(..) => ("api-key", vec![]),
        Ask::AddSite(_, _, one) => ("add-site", site(one)),
        Ask::RemoveSite(_, one) => (crate::audit::DESTROY, site(one)),
        Ask::ShareRecordings(_, one, true) => ("show-recordings-to-viewers", site(one)),
        Ask::ShareRecordings(_, one, false) => ("hide-recordings-from-viewers", site(one)),
        Ask::ResetLink(_, _, whom) | Ask::ResetToken(whom, _) => ("reset-link", person(whom)),
        Ask::Reset(..) => ("reset", vec![]),
        Ask::BreakGlass(_) => ("break-glass", vec![]),
        Ask::Identify(_) | Ask::Devices(_) | Ask::Security(_) | Ask::SitesSeen => ("look", vec![]),
        Ask::Members(..) | Ask::Invitations(..) | Ask::LookAtInvitation(_) | Ask::Keys(..) => {
            ("look", vec![])
        }
        Ask::PasskeyOptions(_) | Ask::ResetWanted(_) => ("look", vec![]),
    }
}

/// The token of whoever asks for themselves.
pub(crate) const fn token_of(ask: &Ask) -> Option<&Token> {
    match ask {
        Ask::Confirm(token, _) | Ask::End(token, _) | Ask::OneTime(token) | Ask::AcceptAs(_, token) => {
            Some(token)
        }
        Ask::SetPassword(token, _) | Ask::SetEmail(token, _) | Ask::BeginTotp(token, _) => Some(token),
        Ask::FinishTotp(token, _) | Ask::EndTotp(token) | Ask::AddPasskey(token, ..) => Some(token),
        Ask::EndPasskey(token, _) | Ask::RenewRecoveryCodes(token) => Some(token),
        Ask::RequireSecondFactor(token, ..) | Ask::ChangeMember(token, ..) => Some(token),
        Ask::RemoveMember(token, ..) | Ask::Invite(token, ..) | Ask::EndInvitation(token, ..) => Some(token),
        Ask::MakeKey(token, ..) | Ask::EndKey(token, ..) | Ask::ResetLink(token, ..) => Some(token),
        Ask::AddSite(token, ..) | Ask::RemoveSite(token, _) | Ask::ShareRecordings(token, ..) => Some(token),
        _ => None,
    }
}
