//! Keeps one scraper running for each enabled target.
//!
//! Always true: a changed target gets a fresh scraper and its old one ends; the task itself scrapes nothing.

use std::collections::HashMap;
use std::time::Duration;

use domain::ids::TargetId;
use domain::target::Target;
use tokio_util::sync::CancellationToken;

use super::scraper::{ScrapeContext, Scraper};
use super::store;
use crate::error::Result;
use crate::task::BackgroundTask;

/// Starts and stops scrapers.
#[derive(Debug)]
pub(crate) struct Scraping {
    shared: ScrapeContext,
    running: HashMap<TargetId, (Target, CancellationToken)>,
}

impl Scraping {
    pub(crate) fn new(shared: ScrapeContext) -> Self {
        Self { shared, running: HashMap::new() }
    }

    fn stop_all_but(&mut self, wanted: &HashMap<TargetId, Target>) {
        let reports = &self.shared.reports;
        self.running.retain(|id, (target, cancel)| {
            let is_same = wanted.get(id).is_some_and(|wanted| wanted == target);
            if !is_same {
                cancel.cancel();
                if !wanted.contains_key(id) {
                    reports.remove(*id);
                }
            }
            is_same
        });
    }
}

impl BackgroundTask for Scraping {
    const NAME: &'static str = "scraping";
    const ABOUT: &'static str = "keeps a scraper running for each target";

    fn period(&self) -> Duration {
        Duration::from_secs(10)
    }

    async fn activate(&mut self) -> Result<String> {
        let targets = store::list(self.shared.context.db.read()).await?;
        let wanted: HashMap<_, _> =
            targets.into_iter().filter(|target| target.is_enabled).map(|target| (target.id, target)).collect();
        self.stop_all_but(&wanted);
        for (id, target) in wanted {
            if self.running.contains_key(&id) {
                continue;
            }
            let cancel = self.shared.context.shutdown.child_token();
            let scraper = Scraper::new(self.shared.clone(), target.clone());
            self.shared.context.tracker.spawn(scraper.run(cancel.clone()));
            self.running.insert(id, (target, cancel));
        }
        Ok(format!("{} targets", self.running.len()))
    }
}
