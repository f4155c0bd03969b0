//! Step 12, find the source: where the visitor came from, by the tags of the page's address, else by the
//! referrer.

use std::borrow::Cow;

use domain::{Campaign, Referral, Text, limits};

use super::channel::{self, Clues};
use crate::lists::sources::SourceBook;
use crate::wire::Address;

/// The query parameters that are looked at; all others are forgotten with the query.
#[derive(Default)]
struct Tags<'a> {
    campaign: CampaignTags<'a>,
    source: Option<Cow<'a, str>>,
    referred_by: Option<Cow<'a, str>>,
    google_click: bool,
    microsoft_click: bool,
}

#[derive(Default)]
struct CampaignTags<'a> {
    source: Option<Cow<'a, str>>,
    medium: Option<Cow<'a, str>>,
    campaign: Option<Cow<'a, str>>,
    content: Option<Cow<'a, str>>,
    term: Option<Cow<'a, str>>,
}

/// Where the visitor came from, and the campaign that brought them.
pub(crate) fn find(
    page: &Address<'_>,
    referrer: Option<&Address<'_>>,
    book: &SourceBook,
) -> (Referral, Campaign) {
    let tags = Tags::read(page);
    let source = tags.tagged().map_or_else(
        || referrer.map(|referrer| from_host(&referrer.host, book)).unwrap_or_default(),
        |tag| Cow::Borrowed(book.named(tag.trim()).unwrap_or(tag.trim())),
    );
    let clues = Clues {
        source: &source,
        utm_source: tags.campaign.source.as_deref().unwrap_or_default(),
        medium: tags.campaign.medium.as_deref().unwrap_or_default(),
        campaign: tags.campaign.campaign.as_deref().unwrap_or_default(),
        google_click: tags.google_click,
        microsoft_click: tags.microsoft_click,
    };
    let channel = channel::of(&clues, book);
    let referral = Referral {
        referrer: referrer.map(shown).unwrap_or_default(),
        source: Text::clean(&source, limits::TAG_BYTES),
        channel: Text::clean(channel, limits::TAG_BYTES),
    };
    (referral, tags.campaign.clean())
}

/// The referrer, unless it is a page of the same host or the developer's own machine.
pub(crate) fn referrer<'a>(claimed: &'a str, page: &Address<'_>) -> Option<Address<'a>> {
    let referrer = Address::parse(claimed)?;
    let is_web = matches!(&*referrer.scheme, "http" | "https" | "android-app");
    let is_own = referrer.host == page.host || referrer.host == "localhost";
    (is_web && !is_own && !referrer.host.is_empty()).then_some(referrer)
}

fn from_host<'a>(host: &Cow<'a, str>, book: &SourceBook) -> Cow<'a, str> {
    book.at_host(host).map_or_else(|| host.clone(), Cow::Borrowed)
}

/// Host and path: what a query held is nobody's business.
fn shown(referrer: &Address<'_>) -> Text {
    let shown = format!("{}{}", referrer.host, referrer.path);
    Text::clean(shown.trim_end_matches('/'), limits::REFERRER_BYTES)
}

impl<'a> Tags<'a> {
    /// The first value of each parameter that is not blank.
    fn read(page: &Address<'a>) -> Self {
        let mut tags = Self::default();
        for (key, value) in page.parameters() {
            let slot = match &*key {
                "utm_source" => &mut tags.campaign.source,
                "utm_medium" => &mut tags.campaign.medium,
                "utm_campaign" => &mut tags.campaign.campaign,
                "utm_content" => &mut tags.campaign.content,
                "utm_term" => &mut tags.campaign.term,
                "source" => &mut tags.source,
                "ref" => &mut tags.referred_by,
                "gclid" => {
                    tags.google_click |= !value.is_empty();
                    continue;
                }
                "msclkid" => {
                    tags.microsoft_click |= !value.is_empty();
                    continue;
                }
                _ => continue,
            };
            if slot.is_none() && !value.trim().is_empty() {
                *slot = Some(value);
            }
        }
        tags
    }

    /// The tag that names the source.
    fn tagged(&self) -> Option<&str> {
        self.campaign.source.as_deref().or(self.source.as_deref()).or(self.referred_by.as_deref())
    }
}

impl CampaignTags<'_> {
    fn clean(&self) -> Campaign {
        let clean = |tag: &Option<Cow<'_, str>>| {
            tag.as_deref().map(|tag| Text::clean(tag.trim(), limits::TAG_BYTES)).unwrap_or_default()
        };
        Campaign {
            medium: clean(&self.medium),
            source: clean(&self.source),
            campaign: clean(&self.campaign),
            content: clean(&self.content),
            term: clean(&self.term),
        }
    }
}

#[cfg(test)]
mod tests;
