//! How a site's visits are recorded, as the API says it.

use control::RecordingSettingsChange as Change;
use domain::Within;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::at_fault;
use crate::http::problem::Problem;

/// What of a page's text is recorded, outside of forms, where nothing is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordedText {
    /// A star for each sign.
    Starred,
    /// The text itself.
    Clear,
}

/// Whether and how visits are recorded.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct RecordingSettings {
    /// Whether any is.
    on: bool,
    /// Of a hundred visits so many.
    sample: u16,
    text: RecordedText,
    /// For how many days they are kept.
    retention_days: u16,
    /// After how many minutes without anything one pauses.
    idle_minutes: u16,
    /// After how many minutes one ends.
    length_minutes: u16,
    /// Whether backups hold them. There are none yet; it counts from the first one on.
    in_backups: bool,
    /// Whether viewers may see them.
    shown_to_viewers: bool,
}

/// What to change of it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordingChange {
    #[serde(default)]
    #[schema(nullable = false)]
    on: Option<bool>,
    #[serde(default)]
    #[schema(nullable = false, minimum = 0, maximum = 100)]
    sample: Option<u16>,
    #[serde(default)]
    #[schema(nullable = false)]
    text: Option<RecordedText>,
    #[serde(default)]
    #[schema(nullable = false, minimum = 1, maximum = 730)]
    retention_days: Option<u16>,
    #[serde(default)]
    #[schema(nullable = false, minimum = 1, maximum = 30)]
    idle_minutes: Option<u16>,
    #[serde(default)]
    #[schema(nullable = false, minimum = 1, maximum = 240)]
    length_minutes: Option<u16>,
    #[serde(default)]
    #[schema(nullable = false)]
    in_backups: Option<bool>,
    #[serde(default)]
    #[schema(nullable = false)]
    shown_to_viewers: Option<bool>,
}

impl RecordingChange {
    /// What it comes to, where every number may be one.
    pub(super) fn checked(self) -> Result<Change, Problem> {
        Ok(Change {
            on: self.on,
            sample: within(self.sample, "recording.sample")?,
            text: self.text.map(Into::into),
            retention: within(self.retention_days, "recording.retention_days")?,
            idle: within(self.idle_minutes, "recording.idle_minutes")?,
            length: within(self.length_minutes, "recording.length_minutes")?,
            in_backups: self.in_backups,
            shown_to_viewers: self.shown_to_viewers,
        })
    }
}

fn within<const MIN: u16, const MAX: u16>(
    number: Option<u16>,
    field: &'static str,
) -> Result<Option<Within<MIN, MAX>>, Problem> {
    number.map(|number| Within::try_from(number).map_err(|error| at_fault(&error, field))).transpose()
}

impl From<domain::RecordingSettings> for RecordingSettings {
    fn from(settings: domain::RecordingSettings) -> Self {
        Self {
            on: settings.on,
            sample: settings.sample.get(),
            text: match settings.text {
                domain::RecordedText::Starred => RecordedText::Starred,
                domain::RecordedText::Clear => RecordedText::Clear,
            },
            retention_days: settings.retention.get(),
            idle_minutes: settings.idle.get(),
            length_minutes: settings.length.get(),
            in_backups: settings.in_backups,
            shown_to_viewers: settings.shown_to_viewers,
        }
    }
}

impl From<RecordedText> for domain::RecordedText {
    fn from(text: RecordedText) -> Self {
        match text {
            RecordedText::Starred => Self::Starred,
            RecordedText::Clear => Self::Clear,
        }
    }
}
