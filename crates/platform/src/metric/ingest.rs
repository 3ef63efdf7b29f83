//! The ways in for samples that are sent to us: JSON push and Prometheus remote-write.
//!
//! Always true: the answer comes after the commit and counts every sample; a request is taken whole or, where one series
//! of it is refused, the report says how many samples and why.

use domain::access::Permission;
use domain::metric::{IngestReport, PushSamples};
use metrics::head::{ResolveError, TimeBounds};
use metrics::remote_write::{Decoder, Limits, RemoteWriteError};
use metrics::{Batch, LabelLimits, Labels, LabelsBuilder, Sample};

use parking_lot::Mutex;

use super::Metrics;
use crate::actor::Actor;
use crate::error::{Error, Result};

/// Samples from before this many days are not believed.
const MAX_PAST_DAYS: i64 = 45;
/// Decoders that are kept with their memory between requests.
const DECODERS: usize = 4;

/// Decoders that wait for the next request.
#[derive(Debug, Default)]
pub(super) struct Decoders(Mutex<Vec<Decoder>>);

impl Decoders {
    fn with<T>(&self, work: impl FnOnce(&mut Decoder) -> T) -> T {
        let mut decoder = self.0.lock().pop().unwrap_or_default();
        let done = work(&mut decoder);
        let mut waiting = self.0.lock();
        if waiting.len() < DECODERS {
            waiting.push(decoder);
        }
        done
    }
}

/// What became of a request, and the first refusal in words.
#[derive(Clone, Debug, Default)]
pub struct IngestOutcome {
    pub report: IngestReport,
    /// Samples that were refused.
    pub rejected: u64,
    pub first_rejection: Option<String>,
}

impl Metrics {
    /// Takes pushed samples.
    ///
    /// # Errors
    /// Without the permission to ingest, when a name, label or time is not acceptable, when a limit is reached, or when
    /// the database cannot take them.
    pub async fn push(&self, actor: &Actor, input: PushSamples) -> Result<IngestReport> {
        actor.require(Permission::Ingest)?;
        input.validate()?;
        let now_ms = self.context.clock.now_ms();
        let bounds = self.bounds();
        let mut batch = Batch::default();
        let mut builder = LabelsBuilder::default();
        let limits = LabelLimits::default();
        for (i, sample) in input.samples.iter().enumerate() {
            builder.clear();
            builder.push("__name__", &sample.metric).push("service", &sample.service);
            for (name, value) in sample.labels.iter().filter(|(name, _)| *name != "service") {
                builder.push(name, value);
            }
            let labels =
                builder.build(&limits).map_err(|e| Error::field(format!("samples[{i}].labels"), e.to_string()))?;
            let ts = sample.timestamp.map_or(now_ms, |at| at.timestamp_millis());
            if !bounds.contains(ts) {
                let message = format!("must be at most {MAX_PAST_DAYS} days old and not in the future");
                return Err(Error::field(format!("samples[{i}].timestamp"), message));
            }
            let n = input.samples.len();
            let id = self.engine.head.resolve(&labels, &mut batch).map_err(|e| self.refuse(&e, n))?;
            batch.push(id, Sample::new(ts, sample.value));
        }
        self.dirty.mark_all(input.samples.iter().map(|sample| sample.service.as_str()));
        self.writer.commit(batch).await
    }

    /// Takes a Prometheus remote-write 1.0 request: snappy-compressed protobuf.
    ///
    /// # Errors
    /// As for [`Metrics::push`], and when the body is not such a request.
    pub async fn remote_write(&self, actor: &Actor, body: &[u8]) -> Result<IngestOutcome> {
        actor.require(Permission::Ingest)?;
        let limits = Limits { max_decompressed: self.context.config.metrics.max_request_bytes, ..Limits::default() };
        let mut batch = Batch::default();
        let collected = self.decoders.with(|decoder| {
            let request = decoder.decode(body, &limits).map_err(|error| unreadable(&error))?;
            let (none, limits) = (Labels::empty(), LabelLimits::default());
            Ok::<_, Error>(self.engine.head.collect_write(&request, 0, &none, &limits, self.bounds(), &mut batch))
        })?;
        self.dirty.mark_pushed();
        let mut report = self.writer.commit(batch).await?;
        report.over_limit = collected.rejected_samples;
        self.engine.count(IngestReport { over_limit: collected.rejected_samples, ..IngestReport::default() });
        Ok(IngestOutcome {
            report,
            rejected: collected.rejected_samples,
            first_rejection: collected.first_rejection.map(|why| why.to_string()),
        })
    }

    fn bounds(&self) -> TimeBounds {
        let now_ms = self.context.clock.now_ms();
        let ahead_ms = i64::from(self.context.config.metrics.max_future_minutes) * 60_000;
        TimeBounds { min: now_ms - MAX_PAST_DAYS * 86_400_000, max: now_ms + ahead_ms }
    }

    /// A push with a series there is no room for is refused whole.
    fn refuse(&self, error: &ResolveError, samples: usize) -> Error {
        if matches!(error, ResolveError::Full { .. }) {
            self.engine.count(IngestReport { over_limit: samples as u64, ..IngestReport::default() });
        }
        Error::Unavailable { message: error.to_string() }
    }
}

fn unreadable(error: &RemoteWriteError) -> Error {
    if error.is_too_large() {
        return Error::TooLarge { message: error.to_string() };
    }
    Error::field("body", error.to_string())
}
