//! The last step, the clean event: every text is starred of card numbers, freed of control characters and
//! cut to its named limit, because [`Text`] can be made in no other way.

use std::borrow::Cow;

use domain::{
    Campaign, Event, Location, Referral, Revenue, Software, Suspicion, Text, Timestamp, VisitorId, limits,
};

use crate::wire::{Address, Claim, decode};

/// What the steps before found out.
pub(crate) struct Findings {
    pub(crate) visitor: VisitorId,
    pub(crate) at: Timestamp,
    pub(crate) suspicion: Option<Suspicion>,
    pub(crate) location: Location,
    pub(crate) software: Software,
    pub(crate) referral: Referral,
    pub(crate) campaign: Campaign,
}

/// Puts the event together. `hash_routing` makes the fragment a part of the path.
pub(crate) fn event(claim: &Claim<'_>, page: &Address<'_>, hash_routing: bool, findings: Findings) -> Event {
    let hostname = if page.host.is_empty() { "(none)" } else { &page.host };
    Event {
        visitor: findings.visitor,
        id: claim.id,
        at: findings.at,
        name: Text::clean(claim.name.trim(), limits::NAME_BYTES),
        hostname: Text::clean(hostname, limits::HOSTNAME_BYTES),
        path: path(page, hash_routing || claim.hash_mode),
        referral: findings.referral,
        campaign: findings.campaign,
        location: findings.location,
        software: findings.software,
        interactive: claim.interactive,
        scroll_depth: claim.scroll_depth,
        engaged_ms: claim.engaged_ms,
        properties: properties(&claim.properties),
        revenue: claim.revenue.map(|money| Revenue {
            micros: money.micros,
            currency: Text::clean(money.currency, money.currency.len()),
        }),
        suspicion: findings.suspicion,
    }
}

fn path(page: &Address<'_>, with_fragment: bool) -> Text {
    let path = page.readable_path();
    if with_fragment && !page.fragment.is_empty() {
        let routed = format!("{path}#{}", decode(page.fragment));
        return Text::clean(routed.trim_end(), limits::PATH_BYTES);
    }
    Text::clean(&path, limits::PATH_BYTES)
}

/// Ordered by name. Two names that are one after cleaning leave the first one's value.
fn properties(claimed: &[(Cow<'_, str>, Cow<'_, str>)]) -> Vec<(Text, Text)> {
    let clean = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
        (Text::clean(name, limits::PROPERTY_NAME_BYTES), Text::clean(value, limits::PROPERTY_VALUE_BYTES))
    };
    let mut properties: Vec<(Text, Text)> = claimed.iter().map(clean).collect();
    properties.sort_by(|(left, _), (right, _)| left.cmp(right));
    properties.dedup_by(|(later, _), (earlier, _)| later == earlier);
    properties
}

#[cfg(test)]
mod tests;
