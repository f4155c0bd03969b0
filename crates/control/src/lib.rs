//! Everything in the control database, and the only place that knows SQL.
//!
//! It is opened by `app` and `worker`, never by `edge`. Nothing that a visitor did is kept here but counts.

mod aliases;
mod audit;
mod backups;
mod catalog;
mod consents;
mod database;
mod duties;
mod identified;
mod ledger;
mod mail;
mod objections;
mod operators;
mod people;
mod recordings;
mod requests;
mod rights;
mod sites;
mod subscriptions;
#[cfg(test)]
mod testing;

pub use aliases::{ALIASES_MAX, AliasError, AliasRows, IDS_OF_ONE_MAX};
pub use audit::{
    AuditExport, AuditFilter, AuditPage, CheckpointError, LogHead, PAGE_MAX, SignedLog, Stopped, Work,
};
pub use backups::{BackupMark, ErasedVisitor, Untold, WrappedVisitorKey};
pub use catalog::{CatalogChange, CatalogChangeError, CatalogRows, CountRow, ReplacedRow, SegmentRow};
pub use consents::{AgreementRow, ConsentRow, RECEIPTS_MAX, WITHDRAWN_MAX, WITHDRAWN_OF_SITE_MAX, Way};
pub use database::{CopyError, Database, OpenError};
pub use duties::{AlertWay, DUTY_EVERY, DutyRow};
pub use identified::{AttributeRow, IdentifiedRow, LEFT_OUT_NAMES_MAX, LeftOutRow};
pub use ledger::{LedgerEntry, LedgerError, LedgerKind};
pub use mail::{FactorChange, Letter, LinkToken, Mail, MailId, MailState, NewMail, SupportGrant, Trouble};
pub use objections::{OBJECTED_MAX, OBJECTED_OF_SITE_MAX, ObjectionError};
pub use operators::GrantText;
pub use people::{Invitation, Organization, Person};
pub use recordings::{
    DictionaryRow, KnownRecording, LessonRow, PartRow, RECORDINGS_PAGE_MAX, RecordingChange, RecordingFilter,
    RecordingKey, RecordingPage, RecordingRow,
};
pub use requests::{Asker, RequestError, VisitorRequest};
pub use rights::{ERASURES_PAGE_MAX, ErasureRow};
pub use sites::{NewSite, RecordingSettingsChange, SiteChange, SiteError};
pub use subscriptions::SubscriptionEnd;

/// The database failed; what a person did is not the cause.
#[derive(Debug, thiserror::Error)]
#[error("the control database failed")]
pub struct DatabaseError(#[from] rusqlite::Error);
