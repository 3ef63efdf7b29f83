//! What a detector says about one observation. Plain data: `Copy`, no words, no allocation.

use serde::{Deserialize, Serialize};

use super::{Severity, Transition, severity};

/// The detectors that can have a share in a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetectorKind {
    RobustZScore,
    MovingAverage,
    ChangePoint,
    Seasonal,
    Missing,
    IsolationForest,
}

impl DetectorKind {
    pub const ALL: [Self; 6] = [
        Self::RobustZScore,
        Self::MovingAverage,
        Self::ChangePoint,
        Self::Seasonal,
        Self::Missing,
        Self::IsolationForest,
    ];

    /// The stable machine name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RobustZScore => "robust_z_score",
            Self::MovingAverage => "moving_average",
            Self::ChangePoint => "change_point",
            Self::Seasonal => "seasonal",
            Self::Missing => "missing",
            Self::IsolationForest => "isolation_forest",
        }
    }
}

/// Each detector's part of the score; the parts sum to 1, or all are 0 when there is nothing to share.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Shares([f32; DetectorKind::ALL.len()]);

impl Shares {
    /// Divides the score among detectors in proportion to their own surprise.
    #[must_use]
    pub fn in_proportion(parts: &[(DetectorKind, f64)]) -> Self {
        let mut shares = Self::default();
        let total: f64 = parts.iter().map(|(_, part)| part.max(0.0)).sum();
        if total > 0.0 && total.is_finite() {
            for (kind, part) in parts {
                shares.0[*kind as usize] += (part.max(0.0) / total) as f32;
            }
        }
        shares
    }

    #[must_use]
    pub fn of(&self, kind: DetectorKind) -> f32 {
        self.0[kind as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (DetectorKind, f32)> + '_ {
        DetectorKind::ALL.into_iter().map(|kind| (kind, self.of(kind)))
    }

    /// The detector with the largest share, if any has one.
    #[must_use]
    pub fn main(&self) -> Option<DetectorKind> {
        self.iter().filter(|(_, share)| *share > 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(kind, _)| kind)
    }
}

/// Where the series has been heading over its recent samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    Rising,
    Falling,
    #[default]
    Steady,
}

/// Why an observation changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IgnoredBecause {
    /// NaN or infinite.
    NotANumber,
    /// Not later than the newest sample already judged.
    NotLater,
}

/// What the series is, after this observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Too few samples to judge; the score is 0.
    Learning,
    Normal,
    /// Above the threshold, not yet for long enough.
    Suspect,
    /// Inside an open episode.
    Anomalous,
    Ignored(IgnoredBecause),
}

/// What kind of finding the verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    Value,
    Missing,
}

/// One judged observation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub time_ms: i64,
    /// The observed value; for a missing finding the last one seen.
    pub value: f64,
    /// 1.0 is the alarm threshold; logarithmic in how unlikely the value is.
    pub score: f64,
    /// What was expected before the value was seen.
    pub predicted: f64,
    pub expected_low: f64,
    pub expected_high: f64,
    pub trend: Trend,
    pub shares: Shares,
    pub state: State,
    pub finding: Finding,
    pub transition: Transition,
    /// Highest score of the episode so far (of this verdict when there is none).
    pub peak_score: f64,
    /// When the excursion began (this sample's own time when it is not part of one).
    pub since_ms: i64,
    /// Samples since the excursion began, this one included; 0 outside an excursion.
    pub since_samples: u32,
    /// Span of history the expectation rests on, in ms.
    pub history_ms: i64,
    /// True on the first sample after a missing finding.
    pub resumed: bool,
}

impl Verdict {
    /// Urgency by the episode's peak and duration.
    #[must_use]
    pub fn severity(&self) -> Severity {
        severity(self.peak_score.max(self.score), self.time_ms.saturating_sub(self.since_ms))
    }

    #[must_use]
    pub fn is_anomalous(&self) -> bool {
        self.state == State::Anomalous
    }
}
