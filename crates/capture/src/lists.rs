//! The open lists that steps judge by. `lists/README.md` names the source and licence of each.

pub(crate) mod agents;
pub(crate) mod bots;
pub(crate) mod currencies;
pub(crate) mod sources;
pub(crate) mod spam;
