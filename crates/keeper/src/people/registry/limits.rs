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

/// An operator's sign-in ends when nothing was asked by it for so long.
pub(crate) const OPERATOR_IDLE_MS: i64 = 15 * MINUTE_MS;
/// And at the latest after so long.
pub(crate) const OPERATOR_SIGN_IN_MS: i64 = 8 * HOUR_MS;
/// How long both factors need not be shown again before something grave.
pub(crate) const OPERATOR_CONFIRMED_MS: i64 = 15 * MINUTE_MS;
/// How long something grave waits for a second operator.
pub(crate) const APPROVAL_MS: i64 = DAY_MS;
/// How long a second operator is needed after one was taken out, so that nobody becomes alone by doing so.
pub(crate) const HELD_MS: i64 = 7 * DAY_MS;
/// How long a support grant waits for an owner.
pub(crate) const GRANT_WAITS_MS: i64 = 7 * DAY_MS;

/// Operators of a server.
pub(crate) const OPERATORS_MAX: usize = 50;
/// Sign-ins of one operator; one more ends the oldest.
pub(crate) const OPERATOR_SIGN_INS_MAX: usize = 10;
/// Challenges that are out at once.
pub(crate) const CHALLENGES_MAX: usize = 1_000;
/// Grave acts that wait at once.
pub(crate) const APPROVALS_MAX: usize = 100;
/// Organizations of a server.
pub(crate) const ORGANIZATIONS_MAX: usize = 10_000;
/// Support grants that wait or run at once.
pub(crate) const GRANTS_MAX: usize = 100;
/// Support grants that are over and still told; the oldest are forgotten here and remain in the audit logs.
pub(crate) const GRANTS_TOLD_MAX: usize = 1_000;
