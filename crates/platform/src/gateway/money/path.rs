//! What is stored, in the words of the data path.

use ::gateway::allowance as path;
use ::gateway::price::PriceEntry;
use ::gateway::settings::Settings;
use domain::gateway::{BudgetWindow, PutPrice, SpendScope};
use sea_orm::ConnectionTrait;

use super::store;
use crate::error::Result;

/// Completes settings with prices, budgets and rates.
pub(in crate::gateway) async fn read_into(settings: &mut Settings, db: &impl ConnectionTrait) -> Result<()> {
    settings.prices = store::prices(db).await?.into_iter().map(|price| entry(price.settings)).collect();
    let budgets = store::budgets(db).await?.into_iter().map(|stored| path::Budget {
        id: stored.id.to_string(),
        scope: scope(stored.settings.scope),
        limit_usd: stored.settings.limit_usd,
        window: window(stored.settings.window),
    });
    settings.budgets = budgets.collect();
    let rates = store::rates(db).await?.into_iter().map(|rate| path::RateLimit {
        id: rate.id.to_string(),
        scope: scope(rate.scope),
        requests_per_minute: rate.requests_per_minute,
        tokens_per_minute: rate.tokens_per_minute,
    });
    settings.rate_limits = rates.collect();
    Ok(())
}

pub(super) fn scope(scope: SpendScope) -> path::Scope {
    let SpendScope { service, team, key, route, provider, model } = scope;
    let (team, key) = (team.map(|team| team.to_string()), key.map(|key| key.to_string()));
    path::Scope { service, team, key, route, provider, model }
}

const fn window(window: BudgetWindow) -> path::Window {
    match window {
        BudgetWindow::Hour => path::Window::Hour,
        BudgetWindow::Day => path::Window::Day,
        BudgetWindow::Month => path::Window::Month,
        BudgetWindow::Total => path::Window::Total,
    }
}

fn entry(price: PutPrice) -> PriceEntry {
    PriceEntry {
        provider: price.provider,
        model: price.model,
        input_usd: price.input_usd,
        output_usd: price.output_usd,
        cached_input_usd: price.cached_input_usd,
        cache_write_usd: price.cache_write_usd,
        context_tokens: price.context_tokens,
        max_output_tokens: price.max_output_tokens,
    }
}
