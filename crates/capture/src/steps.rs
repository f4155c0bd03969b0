//! The steps, one file each, in the order in which [`crate::Pipeline`] takes them.

pub(crate) mod admit_site;
pub(crate) mod opt_out;
pub(crate) mod prefetch;
pub(crate) mod scheme;

pub(crate) mod address;
pub(crate) mod date;
pub(crate) mod location;
pub(crate) mod visitor;

pub(crate) mod clean;
