//! One-time codes of an authenticator app: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which is what every
//! app understands (some take another hash without a word and use SHA-1).
//!
//! A code is taken in its own step and in the one after, for who types slowly and whose clock is late; never before its
//! step. So it lives 30 to 60 seconds, and at most two of a million codes fit at any moment. It is taken once: a step
//! that is not after the last one taken is refused, so that who looked over a shoulder comes too late.
//!
//! Nothing here counts attempts or remembers the last step, and no secret is shown but to the person who sets it up.

#[cfg(test)]
mod tests;

use domain::{Rng, Timestamp};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const STEP_SECONDS: u64 = 30;

/// What the app and the keeper share. It is written to the keeper's sealed store and nowhere else.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// A fresh one.
    pub fn random(rng: &dyn Rng) -> Self {
        let mut secret = Self([0; SECRET_BYTES]);
        rng.fill(&mut secret.0);
        secret
    }

    /// As a person types it where no camera is: base32.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(totp_rs::Secret::new_stack(self.0).to_base32())
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(totp_rs::Secret::new_stack(self.0)).with_skew(0)
    }

    fn totp(&self) -> Totp {
        self.builder().build().expect("a secret of 160 bits is long enough")
    }
}

/// The address that an app reads from a picture: whose secret it is, and for which server.
pub fn uri(secret: &Secret, account: &str, issuer: &str) -> Zeroizing<String> {
    // A colon parts the two in what the app reads.
    let named = |name: &str| if name.is_empty() { "Candor".to_owned() } else { name.replace(':', " ") };
    let totp = secret.builder().with_account_name(named(account)).with_issuer(Some(named(issuer))).build();
    Zeroizing::new(totp.and_then(|totp| totp.to_url()).expect("both have names without a colon"))
}

/// The step that `code` belongs to, where it is the code of this step or the one before and no code of that step or a
/// later one was taken. The caller remembers it as `last_step`.
pub fn check(secret: &Secret, code: &str, now: Timestamp, last_step: Option<u64>) -> Option<u64> {
    let code: Zeroizing<String> = Zeroizing::new(code.chars().filter(|char| !char.is_whitespace()).collect());
    let seconds = u64::try_from(now.0 / 1_000).ok()?;
    let totp = secret.totp();
    // Both are computed whichever fits; codes are compared in a time that does not depend on them.
    let steps = [Some(seconds), seconds.checked_sub(STEP_SECONDS)].map(|time| totp.check(&code, time?));
    steps.into_iter().flatten().find(|&step| last_step.is_none_or(|last| step > last))
}
