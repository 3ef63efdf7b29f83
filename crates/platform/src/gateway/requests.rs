//! The history of calls.
//!
//! Always true: newest first; a body is shown only where it was kept.

use domain::access::Permission;
use domain::gateway::{RequestDetail, RequestFilter, RequestOutcome, RequestSummary};
use domain::ids::RequestId;
use domain::page::{Page, PageRequest};

use super::{Gateway, store, view};
use crate::actor::Actor;
use crate::error::{Error, Result};

/// A status as it can be asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Status {
    Http(i32),
    Outcome(RequestOutcome),
}

impl Gateway {
    /// Calls, newest first.
    ///
    /// # Errors
    /// Without the permission to observe, or when a filter is not acceptable.
    pub async fn requests(&self, actor: &Actor, filter: RequestFilter) -> Result<Page<RequestSummary>> {
        actor.require(Permission::Observe)?;
        filter.validate()?;
        let limit = PageRequest { limit: filter.limit, cursor: None }.limit()?;
        let before: Option<RequestId> = filter
            .cursor
            .as_deref()
            .map(|cursor| cursor.parse().map_err(|_| Error::field("cursor", "is not a cursor of this list")))
            .transpose()?;
        let status = filter.status.as_deref().map(status).transpose()?;
        let rows = store::list_requests(self.context.db.read(), &filter, status, before, limit + 1).await?;
        Ok(Page::cut(rows.iter().map(view::summary).collect(), limit, |request| request.id.to_string()))
    }

    /// One call.
    ///
    /// # Errors
    /// As above, or when there is no such call.
    pub async fn request(&self, actor: &Actor, id: RequestId) -> Result<RequestDetail> {
        actor.require(Permission::Observe)?;
        let found = store::request(self.context.db.read(), id).await?;
        let (row, body) = found.ok_or(Error::NotFound { what: "request" })?;
        view::detail(row, body)
    }
}

fn status(text: &str) -> Result<Status> {
    if let Ok(status) = text.parse::<u16>() {
        return Ok(Status::Http(status.into()));
    }
    let words: Vec<_> = RequestOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    let unknown = || Error::field("status", format!("must be an HTTP status or one of {}", words.join(", ")));
    text.parse().map(Status::Outcome).map_err(|_| unknown())
}
