//! The schema, in order.
//!
//! Always true: a migration that has shipped is never edited; the same statements run on SQLite and PostgreSQL;
//! ids are text with their kind prefix; times of people's things are timestamps, times of samples are Unix milliseconds.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait of sea-orm-migration is written without them, and async_trait needs both the same"
)]

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_people;
mod m0002_catalogue;
mod m0003_metrics;
mod m0004_findings;
mod m0005_events;
mod m0006_sessions;
mod m0007_claim;
mod m0008_gateway;
mod m0009_spending;
mod m0010_safety;

/// All migrations.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_catalogue::Migration),
            Box::new(m0003_metrics::Migration),
            Box::new(m0004_findings::Migration),
            Box::new(m0005_events::Migration),
            Box::new(m0006_sessions::Migration),
            Box::new(m0007_claim::Migration),
            Box::new(m0008_gateway::Migration),
            Box::new(m0009_spending::Migration),
            Box::new(m0010_safety::Migration),
        ]
    }
}
