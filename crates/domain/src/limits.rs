//! Every limit on what is accepted about an event, by name. Each is tested at its edge.

use std::time::Duration;

/// How far back an event's own time may lie.
pub const EVENT_AGE_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How far ahead an event's own time may lie: clocks of visitors' machines run wrong.
pub const EVENT_AHEAD_MAX: Duration = Duration::from_secs(10 * 60);
/// How long event ids are kept to recognise an event sent twice.
pub const EVENT_ID_KEPT: Duration = Duration::from_secs(48 * 60 * 60);
/// A visit ends with a gap of this length between two events.
pub const VISIT_GAP: Duration = Duration::from_secs(30 * 60);
/// Characters of an event's name; a longer one is malformed.
pub const NAME_CHARS: usize = 120;
/// Bytes of an event's name.
pub const NAME_BYTES: usize = 4 * NAME_CHARS;
/// Bytes of a host name.
pub const HOSTNAME_BYTES: usize = 253;
/// Bytes of a page's path.
pub const PATH_BYTES: usize = 2_000;
/// Bytes of a referrer.
pub const REFERRER_BYTES: usize = 2_000;
/// Bytes of a source's or a campaign tag's text.
pub const TAG_BYTES: usize = 255;
/// Bytes of a user agent that is looked at.
pub const USER_AGENT_BYTES: usize = 512;
/// Properties kept of an event; more are dropped.
pub const PROPERTIES: usize = 30;
/// Bytes of a property's name.
pub const PROPERTY_NAME_BYTES: usize = 300;
/// Bytes of a property's value.
pub const PROPERTY_VALUE_BYTES: usize = 2_000;
/// Bytes of an event's body, as sent and as unpacked.
pub const BODY_BYTES: usize = 64 * 1024;
/// Depth of nesting in an event's JSON.
pub const JSON_DEPTH: usize = 16;
/// Domains that one event may name.
pub const DOMAINS_PER_EVENT: usize = 8;
/// Milliseconds of engagement one event may claim.
pub const ENGAGED_MS: u32 = 30 * 24 * 60 * 60 * 1_000 - 1;
/// Bytes of an Accept-Language header that are looked at.
pub const ACCEPT_LANGUAGE_BYTES: usize = 128;
/// Daily visitors remembered around midnight, so that their visits go on under yesterday's id.
pub const RECENT_VISITORS: usize = 1 << 18;
/// User agents whose judgement is remembered.
pub const AGENTS_REMEMBERED: usize = 1 << 14;
/// The first day that imported history may lie in: 2000-01-01, in milliseconds since 1970.
pub const HISTORY_BEGINS_MS: i64 = 946_684_800_000;
/// Bytes of one call by the field's convention, and of one event of a batch, as sent and as unpacked.
pub const CALL_BYTES: usize = 32 * 1024;
/// Bytes of a batch of them, as sent and as unpacked.
pub const BATCH_BYTES: usize = 500 * 1024;
/// Events of a batch.
pub const BATCH_EVENTS: usize = 2_500;
/// Characters of the name that a sender gives a call, so that it counts once.
pub const MESSAGE_ID_CHARS: usize = 99;
/// Bytes of an id that a site gives its visitor.
pub const GIVEN_ID_BYTES: usize = 255;
/// Attributes that a site may declare.
pub const ATTRIBUTES: usize = 50;
/// Bytes of an attribute's name.
pub const ATTRIBUTE_NAME_BYTES: usize = 64;
/// Bytes of an attribute's text.
pub const ATTRIBUTE_VALUE_BYTES: usize = 1_000;
/// Names of attributes that are counted though the site does not declare them, of one call.
pub const UNDECLARED_NAMED: usize = 30;
/// How long a backup is kept at most, unless there is no newer one.
pub const BACKUP_KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// How long what an organization measured is kept after its subscription has ended: neither shorter nor longer.
pub const KEPT_AFTER_END: Duration = Duration::from_secs(60 * 86_400);
