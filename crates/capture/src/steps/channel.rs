//! The channel a source belongs to: 19 rules in their order, of which the first that matches decides. They are
//! those that most web analytics share.

use crate::lists::sources::{Category, SourceBook};

/// What is known of how a visitor came, as written; the rules compare in lower case.
pub(crate) struct Clues<'a> {
    pub(crate) source: &'a str,
    pub(crate) utm_source: &'a str,
    pub(crate) medium: &'a str,
    pub(crate) campaign: &'a str,
    pub(crate) google_click: bool,
    pub(crate) microsoft_click: bool,
}

/// The channel's name.
pub(crate) fn of(clues: &Clues<'_>, book: &SourceBook) -> &'static str {
    let source = &*clues.source.to_lowercase();
    let utm_source = &*clues.utm_source.trim().to_lowercase();
    let medium = &*clues.medium.trim().to_lowercase();
    let campaign = &*clues.campaign.trim().to_lowercase();
    let category = book.category(source);
    let is = |wanted| category == Some(wanted);
    let paid = is_paid(medium);
    let paid_or_ad = paid || utm_source == "adwords" || book.is_advertising(utm_source);
    let clicked = (source == "google" && clues.google_click) || (source == "bing" && clues.microsoft_click);
    let shopping = is(Category::Shopping) || is_shop(campaign);

    match () {
        () if campaign.contains("cross-network") => "Cross-network",
        () if shopping && paid => "Paid Shopping",
        () if (is(Category::Search) && paid_or_ad) || clicked => "Paid Search",
        () if is(Category::Social) && paid_or_ad => "Paid Social",
        () if is(Category::Video) && paid_or_ad => "Paid Video",
        () if is_display(medium) => "Display",
        () if paid => "Paid Other",
        () if shopping => "Organic Shopping",
        () if is(Category::Social) || is_social(medium) => "Organic Social",
        () if is(Category::Video) || medium.contains("video") => "Organic Video",
        () if is(Category::Assistant) => "AI Assistants",
        () if is(Category::Search) => "Organic Search",
        () if is(Category::Email) || is_email(utm_source) || is_email(medium) => "Email",
        () if medium == "affiliate" => "Affiliates",
        () if medium == "audio" => "Audio",
        () if utm_source == "sms" || medium == "sms" => "SMS",
        () if is_push(medium) || source == "firebase" => "Mobile Push Notifications",
        () if matches!(medium, "referral" | "app" | "link") || !source.is_empty() => "Referral",
        () => "Direct",
    }
}

fn is_paid(medium: &str) -> bool {
    medium.contains("cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid")
}

/// `shopping`, or `shop` at a word's beginning or after an `e` (`eshop`), but not in `workshop`.
fn is_shop(campaign: &str) -> bool {
    let begins_a_word =
        |(at, _): (usize, &str)| !matches!(campaign.as_bytes()[..at].last(), Some(b'a'..=b'd' | b'f'..=b'z'));
    campaign.contains("shopping") || campaign.match_indices("shop").any(begins_a_word)
}

fn is_display(medium: &str) -> bool {
    matches!(medium, "display" | "banner" | "expandable" | "interstitial" | "cpm")
}

fn is_social(medium: &str) -> bool {
    matches!(medium, "social" | "social-network" | "social-media" | "sm" | "social network" | "social media")
}

fn is_email(tag: &str) -> bool {
    ["email", "e-mail", "e_mail", "e mail", "newsletter"].iter().any(|word| tag.contains(word))
}

fn is_push(medium: &str) -> bool {
    medium.ends_with("push") || medium.contains("mobile") || medium.contains("notification")
}

#[cfg(test)]
mod tests;
