//! The checks of who somebody is: values in, verdicts out.
//!
//! Nothing here stores anything, speaks to anybody, tells the time, counts attempts or decides what a verdict leads
//! to. What is compared with a secret is compared in a time that does not depend on it.

pub mod passkey;
pub mod password;
pub mod recovery;
pub mod ssh;
pub mod totp;
