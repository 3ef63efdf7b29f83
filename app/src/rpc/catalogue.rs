//! The catalogue of services.

use domain::catalogue::{Service, ServiceHealth};
use domain::ids::ServiceId;
use domain::user::Team;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Failure;
use super::{Reply, request};
use crate::forms::{NewServiceForm, ObjectivesForm, ServiceForm};

/// Everything of the Services page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceList {
    pub services: Vec<Service>,
    pub health: Vec<ServiceHealth>,
    pub teams: Vec<Team>,
}

/// All services with how they are.
#[server(prefix = "/rpc", endpoint = "services", input = server_fn::codec::Json)]
pub async fn services() -> Result<ServiceList, Failure> {
    let (platform, actor) = request().await?;
    let services = platform.catalogue().list(&actor).await.reply()?;
    let health = platform.catalogue().health(&actor).await.reply()?;
    let teams = platform.teams().list(&actor).await.reply()?;
    Ok(ServiceList { services, health, teams })
}

/// Puts a service into the catalogue before it is heard of.
#[server(prefix = "/rpc", endpoint = "create_service")]
pub async fn create_service(input: NewServiceForm) -> Result<Service, Failure> {
    let (platform, actor) = request().await?;
    platform.catalogue().create(&actor, input.into_input()).await.reply()
}

/// Changes description, team, labels and dependencies.
#[server(prefix = "/rpc", endpoint = "describe_service")]
pub async fn describe_service(id: ServiceId, input: ServiceForm) -> Result<Service, Failure> {
    let (platform, actor) = request().await?;
    platform.catalogue().update(&actor, id, input.into_input().reply()?).await.reply()
}

/// Replaces the objectives.
#[server(prefix = "/rpc", endpoint = "set_objectives")]
pub async fn set_objectives(id: ServiceId, #[server(default)] input: ObjectivesForm) -> Result<Service, Failure> {
    let (platform, actor) = request().await?;
    platform.catalogue().update(&actor, id, input.into_input().reply()?).await.reply()
}

/// Takes a service out of the catalogue.
#[server(prefix = "/rpc", endpoint = "delete_service")]
pub async fn delete_service(id: ServiceId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.catalogue().delete(&actor, id).await.reply()?;
    leptos_axum::redirect("/services");
    Ok(())
}
