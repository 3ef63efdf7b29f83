//! The embedded metric store: series, batches that make samples durable, and compressed chunks.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The id is a hash of the labels, so that replicas agree on it without asking each other.
        let series = Table::create()
            .table("series")
            .col(big_integer("id").primary_key())
            .col(binary("labels"))
            .col(big_integer("created_ms"))
            .take();
        manager.create_table(series).await?;

        let batch = Table::create()
            .table("sample_batch")
            .col(big_integer("id").primary_key().auto_increment())
            .col(blob("payload"))
            .take();
        manager.create_table(batch).await?;

        // resolution_ms 0 is raw; anything else is rolled up to that step.
        let chunk = Table::create()
            .table("chunk")
            .col(big_integer("series_id"))
            .col(big_integer("resolution_ms"))
            .col(big_integer("start_ms"))
            .col(big_integer("end_ms"))
            .col(integer("n"))
            .col(blob("payload"))
            .primary_key(Index::create().col("series_id").col("resolution_ms").col("start_ms"))
            .take();
        manager.create_table(chunk).await?;
        let by_end = Index::create().name("chunk_end").table("chunk").col("resolution_ms").col("end_ms").take();
        manager.create_index(by_end).await
    }
}
