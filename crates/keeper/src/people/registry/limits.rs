//! How long what is minted is good, and how much of it there may be.

use domain::{DAY_MS, HOUR_MS, MINUTE_MS};

/// A sign-in ends when nothing was asked by it for so long.
pub(crate) const IDLE_MS: i64 = 14 * DAY_MS;
/// And at the latest after so long.
pub(crate) const SIGN_IN_MS: i64 = 90 * DAY_MS;
/// How long it need not be shown again that it is they.
pub(crate) const CONFIRMED_FOR_MS: i64 = 10 * MINUTE_MS;
/// How long an invitation can be accepted.
pub(crate) const INVITATION_MS: i64 = 7 * DAY_MS;
/// How long a mailed link to choose another password is good.
pub(crate) const RESET_MS: i64 = 30 * MINUTE_MS;
/// How long one that an owner or admin hands on is good.
pub(crate) const RESET_LINK_MS: i64 = DAY_MS;
/// How long a one-time address is good.
pub(crate) const ONE_TIME_MS: i64 = 5 * MINUTE_MS;
/// How long nothing is opened for somebody after a break-glass reset.
pub(crate) const BREAK_GLASS_CLOSED_MS: i64 = DAY_MS;
/// How long its token is good.
pub(crate) const BREAK_GLASS_MS: i64 = HOUR_MS;
/// When something was last asked is kept within so long.
pub(crate) const SEEN_KEPT_MS: i64 = HOUR_MS;

/// Sign-ins of one person; one more ends the one that was longest unused.
pub(crate) const SIGN_INS_MAX: usize = 50;
/// People of one organization.
pub(crate) const MEMBERS_MAX: usize = 500;
/// Sites that one site viewer may be shown.
pub(crate) const VIEWER_SITES_MAX: usize = 50;
/// Invitations of one organization that wait.
pub(crate) const INVITATIONS_MAX: usize = 100;
/// API keys of one organization.
pub(crate) const KEYS_MAX: usize = 200;
/// Passkeys of one person.
pub(crate) const PASSKEYS_MAX: usize = 20;
/// Characters of a name, of a device or of a passkey.
pub(crate) const NAME_CHARS_MAX: usize = 120;
