//! The steps, one file each, in the order in which [`crate::Pipeline`] takes them.

pub(crate) mod admit_site;
pub(crate) mod opt_out;
pub(crate) mod prefetch;

pub(crate) mod date;
pub(crate) mod scheme;

pub(crate) mod agent;
pub(crate) mod bots;
mod device;
pub(crate) mod language;
pub(crate) mod screen;

pub(crate) mod objection;
pub(crate) mod visitor;

pub(crate) mod address;
pub(crate) mod location;

mod channel;
pub(crate) mod source;

pub(crate) mod clean;
