//! One series and its detector.
//!
//! Always true: a counter is judged by its rate, and a reset gives no rate; a stale series is not missed.

use std::sync::Arc;

use analysis::detect::{Finding, SeriesDetector, Transition, Verdict};
use domain::ids::AnomalyId;
use metrics::{Labels, Sample};

use super::rules::Kind;

/// A series under judgement.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) labels: Labels,
    /// Shared with the other series of the service; empty when the labels name none.
    pub(super) service: Arc<str>,
    pub(super) kind: Kind,
    pub(super) detector: SeriesDetector,
    previous: Option<Sample>,
    is_down: bool,
    /// When its source said that it has ended, while that is so.
    pub(super) ended_ms: Option<i64>,
    pub(super) open: Option<AnomalyId>,
    /// Score last written, to write only what got clearly worse.
    pub(super) written_score: f64,
    /// Expected range at the last sample.
    pub(super) expected: Option<(f64, f64)>,
    /// Something was learned since the state was last written.
    pub(super) is_changed: bool,
}

impl Judged {
    pub(super) fn new(labels: Labels, service: Arc<str>, kind: Kind, detector: SeriesDetector) -> Self {
        Self {
            labels,
            service,
            kind,
            detector,
            previous: None,
            is_down: false,
            ended_ms: None,
            open: None,
            written_score: 0.0,
            expected: None,
            is_changed: false,
        }
    }

    /// Takes up where another process stopped: its last sample is known, and no news.
    pub(super) fn recall(&mut self, sample: Sample) {
        match self.kind {
            Kind::Gauge => {}
            Kind::Counter => self.previous = Some(sample),
            Kind::Up => self.is_down = sample.value < 0.5,
        }
    }

    /// Judges one sample; nothing when it is no observation.
    pub(super) fn observe(&mut self, sample: Sample) -> Option<Verdict> {
        if sample.is_stale() {
            self.ended_ms = Some(sample.ts);
            self.previous = None;
            return None;
        }
        self.ended_ms = None;
        let value = match self.kind {
            Kind::Gauge | Kind::Up => sample.value,
            Kind::Counter => self.rate(sample)?,
        };
        self.is_changed = true;
        let mut verdict = self.detector.observe(sample.ts, value);
        if self.kind == Kind::Up {
            self.is_down = value < 0.5;
            down(&mut verdict, value, self.open.is_some());
        }
        self.expected = (verdict.expected_low.is_finite() && verdict.expected_high.is_finite())
            .then_some((verdict.expected_low, verdict.expected_high));
        Some(verdict)
    }

    /// Whether the last sample was part of an anomaly.
    pub(super) fn is_alarming(&self) -> bool {
        if self.kind == Kind::Up { self.is_down } else { self.detector.is_anomalous() }
    }

    fn rate(&mut self, sample: Sample) -> Option<f64> {
        let previous = self.previous.replace(sample)?;
        let (seconds, growth) = ((sample.ts - previous.ts) as f64 / 1_000.0, sample.value - previous.value);
        (seconds > 0.0 && growth >= 0.0).then(|| growth / seconds)
    }
}

/// Up or down needs no statistics: 0 is an alarm at once, 1 ends it.
fn down(verdict: &mut Verdict, value: f64, is_open: bool) {
    use analysis::detect::{CloseReason, DetectorKind, Shares, State};
    let is_down = value < 0.5;
    verdict.predicted = 1.0;
    (verdict.expected_low, verdict.expected_high) = (1.0, 1.0);
    verdict.finding = if is_down { Finding::Missing } else { Finding::Value };
    verdict.score = if is_down { 4.0 } else { 0.0 };
    verdict.peak_score = verdict.score;
    verdict.shares = Shares::in_proportion(&[(DetectorKind::Missing, verdict.score)]);
    (verdict.state, verdict.transition) = match (is_down, is_open) {
        (true, false) => (State::Anomalous, Transition::Opened),
        (true, true) => (State::Anomalous, Transition::Ongoing),
        (false, true) => (State::Normal, Transition::Closed(CloseReason::Resumed)),
        (false, false) => (State::Normal, Transition::None),
    };
}
