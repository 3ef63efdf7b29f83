//! The detectors that compare with the recent level: robust z-score, moving average and change-point.
//!
//! What runs (means and sums of the newest samples) is kept apart from what was learned, so that learning
//! can be undone when samples turn out to belong to an anomaly.

use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::change::{self, Sums};
use super::inertia::Inertia;
use super::judge::{Judge, Judged};
use super::moving::{MovingAverage, spread_of_mean};
use super::recent::Recent;
use super::settings::Direction;
use super::tail;

/// What was learned from the samples held to be normal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Learned {
    pub(super) baseline: Baseline,
    moving: MovingAverage,
    change: Judge,
    step: Judge,
    inertia: Inertia,
}

/// What describes the newest samples only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Running {
    distance: f64,
    sums: Sums,
    /// The value before, unless a gap lies between.
    before: Option<f64>,
}

/// One value as the detectors see it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    value: f64,
    distance: f64,
    sum: f64,
    /// Deviation in standard deviations.
    z: f64,
    /// What the value before does not explain of it.
    step: f64,
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
        self.inertia.seed(recent, summary.median, self.baseline.sigma(floor(summary.median)));
        self.moving.seed(summary, self.inertia.correlation());
    }

    /// How many samples are worth one independent one.
    pub(super) fn samples_per_independent(&self) -> f64 {
        self.inertia.samples_per_independent()
    }

    /// Spread of the fast mean that must be expected at least.
    fn mean_floor(&self, floor: f64) -> f64 {
        self.baseline.least_sigma(floor) * spread_of_mean(self.inertia.correlation())
    }

    /// Spread of the innovations of a first-order process.
    fn step_floor(&self, floor: f64) -> f64 {
        let r = self.inertia.correlation();
        self.baseline.least_sigma(floor) * (1.0 - r * r).sqrt()
    }

    fn sum_floor(&self) -> f64 {
        change::FLOOR * self.inertia.samples_per_independent()
    }

    pub(super) fn slow(&self) -> f64 {
        self.moving.slow()
    }

    /// Takes the value into what runs.
    pub(super) fn see(&self, running: &mut Running, value: f64, floor: f64) -> Seen {
        running.distance = self.moving.follow(running.distance, value, self.baseline.sigma(floor));
        let z = self.baseline.deviation(value, floor);
        let median = self.baseline.median();
        let before = running.before.replace(value).unwrap_or(median);
        let step = (value - median) - self.inertia.correlation() * (before - median);
        Seen { value, distance: running.distance, sum: running.sums.add(z), z, step }
    }

    pub(super) fn judge(&self, seen: Seen, floor: f64, direction: Direction) -> LocalSurprise {
        let side = |judged: Judged| direction.of(judged.surprise, judged.upward);
        let robust = side(self.baseline.judge(seen.value, floor));
        // In a series that stands still a blip would linger in the sums: a value at the level is no evidence.
        if !self.baseline.has_spread() && self.baseline.is_at_level(seen.value, floor) {
            return LocalSurprise { robust, average: 0.0, change: 0.0 };
        }
        let sums = side(self.change.surprise(seen.sum, self.sum_floor()));
        // A jump to a usual place is how sawtooths and queues live, and one towards the level is a recovery.
        let away = seen.z.abs() > tail::ONSET && seen.step * seen.z > 0.0;
        let step = if away { side(self.step.surprise(seen.step, self.step_floor(floor))) } else { 0.0 };
        LocalSurprise {
            robust,
            average: side(self.moving.judge(seen.distance, self.mean_floor(floor))),
            change: sums.max(step),
        }
    }

    pub(super) fn learn(&mut self, seen: Seen, floor: f64, gain: f64, spread_gain: f64) {
        let sigma = self.baseline.sigma(floor);
        let (mean_floor, sum_floor) = (self.mean_floor(floor), self.sum_floor());
        self.moving.learn(seen.distance, seen.value, sigma, mean_floor, gain, spread_gain);
        self.change.learn(seen.sum, sum_floor, 0.0, spread_gain);
        self.step.learn(seen.step, self.step_floor(floor), 0.0, spread_gain);
        self.inertia.learn(seen.z, spread_gain);
        self.baseline.learn(seen.value, floor, gain, spread_gain);
    }
}
