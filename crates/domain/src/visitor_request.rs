//! What visitors may ask of a site about what is kept of them, and how it is answered.
//!
//! Source: Regulation (EU) 2016/679, articles 15 to 18 and 21; the time to answer is that of article 12 (3).

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// A request is to be answered within so long. The law says a month; a month has at least so many days.
pub const REQUEST_ANSWERED_WITHIN: Duration = Duration::from_secs(28 * 86_400);
/// Bytes of what a visitor writes beside it.
pub const REQUEST_WORDS_BYTES: usize = 2_000;
/// Requests of a site that wait at once; until some are answered no more are taken.
pub const REQUESTS_WAITING_MAX: u32 = 1_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// To be given all that is kept of them.
    Access,
    /// That something of it is put right.
    Rectify,
    /// That it is erased.
    Erase,
    /// That it is kept, and not used.
    Restrict,
    /// That nothing more is gathered.
    Object,
}

impl RequestKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Access, Self::Rectify, Self::Erase, Self::Restrict, Self::Object];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Rectify => "rectify",
            Self::Erase => "erase",
            Self::Restrict => "restrict",
            Self::Object => "object",
        }
    }
}

impl FromStr for RequestKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownWord)
    }
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestAnswer {
    /// What was asked for was done.
    Done,
    /// It was not, for a reason that they are told.
    Declined,
}

impl RequestAnswer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Done, Self::Declined];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Declined => "declined",
        }
    }
}

impl FromStr for RequestAnswer {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownWord)
    }
}
