//! Puts services into the catalogue when telemetry first mentions them.
//!
//! Always true: two who discover the same name at once make one row and one event.

use std::collections::BTreeMap;

use domain::catalogue::Service;
use sea_orm::TransactionTrait as _;

use super::{Known, store};
use crate::context::Context;
use crate::error::{Doing as _, Result};
use crate::stream::NewEvent;

/// Discovers services.
#[derive(Clone, Debug)]
pub(crate) struct Discoverer {
    context: Context,
    known: Known,
}

impl Discoverer {
    pub(crate) fn new(context: Context, known: Known) -> Self {
        Self { context, known }
    }

    /// Reads the catalogue into memory.
    pub(crate) async fn load(&self) -> Result<()> {
        for service in store::list(self.context.db.read()).await? {
            self.known.add(&service.name, service.is_simulated);
        }
        Ok(())
    }

    /// Notes that a service was heard of at a time; makes it if it is new.
    pub(crate) async fn heard(&self, name: &str, at_ms: i64, is_simulated: bool) -> Result<()> {
        if self.known.note(name, at_ms) {
            return Ok(());
        }
        let now = self.context.now();
        let service = Service {
            id: Context::id(),
            name: name.to_owned(),
            description: String::new(),
            team_id: None,
            labels: BTreeMap::new(),
            dependencies: Vec::new(),
            objectives: Vec::new(),
            is_simulated,
            created_at: now,
            last_seen_at: None,
        };
        let txn = self.context.db.write().begin().await.doing("discovering a service")?;
        let is_new = store::insert_if_absent(&txn, &service).await?;
        let events = if is_new {
            // Every event has a `service` of its own already: the name.
            vec![NewEvent::about("service.discovered", now, Some(service.name.clone()), "discovered", &service)?]
        } else {
            Vec::new()
        };
        self.context.bus.commit(txn, events, "discovering a service").await?;
        self.known.add(name, is_simulated);
        self.known.note(name, at_ms);
        Ok(())
    }

    /// Sets what a demo service is, unless a person has said something else.
    pub(crate) async fn describe(&self, name: &str, description: &str, dependencies: &[String]) -> Result<()> {
        store::describe_if_blank(self.context.db.write(), name, description, dependencies).await
    }
}
