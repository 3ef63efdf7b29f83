//! Which process serves the database, and the row that is written to prove that it takes writes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The term counts how often a process began to serve.
        let claim = Table::create()
            .table("claim")
            .col(big_integer("term").primary_key())
            .col(big_integer("probed_ms"))
            .col(blob("payload"))
            .take();
        manager.create_table(claim).await?;
        let row = Query::insert()
            .into_table("claim")
            .columns(["term", "probed_ms", "payload"])
            .values_panic([0_i64.into(), 0_i64.into(), Vec::<u8>::new().into()])
            .take();
        manager.execute(row).await
    }
}
