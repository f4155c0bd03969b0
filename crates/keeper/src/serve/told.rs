//! What the audit file says of a question.

use std::collections::{BTreeMap, BTreeSet};

use domain::{OrganizationId, Place, SiteId, Timestamp};
use sealing::Label;
use sealing::protocol::{Duty, Purpose, Request, SealedBytes};

use crate::audit::{DESTROY, SIGN, of_log};
use crate::keys::Keys;
use crate::people::{self, People, of_operators};

/// What is asked, about what, and for whom.
pub(super) struct Told {
    pub(super) asks: &'static str,
    pub(super) about: Vec<String>,
    /// Whose token it is.
    pub(super) who: Option<String>,
    /// How often what is known of people was changed, where the question is about them.
    pub(super) people: Option<u64>,
}

impl Told {
    /// Something that is no question.
    pub(super) const fn malformed() -> Self {
        Self { asks: "?", about: Vec::new(), who: None, people: None }
    }

    /// What was asked changed what is known of people so often.
    pub(super) const fn version(&mut self, version: u64) {
        self.people = Some(version);
    }

    /// It destroyed the keys of these sites.
    pub(super) fn destroyed(&mut self, sites: Vec<String>) {
        self.asks = DESTROY;
        self.about = sites;
    }
}

/// What is said of `request`.
pub(super) fn told(known: &People, keys: &Keys, request: &Request, now: Timestamp) -> Told {
    let (asks, mut about) = match request {
        Request::DaySecrets(_) => ("day-secrets", vec![]),
        Request::ControlKey => ("control-key", vec![]),
        Request::LedgerKey => ("ledger-key", vec![]),
        Request::Overview => ("overview", vec![]),
        Request::List(_) => ("list", vec![]),
        Request::Rotate(None) => ("rotate", vec!["all keys".to_owned()]),
        Request::Rotate(Some(site)) => ("rotate", vec![format!("site {site}")]),
        Request::RotateRoot => ("rotate-root", vec![]),
        Request::Rewrap => ("rewrap", vec![]),
        Request::Recipients(sites) => {
            ("recipients", sites.iter().map(|site| format!("site {site}")).collect())
        }
        // Of chunks there are too many to name each.
        Request::Open(purpose @ Purpose::Duty(Duty::TakeIn), wanted) => (purpose.as_str(), counted(wanted)),
        Request::Open(purpose, wanted) => {
            (purpose.as_str(), wanted.iter().map(|(label, _)| label.to_string()).collect())
        }
        Request::LastCheckpoint(log) => ("last-checkpoint", vec![format!("audit log {log}")]),
        Request::SignCheckpoint(state) => (SIGN, of_log(state.log, state.size)),
        // It names a visitor by a digest, and counts: too long to be written here.
        Request::SignReceipt(_) => ("sign-receipt", vec![]),
        Request::People(ask) => people::told(ask),
        Request::Operators(ask) => of_operators::told(ask),
        Request::KeptLength(file) | Request::KeptPart(file, _) => ("copy", vec![file.name().to_owned()]),
    };
    let token = match request {
        Request::Open(Purpose::Request(token), _) => Some(token),
        Request::People(ask) => people::token_of(ask),
        Request::Operators(ask) => of_operators::token_of(ask),
        _ => None,
    };
    if let Request::Open(Purpose::Request(token), wanted) = request {
        let granted = |(label, _): &(sealing::Label, _)| {
            let organization = keys.organization_of(label.site).unwrap_or(OrganizationId(0));
            known.opens_by_grant(token, Place::site(organization, label.site), now)
        };
        let grants: BTreeSet<u64> = wanted.iter().filter_map(granted).collect();
        about.extend(grants.into_iter().map(of_operators::named_grant));
    }
    Told { asks, about, who: token.and_then(|token| known.bearer_named(token, now)), people: None }
}

/// How many of each site, and of which kind.
fn counted(wanted: &[(Label, SealedBytes)]) -> Vec<String> {
    let mut counts: BTreeMap<(&str, SiteId), usize> = BTreeMap::new();
    for (label, _) in wanted {
        *counts.entry((label.kind.as_str(), label.site)).or_default() += 1;
    }
    counts.into_iter().map(|((kind, site), count)| format!("{count} of kind {kind} of site {site}")).collect()
}
