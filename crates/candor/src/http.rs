//! HTTP as `app` speaks it: one file for each thing that can be asked, and what they share.

pub(crate) mod client;
pub(crate) mod health;
