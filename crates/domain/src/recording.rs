//! What a site's owner decided about recordings. Where nobody decided anything there are none.

use serde::{Deserialize, Serialize};

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Within<const MIN: u16, const MAX: u16>(u16);

/// A number lies outside of what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from {min} to {max}")]
pub struct OutOfRange {
    min: u16,
    max: u16,
}

impl<const MIN: u16, const MAX: u16> Within<MIN, MAX> {
    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// One that is known to lie there when this is compiled.
    const fn known(number: u16) -> Self {
        assert!(MIN <= number && number <= MAX);
        Self(number)
    }
}

impl<const MIN: u16, const MAX: u16> TryFrom<u16> for Within<MIN, MAX> {
    type Error = OutOfRange;

    fn try_from(number: u16) -> Result<Self, OutOfRange> {
        if (MIN..=MAX).contains(&number) { Ok(Self(number)) } else { Err(OutOfRange { min: MIN, max: MAX }) }
    }
}

impl<const MIN: u16, const MAX: u16> From<Within<MIN, MAX>> for u16 {
    fn from(number: Within<MIN, MAX>) -> Self {
        number.0
    }
}

/// Of a hundred visits so many are recorded.
pub type SamplePercent = Within<0, 100>;
/// Recordings are kept for so many days.
pub type RetentionDays = Within<1, 730>;
/// Events are kept for so many days.
pub type EventsDays = Within<1, 3650>;
/// After so many minutes without anything a recording pauses.
pub type IdleMinutes = Within<1, 30>;
/// After so many minutes a recording ends.
pub type LengthMinutes = Within<1, 240>;

/// What of a page's text is recorded, outside of form positions, where nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedText {
    /// A star for each sign.
    #[default]
    Starred,
    /// The text itself.
    Clear,
}

impl RecordedText {
    /// The word for it, in the API and where it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starred => "starred",
            Self::Clear => "clear",
        }
    }

    /// The one of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Starred, Self::Clear].into_iter().find(|text| text.as_str() == word)
    }
}

/// Whether and how visits of a site are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingSettings {
    /// Whether any is.
    pub on: bool,
    /// Of a hundred visits so many.
    pub sample: SamplePercent,
    /// What of a page's text.
    pub text: RecordedText,
    /// For how long they are kept.
    pub retention: RetentionDays,
    /// After how long without anything one pauses.
    pub idle: IdleMinutes,
    /// After how long one ends.
    pub length: LengthMinutes,
    /// Whether backups hold them.
    pub in_backups: bool,
    /// Whether viewers may see them.
    pub shown_to_viewers: bool,
}

impl Default for RecordingSettings {
    fn default() -> Self {
        Self {
            on: false,
            sample: SamplePercent::known(100),
            text: RecordedText::default(),
            retention: RetentionDays::known(30),
            idle: IdleMinutes::known(5),
            length: LengthMinutes::known(60),
            in_backups: false,
            shown_to_viewers: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_recorded_shown_or_copied_until_somebody_decides_so() {
        let settings = RecordingSettings::default();
        assert!(!settings.on && !settings.in_backups && !settings.shown_to_viewers);
        assert_eq!(settings.text, RecordedText::Starred);
        assert_eq!(settings.retention.get(), 30);
    }

    #[test]
    fn a_number_is_taken_up_to_its_edges_and_not_beyond_them() {
        assert!(SamplePercent::try_from(0).is_ok() && SamplePercent::try_from(100).is_ok());
        assert_eq!(
            SamplePercent::try_from(101).unwrap_err().to_string(),
            "must be a whole number from 0 to 100"
        );
        assert!(EventsDays::try_from(0).is_err() && EventsDays::try_from(3650).is_ok());
        assert!(EventsDays::try_from(3651).is_err());
        assert!(RetentionDays::try_from(0).is_err() && RetentionDays::try_from(730).is_ok());
        assert!(IdleMinutes::try_from(31).is_err() && LengthMinutes::try_from(241).is_err());
    }

    #[test]
    fn a_number_outside_is_not_read_from_a_message_either() {
        assert!(serde_json::from_str::<SamplePercent>("101").is_err());
        assert_eq!(serde_json::from_str::<SamplePercent>("100").unwrap().get(), 100);
    }
}
