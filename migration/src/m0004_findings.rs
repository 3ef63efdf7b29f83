//! Anomalies, what detectors have learned, and what people said about them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let anomaly = Table::create()
            .table("anomaly")
            .col(text("id").primary_key())
            .col(big_integer("series_id"))
            .col(text("service"))
            .col(text("metric"))
            .col(json("labels"))
            .col(text("severity"))
            .col(double("score"))
            .col(double_null("current_value"))
            .col(double_null("predicted_value"))
            .col(double_null("expected_low"))
            .col(double_null("expected_high"))
            .col(text("trend"))
            .col(text("detector"))
            .col(json("shares"))
            .col(text("reason"))
            .col(text("recommendation"))
            .col(timestamp_with_time_zone_null("forecast_exhaustion"))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone_null("resolved_at"))
            .col(text("status"))
            .col(boolean("is_simulated"))
            .col(text_null("feedback"))
            .col(double("threshold_factor"))
            .take();
        manager.create_table(anomaly).await?;
        for (name, column) in [("anomaly_service", "service"), ("anomaly_status", "status")] {
            manager.create_index(Index::create().name(name).table("anomaly").col(column).col("id").take()).await?;
        }

        let state = Table::create()
            .table("detector_state")
            .col(big_integer("series_id").primary_key())
            .col(big_integer("as_of_ms"))
            .col(blob("state"))
            .take();
        manager.create_table(state).await?;

        let threshold = Table::create()
            .table("series_threshold")
            .col(big_integer("series_id").primary_key())
            .col(double("factor"))
            .col(timestamp_with_time_zone("changed_at"))
            .take();
        manager.create_table(threshold).await
    }
}
