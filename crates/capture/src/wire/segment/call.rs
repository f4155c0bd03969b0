//! One call: who it is about and what it says, of the right types and not yet clean.

use std::borrow::Cow;

use domain::{Event, Timestamp, limits};
use serde::Deserialize;

use super::super::loose::Loose;
use super::super::{Claim, moment, money, properties};
use super::read;

/// What a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something a visitor did.
    Track,
    /// A page that they looked at.
    Page,
    /// A screen of an app that they looked at.
    Screen,
    /// Who they are.
    Identify,
    /// What they belong to.
    Group,
    /// Under what other id they were known.
    Alias,
}

/// It is no call, or not what a call of its kind must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong;

/// What a page's own description is made of: no properties of the event.
const OF_PAGE: [&str; 5] = ["url", "path", "referrer", "search", "title"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    message_id: Loose<'a>,
    #[serde(borrow, default)]
    user_id: Loose<'a>,
    #[serde(borrow, default)]
    anonymous_id: Loose<'a>,
    #[serde(borrow, default)]
    previous_id: Loose<'a>,
    #[serde(borrow, default)]
    group_id: Loose<'a>,
    #[serde(borrow, default)]
    event: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    category: Loose<'a>,
    #[serde(borrow, default)]
    properties: Loose<'a>,
    #[serde(borrow, default)]
    traits: Loose<'a>,
    #[serde(borrow, default)]
    timestamp: Loose<'a>,
    #[serde(borrow, default)]
    context: Loose<'a>,
}

/// A call as its sender claims it.
pub(crate) struct Call<'a> {
    pub(crate) message: Option<Cow<'a, str>>,
    pub(crate) user: Option<Cow<'a, str>>,
    pub(crate) anonymous: Option<Cow<'a, str>>,
    /// By the sender's clock.
    pub(crate) at: Option<Timestamp>,
    pub(crate) deed: Deed<'a>,
    context: Loose<'a>,
}

/// What it says.
pub(crate) enum Deed<'a> {
    /// Something happened. Its page is whole where it names one; a path alone where it names a screen.
    Happened(Box<Claim<'a>>),
    /// A visitor is given attributes.
    Given(Given<'a>),
    /// A visitor is the same as this one.
    Alias(Cow<'a, str>),
}

/// What a visitor is said to be.
#[derive(Default)]
pub(crate) struct Given<'a> {
    pub(crate) traits: Vec<(Cow<'a, str>, Loose<'a>)>,
    pub(crate) group: Option<Cow<'a, str>>,
}

impl<'a> Call<'a> {
    /// Reads one; `kind` is what its address says it is, or it says so itself. `beneath` is the context of its batch.
    pub(crate) fn read(json: &'a str, kind: Option<Kind>, beneath: &Loose<'_>) -> Result<Self, Wrong> {
        let fields: Fields<'a> = read(json)?;
        let kind = kind.map_or_else(|| named(&fields.kind), Ok)?;
        let (user, anonymous) = (id(fields.user_id)?, id(fields.anonymous_id)?);
        if user.is_none() && anonymous.is_none() {
            return Err(Wrong);
        }
        let message = id(fields.message_id)?;
        if message.as_ref().is_some_and(|id| id.chars().count() > limits::MESSAGE_ID_CHARS) {
            return Err(Wrong);
        }
        let context = Context { own: &fields.context, beneath };
        let of_page = |key| context.text(&["page", key]).map(ToOwned::to_owned);
        let deed = match kind {
            Kind::Identify => Deed::Given(Given { traits: object(fields.traits), group: None }),
            Kind::Group => {
                let group = id(fields.group_id)?.ok_or(Wrong)?;
                // What a group is like is nothing that is kept of a visitor.
                Deed::Given(Given { traits: Vec::new(), group: Some(group) })
            }
            Kind::Alias => match (user.is_some(), id(fields.previous_id)?) {
                (true, Some(previous)) => Deed::Alias(previous),
                _ => return Err(Wrong),
            },
            Kind::Track => {
                let name = text(fields.event).ok_or(Wrong)?;
                if name == Event::ENGAGEMENT {
                    return Err(Wrong);
                }
                let page = of_page("url").map(Cow::Owned).unwrap_or_default();
                let referrer = of_page("referrer").map(Cow::Owned).unwrap_or_default();
                Deed::Happened(Box::new(happened(name, page, referrer, fields.properties)?))
            }
            Kind::Page | Kind::Screen => {
                let own = |key| lookup(&fields.properties, key).text_ref().map(ToOwned::to_owned);
                let name = text(fields.name);
                let page = own("url").or_else(|| of_page("url")).filter(|_| kind == Kind::Page);
                let page = page.map(Cow::Owned);
                let page = page
                    .or_else(|| name.as_deref().map(|name| Cow::Owned(screen_path(name))))
                    .ok_or(Wrong)?;
                let referrer =
                    own("referrer").or_else(|| of_page("referrer")).map(Cow::Owned).unwrap_or_default();
                let mut properties = object(fields.properties);
                properties.retain(|(key, _)| !OF_PAGE.contains(&&**key));
                let named = [("name", name), ("category", text(fields.category))];
                let named = named
                    .into_iter()
                    .filter_map(|(key, value)| Some((Cow::Borrowed(key), Loose::Text(value?))));
                let properties = Loose::Object(named.chain(properties).collect());
                let name = Cow::Borrowed(Event::PAGEVIEW);
                Deed::Happened(Box::new(happened(name, page, referrer, properties)?))
            }
        };
        let at = moment::read(&fields.timestamp).map_err(|_| Wrong)?;
        Ok(Self { message, user, anonymous, at, deed, context: fields.context })
    }

    /// What surrounds it: its own context, and beneath it that of its batch.
    pub(crate) const fn context<'c>(&'c self, beneath: &'c Loose<'a>) -> Context<'c> {
        Context { own: &self.context, beneath }
    }
}

/// What surrounds a call.
pub(crate) struct Context<'c> {
    own: &'c Loose<'c>,
    beneath: &'c Loose<'c>,
}

impl<'c> Context<'c> {
    /// The text at `path`, where there is some.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&'c str> {
        self.at(path).text_ref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// Whether it says yes there.
    pub(crate) fn says(&self, path: &[&str]) -> bool {
        self.at(path).truth().unwrap_or(false)
    }

    /// The whole number there.
    pub(crate) fn whole(&self, path: &[&str]) -> Option<i64> {
        self.at(path).whole()
    }

    fn at(&self, path: &[&str]) -> &'c Loose<'c> {
        let find = |from| path.iter().fold(from, |at, key| lookup(at, key));
        match find(self.own) {
            Loose::Null => find(self.beneath),
            found => found,
        }
    }
}

fn happened<'a>(
    name: Cow<'a, str>,
    page: Cow<'a, str>,
    referrer: Cow<'a, str>,
    properties: Loose<'a>,
) -> Result<Claim<'a>, Wrong> {
    if name.chars().count() > limits::NAME_CHARS {
        return Err(Wrong);
    }
    let mut properties = object(properties);
    let revenue = revenue(&mut properties);
    Ok(Claim {
        name,
        page,
        domains: None,
        referrer,
        properties: properties::read(Loose::Object(properties)),
        interactive: true,
        hash_mode: false,
        revenue,
        scroll_depth: None,
        engaged_ms: None,
        visitor: None,
        id: None,
        at: None,
        screen: Cow::Borrowed(""),
    })
}

/// The money an event stands for: `revenue` in `currency`, which by the convention are dollars where nothing is said.
fn revenue(properties: &mut Vec<(Cow<'_, str>, Loose<'_>)>) -> Option<money::Money> {
    let find = |wanted| properties.iter().position(|(key, _)| key == wanted);
    let at = find("revenue")?;
    let currency = find("currency").and_then(|at| properties[at].1.text_ref()).unwrap_or("USD");
    let money = money::of(&properties[at].1, currency)?;
    properties.retain(|(key, _)| key != "revenue" && key != "currency");
    Some(money)
}

/// The path that stands for a screen of this name: it is read as an address, so that no sign of it may mean anything there.
fn screen_path(name: &str) -> String {
    let name = name.trim().trim_start_matches('/');
    let mut path = String::with_capacity(name.len() + 1);
    path.push('/');
    for sign in name.chars() {
        match sign {
            '%' => path.push_str("%25"),
            '?' => path.push_str("%3F"),
            '#' => path.push_str("%23"),
            '\\' => path.push_str("%5C"),
            other => path.push(other),
        }
    }
    path
}

fn named(kind: &Loose<'_>) -> Result<Kind, Wrong> {
    Ok(match kind.text_ref().ok_or(Wrong)? {
        "track" => Kind::Track,
        "page" => Kind::Page,
        "screen" => Kind::Screen,
        "identify" => Kind::Identify,
        "group" => Kind::Group,
        "alias" => Kind::Alias,
        _ => return Err(Wrong),
    })
}

/// An id as text. A number is one, too; anything else is none, and the call wrong.
fn id(value: Loose<'_>) -> Result<Option<Cow<'_, str>>, Wrong> {
    let id = match value {
        Loose::Null => return Ok(None),
        Loose::Integer(number) => Cow::Owned(number.to_string()),
        Loose::Text(text) if text.trim().is_empty() => return Ok(None),
        Loose::Text(text) => text,
        _ => return Err(Wrong),
    };
    if id.len() <= limits::GIVEN_ID_BYTES { Ok(Some(id)) } else { Err(Wrong) }
}

fn text(value: Loose<'_>) -> Option<Cow<'_, str>> {
    match value {
        Loose::Integer(number) => Some(Cow::Owned(number.to_string())),
        other => other.text().filter(|text| !text.trim().is_empty()),
    }
}

fn object<'a>(value: Loose<'a>) -> Vec<(Cow<'a, str>, Loose<'a>)> {
    match value {
        Loose::Object(entries) => entries,
        _ => Vec::new(),
    }
}

/// The last value of this key; null where it is no object or has none.
fn lookup<'c, 'a>(value: &'c Loose<'a>, key: &str) -> &'c Loose<'a> {
    static NOTHING: Loose<'static> = Loose::Null;
    let Loose::Object(entries) = value else { return &NOTHING };
    entries.iter().rev().find(|(name, _)| name == key).map_or(&NOTHING, |(_, value)| value)
}
