//! The history of calls.
//!
//! Always true: newest first; a body is shown only where it was kept.

use domain::access::Permission;
use domain::gateway::{RequestDetail, RequestFilter, RequestOutcome, RequestSummary};
use domain::ids::RequestId;
use domain::page::{Page, PageRequest};

use super::store::RequestRow;
use super::{Gateway, store, view};
use crate::actor::Actor;
use crate::error::{Error, Result};

/// An export has no more calls than this.
const MAX_EXPORT: u64 = 10_000;

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
        let rows = self.found(&filter, limit + 1).await?;
        Ok(Page::cut(rows.iter().map(view::summary).collect(), limit, |request| request.id.to_string()))
    }

    /// Calls for a file, newest first; 10 000 where no limit is given.
    ///
    /// # Errors
    /// As above.
    pub async fn export(&self, actor: &Actor, filter: RequestFilter) -> Result<Vec<RequestSummary>> {
        actor.require(Permission::Observe)?;
        filter.validate()?;
        let limit = match filter.limit {
            Some(_) => PageRequest { limit: filter.limit, cursor: None }.limit()?,
            None => MAX_EXPORT,
        };
        let rows = self.found(&filter, limit).await?;
        Ok(rows.iter().map(view::summary).collect())
    }

    async fn found(&self, filter: &RequestFilter, limit: u64) -> Result<Vec<RequestRow>> {
        let cursor = filter.cursor.as_deref().map(str::parse).transpose();
        let before: Option<RequestId> = cursor.map_err(|_| Error::field("cursor", "is not a cursor of this list"))?;
        let status = filter.status.as_deref().map(status).transpose()?;
        store::list_requests(self.context.db.read(), filter, status, before, limit).await
    }

    /// One call.
    ///
    /// # Errors
    /// As above, or when there is no such call.
    pub async fn request(&self, actor: &Actor, id: RequestId) -> Result<RequestDetail> {
        actor.require(Permission::Observe)?;
        let found = store::request(self.context.db.read(), id).await?;
        let (row, body) = found.ok_or(Error::NotFound { what: "request" })?;
        view::detail(row, body, &self.rule_cards())
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
