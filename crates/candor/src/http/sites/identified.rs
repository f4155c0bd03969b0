//! What a site keeps of visitors beside what they did, as the API says it.

use control::SiteChange as Change;
use domain::{AttributeName, limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::at_fault;
use crate::http::problem::Problem;

/// Of what type an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AttributeKind {
    Text,
    Number,
    Boolean,
    Date,
    /// A network address. It is kept on three conditions only, of which `addresses` is one.
    Address,
}

/// An attribute that is kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredAttribute {
    /// What senders call it.
    name: String,
    kind: AttributeKind,
}

/// What is kept of visitors beside what they did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct IdentifiedSettings {
    /// Of others nothing is kept but how often their names came.
    attributes: Vec<DeclaredAttribute>,
    /// Whether an attribute may hold an address.
    addresses: bool,
}

/// What to change of it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentifiedChange {
    /// All that are kept from now on. What is no longer among them is removed, of every visitor.
    #[serde(default)]
    #[schema(nullable = false)]
    attributes: Option<Vec<DeclaredAttribute>>,
    #[serde(default)]
    #[schema(nullable = false)]
    addresses: Option<bool>,
    /// Has another write key made: the one of before is good no longer.
    #[serde(default)]
    replace_write_key: bool,
}

impl IdentifiedChange {
    /// Whether another write key is wanted.
    pub(super) const fn replaces_key(&self) -> bool {
        self.replace_write_key
    }

    /// What it comes to, where every name may be one.
    pub(super) fn checked(self) -> Result<Change, Problem> {
        let attributes = self.attributes.map(check).transpose()?;
        Ok(Change { attributes, addresses: self.addresses, ..Change::default() })
    }
}

fn check(attributes: Vec<DeclaredAttribute>) -> Result<Vec<domain::DeclaredAttribute>, Problem> {
    const FIELD: &str = "identified.attributes";
    if attributes.len() > limits::ATTRIBUTES {
        let sentence = format!("a site declares {} attributes at most", limits::ATTRIBUTES);
        return Err(Problem::invalid(sentence).of_field(FIELD));
    }
    let mut checked: Vec<domain::DeclaredAttribute> = Vec::with_capacity(attributes.len());
    for (index, DeclaredAttribute { name, kind }) in attributes.into_iter().enumerate() {
        let name: AttributeName = name
            .parse()
            .map_err(|error: domain::AttributeNameError| at_fault(&error, FIELD).of_member(index))?;
        if checked.iter().any(|other| other.name == name) {
            return Err(Problem::invalid("an attribute is declared once").of_field(FIELD).of_member(index));
        }
        checked.push(domain::DeclaredAttribute { name, kind: kind.into() });
    }
    Ok(checked)
}

impl IdentifiedSettings {
    pub(super) fn of(attributes: &[domain::DeclaredAttribute], addresses: bool) -> Self {
        let told = |declared: &domain::DeclaredAttribute| DeclaredAttribute {
            name: declared.name.as_str().to_owned(),
            kind: declared.kind.into(),
        };
        Self { attributes: attributes.iter().map(told).collect(), addresses }
    }
}

impl From<AttributeKind> for domain::AttributeKind {
    fn from(kind: AttributeKind) -> Self {
        match kind {
            AttributeKind::Text => Self::Text,
            AttributeKind::Number => Self::Number,
            AttributeKind::Boolean => Self::Boolean,
            AttributeKind::Date => Self::Date,
            AttributeKind::Address => Self::Address,
        }
    }
}

impl From<domain::AttributeKind> for AttributeKind {
    fn from(kind: domain::AttributeKind) -> Self {
        match kind {
            domain::AttributeKind::Text => Self::Text,
            domain::AttributeKind::Number => Self::Number,
            domain::AttributeKind::Boolean => Self::Boolean,
            domain::AttributeKind::Date => Self::Date,
            domain::AttributeKind::Address => Self::Address,
        }
    }
}
