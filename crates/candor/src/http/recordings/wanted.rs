//! Which recordings a request asks for, read from its address: the same words wherever recordings are asked for.

use domain::VisitorId;
use events::query::{Calendar, Range, VisitFilters};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::http::problem::Problem;
use crate::processes::app::permits::SitePermit;
use crate::processes::app::recordings::matching::Wanted;
use crate::processes::app::state::App;

/// Which recordings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedRecordings {
    /// Those that began in this range, by its name: `day`, `7d`, `30d`, `month`, …
    period: Option<String>,
    /// Those that began on this day or at this moment, or later; with `to`.
    from: Option<String>,
    /// Those that began on this day or at this moment, or before; with `from`.
    to: Option<String>,
    /// Those of a visit that a report with these filters counts in this range: the JSON of a query's `filters`.
    filters: Option<String>,
    /// Those of this visitor.
    visitor: Option<String>,
}

impl WantedRecordings {
    /// Whether events are walked to find them, so that it is done in a report's place.
    pub(crate) const fn takes_a_walk(&self) -> bool {
        self.filters.is_some()
    }

    /// What it asks for, where it can be asked.
    pub(crate) fn read(self, app: &App, permit: &SitePermit) -> Result<Wanted, Problem> {
        let range = range(app, permit, (self.period, self.from, self.to))?;
        let visitor = self.visitor.as_deref().map(read_visitor).transpose()?;
        let always = Range { start: domain::Timestamp(i64::MIN), end: domain::Timestamp(i64::MAX) };
        let visits =
            self.filters.map(|filters| read_filters(&filters, range.unwrap_or(always))).transpose()?;
        let visits = visits.filter(|filters| !filters.is_empty());
        Ok(Wanted { range, visitor, paths: None, visits })
    }
}

/// Whose recordings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhoseRecordings {
    #[param(required = true)]
    visitor: Option<String>,
}

impl WhoseRecordings {
    /// The visitor, who must be named.
    pub(super) fn read(&self) -> Result<VisitorId, Problem> {
        read_visitor(self.visitor.as_deref().unwrap_or_default())
    }
}

/// The visitor of this id.
fn read_visitor(text: &str) -> Result<VisitorId, Problem> {
    text.parse().map_err(|_| Problem::invalid("visitor is not a UUID").of_field("visitor"))
}

fn read_filters(text: &str, range: Range) -> Result<VisitFilters, Problem> {
    let of_field = |sentence: String| Problem::invalid(sentence).of_field("filters");
    let filters: Value =
        serde_json::from_str(text).map_err(|error| of_field(format!("filters is not JSON: {error}")))?;
    VisitFilters::parse(&filters, range).map_err(|error| of_field(error.to_string()))
}

fn range(
    app: &App,
    permit: &SitePermit,
    named: (Option<String>, Option<String>, Option<String>),
) -> Result<Option<Range>, Problem> {
    let range: Value = match named {
        (None, None, None) => return Ok(None),
        (Some(period), None, None) => json!(period),
        (None, Some(from), Some(to)) => json!([from, to]),
        _ => return Err(Problem::invalid("say a period, or both from and to").of_field("period")),
    };
    let calendar = Calendar { zone: permit.site.timezone.clone(), now: app.clock.now(), first_event: None };
    let range = calendar.resolve(&range);
    range.map(Some).map_err(|error| Problem::invalid(error.to_string()).of_field("period"))
}
