//! Queries of the demo fleet.

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::entity::service;
use crate::error::{Doing as _, Result};

/// Which of the names belong to services that are not of a fleet.
pub(super) async fn real_services(db: &impl ConnectionTrait, names: &[&str]) -> Result<Vec<String>> {
    let rows = service::Entity::find()
        .filter(service::Column::Name.is_in(names.iter().copied()))
        .filter(service::Column::IsSimulated.eq(false))
        .all(db)
        .await
        .doing("looking for real services with names of the demo fleet")?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
