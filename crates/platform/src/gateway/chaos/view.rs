//! Between the words of people and those of the data path.

use ::gateway::chaos::{self as path, End, ExperimentView, Fault};
use ::gateway::settings::Problem;
use domain::Time;
use domain::error::{ApiError, FieldError};
use domain::gateway::{Experiment, ExperimentEnd, ExperimentReport, ExperimentScope, FaultKind, InjectChaos};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::gateway::view::time;

/// What an input starts now.
pub(super) fn started(
    input: &InjectChaos,
    scope: ExperimentScope,
    started_by: String,
    now: Time,
) -> Result<Experiment> {
    let (kind, intensity) = normal(fault(input.kind, input.intensity.unwrap_or(1.0))?);
    // The data path counts in milliseconds; so do the instants that are shown.
    let started_at = time(now.timestamp_millis());
    Ok(Experiment {
        id: Context::id(),
        kind,
        intensity,
        scope,
        abort_above: input.abort_above,
        started_by,
        started_at,
        ends_at: started_at + std::time::Duration::from_secs(input.duration),
        ended_at: None,
        end: None,
        report: ExperimentReport::default(),
    })
}

fn fault(kind: FaultKind, intensity: f64) -> Result<Fault> {
    Fault::named(kind.as_str(), intensity).map_err(|message| Error::field("intensity", message))
}

/// Seconds for latency; a share, never per cent, for all others.
#[expect(clippy::cast_precision_loss, reason = "at most ten thousand milliseconds")]
fn normal(fault: Fault) -> (FaultKind, f64) {
    match fault {
        Fault::Latency { delay_ms } => (FaultKind::Latency, delay_ms as f64 / 1_000.0),
        Fault::Failure { share } => (FaultKind::Failure, share),
        Fault::Timeout { share } => (FaultKind::Timeout, share),
        Fault::Intermittent { share, .. } => (FaultKind::Intermittent, share),
        Fault::Unavailability => (FaultKind::Unavailability, 1.0),
        Fault::Corruption { share } => (FaultKind::Corruption, share),
    }
}

/// An experiment as the data path runs it.
pub(super) fn to_path(experiment: &Experiment) -> Result<ExperimentView> {
    let ExperimentScope { provider, model, service, key, route, traffic } = experiment.scope.clone();
    let key = key.map(|key| key.to_string());
    let report = experiment.report;
    Ok(ExperimentView {
        experiment: path::Experiment {
            id: experiment.id.to_string(),
            fault: fault(experiment.kind, experiment.intensity)?,
            scope: path::Scope { provider, model, service, key, route, traffic },
            started_ms: experiment.started_at.timestamp_millis(),
            ends_ms: experiment.ends_at.timestamp_millis(),
            abort_above: experiment.abort_above,
        },
        end: None,
        ended_ms: None,
        calls: report.calls,
        touched: report.touched,
        errors: report.errors,
        fail_overs: report.fail_overs,
        failed_calls: report.failed_calls,
        added_ms: report.added_ms,
    })
}

pub(super) fn report(live: &ExperimentView) -> ExperimentReport {
    ExperimentReport {
        calls: live.calls,
        touched: live.touched,
        errors: live.errors,
        fail_overs: live.fail_overs,
        failed_calls: live.failed_calls,
        added_ms: live.added_ms,
    }
}

pub(super) fn end(live: &ExperimentView) -> Option<(Time, ExperimentEnd)> {
    let end = match live.end? {
        End::Elapsed => ExperimentEnd::Elapsed,
        End::Stopped => ExperimentEnd::Stopped,
        End::Aborted => ExperimentEnd::Aborted,
    };
    Some((time(live.ended_ms?), end))
}

/// What the data path knows better than the database.
pub(super) fn freshen(experiment: &mut Experiment, live: &[ExperimentView]) {
    let id = experiment.id.to_string();
    if let Some(live) = live.iter().find(|live| live.experiment.id == id) {
        experiment.report = report(live);
        (experiment.ended_at, experiment.end) = end(live).unzip();
    }
}

pub(super) fn in_words(experiment: &Experiment) -> String {
    let scope = serde_json::to_string(&experiment.scope).unwrap_or_default();
    format!("{} {} of {scope} until {}", experiment.kind, experiment.intensity, experiment.ends_at)
}

pub(super) fn refuse(problems: Vec<Problem>) -> Error {
    let fields = problems.into_iter().map(|Problem { field, message }| FieldError { field, message });
    ApiError::invalid(fields.collect()).into()
}
