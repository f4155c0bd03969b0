//! What says which recordings there are: a ledger, durable when a call returns. `control` keeps it; what is opaque there is
//! read here.

use std::collections::BTreeSet;

use domain::{SiteId, Text, Timestamp, VisitorId};

use super::contents::Totals;
use crate::chunk::Onlooker;
use crate::names::TabId;

/// Which recording: a name that another visitor gives is another recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Whose {
    /// Of which site.
    pub site: SiteId,
    /// Of whom.
    pub visitor: VisitorId,
    /// As the tab calls it.
    pub tab: TabId,
}

/// An object that holds a part of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub object: String,
    /// What is in it, as [`super::Contents`] are written.
    pub contents: Vec<u8>,
}

/// What the ledger knows of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing yet.
    New,
    /// That it was removed, so that what still comes of it is let go of.
    Removed,
    /// Its parts, in the order in which they were taken in.
    Known(Vec<Part>),
}

/// A recording of which a part was taken in, or parts were put together.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Which.
    pub whose: Whose,
    /// Who looks; what was first said stays.
    pub onlooker: Onlooker,
    /// What all its parts come to, this one among them.
    pub totals: Totals,
    /// The paths of pages in this part.
    pub paths: BTreeSet<Text>,
    /// The part.
    pub part: Part,
    /// Parts whose place it takes. Where one of them is gone, nothing of it happens.
    pub replaces: Vec<String>,
    /// Dictionaries by which it is compressed.
    pub dictionaries: Vec<String>,
}

/// What changes in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Recordings that become known, or longer. One that was removed meanwhile stays so, as does a site.
    pub taken: Vec<Taken>,
    /// The spooled file that they are of.
    pub spooled: Option<String>,
    /// Spooled files that are deleted, and need not be remembered.
    pub forget: Vec<String>,
    /// A page that there is a dictionary for, or nothing to make one of; its recordings are put together anew.
    pub learned: Option<Learned>,
}

/// A page that enough visitors were recorded on to learn what it shows to all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Of which site.
    pub site: SiteId,
    /// Which page.
    pub path: Text,
    /// Recordings of it, each of another visitor.
    pub recordings: Vec<(VisitorId, Vec<Part>)>,
}

/// What was learned of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// Of which site.
    pub site: SiteId,
    /// Which page.
    pub path: Text,
    /// The name of the dictionary.
    pub object: String,
    /// When.
    pub at: Timestamp,
    /// Whether there is none, as nothing was common to enough of them.
    pub empty: bool,
}

/// It cannot be reached or read.
#[derive(Debug, thiserror::Error)]
#[error("the ledger of recordings does not answer")]
pub struct LedgerError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Keeps the list of recordings.
pub trait Ledger: Send + Sync {
    /// Spooled files that were taken in and may still be there.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn spooled(&self) -> Result<BTreeSet<String>, LedgerError>;

    /// What is known of a recording.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn find(&self, whose: &Whose) -> Result<Found, LedgerError>;

    /// Applies `change` whole or not at all.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn publish(&self, change: &Change) -> Result<(), LedgerError>;

    /// The names of all objects that hold something.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn objects(&self) -> Result<BTreeSet<String>, LedgerError>;

    /// Lets go of what its site keeps no longer; how many recordings.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn expire(&self, now: Timestamp) -> Result<u64, LedgerError>;

    /// A page that so many visitors were recorded on, in recordings that ended before `over`, and of which nothing was learned
    /// since `anew`; with recordings of so many visitors at most.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn lesson(
        &self,
        visitors_min: u32,
        visitors_max: u32,
        over: Timestamp,
        anew: Timestamp,
    ) -> Result<Option<Lesson>, LedgerError>;

    /// The newest dictionary for a page, if there is one.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn dictionary(&self, site: SiteId, path: &Text) -> Result<Option<String>, LedgerError>;

    /// Some recordings that ended before then and were not put together since something was added to them, or learned of
    /// their pages.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn in_parts(&self, ended_before: Timestamp) -> Result<Vec<Whose>, LedgerError>;
}
