//! The audit trail: who did what, when, to what.
//!
//! Always true: entries are only added, and deleted only when they are past their retention; the caller writes its entry in the transaction of what it did where it has one.

mod store;

pub(crate) use store::expire;

use domain::access::Permission;
use domain::audit::AuditEntry;
use domain::page::{Page, PageRequest};
use sea_orm::ConnectionTrait;

use crate::actor::Actor;
use crate::context::Context;
use crate::error::Result;

/// Reads the trail; anybody in this crate writes it.
#[derive(Clone, Debug)]
pub struct Audit {
    context: Context,
}

impl Audit {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }

    /// Newest entries first.
    ///
    /// # Errors
    /// Without the permission to govern, or when the database fails.
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Page<AuditEntry>> {
        actor.require(Permission::Govern)?;
        let limit = page.limit()?;
        let before = page
            .cursor
            .map(|cursor| {
                cursor.parse().map_err(|_| crate::error::Error::field("cursor", "is not a cursor of this list"))
            })
            .transpose()?;
        let rows = store::list(self.context.db.read(), before, limit + 1).await?;
        Ok(Page::cut(rows, limit, |entry| entry.id.to_string()))
    }
}

/// Adds an entry.
pub(crate) async fn record(
    context: &Context,
    db: &impl ConnectionTrait,
    actor: &Actor,
    action: &str,
    object: impl Into<String>,
    detail: impl Into<String>,
) -> Result<()> {
    let entry = AuditEntry {
        id: Context::id(),
        at: context.now(),
        actor: actor.audit_name(),
        action: action.to_owned(),
        object: object.into(),
        detail: detail.into(),
    };
    store::insert(db, entry).await
}
