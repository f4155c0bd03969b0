//! HTTP as `app` speaks it: one file for each thing that can be asked, and what they share.
//!
//! A handler parses, calls one function and shapes the answer. The name of a handler is the name of the
//! operation in the API's document and of the method in its clients.

mod access;
pub(crate) mod admission;
pub(crate) mod agreement;
mod aliases;
pub(crate) mod api_keys;
pub(crate) mod asking;
pub(crate) mod audit;
pub(crate) mod backups;
pub(crate) mod break_glass;
pub(crate) mod bulk;
pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod consents;
mod contact;
pub(crate) mod cookie;
pub(crate) mod document;
pub(crate) mod erasures;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod heatmaps;
pub(crate) mod input;
pub(crate) mod invitations;
pub(crate) mod keys;
pub(crate) mod live;
pub(crate) mod mail;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod metrics;
mod objections;
pub(crate) mod operators;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod privacy_text;
pub(crate) mod problem;
pub(crate) mod queries;
pub(crate) mod recordings;
pub(crate) mod refusals;
mod replay;
mod requests;
mod retention;
pub(crate) mod router;
pub(crate) mod said;
pub(crate) mod secret;
pub(crate) mod server;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod sites;
pub(crate) mod stream;
pub(crate) mod support_grants;
pub(crate) mod ui;
pub(crate) mod visitors;
pub(crate) mod whole;
