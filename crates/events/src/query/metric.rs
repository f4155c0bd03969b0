//! What can be counted.

/// A number of a report. Each is defined in `docs/metrics.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "defined in docs/metrics.md under these names")]
pub enum Metric {
    Visitors,
    Visits,
    Pageviews,
    ViewsPerVisit,
    BounceRate,
    VisitDuration,
    Events,
    Percentage,
    ScrollDepth,
    TimeOnPage,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Metric; 10] = [
        Self::Visitors,
        Self::Visits,
        Self::Pageviews,
        Self::ViewsPerVisit,
        Self::BounceRate,
        Self::VisitDuration,
        Self::Events,
        Self::Percentage,
        Self::ScrollDepth,
        Self::TimeOnPage,
    ];

    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visitors => "visitors",
            Self::Visits => "visits",
            Self::Pageviews => "pageviews",
            Self::ViewsPerVisit => "views_per_visit",
            Self::BounceRate => "bounce_rate",
            Self::VisitDuration => "visit_duration",
            Self::Events => "events",
            Self::Percentage => "percentage",
            Self::ScrollDepth => "scroll_depth",
            Self::TimeOnPage => "time_on_page",
        }
    }

    /// The metric of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.as_str() == name)
    }

    /// Whether it is told of whole visits whatever the query asks; filters and dimensions on the page then mean the entry page.
    pub(crate) const fn is_of_visits(self) -> bool {
        matches!(self, Self::ViewsPerVisit | Self::BounceRate | Self::VisitDuration)
    }

    /// Whether `engagement` events tell it.
    pub(crate) const fn is_of_engagement(self) -> bool {
        matches!(self, Self::ScrollDepth | Self::TimeOnPage)
    }
}
