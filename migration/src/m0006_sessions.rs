//! Sessions that were replaced by a fresh one, and by which.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let replaced = Table::alter().table("session").add_column(text_null("replaced_by")).take();
        manager.alter_table(replaced).await
    }
}
