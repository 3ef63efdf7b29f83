//! One series' detector: every observation judged, then learned, in that order.
//!
//! The surprises of the detectors become one score: the recent-level detectors (robust z-score, moving
//! average) and the seasonal one are blended by how much better the season has been predicting, and the
//! result is divided by the surprise that the false-alarm budget allows. What lies inside an open episode is
//! not learned, so an outage cannot teach the series that it is normal; a level that stays becomes the new normal.

use serde::{Deserialize, Serialize};

use super::episode::{CloseReason, Episode, Transition};
use super::local::{Learned, LocalSurprise, Running, Seen};
use super::missing::Arrivals;
use super::recent::{CAPACITY, Recent};
use super::season::{Season, Seasonal};
use super::settings::Settings;
use super::verdict::{DetectorKind, Finding, IgnoredBecause, Shares, State, Trend, Verdict};

/// History that the recent level rests on.
const MEMORY_MS: f64 = 30.0 * 60_000.0;
/// The same in samples, at least and at most.
const LEAST_MEMORY: f64 = 120.0;
const MOST_MEMORY: f64 = 1000.0;
/// Spreads and tails are remembered this many times longer than levels: they change less and need more samples.
const SPREAD_MEMORY: f64 = 4.0;
/// Scores of young series are held down by n / (n + this).
const YOUTH: f64 = 10.0;
/// The expected range leaves out one value in a thousand on either side.
const BAND_SURPRISE: f64 = 6.9;
/// Larger magnitudes are judged as this one, so that squares stay finite.
const LARGEST: f64 = 1e150;
/// After this many undecided samples what was learned on trial counts.
const LONGEST_DOUBT: u8 = 32;
/// A gap of this many intervals breaks the recent trend.
const BREAK_INTERVALS: f64 = 10.0;
/// A season is only worth its memory once a series has lived for some hours.
const SEASON_AFTER_MS: i64 = 6 * 3_600_000;

/// The streaming detector of one series. Serialisable: a restored one gives the same verdicts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesDetector {
    settings: Settings,
    samples: u64,
    first_ms: i64,
    last_ms: i64,
    last_value: f64,
    recent: Recent,
    running: Running,
    learned: Learned,
    /// What was learned before a doubt began: the judge while it lasts, and what is returned to if it was right.
    before_doubt: Option<Box<Learned>>,
    doubted: u8,
    /// The sample that opened the episode: learned when it is over, so that what keeps happening becomes usual.
    opening: Option<Seen>,
    season: Option<Box<Season>>,
    arrivals: Arrivals,
    episode: Episode,
}

impl SeriesDetector {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            samples: 0,
            first_ms: 0,
            last_ms: i64::MIN,
            last_value: 0.0,
            recent: Recent::default(),
            running: Running::default(),
            learned: Learned::default(),
            before_doubt: None,
            doubted: 0,
            opening: None,
            season: None,
            arrivals: Arrivals::default(),
            episode: Episode::default(),
        }
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes settings without forgetting what was learned.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Samples judged so far.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Whether an episode is open.
    #[must_use]
    pub fn is_anomalous(&self) -> bool {
        self.episode.is_open()
    }

    /// Time of the newest sample, if there is one.
    #[must_use]
    pub fn last_time_ms(&self) -> Option<i64> {
        (self.samples > 0).then_some(self.last_ms)
    }

    /// Judges one value, then learns from it.
    ///
    /// NaN, infinite, repeated and late samples are ignored and say so; magnitudes above 1e150 are judged as 1e150.
    pub fn observe(&mut self, time_ms: i64, value: f64) -> Verdict {
        if !value.is_finite() {
            return self.ignored(time_ms, value, IgnoredBecause::NotANumber);
        }
        if self.samples > 0 && time_ms <= self.last_ms {
            return self.ignored(time_ms, value, IgnoredBecause::NotLater);
        }
        let value = value.clamp(-LARGEST, LARGEST);
        let resumed = self.arrive(time_ms);
        self.samples += 1;
        self.recent.push(value);
        let required = u64::from(self.settings.required_samples());
        if self.samples <= required {
            return self.warm_up(time_ms, value, required, resumed);
        }
        let floor = self.floor();
        let seen = self.see(value, floor);
        let verdict = self.decide(time_ms, value, seen, floor, resumed);
        self.remember_opening(&verdict, seen, floor);
        self.learn(time_ms, seen, value, floor);
        self.last_value = value;
        verdict
    }

    /// Whether the series is silent for too long at `now_ms`; opens the finding once and keeps it until a sample arrives.
    pub fn missing(&mut self, now_ms: i64) -> Option<Verdict> {
        const LEAST_GAPS: u32 = 8;
        if self.samples == 0 || self.arrivals.known_gaps() < LEAST_GAPS {
            return None;
        }
        let silent = now_ms.saturating_sub(self.last_ms) as f64;
        let allowed =
            self.arrivals.allowed_ms(self.settings.expected_interval_ms, self.settings.missing_after_intervals)?;
        let score = silent / allowed;
        if score < 1.0 {
            return None;
        }
        let opened = self.arrivals.open_missing(self.last_ms);
        let mut verdict = self.plain(now_ms, self.last_value, State::Anomalous);
        verdict.score = score;
        verdict.peak_score = score;
        verdict.finding = Finding::Missing;
        verdict.shares = Shares::in_proportion(&[(DetectorKind::Missing, 1.0)]);
        verdict.transition = if opened { Transition::Opened } else { Transition::Ongoing };
        verdict.since_ms = self.last_ms;
        verdict.trend = Trend::Steady;
        Some(verdict)
    }

    fn arrive(&mut self, time_ms: i64) -> bool {
        let resumed = self.arrivals.resume();
        if self.samples == 0 {
            self.first_ms = time_ms;
        } else {
            let gap = time_ms.saturating_sub(self.last_ms);
            let interval = self.arrivals.interval_ms(self.settings.expected_interval_ms);
            if interval.is_some_and(|interval| gap as f64 > BREAK_INTERVALS * interval) {
                self.recent.clear();
                self.running = Running::default();
            }
            self.arrivals.learn(gap);
        }
        self.last_ms = time_ms;
        resumed
    }

    fn warm_up(&mut self, time_ms: i64, value: f64, required: u64, resumed: bool) -> Verdict {
        if self.samples == required.min(CAPACITY as u64) {
            self.seed();
        } else if self.samples > CAPACITY as u64 {
            let floor = self.floor();
            let seen = self.see(value, floor);
            self.learn(time_ms, seen, value, floor);
        }
        self.last_value = value;
        let mut verdict = self.plain(time_ms, value, State::Learning);
        verdict.resumed = resumed;
        verdict
    }

    fn seed(&mut self) {
        let settings = &self.settings;
        self.learned.seed(&self.recent, |level| settings.floor(level));
        self.running = Running::default();
        self.before_doubt = None;
    }

    fn judge(&self) -> &Learned {
        self.before_doubt.as_deref().unwrap_or(&self.learned)
    }

    fn floor(&self) -> f64 {
        self.settings.floor(self.judge().baseline.median())
    }

    fn gain(&self) -> f64 {
        let interval = self.arrivals.interval_ms(self.settings.expected_interval_ms).unwrap_or(MEMORY_MS);
        let memory = (MEMORY_MS / interval).clamp(LEAST_MEMORY, MOST_MEMORY);
        1.0 / memory.min(self.samples as f64 + 1.0)
    }

    fn see(&mut self, value: f64, floor: f64) -> Seen {
        let judge = self.before_doubt.as_deref().unwrap_or(&self.learned);
        judge.see(&mut self.running, value, floor)
    }

    fn decide(&mut self, time_ms: i64, value: f64, seen: Seen, floor: f64, resumed: bool) -> Verdict {
        let direction = self.settings.direction;
        let local = self.judge().judge(seen, floor, direction);
        let seasonal = self.season.as_ref().and_then(|season| season.judge(time_ms, value, floor));
        let weight = seasonal.map_or(0.0, |s| s.weight);
        let of_season = seasonal.map_or(0.0, |s| direction.of(s.judged.surprise, s.judged.upward));
        let total = (1.0 - weight) * local.largest() + weight * of_season;
        let age = self.samples as f64;
        let interval = self.arrivals.interval_ms(self.settings.expected_interval_ms).unwrap_or(60_000.0);
        let youth = YOUTH * self.judge().samples_per_independent().sqrt();
        let score = total / self.settings.budget(interval) * (age / (age + youth));
        let mut verdict = self.plain(time_ms, value, State::Normal);
        (verdict.predicted, verdict.expected_low, verdict.expected_high) = self.expected(floor, seasonal);
        verdict.score = score;
        verdict.shares = shares(local, weight, of_season);
        verdict.resumed = resumed;
        self.step_episode(&mut verdict);
        verdict
    }

    fn step_episode(&mut self, verdict: &mut Verdict) {
        let judge = self.judge();
        let (has_spread, per_independent) = (judge.baseline.has_spread(), judge.samples_per_independent());
        verdict.transition = self.episode.step(verdict.time_ms, verdict.score, has_spread, per_independent);
        verdict.peak_score = verdict.score.max(self.episode.peak());
        verdict.since_samples = self.episode.samples();
        if verdict.since_samples > 0 {
            verdict.since_ms = self.episode.began_ms();
        }
        if self.episode.is_open() && self.is_new_normal(verdict.time_ms) {
            verdict.transition = self.episode.close(CloseReason::NewNormal);
            self.seed();
        }
        if self.episode.is_open() {
            verdict.score = verdict.score.max(self.episode.evidence_score());
        }
        verdict.state = match (self.episode.is_open(), verdict.score >= 1.0) {
            (true, _) => State::Anomalous,
            (false, true) => State::Suspect,
            (false, false) => State::Normal,
        };
    }

    /// Expected value and range, of the season as far as it is trusted.
    fn expected(&self, floor: f64, seasonal: Option<Seasonal>) -> (f64, f64, f64) {
        let (low, high) = self.judge().baseline.band(BAND_SURPRISE, floor);
        let level = self.judge().baseline.median();
        match (&self.season, seasonal) {
            (Some(season), Some(s)) if s.weight > 0.0 => {
                let (season_low, season_high) = season.band(s.predicted, BAND_SURPRISE, floor);
                let blend = |local: f64, of_season: f64| (1.0 - s.weight) * local + s.weight * of_season;
                (blend(level, s.predicted), blend(low, season_low), blend(high, season_high))
            }
            _ => (level, low, high),
        }
    }

    fn is_new_normal(&self, time_ms: i64) -> bool {
        self.episode.samples() >= CAPACITY as u32
            && time_ms.saturating_sub(self.episode.began_ms()) >= self.settings.adapt_after_ms
            && self.recent.len() == CAPACITY
    }

    fn remember_opening(&mut self, verdict: &Verdict, seen: Seen, floor: f64) {
        match verdict.transition {
            Transition::Opened => self.opening = Some(seen),
            Transition::Closed(CloseReason::Recovered) => {
                if let Some(opening) = self.opening.take() {
                    let gain = self.gain();
                    self.learned.learn(opening, floor, gain, gain / SPREAD_MEMORY);
                }
            }
            Transition::Closed(_) => self.opening = None,
            Transition::None | Transition::Ongoing => {}
        }
    }

    /// What may be an anomaly is learned on trial: kept once it is over and was none, undone if it was one.
    fn learn(&mut self, time_ms: i64, seen: Seen, value: f64, floor: f64) {
        let gain = self.gain();
        let in_episode = self.episode.is_open();
        if in_episode {
            if let Some(before) = self.before_doubt.take() {
                self.learned = *before;
            }
        } else {
            self.doubted = if self.episode.is_doubtful() { self.doubted.saturating_add(1) } else { 0 };
            if self.doubted == 1 {
                self.before_doubt = Some(Box::new(self.learned.clone()));
            } else if self.doubted == 0 || self.doubted > LONGEST_DOUBT {
                self.before_doubt = None;
            }
            let spread_gain = (gain / SPREAD_MEMORY).max(1.0 / (self.samples as f64 + 1.0));
            self.learned.learn(seen, floor, gain, spread_gain);
        }
        if !self.settings.seasonal {
            return;
        }
        if self.season.is_none() && time_ms.saturating_sub(self.first_ms) >= SEASON_AFTER_MS {
            self.season = Some(Box::new(Season::new()));
        }
        let level = self.learned.slow();
        if let Some(season) = &mut self.season {
            season.learn(time_ms, value, level, floor, gain, in_episode);
        }
    }

    fn ignored(&self, time_ms: i64, value: f64, because: IgnoredBecause) -> Verdict {
        self.plain(time_ms, value, State::Ignored(because))
    }

    /// A verdict that finds nothing: score 0, expected range as it stands.
    fn plain(&self, time_ms: i64, value: f64, state: State) -> Verdict {
        let floor = self.floor();
        let (predicted, expected_low, expected_high) =
            if state == State::Learning { (value, value, value) } else { self.expected(floor, None) };
        Verdict {
            time_ms,
            value,
            score: 0.0,
            predicted,
            expected_low,
            expected_high,
            trend: self.recent.trend(self.judge().baseline.sigma(floor)),
            shares: Shares::default(),
            state,
            finding: Finding::Value,
            transition: if self.episode.is_open() { Transition::Ongoing } else { Transition::None },
            peak_score: 0.0,
            since_ms: time_ms,
            since_samples: 0,
            history_ms: self.history_ms(time_ms),
            resumed: false,
        }
    }

    fn history_ms(&self, time_ms: i64) -> i64 {
        let lived = if self.samples == 0 { 0 } else { time_ms.saturating_sub(self.first_ms).max(0) };
        let interval = self.arrivals.interval_ms(self.settings.expected_interval_ms).unwrap_or(0.0);
        lived.min((interval / self.gain()) as i64)
    }
}

fn shares(local: LocalSurprise, weight: f64, of_season: f64) -> Shares {
    Shares::in_proportion(&[
        (DetectorKind::RobustZScore, (1.0 - weight) * local.robust),
        (DetectorKind::MovingAverage, (1.0 - weight) * local.average),
        (DetectorKind::ChangePoint, (1.0 - weight) * local.change),
        (DetectorKind::Seasonal, weight * of_season),
    ])
}
