//! Keeps one scraper running for each enabled target.
//!
//! Always true: a changed target gets a fresh scraper and its old one ends; the series of a target that is gone end, also
//! when it went while nobody looked; the task itself scrapes nothing.

use std::collections::HashMap;
use std::time::Duration;

use domain::ids::TargetId;
use domain::target::Target;
use metrics::{Batch, Labels};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::ending::{end_signals, end_target, orphans};
use super::scraper::{ScrapeContext, Scraper, labels_of};
use super::store;
use crate::error::{Error, Result};
use crate::task::BackgroundTask;

/// Starts and stops scrapers.
#[derive(Debug)]
pub(crate) struct Scraping {
    shared: ScrapeContext,
    running: HashMap<TargetId, Running>,
    /// Labels of targets that are gone and whose series have not ended yet.
    gone: Vec<Labels>,
    has_looked: bool,
}

#[derive(Debug)]
struct Running {
    target: Target,
    cancel: CancellationToken,
    scraper: JoinHandle<()>,
}

impl Scraping {
    pub(crate) fn new(shared: ScrapeContext) -> Self {
        Self { shared, running: HashMap::new(), gone: Vec::new(), has_looked: false }
    }

    async fn stop_all_but(&mut self, wanted: &HashMap<TargetId, Target>) -> Result<()> {
        let is_same = |id: &TargetId, running: &mut Running| wanted.get(id) != Some(&running.target);
        let stopped: Vec<_> = self.running.extract_if(is_same).collect();
        for (id, running) in stopped {
            running.cancel.cancel();
            running.scraper.await.map_err(|e| Error::internal("waiting for a scraper", e))?;
            self.gone.push(labels_of(&running.target));
            if !wanted.contains_key(&id) {
                self.shared.reports.remove(id);
            }
        }
        Ok(())
    }

    fn start(&mut self, wanted: HashMap<TargetId, Target>) {
        for (id, target) in wanted {
            if self.running.contains_key(&id) {
                continue;
            }
            let cancel = self.shared.context.shutdown.child_token();
            let scraper = Scraper::new(self.shared.clone(), target.clone());
            let scraper = self.shared.context.tracker.spawn(scraper.run(cancel.clone()));
            self.running.insert(id, Running { target, cancel, scraper });
        }
    }

    /// Ends what targets that are gone have left. What cannot be written now is tried again.
    async fn end_gone(&mut self, there: &[Labels]) -> Result<()> {
        self.gone.retain(|labels| !there.contains(labels));
        if self.gone.is_empty() {
            return Ok(());
        }
        let (head, at_ms) = (&self.shared.engine.head, self.shared.context.clock.now_ms());
        let mut batch = Batch::default();
        for gone in &self.gone {
            end_target(head, gone, there, at_ms, &mut batch);
            let service = gone.get("service").unwrap_or_default();
            if there.iter().all(|there| there.get("service") != Some(service)) {
                end_signals(head, service, at_ms, &mut batch);
            }
        }
        self.shared.writer.commit(batch).await?;
        self.gone.clear();
        self.shared.context.tasks.missing.activate();
        Ok(())
    }
}

impl BackgroundTask for Scraping {
    const NAME: &'static str = "scraping";
    const ABOUT: &'static str = "keeps a scraper running for each target and ends the series of those that are gone";

    fn period(&self) -> Duration {
        Duration::from_secs(10)
    }

    async fn activate(&mut self) -> Result<String> {
        let targets = store::list(self.shared.context.db.read()).await?;
        let wanted: HashMap<_, _> =
            targets.into_iter().filter(|target| target.is_enabled).map(|target| (target.id, target)).collect();
        let there: Vec<_> = wanted.values().map(labels_of).collect();
        if !std::mem::replace(&mut self.has_looked, true) {
            self.gone = orphans(&self.shared.engine.head, &there);
        }
        self.stop_all_but(&wanted).await?;
        self.start(wanted);
        self.end_gone(&there).await?;
        Ok(format!("{} targets", self.running.len()))
    }
}
