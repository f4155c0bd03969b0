//! Turns untrusted bytes into clean values or a named refusal; no storage.
//!
//! [`Pipeline::capture`] is the one door: it takes a [`RawRequest`] and gives clean [`domain::Event`]s. What
//! leaves here holds no address, no card number and no control character, and is cut to named limits. Chunks of
//! recordings come through a gate of their own, [`recording::Gate`].

mod directory;
mod lists;
mod outcome;
mod pipeline;
mod recent;
pub mod recording;
mod request;
#[cfg(test)]
mod sample;
mod steps;
mod wire;

pub use directory::SiteDirectory;
pub use outcome::{Admission, Captured, Malformed};
pub use pipeline::{
    AdmittedVisit, Circumstances, Controls, NotRecorded, NotTaken, PageSaid, Pipeline, Said, Taken, Visit,
    known_visitor, said_of,
};
pub use recent::RecentVisitors;
pub use request::{Headers, RawRequest};
pub use steps::location::PlacesError;
pub use wire::said::{Consent, ConsentError};
pub use wire::segment::{Address as CallAddress, Kind as CallKind};
