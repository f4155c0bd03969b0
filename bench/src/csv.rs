//! Rows as CSV, for the peers. Columns stand in the order of [`HEADER`], which the driver declares to them.

use std::io::{self, Write};

use domain::Event;

use crate::traffic::Row;

/// The names of the columns.
pub(crate) const HEADER: &str = "site,visitor,visit,ts,event,hostname,pathname,referrer,source,channel,utm_medium,\
utm_source,utm_campaign,utm_content,utm_term,country,region,city,browser,browser_version,os,os_version,device,\
screen,language,interactive,scroll_depth,engaged_ms,props,revenue,currency";

/// Writes one row. No text of the traffic holds a comma or a quote; properties are JSON and quoted as a whole.
pub(crate) fn write(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let Event { referral, campaign, location, software, .. } = &row.event;
    let event = &row.event;
    write!(out, "{},{},{},{}", row.site, event.visitor, row.visit, event.at.0)?;
    for text in [
        &event.name,
        &event.hostname,
        &event.path,
        &referral.referrer,
        &referral.source,
        &referral.channel,
        &campaign.medium,
        &campaign.source,
        &campaign.campaign,
        &campaign.content,
        &campaign.term,
        &location.country,
        &location.region,
        &location.city,
        &software.browser,
        &software.browser_version,
        &software.os,
        &software.os_version,
        &software.device,
        &software.screen,
        &software.language,
    ] {
        out.write_all(b",")?;
        out.write_all(text.as_bytes())?;
    }
    let (depth, engaged) = (event.scroll_depth.unwrap_or(255), event.engaged_ms.unwrap_or(0));
    write!(out, ",{},{depth},{engaged},", u8::from(event.interactive))?;
    write_properties(out, event)?;
    match &event.revenue {
        Some(revenue) => writeln!(out, ",{},{}", revenue.micros, revenue.currency),
        None => writeln!(out, ",0,"),
    }
}

fn write_properties(out: &mut impl Write, event: &Event) -> io::Result<()> {
    let mut mark = "\"{";
    for (name, value) in &event.properties {
        write!(out, "{mark}\"\"{name}\"\":\"\"{value}\"\"")?;
        mark = ",";
    }
    if event.properties.is_empty() { Ok(()) } else { out.write_all(b"}\"") }
}
