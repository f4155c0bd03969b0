//! The masked view: what an operator sees of a site under a support grant. Only sums over visitors, told apart only by the
//! fields that the grant names, only of the days it names, and nothing of fewer than five visitors. Every question is
//! written in the server's log and in the organization's before it is answered.

use std::sync::Arc;

use control::{GrantText, SupportGrant, Work};
use domain::audit::{Act, Log, Object, ObjectKind};
use domain::{DAY_MS, Site, SupportField, Timestamp};
use events::query::{Answer, Calendar, Dimension, EventDimension, Query, Value as Number, VisitDimension};
use sealing::protocol::Purpose;
use sealing::protocol::operators::{Ask, GrantTold, Told};
use serde_json::{Value, json};

use super::operators::unexpected;
use super::reports;
use super::state::App;
use crate::http::members::number;
use crate::http::operators::asking::OnDuty;
use crate::http::problem::{Kind, Problem};

const VISITORS: &str = "visitors";

/// What a grant leaves unseen.
#[derive(Clone, Copy)]
pub struct Mask {
    /// Of fewer visitors nothing is shown.
    pub visitors_min: u64,
    /// Whether what belongs to a field is shown under a grant for these.
    pub shows: fn(&[SupportField], SupportField) -> bool,
    /// Whether a question that begins at the first of two moments is answered under a grant that looks back to the second.
    pub reaches: fn(Timestamp, Timestamp) -> bool,
}

impl Default for Mask {
    fn default() -> Self {
        Self {
            visitors_min: 5,
            shows: |granted, field| granted.contains(&field),
            reaches: |begin, earliest| begin >= earliest,
        }
    }
}

/// An answer, and how much of it was left out.
pub(crate) struct Masked {
    pub(crate) answer: Answer,
    pub(crate) left_out: usize,
}

/// What a mail to the owners says of a grant.
pub(crate) fn letter_of(
    app: &App,
    work: &Work<'_>,
    told: &GrantTold,
    text: &GrantText,
    operator: &str,
) -> Result<SupportGrant, Problem> {
    let organization = work.organization(told.organization)?.map(|one| one.name).unwrap_or_default();
    Ok(SupportGrant {
        organization,
        operator: operator.to_owned(),
        site: text.site.clone(),
        purpose: text.purpose.clone(),
        ticket: text.ticket.clone(),
        minutes: told.minutes,
        at: app.clock.now(),
    })
}

/// Answers a question under a grant.
pub(crate) async fn answer(
    app: &Arc<App>,
    on_duty: OnDuty,
    grant: u64,
    query: Value,
) -> Result<Masked, Problem> {
    reports::in_turn(app, move |app| view(app, &on_duty, grant, query)).await
}

fn view(app: &App, on_duty: &OnDuty, grant: u64, mut query: Value) -> Result<Masked, Problem> {
    let Told::Grant(grant) = app.ask_operators(Ask::OpenGrant(on_duty.badge.clone(), grant))? else {
        return Err(unexpected());
    };
    let gone = || Problem::new(Kind::Gone, "the site of that grant is no more");
    let site = app.control.sites()?.into_iter().find(|site| site.id == grant.site).ok_or_else(gone)?;
    let asks_visitors = prepare(&mut query, &site)?;
    let store = app.store.opened_by(app.keeper.opener(Purpose::Request(on_duty.badge.token.clone())));
    let calendar = Calendar {
        zone: site.timezone.clone(),
        now: app.clock.now(),
        first_event: store.first_event(site.id).map_err(|error| reports::failed(&error))?,
    };
    let parsed = Query::parse(&query, &calendar).map_err(|error| Problem::invalid(error.to_string()))?;
    app.mask.check(&grant, &parsed, &calendar)?;
    let threads = app.reports.threads();
    let (mut answers, _) = store
        .answer(site.id, std::slice::from_ref(&parsed), threads)
        .map_err(|error| reports::failed(&error))?;
    let answer = answers.pop().ok_or_else(unexpected)?;
    let masked = app.mask.put_over(answer, &query, asks_visitors);
    write_down(app, on_duty, &grant, &query, &masked)?;
    Ok(masked)
}

/// Makes the question one of the grant's site that also counts visitors; whether it did so by itself.
fn prepare(query: &mut Value, site: &Site) -> Result<bool, Problem> {
    let shape = || Problem::invalid("a question is an object with metrics and a date_range");
    let object = query.as_object_mut().ok_or_else(shape)?;
    object.insert("site_id".to_owned(), json!(site.domain.to_string()));
    // How many rows there are would tell of those that are left out.
    object.remove("include");
    let metrics = object.get_mut("metrics").and_then(Value::as_array_mut).ok_or_else(shape)?;
    let asks = metrics.iter().any(|metric| metric == VISITORS);
    if !asks {
        metrics.push(json!(VISITORS));
    }
    Ok(asks)
}

impl Mask {
    /// Whether a question stays within what was granted.
    fn check(&self, grant: &GrantTold, query: &Query, calendar: &Calendar) -> Result<(), Problem> {
        let outside = query.named().into_iter().find(|dimension| !self.grants(grant, dimension));
        if let Some(dimension) = outside {
            return Err(
                Problem::new(Kind::Forbidden, format!("{dimension} was not granted")).of_field("fields")
            );
        }
        // The first of the days may have begun just before.
        let earliest = Timestamp(calendar.now.0 - (i64::from(grant.days) + 1) * DAY_MS);
        if !(self.reaches)(query.range().start, earliest) {
            let sentence = format!("the grant looks back {} days, not farther", grant.days);
            return Err(Problem::new(Kind::Forbidden, sentence).of_field("days"));
        }
        Ok(())
    }

    fn grants(&self, grant: &GrantTold, dimension: &Dimension) -> bool {
        match field_of(dimension) {
            Field::Any => true,
            Field::Of(field) => (self.shows)(&grant.fields, field),
            Field::Never => false,
        }
    }

    /// Leaves out every row of fewer than five visitors; of a sum of all nothing is left but that it is unknown.
    fn put_over(&self, mut answer: Answer, query: &Value, asks_visitors: bool) -> Masked {
        let metrics = query["metrics"].as_array().map_or(&[][..], Vec::as_slice);
        let place = metrics.iter().position(|metric| metric == VISITORS).unwrap_or(0);
        let is_small = |metrics: &[Number]| match metrics.get(place) {
            Some(Number::Whole(visitors)) => *visitors < self.visitors_min,
            _ => true,
        };
        let before = answer.results.len();
        answer.results.retain_mut(|row| {
            let small = is_small(&row.metrics);
            if small && row.dimensions.is_empty() {
                row.metrics.fill(Number::Unknown);
                return true;
            }
            !small
        });
        let left_out = before - answer.results.len();
        if !asks_visitors {
            for row in &mut answer.results {
                let _ = row.metrics.pop();
            }
        }
        Masked { answer, left_out }
    }
}

/// By what a dimension is granted.
enum Field {
    Any,
    Of(SupportField),
    Never,
}

/// Which field a dimension belongs to. Time is of any; where somebody is more closely than a country is of none.
const fn field_of(dimension: &Dimension) -> Field {
    use VisitDimension as V;
    Field::Of(match dimension {
        Dimension::Time(_) => return Field::Any,
        Dimension::Event(EventDimension::Page | EventDimension::Hostname) => SupportField::Page,
        Dimension::Event(EventDimension::Name) => SupportField::Event,
        Dimension::Event(EventDimension::Property(_)) => SupportField::Property,
        Dimension::Visit(visit) => match visit {
            V::EntryPage | V::ExitPage | V::EntryPageHostname | V::ExitPageHostname => SupportField::Page,
            V::Source | V::Referrer | V::Channel => SupportField::Source,
            V::UtmMedium | V::UtmSource | V::UtmCampaign | V::UtmContent | V::UtmTerm => {
                SupportField::Campaign
            }
            V::Country | V::CountryName => SupportField::Country,
            V::Region | V::RegionName | V::City | V::CityName => return Field::Never,
            V::Device | V::Browser | V::BrowserVersion | V::Os | V::OsVersion => SupportField::Device,
            V::Language | V::Screen => SupportField::Device,
        },
    })
}

fn write_down(
    app: &App,
    on_duty: &OnDuty,
    grant: &GrantTold,
    query: &Value,
    masked: &Masked,
) -> Result<(), Problem> {
    let words = |name: &str| {
        let all = query[name].as_array().map_or(&[][..], Vec::as_slice);
        all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    };
    let object = Object::new(ObjectKind::SupportGrant, number(grant.id));
    let entry = app
        .entry_on_duty(on_duty, Act::SupportView, object)
        .with("dimensions", words("dimensions"))
        .with("metrics", words("metrics"))
        .with("date_range", &query["date_range"])
        .with("rows", masked.answer.results.len())
        .with("left_out", masked.left_out);
    app.control.act(Log::SERVER, &entry, |work| {
        work.append(Log(grant.organization.0), &entry)?;
        Ok::<_, Problem>(())
    })
}
