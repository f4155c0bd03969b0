//! HTTP as `app` speaks it: one file for each thing that can be asked, and what they share.
//!
//! A handler parses, calls one function and shapes the answer. The name of a handler is the name of the
//! operation in the API's document and of the method in its clients.

pub(crate) mod admission;
pub(crate) mod bulk;
pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod input;
pub(crate) mod keys;
pub(crate) mod live;
pub(crate) mod metrics;
pub(crate) mod problem;
pub(crate) mod queries;
pub(crate) mod refusals;
pub(crate) mod router;
pub(crate) mod server;
pub(crate) mod sites;
pub(crate) mod stream;
pub(crate) mod ui;
