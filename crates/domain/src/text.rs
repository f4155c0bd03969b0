//! Text that may be stored. There is one way to make it, and that way stars card numbers and drops control
//! characters; reading a stored text back goes the same way, so no door leads around it.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::cards::card_digit_positions;

/// Clean text: no control characters, no card numbers, no longer than the limit it was made with.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Text(Box<str>);

impl Text {
    /// Cleans `raw` and cuts it to at most `bytes_max` bytes, never inside a character.
    ///
    /// Cards are starred before the cut, so that a cut cannot hide the digit that gives one away.
    pub fn clean(raw: &str, bytes_max: usize) -> Self {
        if raw.chars().any(char::is_control) {
            let readable: String = raw.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            return Self(cut(&star(&readable), bytes_max).into());
        }
        Self(cut(&star(raw), bytes_max).into())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn star(text: &str) -> Cow<'_, str> {
    let positions = card_digit_positions(text);
    if positions.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for position in positions {
        bytes[position] = b'*';
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::clean(&raw, usize::MAX)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(raw: &str) -> String {
        Text::clean(raw, 2_000).to_string()
    }

    #[test]
    fn card_numbers_of_every_network_are_starred() {
        for card in [
            "4111111111111111",
            "5500005555555559",
            "2223003122003222",
            "340000000000009",
            "30000000000004",
            "36227206271667",
            "6011000000000004",
            "3530111333300000",
            "6304000000000000",
            "6200000000000005",
        ] {
            assert_eq!(
                clean(&format!("/pay/{card}/x")),
                format!("/pay/{}/x", "*".repeat(card.len())),
                "{card}"
            );
        }
    }

    #[test]
    fn a_card_number_in_groups_is_starred_and_its_neighbour_kept() {
        assert_eq!(clean("order 12 4111 1111-1111 1111"), "order 12 **** ****-**** ****");
    }

    #[test]
    fn sixteen_digits_that_are_no_card_are_kept() {
        for number in ["4111111111111112", "1234567890123452", "1767225600000"] {
            assert_eq!(clean(number), number);
        }
    }

    #[test]
    fn control_characters_become_spaces() {
        assert_eq!(clean("a\0b\r\nc\u{85}"), "a b  c ");
    }

    #[test]
    fn a_card_is_starred_even_where_the_cut_would_hide_its_last_digit() {
        assert_eq!(Text::clean("4111111111111111", 15).as_str(), "*".repeat(15));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(raw in "\\PC{0,40}[0-9 .-]{0,40}\\PC{0,10}", bytes_max in 0_usize..90) {
            let once = Text::clean(&raw, bytes_max);
            prop_assert!(once.len() <= bytes_max);
            prop_assert_eq!(Text::clean(&once, bytes_max), once);
        }
    }
}
