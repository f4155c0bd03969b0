//! The processes that one `candor serve` is made of, and what they say to each other.

pub(crate) mod app;
pub(crate) mod birth;
pub(crate) mod canaries;
pub(crate) mod checking;
pub(crate) mod dialer;
pub(crate) mod door;
pub(crate) mod edge;
pub(crate) mod keeper;
pub(crate) mod link;
pub(crate) mod messages;
pub(crate) mod receipt;
pub(crate) mod sandbox;
pub(crate) mod seldom;
pub(crate) mod supervisor;
pub(crate) mod worker;
