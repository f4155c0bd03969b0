//! What visitors ask about what is kept of them: anybody asks at `/api/privacy/{domain}/requests`, who answers for the site at
//! `/api/sites/{domain}/requests`.
//!
//! Nothing is done by a request itself: that somebody is who they say, a person judges. What they are answered never says
//! whether anything is kept of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use control::{Asker, RequestError, VisitorRequest};
use domain::{Object, REQUEST_WORDS_BYTES, REQUESTS_WAITING_MAX, RequestAnswer, RequestKind, Verb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::{Asking, From};
use super::input::{Input, NamedSite};
use super::problem::{Kind, Problem};
use crate::processes::app::people;
use crate::processes::app::state::App;

/// Requests that are listed: all that may wait, and as many that were answered.
const LISTED_MAX: u32 = 2 * REQUESTS_WAITING_MAX;
/// Signs of a name by which a site knows somebody, and of what is answered: so much a mail shows of it.
const KNOWN_AS_CHARS: usize = 200;
const ANSWER_CHARS: usize = 200;

/// What a visitor asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRequest {
    /// `access`, `rectify`, `erase`, `restrict` or `object`.
    kind: String,
    /// Where they are answered.
    email: String,
    /// Their visitor's id, as the page's script knows it.
    #[serde(default)]
    #[schema(nullable = false)]
    visitor: Option<String>,
    /// By what the site knows them, such as a customer's number.
    #[serde(default)]
    #[schema(nullable = false)]
    known_as: Option<String>,
    /// What they write.
    #[serde(default)]
    #[schema(nullable = false)]
    words: Option<String>,
}

/// That it was taken.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequestTaken {
    number: u64,
    /// Until when they are answered.
    #[schema(format = DateTime)]
    due_at: String,
}

/// A request, as who answers sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequestShown {
    number: u64,
    kind: &'static str,
    #[schema(format = DateTime)]
    asked_at: String,
    #[schema(format = DateTime)]
    due_at: String,
    /// Whether it waits for longer than it may.
    late: bool,
    /// Who asks; null once it is answered.
    asker: Option<AskerShown>,
    /// Null while it waits.
    answer: Option<AnswerShown>,
}

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct AskerShown {
    visitor: Option<String>,
    known_as: String,
    email: String,
    words: String,
}

/// How it was answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnswerShown {
    /// `done` or `declined`.
    answer: &'static str,
    #[schema(format = DateTime)]
    at: String,
}

/// A site's requests.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequestList {
    requests: Vec<RequestShown>,
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAnswer {
    /// `done` or `declined`.
    answer: String,
    /// What they are told with it; needed where it is declined.
    #[serde(default)]
    #[schema(nullable = false)]
    words: Option<String>,
}

/// Whether they were told.
#[derive(Serialize, ToSchema)]
pub(crate) struct Answered {
    /// Whether it is on its way by mail; where not, this is the last that tells where to write to.
    mailed: bool,
    email: String,
}

/// The request in a request's path.
pub(crate) struct NamedRequest {
    domain: String,
    number: u64,
}

impl<S: Send + Sync> FromRequestParts<S> for NamedRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, u64)>::from_request_parts(parts, state).await;
        let Path((domain, number)) = path.map_err(|_| not_there())?;
        Ok(Self { domain, number })
    }
}

/// Asks a site about what it keeps of oneself.
#[utoipa::path(
    post, path = "/api/privacy/{domain}/requests", params(("domain" = String, Path)), request_body = NewRequest,
    responses(
        (status = 201, description = "It was taken", body = RequestTaken),
        (status = 400, description = "Something of it cannot be read; field says what", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 429, description = "Too many were sent from that network, or wait for this site", body = Problem),
    )
)]
pub(crate) async fn ask_site(
    State(app): State<Arc<App>>,
    from: From,
    NamedSite(domain): NamedSite,
    Input(new): Input<NewRequest>,
) -> Result<(StatusCode, Json<RequestTaken>), Problem> {
    let (kind, asker) = new.read()?;
    let taken = app.off_thread(move |app| app.take_request(&domain, kind, &asker, &from)).await?;
    let taken = RequestTaken { number: taken.number, due_at: taken.due_at.to_string() };
    Ok((StatusCode::CREATED, Json(taken)))
}

/// What visitors ask of a site: what waits comes first, the most urgent of it.
#[utoipa::path(
    get, path = "/api/sites/{domain}/requests", params(("domain" = String, Path)),
    responses(
        (status = 200, description = "The requests", body = RequestList),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn list_requests(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
) -> Result<Json<RequestList>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
        let now = app.clock.now();
        let requests = app.control.requests(permit.site.id, LISTED_MAX)?;
        let shown = requests.into_iter().map(|request| {
            let late = request.answered.is_none() && request.due_at < now;
            show(request, late)
        });
        Ok(Json(RequestList { requests: shown.collect() }))
    })
    .await
}

/// Answers a request. They are told by mail, and what told who asked is wiped.
#[utoipa::path(
    post, path = "/api/sites/{domain}/requests/{id}/answer",
    params(("domain" = String, Path), ("id" = u64, Path, description = "The number of the request")), request_body = NewAnswer,
    responses(
        (status = 200, description = "It is answered", body = Answered),
        (status = 400, description = "Something of it cannot be read; field says what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or no request of that number that waits", body = Problem),
    )
)]
pub(crate) async fn answer_request(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedRequest { domain, number }: NamedRequest,
    Input(new): Input<NewAnswer>,
) -> Result<Json<Answered>, Problem> {
    let (answer, words) = new.read()?;
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
        let (mailed, email) = app.answer_request(&permit, number, answer, &words)?;
        Ok(Json(Answered { mailed, email }))
    })
    .await
}

impl NewRequest {
    fn read(self) -> Result<(RequestKind, Asker), Problem> {
        let kinds = "kind is access, rectify, erase, restrict or object";
        let kind = self.kind.parse().map_err(|_| Problem::invalid(kinds).of_field("kind"))?;
        let visitor = self.visitor.filter(|visitor| !visitor.trim().is_empty());
        let visitor = visitor.map(|visitor| visitor.trim().parse()).transpose();
        let visitor = visitor.map_err(|_| Problem::invalid("visitor is not a UUID").of_field("visitor"))?;
        let known_as = text(self.known_as, KNOWN_AS_CHARS, "known_as")?;
        if visitor.is_none() && known_as.is_empty() {
            let sentence = "say who you are: by your visitor's id, or by what the site knows you";
            return Err(Problem::invalid(sentence).of_field("known_as"));
        }
        let words = self.words.unwrap_or_default().trim().to_owned();
        if words.len() > REQUEST_WORDS_BYTES {
            let sentence = format!("a request may say {REQUEST_WORDS_BYTES} bytes");
            return Err(Problem::invalid(sentence).of_field("words"));
        }
        Ok((kind, Asker { visitor, known_as, email: people::email(&self.email)?, words }))
    }
}

impl NewAnswer {
    fn read(self) -> Result<(RequestAnswer, String), Problem> {
        let answers = "answer is done or declined";
        let answer = self.answer.parse().map_err(|_| Problem::invalid(answers).of_field("answer"))?;
        let words = text(self.words, ANSWER_CHARS, "words")?;
        if answer == RequestAnswer::Declined && words.is_empty() {
            return Err(Problem::invalid("say why it is declined").of_field("words"));
        }
        Ok((answer, words))
    }
}

/// What somebody typed into one line, of at most so many signs.
fn text(typed: Option<String>, chars: usize, field: &'static str) -> Result<String, Problem> {
    let typed = typed.unwrap_or_default().trim().to_owned();
    if typed.chars().count() > chars {
        return Err(Problem::invalid(format!("{field} may have {chars} signs")).of_field(field));
    }
    Ok(typed)
}

fn show(request: VisitorRequest, late: bool) -> RequestShown {
    let asker = request.asker.map(|asker| AskerShown {
        visitor: asker.visitor.map(|visitor| visitor.to_string()),
        known_as: asker.known_as,
        email: asker.email,
        words: asker.words,
    });
    let answer =
        request.answered.map(|(answer, at)| AnswerShown { answer: answer.as_str(), at: at.to_string() });
    RequestShown {
        number: request.number,
        kind: request.kind.as_str(),
        asked_at: request.asked_at.to_string(),
        due_at: request.due_at.to_string(),
        late,
        asker,
        answer,
    }
}

fn not_there() -> Problem {
    Problem::not_found("there is no such request that waits for an answer")
}

impl std::convert::From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::TooMany => {
                Self::new(Kind::TooMany, "this site has too many requests to answer already: try again later")
            }
            RequestError::NotWaiting => not_there(),
            RequestError::Database(error) => Self::internal(&error),
        }
    }
}
