//! The language a browser asks for first, in the usual spelling: `de-AT`, `zh-Hans-CN`, `pt`.

use domain::{Text, limits};

/// The first tag of an Accept-Language header; empty if it names no language.
pub(crate) fn first(header: &[u8]) -> Text {
    let header = &header[..header.len().min(limits::ACCEPT_LANGUAGE_BYTES)];
    let first = header.split(|byte| matches!(byte, b',' | b';')).next().unwrap_or_default();
    std::str::from_utf8(first).ok().and_then(|tag| normalise(tag.trim())).unwrap_or_default()
}

/// Language, script and region in their usual case; what follows them is left out.
fn normalise(tag: &str) -> Option<Text> {
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().filter(|part| matches!(part.len(), 2 | 3) && is_letters(part))?;
    let mut usual = language.to_ascii_lowercase();
    let mut next = parts.next();
    if let Some(script) = next.filter(|part| part.len() == 4 && is_letters(part)) {
        usual.push('-');
        usual.push_str(&script[..1].to_ascii_uppercase());
        usual.push_str(&script[1..].to_ascii_lowercase());
        next = parts.next();
    }
    if let Some(region) = next.filter(|part| is_region(part)) {
        usual.push('-');
        usual.push_str(&region.to_ascii_uppercase());
    }
    Some(Text::clean(&usual, limits::TAG_BYTES))
}

fn is_letters(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_region(part: &str) -> bool {
    (part.len() == 2 && is_letters(part))
        || (part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: &str) {
        assert_eq!(first(header.as_bytes()).as_str(), expected, "{header}");
    }

    #[test]
    fn the_first_language_is_kept_in_its_usual_spelling() {
        check("de-AT,de;q=0.9,en;q=0.8", "de-AT");
        check("EN-us", "en-US");
        check("zh-hans-cn;q=1", "zh-Hans-CN");
        check("es-419", "es-419");
        check("fr", "fr");
        check("ca-ES-valencia", "ca-ES");
        check(" nb_no , da", "nb-NO");
    }

    #[test]
    fn what_names_no_language_is_empty() {
        for header in ["", "*", "*;q=0.5", "x", "english", "1a", ",de", "\u{fc}\u{fc}"] {
            check(header, "");
        }
        assert_eq!(first(&[0xff, 0xfe]).as_str(), "");
    }

    #[test]
    fn a_header_is_looked_at_up_to_its_limit() {
        let at = |spaces: usize| first(format!("{}de", " ".repeat(spaces)).as_bytes()).to_string();
        assert_eq!(at(limits::ACCEPT_LANGUAGE_BYTES - 2), "de");
        assert_eq!(at(limits::ACCEPT_LANGUAGE_BYTES - 1), "");
    }
}
