//! Attributes as a site declares them: what it does not declare is not kept, what is of another type neither, and an
//! address is taken only where it is said to be one.

use std::borrow::Cow;

use domain::{
    AttributeKind, AttributeName, AttributeValue, KeptAddress, Refusal, SiteSettings, Text, Timestamp, limits,
};

use super::super::Controls;
use super::Said;
use crate::wire::Loose;

/// What a group is kept as, where the site declares an attribute of that name.
const GROUP: &str = "group";

/// Whether a text is nothing but an address.
pub(in crate::pipeline) fn is_address(text: &str) -> bool {
    KeptAddress::read(text).is_some()
}

/// Fills in what the site keeps of `traits`.
///
/// # Errors
/// The refusal of an address that the site does not allow: nothing of the call is taken then.
pub(in crate::pipeline) fn fill(
    mut said: Said,
    settings: &SiteSettings,
    controls: &Controls,
    traits: &[(Cow<'_, str>, Loose<'_>)],
    group: Option<&str>,
) -> Result<Said, Refusal> {
    let group = group.map(|group| (Cow::Borrowed(GROUP), Loose::Text(Cow::Borrowed(group))));
    for (name, value) in traits.iter().chain(&group) {
        let declared = settings.attributes.iter().find(|declared| declared.name.as_str() == name);
        let is_kept_address = declared.is_some_and(|declared| declared.kind == AttributeKind::Address);
        let holds_address = value.text_ref().is_some_and(is_address);
        if (holds_address || (is_kept_address && *value != Loose::Null))
            && !(is_kept_address && (controls.allows_addresses)(settings))
        {
            return Err(Refusal::AddressNotAllowed);
        }
        let read = declared.and_then(|declared| Some((declared.name.clone(), typed(declared.kind, value)?)));
        match read {
            Some(attribute) => keep(&mut said.attributes, attribute),
            None => leave_out(&mut said.left_out, name),
        }
    }
    Ok(said)
}

/// The last value of a name counts.
fn keep(
    attributes: &mut Vec<(AttributeName, Option<AttributeValue>)>,
    attribute: (AttributeName, Option<AttributeValue>),
) {
    match attributes.iter_mut().find(|(name, _)| *name == attribute.0) {
        Some(known) => *known = attribute,
        None => attributes.push(attribute),
    }
}

fn leave_out(left_out: &mut Vec<Text>, name: &str) {
    let name = Text::clean(name, limits::ATTRIBUTE_NAME_BYTES);
    if left_out.len() < limits::UNDECLARED_NAMED && !left_out.contains(&name) {
        left_out.push(name);
    }
}

/// The value as one of this type: nothing where it is of another, and no value where it is null.
fn typed(kind: AttributeKind, value: &Loose<'_>) -> Option<Option<AttributeValue>> {
    if *value == Loose::Null {
        return Some(None);
    }
    let value = match kind {
        AttributeKind::Text => AttributeValue::Text(text(value)?),
        AttributeKind::Number => AttributeValue::Number(number(value)?),
        AttributeKind::Boolean => AttributeValue::Boolean(value.truth()?),
        AttributeKind::Date => AttributeValue::Date(date(value)?),
        AttributeKind::Address => AttributeValue::Address(KeptAddress::read(value.text_ref()?)?),
    };
    Some(Some(value))
}

fn text(value: &Loose<'_>) -> Option<Text> {
    let text = match value {
        Loose::Text(text) => Cow::Borrowed(&**text),
        Loose::Integer(number) => Cow::Owned(number.to_string()),
        Loose::Decimal(number) => Cow::Owned(number.to_string()),
        Loose::Truth(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        Loose::Null | Loose::List | Loose::Object(_) => return None,
    };
    Some(Text::clean(text.trim(), limits::ATTRIBUTE_VALUE_BYTES))
}

fn number(value: &Loose<'_>) -> Option<f64> {
    let number = match value {
        Loose::Integer(number) => *number as f64,
        Loose::Decimal(number) => *number,
        Loose::Text(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A day as it is written, a moment in UTC.
fn date(value: &Loose<'_>) -> Option<Text> {
    if let Some(day) = value.text_ref().and_then(|text| text.trim().parse::<jiff::civil::Date>().ok())
        && value.text_ref().is_some_and(|text| text.trim().len() == "2026-01-02".len())
    {
        return Some(Text::clean(&day.to_string(), limits::ATTRIBUTE_VALUE_BYTES));
    }
    let moment: Timestamp = crate::wire::moment(value)?;
    let in_history = (0..=253_402_300_799_999).contains(&moment.0);
    in_history.then(|| Text::clean(&moment.to_string(), limits::ATTRIBUTE_VALUE_BYTES))
}
