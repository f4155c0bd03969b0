//! The named values that a sender attached: the first 30 that are text, numbers or booleans.

use std::borrow::Cow;

use domain::limits::PROPERTIES;

use super::loose::Loose;

/// Reads an object, also when it comes as text that spells one. Lists, objects, null and empty go.
pub(super) fn read(value: Loose<'_>) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    match value {
        Loose::Object(entries) => take(entries),
        Loose::Text(json) => spelled_out(&json),
        _ => Vec::new(),
    }
}

fn spelled_out(json: &str) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
    if super::depth::check(json).is_err() {
        return Vec::new();
    }
    let Ok(Loose::Object(entries)) = serde_json::from_str(json) else { return Vec::new() };
    let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    take(entries).into_iter().map(|(name, value)| (owned(name), owned(value))).collect()
}

fn take<'a>(entries: Vec<(Cow<'a, str>, Loose<'a>)>) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
    let mut taken: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::with_capacity(entries.len().min(PROPERTIES));
    for (name, value) in entries {
        let Some(value) = plain(value).filter(|value| !value.trim().is_empty()) else { continue };
        if taken.len() == PROPERTIES {
            break;
        }
        if !name.trim().is_empty() && taken.iter().all(|(other, _)| *other != name) {
            taken.push((name, value));
        }
    }
    taken
}

fn plain(value: Loose<'_>) -> Option<Cow<'_, str>> {
    match value {
        Loose::Truth(truth) => Some(if truth { "true".into() } else { "false".into() }),
        Loose::Integer(number) => Some(number.to_string().into()),
        Loose::Decimal(number) => Some(number.to_string().into()),
        Loose::Text(text) => Some(text),
        Loose::Null | Loose::List | Loose::Object(_) => None,
    }
}
