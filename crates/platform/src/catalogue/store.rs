//! Queries of the catalogue.

use domain::catalogue::{Service, UpdateService};
use domain::ids::ServiceId;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, Set, TryInsertResult,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::database::is_taken;
use crate::entity::service;
use crate::error::{Doing as _, Error, Result};

fn to_json(value: &impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|e| Error::internal("writing a service", e))
}

fn from_json<T: DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::internal("reading a service", e))
}

fn view(row: service::Model) -> Result<Service> {
    Ok(Service {
        id: row.id,
        name: row.name,
        description: row.description,
        team_id: row.team_id,
        labels: from_json(row.labels)?,
        dependencies: from_json(row.dependencies)?,
        objectives: from_json(row.objectives)?,
        is_simulated: row.is_simulated,
        created_at: row.created_at,
        last_seen_at: None,
    })
}

fn row(service: &Service) -> Result<service::Model> {
    Ok(service::Model {
        id: service.id,
        name: service.name.clone(),
        description: service.description.clone(),
        team_id: service.team_id,
        labels: to_json(&service.labels)?,
        dependencies: to_json(&service.dependencies)?,
        objectives: to_json(&service.objectives)?,
        is_simulated: service.is_simulated,
        created_at: service.created_at,
    })
}

fn refuse(source: sea_orm::DbErr) -> Error {
    if is_taken(&source) {
        Error::Conflict { message: "there is a service with this name already".to_owned() }
    } else if matches!(source.sql_err(), Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_))) {
        Error::field("team_id", "there is no such team")
    } else {
        Error::Database { doing: "writing a service", source }
    }
}

pub(super) async fn list(db: &impl ConnectionTrait) -> Result<Vec<Service>> {
    let rows = service::Entity::find().order_by_asc(service::Column::Name).all(db).await.doing("listing services")?;
    rows.into_iter().map(view).collect()
}

pub(super) async fn find(db: &impl ConnectionTrait, id: ServiceId) -> Result<Option<Service>> {
    service::Entity::find_by_id(id).one(db).await.doing("looking up a service")?.map(view).transpose()
}

pub(super) async fn find_by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<Service>> {
    let row =
        service::Entity::find().filter(service::Column::Name.eq(name)).one(db).await.doing("looking up a service")?;
    row.map(view).transpose()
}

pub(super) async fn insert(db: &impl ConnectionTrait, service: &Service) -> Result<()> {
    row(service)?.into_active_model().insert(db).await.map_err(refuse)?;
    Ok(())
}

/// Whether it was not there before.
pub(super) async fn insert_if_absent(db: &impl ConnectionTrait, service: &Service) -> Result<bool> {
    let done = service::Entity::insert(row(service)?.into_active_model())
        .on_conflict_do_nothing_on([service::Column::Name])
        .exec_without_returning(db)
        .await
        .doing("discovering a service")?;
    Ok(matches!(done, TryInsertResult::Inserted(n) if n > 0))
}

pub(super) async fn update(db: &impl ConnectionTrait, before: Service, input: UpdateService) -> Result<Service> {
    let mut change = service::ActiveModel { id: Set(before.id), ..Default::default() };
    if let Some(description) = input.description {
        change.description = Set(description);
    }
    if let Some(team_id) = input.team_id {
        change.team_id = Set(Some(team_id));
    }
    if let Some(labels) = &input.labels {
        change.labels = Set(to_json(labels)?);
    }
    if let Some(dependencies) = &input.dependencies {
        change.dependencies = Set(to_json(dependencies)?);
    }
    if let Some(objectives) = &input.objectives {
        change.objectives = Set(to_json(objectives)?);
    }
    if change.is_changed() { change.update(db).await.map_err(refuse).and_then(view) } else { Ok(before) }
}

pub(super) async fn describe_if_blank(
    db: &impl ConnectionTrait,
    name: &str,
    description: &str,
    dependencies: &[String],
) -> Result<()> {
    let Some(service) = find_by_name(db, name).await? else { return Ok(()) };
    if service.description.is_empty() && service.dependencies.is_empty() {
        let input = UpdateService {
            description: Some(description.to_owned()),
            dependencies: Some(dependencies.to_vec()),
            ..UpdateService::default()
        };
        update(db, service, input).await?;
    }
    Ok(())
}

pub(super) async fn delete(db: &impl ConnectionTrait, id: ServiceId) -> Result<()> {
    service::Entity::delete_by_id(id).exec(db).await.doing("deleting a service")?;
    Ok(())
}
