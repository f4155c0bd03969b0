//! Texts of a page: stars, or clear without card numbers and control characters.

use super::Text;

/// Digits that a card number has at least.
const CARD_DIGITS: usize = 13;

/// Whether a text holds stars and white space alone.
pub(super) fn is_starred(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'*' | b' ' | b'\n' | b'\t' | b'\r' | b'\x0c'))
        || text.chars().all(|c| c == '*' || is_blank(c))
}

/// Whether a text holds white space alone.
pub(super) fn is_white(text: &str) -> bool {
    text.chars().all(is_blank)
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// Writes `text` to `out` as `policy` has it; whether it may hold it.
pub(super) fn write(text: &str, policy: Text, out: &mut String) -> bool {
    if policy == Text::Starred {
        out.push_str(text);
        return is_starred(text);
    }
    if text.bytes().filter(u8::is_ascii_digit).count() >= CARD_DIGITS {
        // A card number never goes on in another line.
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                out.push('\n');
            }
            out.push_str(domain::Text::clean(line, usize::MAX).as_str());
        }
        return true;
    }
    if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        let readable = |c: char| if c.is_control() && !matches!(c, '\n' | '\t' | '\r') { ' ' } else { c };
        out.extend(text.chars().map(readable));
    } else {
        out.push_str(text);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, policy: Text, expected: Option<&str>) {
        let mut out = String::new();
        let written = write(text, policy, &mut out).then_some(out);
        assert_eq!(written.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn stars_and_white_space_pass_where_text_is_starred() {
        check("***\n ** \t*\u{a0}\u{feff}", Text::Starred, Some("***\n ** \t*\u{a0}\u{feff}"));
        for text in ["a", "* *1", "•••", "*\u{1}*"] {
            check(text, Text::Starred, None);
        }
    }

    #[test]
    fn clear_text_passes_without_card_numbers_and_control_characters() {
        check("Read\n\tmore: 123", Text::Clear, Some("Read\n\tmore: 123"));
        check("a\u{0}b\u{1b}c\u{7f}", Text::Clear, Some("a b c "));
        check("one\n4111 1111 1111 1111\ntwo", Text::Clear, Some("one\n**** **** **** ****\ntwo"));
    }
}
