//! The event log that the stream resumes from.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let event = Table::create()
            .table("event")
            .col(big_integer("id").primary_key().auto_increment())
            .col(timestamp_with_time_zone("at"))
            .col(text("event"))
            .col(text_null("service"))
            .col(json("payload"))
            .take();
        manager.create_table(event).await
    }
}
