//! Costs, budgets, rate limits and prices.

use domain::gateway::{
    Budget, CostBy, CostFilter, CostReport, GatewayRateLimit, Price, PriceFilter, PriceList, PriceName,
};
use domain::ids::{BudgetId, RateLimitId};
use domain::overview::TimeRange;
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};
use crate::forms::{BudgetForm, PriceForm, RateLimitForm};

/// What calls have cost over a range of time.
#[server(name = CostsCall, prefix = "/rpc", endpoint = "costs", input = server_fn::codec::Json)]
pub async fn costs(range: TimeRange, by: CostBy) -> Result<CostReport, Failure> {
    let (platform, actor) = request().await?;
    let to = super::request::now(&platform);
    let from = to - std::time::Duration::from_secs(range.seconds().unsigned_abs());
    platform.gateway().costs(&actor, CostFilter { from: Some(from), to: Some(to), by: Some(by) }).await.reply()
}

/// All budgets.
#[server(prefix = "/rpc", endpoint = "budgets", input = server_fn::codec::Json)]
pub async fn budgets() -> Result<Vec<Budget>, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().budgets(&actor).await.reply()
}

/// Adds a budget.
#[server(prefix = "/rpc", endpoint = "create_budget")]
pub async fn create_budget(input: BudgetForm) -> Result<Budget, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().create_budget(&actor, input.into_input().reply()?).await.reply()
}

/// Removes a budget.
#[server(prefix = "/rpc", endpoint = "delete_budget")]
pub async fn delete_budget(id: BudgetId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().delete_budget(&actor, id).await.reply()
}

/// All rate limits.
#[server(prefix = "/rpc", endpoint = "rate_limits", input = server_fn::codec::Json)]
pub async fn rate_limits() -> Result<Vec<GatewayRateLimit>, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().rate_limits(&actor).await.reply()
}

/// Adds a rate limit.
#[server(prefix = "/rpc", endpoint = "create_rate_limit")]
pub async fn create_rate_limit(input: RateLimitForm) -> Result<GatewayRateLimit, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().create_rate_limit(&actor, input.into_input().reply()?).await.reply()
}

/// Removes a rate limit.
#[server(prefix = "/rpc", endpoint = "delete_rate_limit")]
pub async fn delete_rate_limit(id: RateLimitId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().delete_rate_limit(&actor, id).await.reply()
}

/// Prices whose model has this in its name.
#[server(prefix = "/rpc", endpoint = "prices", input = server_fn::codec::Json)]
pub async fn prices(q: String) -> Result<PriceList, Failure> {
    let (platform, actor) = request().await?;
    let filter = PriceFilter { q: Some(q).filter(|q| !q.is_empty()), limit: Some(25), ..PriceFilter::default() };
    platform.gateway().prices(&actor, filter).await.reply()
}

/// Enters a price; it stands above the list's.
#[server(prefix = "/rpc", endpoint = "enter_price")]
pub async fn enter_price(input: PriceForm) -> Result<Price, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().put_price(&actor, input.into_input().reply()?).await.reply()
}

/// Removes an entered price; the list's stands again.
#[server(prefix = "/rpc", endpoint = "remove_price")]
pub async fn remove_price(provider: String, model: String) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().delete_price(&actor, PriceName { provider, model }).await.reply()
}
