//! Mends halves of surrogate pairs in JSON escapes.
//!
//! A script that cuts a text in the middle of an emoji sends such a half, and `JSON.stringify` writes it as an
//! escape that strict parsers refuse. The event is worth more than half an emoji.

/// `json` with every lone half replaced by `\ufffd`; none if it has no lone half.
pub(super) fn mend(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let mut mended = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match escaped_unit(json, at) {
            None => at += 2,
            Some(0xd800..=0xdbff) if matches!(escaped_unit(json, at + 6), Some(0xdc00..=0xdfff)) => at += 12,
            Some(0xd800..=0xdfff) => {
                mended.push_str(&json[copied..at]);
                mended.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            Some(_) => at += 6,
        }
    }
    (copied > 0).then(|| mended + &json[copied..])
}

/// The UTF-16 unit of an escape `\uXXXX` that begins at `at`.
fn escaped_unit(json: &str, at: usize) -> Option<u16> {
    let hex = json.get(at..at + 6)?.strip_prefix("\\u")?;
    hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(hex, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: Option<&str>) {
        assert_eq!(mend(json).as_deref(), expected, "{json}");
    }

    #[test]
    fn a_lone_half_becomes_a_replacement_character() {
        check(r#"{"n":"a\ud83d"}"#, Some(r#"{"n":"a\ufffd"}"#));
        check(r#"["\udc00\uD800x"]"#, Some(r#"["\ufffd\ufffdx"]"#));
        check(r#"["\ud83d\ud83d\ude00"]"#, Some(r#"["\ufffd\ud83d\ude00"]"#));
    }

    #[test]
    fn whole_pairs_and_other_escapes_are_left_alone() {
        for json in [r#"["\ud83d\ude00"]"#, r#"["\\ud83d"]"#, r#"["\u00e9\n\""]"#, r#"["\u12"#, "\\", "", "é"]
        {
            check(json, None);
        }
    }
}
