//! Whether Bellwether can do its work, one line a dependency.
//!
//! Always true: the database is ready when a write of it has just committed, and as much of it as the last samples that
//! could not be stored; it is asked at most once a second, however often people ask; nobody waits longer than two.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::system::ReadinessLine;
use tokio::sync::watch;

use crate::context::Context;
use crate::database::Outage;
use crate::error::Error;
use crate::metric::Engine;

/// How long an answer is good.
const FRESH: Duration = Duration::from_secs(1);
/// How long people wait for one.
const WAIT: Duration = Duration::from_secs(2);
/// Bytes written to prove that writing is possible: more than the pages that any database keeps ready.
const PROOF_BYTES: usize = 64 << 10;
/// The most, after samples of that size could not be stored.
const MAX_PROOF_BYTES: usize = 16 << 20;

/// Asks the dependencies.
#[derive(Clone, Debug)]
pub(super) struct Readiness {
    context: Context,
    engine: Arc<Engine>,
    is_asking: Arc<AtomicBool>,
    last: watch::Sender<Option<Answer>>,
}

#[derive(Clone, Copy, Debug)]
struct Answer {
    at: Instant,
    fault: Option<&'static str>,
}

impl Readiness {
    pub(super) fn new(context: Context, engine: Arc<Engine>) -> Self {
        Self { context, engine, is_asking: Arc::default(), last: watch::Sender::new(None) }
    }

    pub(super) async fn lines(&self) -> Vec<ReadinessLine> {
        let line = |name: &str, fault: Option<&str>, well: &str| ReadinessLine {
            name: name.to_owned(),
            is_ok: fault.is_none(),
            detail: fault.unwrap_or(well).to_owned(),
        };
        let stopping = self.context.shutdown.is_cancelled().then_some("stopping");
        vec![line("database", self.database().await, "takes writes"), line("process", stopping, "running")]
    }

    /// What is the matter with the database.
    async fn database(&self) -> Option<&'static str> {
        let mut answers = self.last.subscribe();
        let before = *answers.borrow_and_update();
        if let Some(answer) = before.filter(|answer| answer.at.elapsed() < FRESH) {
            return answer.fault;
        }
        if !self.is_asking.swap(true, Ordering::AcqRel) {
            self.context.tracker.spawn(self.clone().ask());
        }
        match tokio::time::timeout(WAIT, answers.changed()).await {
            Ok(Ok(())) => answers.borrow().and_then(|answer| answer.fault),
            // A known fault says more than that it lasts.
            _ => before.and_then(|answer| answer.fault).or(Some("has not taken a write for 2 s")),
        }
    }

    async fn ask(self) {
        let unstored = self.engine.unstored.load(Ordering::Acquire);
        let bytes = PROOF_BYTES.max(unstored.min(MAX_PROOF_BYTES));
        let proof = self.context.db.prove_write(bytes, self.context.clock.now_ms()).await;
        if proof.is_ok() {
            // Unless other samples have failed meanwhile.
            let done = self.engine.unstored.compare_exchange(unstored, 0, Ordering::AcqRel, Ordering::Acquire);
            done.map_or_else(|_| tracing::debug!("samples failed meanwhile"), |_| ());
        }
        let fault = proof.err().map(|error| fault(&error));
        self.is_asking.store(false, Ordering::Release);
        self.last.send_replace(Some(Answer { at: Instant::now(), fault }));
    }
}

fn fault(error: &Error) -> &'static str {
    tracing::warn!(error = %error.chain(), "the database does not take writes");
    error.outage().map_or("does not take writes; the log says why", Outage::words)
}
