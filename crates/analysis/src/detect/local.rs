//! The detectors that compare with the recent level: robust z-score, moving average and change-point.
//!
//! What runs (means and sums of the newest samples) is kept apart from what was learned, so that learning
//! can be undone when samples turn out to belong to an anomaly.

use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::change::{self, Sums};
use super::judge::{Judge, Judged};
use super::moving::MovingAverage;
use super::recent::Recent;
use super::settings::Direction;

/// What was learned from the samples held to be normal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Learned {
    pub(super) baseline: Baseline,
    moving: MovingAverage,
    change: Judge,
}

/// What describes the newest samples only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Running {
    distance: f64,
    sums: Sums,
}

/// One value as the detectors see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    value: f64,
    distance: f64,
    sum: f64,
}

/// Surprises (`-ln p`) about one value.
#[derive(Debug, Clone, Copy)]
pub(super) struct LocalSurprise {
    pub(super) robust: f64,
    pub(super) average: f64,
    pub(super) change: f64,
}

impl LocalSurprise {
    pub(super) fn largest(self) -> f64 {
        self.robust.max(self.average).max(self.change)
    }
}

impl Learned {
    /// Starts (again) from the newest samples.
    pub(super) fn seed(&mut self, recent: &Recent, floor: impl Fn(f64) -> f64) {
        let summary = recent.summary(recent.len());
        let moving = recent.share_away_from(summary.median, floor(summary.median));
        self.baseline.seed(summary, moving);
        self.moving.seed(summary);
    }

    pub(super) fn slow(&self) -> f64 {
        self.moving.slow()
    }

    /// Takes the value into what runs.
    pub(super) fn see(&self, running: &mut Running, value: f64, floor: f64) -> Seen {
        running.distance = self.moving.follow(running.distance, value, self.baseline.sigma(floor));
        let sum = running.sums.add(self.baseline.deviation(value, floor));
        Seen { value, distance: running.distance, sum }
    }

    pub(super) fn judge(&self, seen: Seen, floor: f64, direction: Direction) -> LocalSurprise {
        let side = |judged: Judged| direction.of(judged.surprise, judged.upward);
        let robust = side(self.baseline.judge(seen.value, floor));
        // In a series that stands still a blip would linger in the sums: a value at the level is no evidence.
        if !self.baseline.has_spread() && (seen.value - self.baseline.median()).abs() <= floor {
            return LocalSurprise { robust, average: 0.0, change: 0.0 };
        }
        LocalSurprise {
            robust,
            average: side(self.moving.judge(seen.distance, floor)),
            change: side(self.change.surprise(seen.sum, change::FLOOR)),
        }
    }

    pub(super) fn learn(&mut self, seen: Seen, floor: f64, gain: f64) {
        let sigma = self.baseline.sigma(floor);
        self.moving.learn(seen.distance, seen.value, sigma, floor, gain);
        self.change.learn(seen.sum, change::FLOOR, gain);
        self.baseline.learn(seen.value, floor, gain);
    }
}
