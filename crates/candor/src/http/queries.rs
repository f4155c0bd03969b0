//! `/api/v2`: questions about a site's events.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use events::query::Answer;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::asking::Asking;
use super::input::Input;
use super::problem::{Kind, Problem};
use crate::processes::app::reports::{self, QUERIES_MAX};
use crate::processes::app::state::App;

/// A name of a range, or its first and last day or moment.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = DateRange)]
#[expect(dead_code, reason = "describes in the API's document what `events` reads")]
enum DateRange {
    Named(String),
    Between([String; 2]),
}

/// Which rows to hand out.
#[derive(Serialize, ToSchema)]
struct Pagination {
    #[schema(nullable = false)]
    limit: Option<i64>,
    #[schema(nullable = false)]
    offset: Option<i64>,
}

/// What to tell beside the rows.
#[derive(Serialize, ToSchema)]
struct Include {
    #[schema(nullable = false)]
    imports: Option<bool>,
    #[schema(nullable = false)]
    time_labels: Option<bool>,
    #[schema(nullable = false)]
    total_rows: Option<bool>,
}

/// A question about one site's events, in the shape of the Stats API v2.
#[derive(Serialize, ToSchema)]
#[schema(as = Query)]
struct QueryBody {
    /// The site's domain.
    site_id: String,
    date_range: DateRange,
    #[schema(min_items = 1)]
    metrics: Vec<String>,
    #[schema(nullable = false)]
    dimensions: Option<Vec<String>>,
    #[schema(nullable = false)]
    filters: Option<Vec<Value>>,
    #[schema(nullable = false)]
    order_by: Option<Vec<[String; 2]>>,
    #[schema(nullable = false)]
    pagination: Option<Pagination>,
    #[schema(nullable = false)]
    include: Option<Include>,
}

/// One row: texts in the order of the dimensions, numbers in the order of the metrics.
#[derive(Serialize, ToSchema)]
struct ResultRow {
    dimensions: Vec<String>,
    metrics: Vec<Option<f64>>,
}

/// What was asked for beside the rows.
#[derive(Serialize, ToSchema)]
struct QueryMeta {
    #[schema(nullable = false)]
    imports_included: Option<bool>,
    #[schema(nullable = false)]
    time_labels: Option<Vec<String>>,
    #[schema(nullable = false)]
    total_rows: Option<i64>,
}

/// The rows, and the query as it was run.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueryResult {
    results: Vec<ResultRow>,
    meta: QueryMeta,
    #[schema(value_type = QueryBody)]
    query: Value,
}

/// Answers one query.
#[utoipa::path(
    post, path = "/api/v2/query", request_body = QueryBody,
    responses(
        (status = 200, description = "The answer", body = QueryResult),
        (status = 400, description = "The query cannot be answered as it is", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 503, description = "Too much is being asked; try again", body = Problem),
    )
)]
pub(crate) async fn run_query(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(query): Input<Value>,
) -> Result<Json<Answer>, Problem> {
    let mut answers = reports::answer(&app, asking, vec![query], false).await?;
    answers.pop().map(Json).ok_or_else(|| Problem::internal(&std::io::Error::other("a query had no answer")))
}

/// Answers several queries of one site from one walk, in their order.
#[utoipa::path(
    post, path = "/api/v2/queries", request_body = Vec<QueryBody>,
    responses(
        (status = 200, description = "The answers, in order", body = Vec<QueryResult>),
        (status = 400, description = "One member cannot be answered; index names it", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 503, description = "Too much is being asked; try again", body = Problem),
    )
)]
pub(crate) async fn run_queries(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(queries): Input<Vec<Value>>,
) -> Result<Json<Vec<Answer>>, Problem> {
    if queries.len() > QUERIES_MAX {
        let sentence = format!("a request may hold {QUERIES_MAX} queries");
        return Err(Problem::new(Kind::Invalid, sentence).of_member(QUERIES_MAX));
    }
    reports::answer(&app, asking, queries, true).await.map(Json)
}
