//! `/api/sites/{domain}/visitors/{visitor}/access`: everything that is kept of a visitor, as a ZIP of files that people and
//! programs read. It is made while it is sent, and never looks whole when it is not.

mod archive;
mod outlet;
mod readme;
mod table;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{Object, Verb};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::asking::Asking;
use super::input::NamedVisitor;
use super::problem::{Kind, Problem};
use super::whole::{Part, Whole};
use crate::processes::app::access::{Access, AccessError};
use crate::processes::app::reports;
use crate::processes::app::state::App;
use outlet::{Outlet, Reader, Stopped};

/// The longest that a ZIP is given: whoever has not taken it by then asks again.
const GIVEN_WITHIN: Duration = Duration::from_secs(30 * 60);
/// Chunks that wait for a slow reader; more make the packing wait.
const WAITING_MAX: usize = 4;

/// Everything that is kept of a visitor, by every id: a ZIP with events, attributes, consents and recordings, and a page that says
/// what is in it. It is written down, and the owner's to allow.
#[utoipa::path(
    get, path = "/api/sites/{domain}/visitors/{visitor}/access",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 200, description = "The ZIP; what breaks off is not whole", content_type = "application/zip", body = Vec<u8>),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or nothing is kept of such a visitor", body = Problem),
        (status = 503, description = "As many are being given as may be, or somebody was erased meanwhile; try again", body = Problem),
    )
)]
pub(crate) async fn give_access(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<Response, Problem> {
    let (place, access) = app
        .off_thread(move |app| {
            // Of the three things that it gives, this one is opened to the fewest.
            let permit = asking.of_site(app, Verb::Export, Object::Attributes, &domain)?;
            Ok((app.access.take(permit.site.organization)?, app.hold_access(&permit, visitor)?))
        })
        .await?;
    let name = format!("attachment; filename=\"{}-visitor.zip\"", access.domain);
    let (sender, parts) = mpsc::channel(WAITING_MAX);
    let clock = app.clock.clone();
    let reader =
        Reader { parts: sender, until: clock.now() + GIVEN_WITHIN, clock, runtime: Handle::current() };
    tokio::task::spawn_blocking(move || {
        let _place = place;
        give(&access, &reader);
    });
    let whole = Whole::begin(parts).await.map_err(|error| broken_off(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, &*name),
    ];
    Ok((headers, Body::new(whole)).into_response())
}

/// Why nothing of it is given, where it breaks off before its first part.
fn broken_off(error: &AccessError) -> Problem {
    match error {
        AccessError::Gone => Problem::new(
            Kind::Unavailable,
            "somebody of the site was erased meanwhile, or the site removed; ask again",
        ),
        AccessError::Events(error) => reports::failed(error),
        AccessError::Recording(error) => super::recordings::failed(error),
        AccessError::Database(_) | AccessError::Packing(_) => Problem::internal(error),
    }
}

/// Hands the ZIP over, and at the very last that this was all of it.
fn give(access: &Access, reader: &Reader<AccessError>) {
    let (outlet, valve) = Outlet::new(reader, || access.shelf.goes_on());
    let packed = archive::pack(access, outlet, &valve);
    let end = match (packed, valve.stopped()) {
        (_, Some(Stopped::Unwanted | Stopped::Late)) => return,
        (_, Some(Stopped::Gone)) => Part::Failed(AccessError::Gone),
        (Ok(()), _) => Part::End,
        (Err(error), _) => Part::Failed(error),
    };
    let _ = reader.send(end);
}

#[cfg(test)]
mod tests {
    use ::recordings::RecordingsError;
    use events::StoreError;
    use sealing::OpenError;

    use super::*;

    #[test]
    fn what_breaks_off_at_its_beginning_says_whether_to_ask_again() {
        let away = || OpenError::Away;
        for passing in [
            AccessError::Gone,
            AccessError::Events(StoreError::Unsteady),
            AccessError::Events(away().into()),
            AccessError::Recording(RecordingsError::Closed(away())),
        ] {
            assert!(broken_off(&passing).is(Kind::Unavailable), "{passing}");
        }
        let denied = || OpenError::Denied("its rights ended".to_owned());
        assert!(broken_off(&AccessError::Events(denied().into())).is(Kind::Forbidden));
        let damaged = RecordingsError::Damaged("a part".to_owned());
        assert!(broken_off(&AccessError::Recording(damaged)).is(Kind::Internal));
        let unpacked = std::io::Error::other("no more fits");
        assert!(broken_off(&AccessError::Packing(unpacked)).is(Kind::Internal));
    }
}
