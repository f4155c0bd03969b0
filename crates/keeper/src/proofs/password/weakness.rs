//! Whether a password will do: not too short, not one of those everybody tries first, nothing trivial, and not made of
//! what is known of the person.
//!
//! One rule for all: what is left of a password without its weak part must itself do. So a long sentence may contain
//! anything. Nothing here asks for kinds of characters.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};
use std::sync::LazyLock;

use zeroize::Zeroizing;

use super::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};

/// Characters of a word at least that is looked for in a password: shorter ones are in every second one by chance.
const WORD_CHARS_MIN: usize = 4;
/// Characters of a run on average that make a password trivial.
const RUN_CHARS: usize = 4;
/// Neighbours on keyboards (QWERTY, QWERTZ, AZERTY); digits and the alphabet are neighbours by their code.
const ROWS: [&str; 9] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
];
/// The service itself.
const SERVICE: &str = "candor";

/// Hashes of the common ones, folded, in order: a tenth of the memory that the words themselves would take for as long as
/// the process lives. That some other password has the hash of one of them will not happen: there are 2^64.
static COMMON: LazyLock<Box<[u64]>> = LazyLock::new(|| {
    let words = include_str!("../../../lists/common-passwords.txt").lines();
    let mut hashes: Vec<u64> = words.map(|line| hash(&Folded::of(line).text())).collect();
    hashes.sort_unstable();
    hashes.into()
});

fn hash(folded: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(folded.as_bytes());
    hasher.finish()
}

fn is_listed(folded: &str) -> bool {
    COMMON.binary_search(&hash(folded)).is_ok()
}

/// Why a password will not do, as the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// It can be tried out.
    #[error("the password is shorter than {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// Nobody types that.
    #[error("the password is longer than {PASSWORD_CHARS_MAX} characters")]
    TooLong,
    /// One thing again and again, or one after the other.
    #[error(
        "the password is little more than characters that repeat or follow one another: choose a less regular one"
    )]
    Trivial,
    /// It is on the list.
    #[error(
        "the password is one that many people use, or such a one with little added: choose one of your own"
    )]
    Common,
    /// It follows from what anybody may know.
    #[error(
        "the password is little more than your name or e-mail address, your organization's or this service's: \
         choose one that does not follow from them"
    )]
    Personal,
}

/// What is wrong with `password`, for somebody of whom `context` is known: e-mail address, name, organization, domain.
pub fn weakness(password: &str, context: &[&str]) -> Option<Weakness> {
    let length = password.chars().count();
    if length < PASSWORD_CHARS_MIN {
        Some(Weakness::TooShort)
    } else if length > PASSWORD_CHARS_MAX {
        Some(Weakness::TooLong)
    } else if is_trivial(password) {
        Some(Weakness::Trivial)
    } else if is_common(password) {
        Some(Weakness::Common)
    } else {
        is_personal(password, context).then_some(Weakness::Personal)
    }
}

fn will_do(rest: &str) -> bool {
    rest.chars().count() >= PASSWORD_CHARS_MIN && !is_trivial(rest) && !is_common(rest)
}

fn is_trivial(password: &str) -> bool {
    let chars: Zeroizing<Vec<char>> = Zeroizing::new(password.chars().flat_map(char::to_lowercase).collect());
    let repeats = (1..=RUN_CHARS).any(|period| repeats_every(&chars, period));
    let mut runs = 0;
    let mut rest = &chars[..];
    while !rest.is_empty() {
        rest = &rest[run_length(rest)..];
        runs += 1;
    }
    repeats || runs * RUN_CHARS <= chars.len()
}

fn repeats_every(chars: &[char], period: usize) -> bool {
    chars.len() >= 2 * period && chars.iter().zip(&chars[period..]).all(|(one, next)| one == next)
}

/// How many of the first characters are the same, or follow one another in the alphabet or on a keyboard.
fn run_length(chars: &[char]) -> usize {
    let by_code = |step: i64| {
        let pairs = chars.iter().zip(&chars[1..]);
        1 + pairs
            .take_while(|&(&one, &next)| i64::from(u32::from(next)) - i64::from(u32::from(one)) == step)
            .count()
    };
    let along = |row: &mut dyn Iterator<Item = char>| {
        row.skip_while(|key| *key != chars[0]).zip(chars).take_while(|(key, typed)| key == *typed).count()
    };
    let by_row = ROWS.iter().map(|row| along(&mut row.chars()).max(along(&mut row.chars().rev())));
    [-1, 0, 1].map(by_code).into_iter().chain(by_row).max().unwrap_or(1)
}

fn is_common(password: &str) -> bool {
    let folded = Folded::of(password).text();
    let chars: Zeroizing<Vec<char>> = Zeroizing::new(folded.chars().collect());
    let reversed: Zeroizing<String> = Zeroizing::new(chars.iter().rev().collect());
    let repeated = (RUN_CHARS + 1..chars.len()).find(|&period| repeats_every(&chars, period));
    let unit: Zeroizing<String> = Zeroizing::new(chars.iter().take(repeated.unwrap_or(0)).collect());
    let core = password.trim_matches(|char: char| !char.is_alphabetic());
    let (before, after) = password.split_once(core).unwrap_or_default();
    let around = Zeroizing::new([before, after].concat());
    is_listed(&folded)
        || is_listed(&reversed)
        || is_listed(&unit)
        || (core.chars().count() < password.chars().count()
            && is_listed(&Folded::of(core).text())
            && !will_do(&around))
}

fn is_personal(password: &str, context: &[&str]) -> bool {
    let folded = Folded::of(password);
    let text = folded.text();
    let known = context.iter().copied().chain([SERVICE]);
    let words = known.flat_map(|whole| {
        let parts = whole.split(|char: char| !char.is_alphanumeric());
        parts.chain([whole]).map(|word| Folded::of(word).text()).collect::<Vec<_>>()
    });
    let words: Vec<_> = words.filter(|word| word.chars().count() >= WORD_CHARS_MIN).collect();
    let is_part =
        text.chars().count() >= WORD_CHARS_MIN && words.iter().any(|word| word.contains(text.as_str()));
    let rest = folded.without(password, &words);
    is_part || (rest.len() < password.len() && !will_do(&rest))
}

/// A text as it is compared: in lower case, with look-alikes told apart no more, and letters and digits alone; of each
/// character the place in the text that it stands for.
struct Folded(Zeroizing<Vec<(usize, char)>>);

impl Folded {
    fn of(text: &str) -> Self {
        let chars = text.chars().enumerate();
        let lower = chars.flat_map(|(at, char)| char.to_lowercase().map(move |lower| (at, lower)));
        Self(Zeroizing::new(lower.filter_map(|(at, char)| Some((at, look_alike(char)?))).collect()))
    }

    fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.iter().map(|(_, char)| char).collect())
    }

    /// `text`, of which this was made, without what stands for any of the words.
    fn without(&self, text: &str, words: &[Zeroizing<String>]) -> Zeroizing<String> {
        let mut covered = HashSet::new();
        for word in words {
            let word: Zeroizing<Vec<char>> = Zeroizing::new(word.chars().collect());
            for window in self.0.windows(word.len()) {
                if window.iter().map(|(_, char)| char).eq(word.iter()) {
                    covered.extend(window.iter().map(|(at, _)| *at));
                }
            }
        }
        let rest = text.chars().enumerate().filter(|(at, _)| !covered.contains(at));
        Zeroizing::new(rest.map(|(_, char)| char).collect())
    }
}

/// The letter that is meant by a digit or a sign; nothing for other signs.
fn look_alike(char: char) -> Option<char> {
    Some(match char {
        '4' | '@' => 'a',
        '8' => 'b',
        '3' => 'e',
        '6' | '9' => 'g',
        '1' | '!' | '|' | 'l' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '2' => 'z',
        other => return other.is_alphanumeric().then_some(other),
    })
}
