//! The words of the product, as types. Nothing here does I/O, reads a clock or rolls a die.
//!
//! A full network address, a keystroke or a card number has no type here that a store accepts: addresses
//! leave [`ClientAddress`] only truncated, and stored text is [`Text`], whose one constructor stars cards. The one exception is
//! an address that its visitor agreed to have kept ([`KeptAddress`]), which only a sealed attribute takes.

mod access;
mod address;
pub mod audit;
mod cards;
mod clock;
mod day_secret;
mod erased;
mod event;
mod identified;
mod ids;
pub mod limits;
mod network;
mod operator;
mod random;
mod recording;
mod refusal;
mod site;
mod text;
mod timestamp;
mod visitor_request;

pub use access::{
    Decision, Identity, KeyLimits, Membership, Object, OrganizationId, PersonId, Place, Role, Scope,
    UnknownWord, Verb, role_allows, scope_allows,
};
pub use address::ClientAddress;
#[cfg(debug_assertions)]
#[doc(hidden)]
pub use cards::leave_cards_in;
pub use clock::{Clock, ManualClock};
pub use day_secret::{DaySecret, DaySecrets};
pub use erased::Erased;
pub use event::{Campaign, Event, Location, Referral, Revenue, Software};
pub use identified::{
    AttributeKind, AttributeName, AttributeNameError, AttributeValue, DeclaredAttribute, IdSecret,
    KeptAddress, WriteKey, WriteKeyError,
};
pub use ids::{EventId, IdError, ReceiptId, SiteId, VisitorId};
pub use network::{Network, NetworkError};
pub use operator::{OperatorId, SupportField};
#[cfg(feature = "testing")]
pub use random::Counting;
pub use random::Rng;
pub use recording::{
    EventsDays, IdleMinutes, LengthMinutes, OutOfRange, RecordedText, RecordingSettings, RetentionDays,
    SamplePercent, Within,
};
pub use refusal::{Refusal, Suspicion};
pub use site::{DomainError, DomainName, IdentityMode, Site, SiteSettings, TimeZone, TimeZoneError};
pub use text::Text;
pub use timestamp::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
pub use visitor_request::{
    REQUEST_ANSWERED_WITHIN, REQUEST_WORDS_BYTES, REQUESTS_WAITING_MAX, RequestAnswer, RequestKind,
};
