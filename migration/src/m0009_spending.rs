//! What may be spent, what was spent, and chaos experiments.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let budget = Table::create()
            .table("budget")
            .col(text("id").primary_key())
            .col(text("name").unique_key())
            .col(json("settings"))
            // Billionths of a dollar, in the window that began then.
            .col(big_integer("spent_nano_usd"))
            .col(big_integer("window_start_ms"))
            // Per cent of the limit of which somebody was told in that window.
            .col(integer("told_percent"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .take();
        manager.create_table(budget).await?;

        let rate_limit = Table::create()
            .table("rate_limit")
            .col(text("id").primary_key())
            .col(text("name").unique_key())
            .col(json("settings"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .take();
        manager.create_table(rate_limit).await?;

        let price = Table::create()
            .table("price")
            .col(text("provider"))
            .col(text("model"))
            .col(json("settings"))
            .col(timestamp_with_time_zone("updated_at"))
            .primary_key(Index::create().col("provider").col("model"))
            .take();
        manager.create_table(price).await?;

        manager.create_table(usage_hour()).await?;

        let experiment = Table::create()
            .table("experiment")
            .col(text("id").primary_key())
            .col(text("kind"))
            .col(double("intensity"))
            .col(json("scope"))
            .col(double_null("abort_above"))
            .col(text("started_by"))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone("ends_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .col(text_null("ending"))
            .col(json("report"))
            .take();
        manager.create_table(experiment).await
    }
}

/// Sums of calls by hour and by who called what, so that costs outlive the calls and are quickly added up. Names that calls do not have are
/// empty, because they are part of the key.
fn usage_hour() -> TableCreateStatement {
    let names = ["service", "team", "key", "route", "provider", "model"];
    let sums = ["calls", "failed_calls", "unpriced_calls", "input_tokens", "output_tokens", "cost_nano_usd"];
    let mut table = Table::create();
    table.table("usage_hour").col(timestamp_with_time_zone("hour"));
    let mut key = Index::create();
    key.col("hour");
    for name in names {
        table.col(text(name));
        key.col(name);
    }
    for sum in sums {
        table.col(big_integer(sum));
    }
    table.primary_key(&mut key).take()
}
