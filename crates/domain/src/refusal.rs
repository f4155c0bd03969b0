//! Why something untrusted did not become an event, or became one that is set aside.

use serde::{Deserialize, Serialize};

/// A reason for which an event is not kept. It is counted per site and day where the site's people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Refusal {
    /// No site of this server has the domain.
    UnknownSite,
    /// The visitor's browser said GPC or DNT, and the site honours it.
    OptOut,
    /// The request was a prefetch or a prerender, not a visit.
    Prefetch,
    /// The time given lies more than 7 days back or more than 10 minutes ahead.
    Date,
    /// The address of the page is of a scheme that is not measured (`data:`, `file:`, …).
    Scheme,
    /// An `engagement` event that found no open visit.
    NoVisit,
    /// It is not what its kind of event must be.
    Malformed,
    /// It is larger than an event may be.
    TooLarge,
    /// A batch held more events than one may.
    TooMany,
    /// The site keeps no ids, so that nobody is known there by name.
    Cookieless,
    /// The visitor withdrew the consent by which they were known.
    Withdrawn,
    /// An address was to be kept, which the site does not allow.
    AddressNotAllowed,
    /// An address was to be kept, and the organization has not accepted the current data-processing agreement.
    NoAgreement,
    /// An address was to be kept without a receipt of the visitor's consent that stands.
    NoConsent,
    /// The organization's subscription has ended: what was measured is kept for a while, and nothing is added to it.
    SubscriptionEnded,
    /// The visitor objected to being measured.
    Objected,
}

impl Refusal {
    /// Every reason, in the order in which they are shown.
    pub const ALL: [Refusal; 16] = [
        Self::UnknownSite,
        Self::OptOut,
        Self::Prefetch,
        Self::Date,
        Self::Scheme,
        Self::NoVisit,
        Self::Malformed,
        Self::TooLarge,
        Self::TooMany,
        Self::Cookieless,
        Self::Withdrawn,
        Self::AddressNotAllowed,
        Self::NoAgreement,
        Self::NoConsent,
        Self::SubscriptionEnded,
        Self::Objected,
    ];

    /// The machine word, as in `x-candor-refused` and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownSite => "unknown_site",
            Self::OptOut => "opt_out",
            Self::Prefetch => "prefetch",
            Self::Date => "date",
            Self::Scheme => "scheme",
            Self::NoVisit => "no_visit",
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::Cookieless => "cookieless",
            Self::Withdrawn => "withdrawn",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::NoAgreement => "no_agreement",
            Self::NoConsent => "no_consent",
            Self::SubscriptionEnded => "subscription_ended",
            Self::Objected => "objected",
        }
    }

    /// The reason behind a machine word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.as_str() == word)
    }
}

/// A reason for which an event is kept but set aside, out of every report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Suspicion {
    /// The user agent names a bot.
    UserAgent,
    /// The user agent carries the mark of a driven browser.
    Automation,
    /// The referrer is a known spammer.
    ReferrerSpam,
}

impl Suspicion {
    /// Every reason, in the order in which they are shown.
    pub const ALL: [Suspicion; 3] = [Self::UserAgent, Self::Automation, Self::ReferrerSpam];

    /// The machine word, as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserAgent => "user_agent",
            Self::Automation => "automation",
            Self::ReferrerSpam => "referrer_spam",
        }
    }

    /// The reason behind a machine word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suspicion| suspicion.as_str() == word)
    }
}
