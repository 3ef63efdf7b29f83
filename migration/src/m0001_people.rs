//! Teams, people, their log-ins and keys, and the settings that must not be lost.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let team = Table::create()
            .table("team")
            .col(text("id").primary_key())
            .col(text("name").unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(team).await?;

        let user = Table::create()
            .table("user")
            .col(text("id").primary_key())
            .col(text("email").unique_key())
            .col(text("name"))
            .col(text("role"))
            .col(text_null("password_hash"))
            .col(text_null("team_id"))
            .col(boolean("is_disabled"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("last_login_at"))
            .foreign_key(
                ForeignKey::create().from("user", "team_id").to("team", "id").on_delete(ForeignKeyAction::SetNull),
            )
            .take();
        manager.create_table(user).await?;

        let session = Table::create()
            .table("session")
            .col(text("id").primary_key())
            .col(text("user_id"))
            .col(text("ip"))
            .col(text("user_agent"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(
                ForeignKey::create().from("session", "user_id").to("user", "id").on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(session).await?;
        let by_user = Index::create().name("session_user").table("session").col("user_id").take();
        manager.create_index(by_user).await?;

        let reset = Table::create()
            .table("password_reset")
            .col(text("token_hash").primary_key())
            .col(text("user_id"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("password_reset", "user_id")
                    .to("user", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(reset).await?;

        // Failed log-ins by e-mail and by address; what slows guessing down must survive a restart.
        let throttle = Table::create()
            .table("login_throttle")
            .col(text("subject").primary_key())
            .col(integer("failures"))
            .col(timestamp_with_time_zone("blocked_until"))
            .take();
        manager.create_table(throttle).await?;

        let key = Table::create()
            .table("api_key")
            .col(text("id").primary_key())
            .col(text("name"))
            .col(text("prefix"))
            .col(text("hash").unique_key())
            .col(text("scopes"))
            .col(text_null("team_id"))
            .col(integer("rate_limit"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(
                ForeignKey::create().from("api_key", "team_id").to("team", "id").on_delete(ForeignKeyAction::SetNull),
            )
            .take();
        manager.create_table(key).await?;

        // Sealed under the master key: the JWT signing key and the value that proves the master key is the right one.
        let secret = Table::create().table("secret").col(text("name").primary_key()).col(text("sealed")).take();
        manager.create_table(secret).await?;

        let audit = Table::create()
            .table("audit")
            .col(text("id").primary_key())
            .col(timestamp_with_time_zone("at"))
            .col(text("actor"))
            .col(text("action"))
            .col(text("object"))
            .col(text("detail"))
            .take();
        manager.create_table(audit).await
    }
}
