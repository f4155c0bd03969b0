//! Every letter in words: one file for each.

mod break_glass;
mod invitation;
mod network_blocked;
mod new_device;
mod password_changed;
mod promises;
mod request_answered;
mod reset;
mod second_factor_changed;
mod subscription_ends;
mod support_grant;
mod test;

use control::Letter;
use domain::Timestamp;

use super::page::Page;

/// What a letter is put into words with.
pub(crate) struct Words<'a> {
    /// The operator's address of this server, without a slash at its end.
    pub(crate) public_url: &'a str,
    /// From when on what is offered is worth nothing.
    pub(crate) expires_at: Timestamp,
    /// The token of a reset, which the letter itself does not hold.
    pub(crate) reset: Option<&'a control::LinkToken>,
}

impl Words<'_> {
    /// The letter in words. `None` where its link lacks its token.
    pub(super) fn page(&self, letter: &Letter) -> Option<Page> {
        Some(match letter {
            Letter::Invitation { organization, invited_by, role, token } => {
                invitation::page(self, organization, invited_by, role, token)
            }
            Letter::Reset { .. } => reset::page(self, self.reset?),
            Letter::NewDevice { agent, network, at } => new_device::page(self, agent, network, *at),
            Letter::SecondFactorChanged { change, network, at } => {
                second_factor_changed::page(self, *change, network, *at)
            }
            Letter::PasswordChanged { network, at } => password_changed::page(self, network, *at),
            Letter::BreakGlass { person, at, opens_at } => break_glass::page(self, person, *at, *opens_at),
            Letter::GrantAsked(grant) => support_grant::asked(self, grant),
            Letter::GrantApproved(grant) => support_grant::approved(self, grant),
            Letter::GrantEnded(grant) => support_grant::ended(self, grant),
            Letter::NetworkBlocked { network, attempts, accounts, until } => {
                network_blocked::page(self, network, *attempts, *accounts, *until)
            }
            Letter::RequestAnswered { site, request, asked_at, done, words } => {
                request_answered::page((site, request), *asked_at, *done, words)
            }
            Letter::Test => test::page(self),
            Letter::SubscriptionEnds { organization, days, removed_at } => {
                subscription_ends::page(self, organization, *days, *removed_at)
            }
            Letter::PromisesLate { late, at } => promises::late(self, late, *at),
            Letter::PromisesKept { at } => promises::kept(self, *at),
        })
    }

    /// A page of the server. The token of a link comes after a `#`, so that no server on the way is told it.
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

/// A moment as people read it: `2026-11-22 14:02 UTC`.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    match (text.split_once('T'), text.get(11..16)) {
        (Some((date, _)), Some(clock)) => format!("{date} {clock} UTC"),
        _ => text,
    }
}
