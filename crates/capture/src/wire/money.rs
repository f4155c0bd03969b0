//! Revenue, exact to a millionth. What is no amount in a known currency is dropped; the event stays.

use super::loose::Loose;
use crate::lists::currencies;

const MICROS_PER_UNIT_DIGITS: usize = 6;

/// An amount in a currency of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Money {
    pub(crate) micros: i64,
    pub(crate) currency: &'static str,
}

/// Reads `{"amount": 12.5, "currency": "EUR"}`, also when it comes as text that spells this object.
pub(super) fn read(value: Loose<'_>) -> Option<Money> {
    match value {
        Loose::Object(entries) => from_entries(&entries),
        Loose::Text(json) => match serde_json::from_str(&json).ok()? {
            Loose::Object(entries) => from_entries(&entries),
            _ => None,
        },
        _ => None,
    }
}

fn from_entries(entries: &[(std::borrow::Cow<'_, str>, Loose<'_>)]) -> Option<Money> {
    let value = |wanted| entries.iter().rev().find(|(key, _)| key == wanted).map(|(_, value)| value);
    let Loose::Text(code) = value("currency")? else { return None };
    of(value("amount")?, code)
}

/// So much of a currency, where there is one of that code.
pub(super) fn of(amount: &Loose<'_>, code: &str) -> Option<Money> {
    let micros = match amount {
        Loose::Integer(number) => micros(&number.to_string())?,
        // Shortest decimal that means the same number: what the sender wrote, not its binary neighbour.
        Loose::Decimal(number) => micros(&number.to_string())?,
        Loose::Text(text) => micros(text.trim())?,
        _ => return None,
    };
    Some(Money { micros, currency: currencies::find(code.trim())? })
}

/// Millionths of a decimal such as `-12.345`; digits past the sixth are rounded, halves away from zero.
fn micros(decimal: &str) -> Option<i64> {
    let (negative, digits) = match decimal.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, decimal.strip_prefix('+').unwrap_or(decimal)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let kept = &fraction[..fraction.len().min(MICROS_PER_UNIT_DIGITS)];
    let rounds_up = fraction.as_bytes().get(MICROS_PER_UNIT_DIGITS).is_some_and(|&digit| digit >= b'5');
    let units: i64 = whole.parse().ok()?;
    let parts: i64 = format!("{kept:0<MICROS_PER_UNIT_DIGITS$}").parse().ok()?;
    let size = units.checked_mul(1_000_000)?.checked_add(parts)?.checked_add(rounds_up.into())?;
    Some(if negative { -size } else { size })
}
