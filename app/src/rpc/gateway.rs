//! The gateway: calls, breakers, providers and routes.

use domain::gateway::{Breaker, Provider, RequestDetail, RequestFilter, RequestSummary, Route, Traffic};
use domain::ids::{ProviderId, RouteId};
use domain::overview::TimeRange;
use domain::page::Page;
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};
use crate::forms::{ProviderForm, RouteForm};

/// Traffic by provider and model over a range of time.
#[server(name = TrafficCall, prefix = "/rpc", endpoint = "traffic", input = server_fn::codec::Json)]
pub async fn traffic(range: TimeRange) -> Result<Traffic, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().model_traffic(&actor, range).await.reply()
}

/// Calls, newest first.
#[server(prefix = "/rpc", endpoint = "requests", input = server_fn::codec::Json)]
pub async fn requests(filter: RequestFilter) -> Result<Page<RequestSummary>, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().requests(&actor, filter).await.reply()
}

/// One call.
#[server(name = RequestCall, prefix = "/rpc", endpoint = "request", input = server_fn::codec::Json)]
pub async fn one_request(id: String) -> Result<RequestDetail, Failure> {
    let (platform, actor) = request().await?;
    let id = crate::forms::id(&id, "request").reply()?;
    platform.gateway().request(&actor, id).await.reply()
}

/// All breakers.
#[server(prefix = "/rpc", endpoint = "breakers", input = server_fn::codec::Json)]
pub async fn breakers() -> Result<Vec<Breaker>, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().breakers(&actor).reply()
}

/// Closes a breaker.
#[server(prefix = "/rpc", endpoint = "reset_breaker")]
pub async fn reset_breaker(id: String) -> Result<Breaker, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().reset_breaker(&actor, &id).await.reply()
}

/// Opens a breaker until it is reset.
#[server(prefix = "/rpc", endpoint = "open_breaker")]
pub async fn open_breaker(id: String) -> Result<Breaker, Failure> {
    let (platform, actor) = request().await?;
    let input = domain::gateway::OpenBreaker::default();
    platform.gateway().open_breaker(&actor, &id, input).await.reply()
}

/// All providers.
#[server(prefix = "/rpc", endpoint = "providers", input = server_fn::codec::Json)]
pub async fn providers() -> Result<Vec<Provider>, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().providers(&actor).await.reply()
}

/// Adds a provider.
#[server(prefix = "/rpc", endpoint = "create_provider")]
pub async fn create_provider(input: ProviderForm) -> Result<Provider, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().create_provider(&actor, input.into_input().reply()?).await.reply()
}

/// Changes a provider.
#[server(prefix = "/rpc", endpoint = "update_provider")]
pub async fn update_provider(id: ProviderId, input: ProviderForm) -> Result<Provider, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().update_provider(&actor, id, input.into_input().reply()?).await.reply()
}

/// Removes a provider.
#[server(prefix = "/rpc", endpoint = "delete_provider")]
pub async fn delete_provider(id: ProviderId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().delete_provider(&actor, id).await.reply()
}

/// All routes.
#[server(prefix = "/rpc", endpoint = "routes", input = server_fn::codec::Json)]
pub async fn routes() -> Result<Vec<Route>, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().routes(&actor).await.reply()
}

/// Adds a route.
#[server(prefix = "/rpc", endpoint = "create_route")]
pub async fn create_route(input: RouteForm) -> Result<Route, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().create_route(&actor, input.into_input(None).reply()?).await.reply()
}

/// Changes a route.
#[server(prefix = "/rpc", endpoint = "update_route")]
pub async fn update_route(id: RouteId, input: RouteForm) -> Result<Route, Failure> {
    let (platform, actor) = request().await?;
    let before = platform.gateway().route_to_edit(&actor, id).await.reply()?;
    platform.gateway().update_route(&actor, id, input.into_input(Some(before.settings)).reply()?).await.reply()
}

/// Removes a route.
#[server(prefix = "/rpc", endpoint = "delete_route")]
pub async fn delete_route(id: RouteId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().delete_route(&actor, id).await.reply()
}
