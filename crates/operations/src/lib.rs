//! Duties that span stores. Backups: everything that is kept, of one moment, sealed as it lies on the disk and encrypted once
//! more to people who are not here, put where the operator said, read back, and known to restore because it is restored.
//!
//! It knows neither HTTP nor who asks, and never holds the root key. What it writes it cannot open.

pub mod backup;
mod turn;

pub use turn::step_back;
