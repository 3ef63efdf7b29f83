//! The gateway: providers, routes, what happened to calls, and how breakers stood.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let provider = Table::create()
            .table("provider")
            .col(text("id").primary_key())
            .col(text("name").unique_key())
            .col(text("kind"))
            .col(text_null("base_url"))
            .col(boolean("enabled"))
            .col(boolean_null("keyless"))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(provider).await?;

        let route = Table::create()
            .table("route")
            .col(text("id").primary_key())
            .col(text("name").unique_key())
            .col(integer("version"))
            .col(json("settings"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .take();
        manager.create_table(route).await?;

        let breaker = Table::create()
            .table("breaker")
            .col(text("provider"))
            .col(text("model"))
            .col(json("state"))
            .primary_key(Index::create().col("provider").col("model"))
            .take();
        manager.create_table(breaker).await?;

        manager.create_table(request()).await?;
        for column in ["at", "service", "provider", "model", "outcome"] {
            let name = format!("request_{column}");
            manager.create_index(Index::create().name(name).table("request").col(column).col("id").take()).await?;
        }
        let body = Table::create()
            .table("request_body")
            .col(text("request_id").primary_key())
            .col(text("request"))
            .col(text("answer"))
            .take();
        manager.create_table(body).await
    }
}

fn request() -> TableCreateStatement {
    Table::create()
        .table("request")
        .col(text("id").primary_key())
        .col(timestamp_with_time_zone("at"))
        .col(text("service"))
        .col(text_null("team"))
        .col(text_null("key"))
        .col(text("door"))
        .col(text("requested_model"))
        .col(text_null("route"))
        .col(text_null("provider"))
        .col(text_null("model"))
        .col(boolean("is_stream"))
        .col(integer("status"))
        .col(text("outcome"))
        .col(text_null("error_code"))
        .col(text_null("error_message"))
        .col(text_null("finish"))
        .col(big_integer("input_tokens"))
        .col(big_integer("output_tokens"))
        .col(big_integer("cached_input_tokens"))
        .col(big_integer("reasoning_tokens"))
        .col(boolean("is_estimated"))
        // Billionths of a dollar: sums of many small costs stay exact.
        .col(big_integer_null("cost_nano_usd"))
        .col(big_integer("total_us"))
        .col(big_integer_null("first_token_us"))
        .col(big_integer("overhead_us"))
        .col(big_integer("request_bytes"))
        .col(big_integer("answer_bytes"))
        .col(integer("n_attempts"))
        .col(json("attempts"))
        .col(boolean("is_simulated"))
        .take()
}
