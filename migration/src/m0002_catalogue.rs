//! Services and scrape targets.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let service = Table::create()
            .table("service")
            .col(text("id").primary_key())
            .col(text("name").unique_key())
            .col(text("description"))
            .col(text_null("team_id"))
            .col(json("labels"))
            .col(json("dependencies"))
            .col(json("objectives"))
            .col(boolean("is_simulated"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(
                ForeignKey::create().from("service", "team_id").to("team", "id").on_delete(ForeignKeyAction::SetNull),
            )
            .take();
        manager.create_table(service).await?;

        let target = Table::create()
            .table("target")
            .col(text("id").primary_key())
            .col(text("service"))
            .col(text("url"))
            .col(integer("interval_ms"))
            .col(integer("timeout_ms"))
            .col(integer("sample_limit"))
            .col(json("labels"))
            .col(boolean("is_enabled"))
            .col(boolean("is_simulated"))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(target).await?;
        let unique =
            Index::create().name("target_service_url").table("target").col("service").col("url").unique().take();
        manager.create_index(unique).await
    }
}
