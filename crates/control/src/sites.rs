//! Sites and their settings.

use domain::{
    AttributeName, DeclaredAttribute, DomainName, EventsDays, IdSecret, IdentityMode, IdleMinutes,
    LengthMinutes, OrganizationId, RecordedText, RecordingSettings, RetentionDays, SamplePercent, Site,
    SiteId, SiteSettings, TimeZone, Timestamp, Within, WriteKey,
};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};

use crate::{Database, DatabaseError, Work};

/// A site to add.
#[derive(Clone, Debug)]
pub struct NewSite {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its domain.
    pub domain: DomainName,
    /// The zone in which its days begin.
    pub timezone: TimeZone,
    /// Under what its events are sent by the field's convention.
    pub write_key: WriteKey,
    /// Under what the ids that it gives its visitors become visitors.
    pub ids: IdSecret,
}

/// What to change of a site; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct SiteChange {
    /// The zone in which its days begin.
    pub timezone: Option<TimeZone>,
    /// How visitors are known.
    pub identity: Option<IdentityMode>,
    /// Whether GPC and DNT are honoured.
    pub honour_signals: Option<bool>,
    /// Whether the fragment of an address is part of the page's path.
    pub hash_routing: Option<bool>,
    /// For how many days events are kept; within, as long as there is the site.
    pub events_retention: Option<Option<EventsDays>>,
    /// What of recordings.
    pub recording: RecordingSettingsChange,
    /// What is kept of visitors beside what they did: all of it.
    pub attributes: Option<Vec<DeclaredAttribute>>,
    /// Whether an attribute may hold an address.
    pub addresses: Option<bool>,
    /// Another write key.
    pub write_key: Option<WriteKey>,
}

/// What to change of how visits are recorded; what is `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is that of `RecordingSettings`")]
pub struct RecordingSettingsChange {
    pub on: Option<bool>,
    pub sample: Option<SamplePercent>,
    pub text: Option<RecordedText>,
    pub retention: Option<RetentionDays>,
    pub idle: Option<IdleMinutes>,
    pub length: Option<LengthMinutes>,
    pub in_backups: Option<bool>,
    pub shown_to_viewers: Option<bool>,
}

/// Why a site could not be added or changed.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// There is one already.
    #[error("{0} is measured already")]
    Exists(DomainName),
    /// There is none.
    #[error("there is no site {0}")]
    Unknown(DomainName),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

const ALL: &str =
    "SELECT id, domain, timezone, created_at, identity, honour_signals, hash_routing, organization,
     recording, recording_sample, recording_text, recording_retention_days, recording_idle_minutes,
     recording_length_minutes, recording_in_backups, recording_shown_to_viewers, write_key, id_secret, attributes, addresses,
     events_retention_days FROM site";

impl Database {
    /// Every site, in the order of their domains.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn sites(&self) -> Result<Vec<Site>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{ALL} ORDER BY domain"))?;
        let sites = statement.query_map([], read)?.collect::<Result<_, _>>()?;
        Ok(sites)
    }

    /// The site `domain`, if there is one.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn site(&self, domain: &DomainName) -> Result<Option<Site>, DatabaseError> {
        Ok(find(&self.connection(), domain)?)
    }

    /// Whether there is a site of this number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn has_site(&self, site: SiteId) -> Result<bool, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT 1 FROM site WHERE id = ?1")?;
        Ok(statement.exists([site.0])?)
    }

    /// Removes a site and everything that is known of it: its settings, its segments, its counts. Its number is never
    /// given to another.
    ///
    /// # Errors
    /// [`DatabaseError`] alone; a site that is not there is removed.
    pub fn remove_site(&self, site: SiteId) -> Result<(), DatabaseError> {
        self.transact(|transaction| Ok(remove(transaction, site)?))
    }
}

/// Removes a site and everything that is known of it.
fn remove(transaction: &rusqlite::Transaction<'_>, site: SiteId) -> rusqlite::Result<()> {
    for statement in [
        "DELETE FROM site WHERE id = ?1",
        "DELETE FROM segment WHERE site = ?1",
        "DELETE FROM replaced_segment WHERE site = ?1",
        "DELETE FROM reason_count WHERE site = ?1",
        "DELETE FROM recording WHERE site = ?1",
        "DELETE FROM removed_recording WHERE site = ?1",
        "DELETE FROM recording_alarm WHERE site = ?1",
        "DELETE FROM recording_dictionary WHERE site = ?1",
        "DELETE FROM alias WHERE site = ?1",
        "DELETE FROM restriction WHERE site = ?1",
        "DELETE FROM alias_version WHERE site = ?1",
        "DELETE FROM visitor_request WHERE site = ?1",
        "DELETE FROM visitor_key WHERE site = ?1",
        "DELETE FROM attribute WHERE site = ?1",
        "DELETE FROM left_out_attribute WHERE site = ?1",
        "DELETE FROM consent WHERE site = ?1",
        "DELETE FROM erasure WHERE site = ?1",
        "DELETE FROM objection WHERE site = ?1",
    ] {
        transaction.execute(statement, [site.0])?;
    }
    transaction.execute("UPDATE catalog_version SET version = version + 1", [])?;
    Ok(())
}

impl Work<'_> {
    /// What [`Database::remove_site`] does, as part of an act.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_site(&self, site: SiteId) -> Result<(), DatabaseError> {
        Ok(remove(self.transaction(), site)?)
    }

    /// Adds a site with the default settings.
    ///
    /// # Errors
    /// [`SiteError::Exists`] where the domain is measured already.
    pub fn add_site(&self, site: &NewSite, now: Timestamp) -> Result<Site, SiteError> {
        let settings = SiteSettings::default();
        let added = self
            .transaction()
            .execute(
                "INSERT INTO site (domain, timezone, created_at, identity, honour_signals, hash_routing, organization,
                                   write_key, id_secret)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (domain) DO NOTHING",
                params![
                    site.domain.as_str(),
                    site.timezone.name(),
                    now.0,
                    word(settings.identity),
                    settings.honour_signals,
                    settings.hash_routing,
                    site.organization.0,
                    site.write_key.as_str(),
                    site.ids.key()
                ],
            )
            .map_err(DatabaseError)?;
        if added == 0 {
            return Err(SiteError::Exists(site.domain.clone()));
        }
        found(self.transaction(), &site.domain)
    }

    /// Changes the settings of the site `domain` and returns it as it is then.
    ///
    /// # Errors
    /// [`SiteError::Unknown`] where there is none.
    pub fn change_site(&self, domain: &DomainName, change: &SiteChange) -> Result<Site, SiteError> {
        self.transaction()
            .execute(
                "UPDATE site SET timezone = coalesce(?2, timezone), identity = coalesce(?3, identity),
                 honour_signals = coalesce(?4, honour_signals), hash_routing = coalesce(?5, hash_routing),
                 recording = coalesce(?6, recording), recording_sample = coalesce(?7, recording_sample),
                 recording_text = coalesce(?8, recording_text),
                 recording_retention_days = coalesce(?9, recording_retention_days),
                 recording_idle_minutes = coalesce(?10, recording_idle_minutes),
                 recording_length_minutes = coalesce(?11, recording_length_minutes),
                 recording_in_backups = coalesce(?12, recording_in_backups),
                 recording_shown_to_viewers = coalesce(?13, recording_shown_to_viewers),
                 attributes = coalesce(?14, attributes), addresses = coalesce(?15, addresses),
                 write_key = coalesce(?16, write_key),
                 events_retention_days = iif(?17, ?18, events_retention_days)
                 WHERE domain = ?1",
                params![
                    domain.as_str(),
                    change.timezone.as_ref().map(TimeZone::name),
                    change.identity.map(word),
                    change.honour_signals,
                    change.hash_routing,
                    change.recording.on,
                    change.recording.sample.map(Within::get),
                    change.recording.text.map(RecordedText::as_str),
                    change.recording.retention.map(Within::get),
                    change.recording.idle.map(Within::get),
                    change.recording.length.map(Within::get),
                    change.recording.in_backups,
                    change.recording.shown_to_viewers,
                    change
                        .attributes
                        .as_ref()
                        .map(|attributes| serde_json::to_string(attributes).expect("it is JSON")),
                    change.addresses,
                    change.write_key.as_ref().map(WriteKey::as_str),
                    change.events_retention.is_some(),
                    change.events_retention.flatten().map(Within::get)
                ],
            )
            .map_err(DatabaseError)?;
        if change.attributes.is_some() {
            // What a site declares no longer is not kept any longer.
            self.transaction()
                .execute(
                    "DELETE FROM attribute WHERE site = (SELECT id FROM site WHERE domain = ?1) AND name <> ?2
                     AND name NOT IN (SELECT value ->> 'name' FROM site, json_each(site.attributes) WHERE domain = ?1)",
                    params![domain.as_str(), AttributeName::ID],
                )
                .map_err(DatabaseError)?;
        }
        found(self.transaction(), domain)
    }
}

impl SiteChange {
    /// What is changed and to what, for the audit log.
    pub fn told(&self) -> Vec<(&'static str, String)> {
        let told = [
            ("timezone", self.timezone.as_ref().map(|zone| zone.name().to_owned())),
            ("identity", self.identity.map(|mode| word(mode).to_owned())),
            ("honour_signals", self.honour_signals.map(|on| on.to_string())),
            ("hash_routing", self.hash_routing.map(|on| on.to_string())),
            ("attributes", self.attributes.as_ref().map(|attributes| named(attributes))),
            ("addresses", self.addresses.map(|on| on.to_string())),
            ("write_key", self.write_key.as_ref().map(|_| "replaced".to_owned())),
            ("events_retention_days", self.events_retention.map(told_days)),
        ];
        let told = told.into_iter().filter_map(|(name, value)| Some((name, value?)));
        told.chain(self.recording.told()).collect()
    }
}

fn told_days(days: Option<EventsDays>) -> String {
    days.map_or_else(|| "unlimited".to_owned(), |days| days.get().to_string())
}

impl RecordingSettingsChange {
    fn told(&self) -> impl Iterator<Item = (&'static str, String)> {
        let told = [
            ("recording", self.on.map(|on| on.to_string())),
            ("recording_sample", self.sample.map(|number| number.get().to_string())),
            ("recording_text", self.text.map(|text| text.as_str().to_owned())),
            ("recording_retention_days", self.retention.map(|number| number.get().to_string())),
            ("recording_idle_minutes", self.idle.map(|number| number.get().to_string())),
            ("recording_length_minutes", self.length.map(|number| number.get().to_string())),
            ("recording_in_backups", self.in_backups.map(|on| on.to_string())),
            ("recording_shown_to_viewers", self.shown_to_viewers.map(|on| on.to_string())),
        ];
        told.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

/// Attributes with their types, as one line.
fn named(attributes: &[DeclaredAttribute]) -> String {
    let named =
        attributes.iter().map(|declared| format!("{}: {}", declared.name.as_str(), declared.kind.as_str()));
    named.collect::<Vec<_>>().join(", ")
}

fn found(connection: &rusqlite::Connection, domain: &DomainName) -> Result<Site, SiteError> {
    find(connection, domain).map_err(DatabaseError)?.ok_or_else(|| SiteError::Unknown(domain.clone()))
}

fn find(connection: &rusqlite::Connection, domain: &DomainName) -> rusqlite::Result<Option<Site>> {
    connection.query_row(&format!("{ALL} WHERE domain = ?1"), [domain.as_str()], read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Site> {
    let text = |column: usize| row.get::<_, String>(column);
    let unreadable = |column: usize, error: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error)
    };
    Ok(Site {
        id: SiteId(row.get(0)?),
        organization: OrganizationId(row.get(7)?),
        domain: text(1)?.parse().map_err(|error| unreadable(1, Box::new(error)))?,
        timezone: text(2)?.parse().map_err(|error| unreadable(2, Box::new(error)))?,
        created_at: Timestamp(row.get(3)?),
        settings: SiteSettings {
            identity: mode(&text(4)?).ok_or_else(|| unreadable(4, "no identity mode".into()))?,
            honour_signals: row.get(5)?,
            hash_routing: row.get(6)?,
            events_retention: row.get::<_, Option<u16>>(20)?.map(|_| number(row, 20)).transpose()?,
            recording: read_recording(row)?,
            attributes: serde_json::from_str(&text(18)?).map_err(|error| unreadable(18, Box::new(error)))?,
            addresses: row.get(19)?,
        },
        write_key: text(16)?.parse().map_err(|error| unreadable(16, Box::new(error)))?,
        ids: IdSecret::new(row.get(17)?),
    })
}

fn read_recording(row: &Row<'_>) -> rusqlite::Result<RecordingSettings> {
    Ok(RecordingSettings {
        on: row.get(8)?,
        sample: number(row, 9)?,
        text: RecordedText::of_word(&row.get::<_, String>(10)?)
            .ok_or_else(|| rusqlite::Error::InvalidColumnType(10, "recording_text".to_owned(), Type::Text))?,
        retention: number(row, 11)?,
        idle: number(row, 12)?,
        length: number(row, 13)?,
        in_backups: row.get(14)?,
        shown_to_viewers: row.get(15)?,
    })
}

fn number<const MIN: u16, const MAX: u16>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Within<MIN, MAX>> {
    let unreadable =
        |error| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error));
    Within::try_from(row.get::<_, u16>(column)?).map_err(unreadable)
}

const fn word(mode: IdentityMode) -> &'static str {
    match mode {
        IdentityMode::Consent => "consent",
        IdentityMode::Cookieless => "cookieless",
        IdentityMode::Always => "always",
    }
}

fn mode(text: &str) -> Option<IdentityMode> {
    [IdentityMode::Consent, IdentityMode::Cookieless, IdentityMode::Always]
        .into_iter()
        .find(|&mode| word(mode) == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};

    fn database() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("control.db"), &crate::testing::key(1)).unwrap();
        (folder, database)
    }

    fn act<T>(
        database: &Database,
        work: impl FnOnce(&Work<'_>) -> Result<T, SiteError>,
    ) -> Result<T, SiteError> {
        let object = Object::sole(ObjectKind::Site);
        database.act(Log(1), &NewEntry::new(Timestamp(0), Actor::system(), Act::SiteChange, object), work)
    }

    fn add(database: &Database) -> Result<Site, SiteError> {
        crate::testing::add_site(database, "example.com", "Europe/Berlin")
    }

    fn example() -> DomainName {
        "example.com".parse().unwrap()
    }

    #[test]
    fn a_site_that_was_added_is_found_by_its_domain_with_the_default_settings() {
        let (_folder, database) = database();
        let added = add(&database).unwrap();
        assert_eq!(added.settings, SiteSettings::default());
        assert_eq!(added.created_at, Timestamp(7));
        assert_eq!(database.site(&example()).unwrap(), Some(added.clone()));
        assert_eq!(database.sites().unwrap(), [added]);
    }

    #[test]
    fn a_domain_is_measured_once() {
        let (_folder, database) = database();
        add(&database).unwrap();
        assert!(matches!(add(&database), Err(SiteError::Exists(_))));
    }

    #[test]
    fn a_change_touches_what_it_names_and_nothing_else() {
        let (_folder, database) = database();
        let added = add(&database).unwrap();
        let change = SiteChange { identity: Some(IdentityMode::Always), ..SiteChange::default() };
        let changed = act(&database, |work| work.change_site(&example(), &change)).unwrap();
        let settings = SiteSettings { identity: IdentityMode::Always, ..added.settings.clone() };
        assert_eq!(changed, Site { settings, ..added });
    }

    #[test]
    fn events_are_kept_for_so_many_days_until_that_is_taken_back() {
        let (_folder, database) = database();
        add(&database).unwrap();
        let keep = |days: Option<u16>| {
            let days = days.map(|days| EventsDays::try_from(days).unwrap());
            let change = SiteChange { events_retention: Some(days), ..SiteChange::default() };
            act(&database, |work| work.change_site(&example(), &change)).unwrap().settings.events_retention
        };
        assert_eq!(keep(Some(90)).map(Within::get), Some(90));
        let other = SiteChange { hash_routing: Some(true), ..SiteChange::default() };
        let kept = act(&database, |work| work.change_site(&example(), &other)).unwrap();
        assert_eq!(kept.settings.events_retention.map(Within::get), Some(90));
        assert_eq!(keep(None), None);
    }

    #[test]
    fn a_removed_site_is_gone_and_its_number_is_never_given_again() {
        let (_folder, database) = database();
        let first = add(&database).unwrap();
        assert!(database.has_site(first.id).unwrap());
        database.remove_site(first.id).unwrap();
        assert!(!database.has_site(first.id).unwrap());
        assert_eq!(database.site(&example()).unwrap(), None);
        let second = add(&database).unwrap();
        assert_ne!(second.id, first.id);
    }

    #[test]
    fn changing_a_site_that_is_not_there_says_so() {
        let (_folder, database) = database();
        let refused =
            act(&database, |work| work.change_site(&example(), &SiteChange::default())).unwrap_err();
        assert_eq!(refused.to_string(), "there is no site example.com");
    }
}
