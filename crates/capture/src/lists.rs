//! The open lists that steps judge by. `lists/README.md` names the source and licence of each.

pub(crate) mod currencies;
