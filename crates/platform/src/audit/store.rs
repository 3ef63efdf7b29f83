//! Queries of the audit trail.

use domain::Time;
use domain::audit::AuditEntry;
use domain::ids::AuditId;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::entity::audit;
use crate::error::{Doing as _, Result};

pub(super) async fn insert(db: &impl ConnectionTrait, entry: AuditEntry) -> Result<()> {
    let AuditEntry { id, at, actor, action, object, detail } = entry;
    let row = audit::Model { id, at, actor, action, object, detail };
    row.into_active_model().insert(db).await.doing("writing the audit trail")?;
    Ok(())
}

pub(super) async fn list(db: &impl ConnectionTrait, before: Option<AuditId>, limit: u64) -> Result<Vec<AuditEntry>> {
    let mut query = audit::Entity::find().order_by_desc(audit::Column::Id).limit(limit);
    if let Some(before) = before {
        query = query.filter(audit::Column::Id.lt(before));
    }
    let rows = query.all(db).await.doing("reading the audit trail")?;
    Ok(rows
        .into_iter()
        .map(|row| AuditEntry {
            id: row.id,
            at: row.at,
            actor: row.actor,
            action: row.action,
            object: row.object,
            detail: row.detail,
        })
        .collect())
}

/// Deletes entries from before a time. Answers with the number of rows.
pub(crate) async fn expire(db: &impl ConnectionTrait, before: Time) -> Result<u64> {
    let done = audit::Entity::delete_many()
        .filter(audit::Column::At.lt(before))
        .exec(db)
        .await
        .doing("expiring the audit trail")?;
    Ok(done.rows_affected)
}
