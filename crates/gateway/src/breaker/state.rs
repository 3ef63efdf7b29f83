//! The state machine of one breaker.

use super::history::{Cause, State};
use super::window::{Counts, Window};
use crate::settings::BreakerSettings;

/// How a permitted call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Result {
    Succeeded { is_slow: bool },
    Failed { is_slow: bool },
}

/// The right to make one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    generation: u64,
    is_probe: bool,
}

/// A change of state, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) from: State,
    pub(crate) to: State,
    pub(crate) cause: Cause,
}

/// The breaker.
#[derive(Clone, Debug)]
pub(crate) struct Breaker {
    pub(crate) state: State,
    pub(crate) changed_ms: i64,
    /// While open: when probes begin.
    pub(crate) until_ms: i64,
    pub(crate) consecutive_failures: u32,
    window: Window,
    /// Counts changes of state; a ticket of another generation says nothing about this one.
    generation: u64,
    probing: u32,
    probes_succeeded: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            state: State::Closed,
            changed_ms: 0,
            until_ms: 0,
            consecutive_failures: 0,
            window: Window::default(),
            generation: 0,
            probing: 0,
            probes_succeeded: 0,
        }
    }
}

impl Breaker {
    /// Asks for a call. The change, if asking made one, comes with the ticket. Refused: when it is worth asking again, if that is known.
    pub(crate) fn ask(
        &mut self,
        now_ms: i64,
        settings: &BreakerSettings,
    ) -> std::result::Result<(Ticket, Option<Change>), Option<i64>> {
        if !settings.enabled && self.state != State::ForcedOpen {
            return Ok((Ticket { generation: self.generation, is_probe: false }, None));
        }
        match self.state {
            State::Closed => Ok((Ticket { generation: self.generation, is_probe: false }, None)),
            State::ForcedOpen => Err(None),
            State::Open if now_ms < self.until_ms => Err(Some(self.until_ms)),
            State::Open => {
                let change = self.change(now_ms, State::HalfOpen, Cause::Recovery);
                Ok((self.probe(), Some(change)))
            }
            State::HalfOpen if self.probing < settings.probes => Ok((self.probe(), None)),
            State::HalfOpen => Err(Some(now_ms + 1_000)),
        }
    }

    fn probe(&mut self) -> Ticket {
        self.probing += 1;
        Ticket { generation: self.generation, is_probe: true }
    }

    /// A call is given back without a result.
    pub(crate) fn give_back(&mut self, ticket: Ticket) {
        if ticket.generation == self.generation && ticket.is_probe {
            self.probing = self.probing.saturating_sub(1);
        }
    }

    /// A call has ended.
    pub(crate) fn ended(
        &mut self,
        now_ms: i64,
        settings: &BreakerSettings,
        ticket: Ticket,
        result: Result,
    ) -> Option<Change> {
        self.give_back(ticket);
        if ticket.generation != self.generation || !settings.enabled {
            return None;
        }
        match (self.state, result) {
            (State::Closed, result) => self.judge(now_ms, settings, result),
            (State::HalfOpen, Result::Failed { .. }) => Some(self.open(now_ms, settings, Cause::ProbeFailed)),
            (State::HalfOpen, Result::Succeeded { is_slow: true }) => {
                let cause = Cause::SlowShare(1, 1);
                (settings.slow_share < 1.0)
                    .then(|| self.open(now_ms, settings, cause))
                    .or_else(|| self.probe_succeeded(now_ms, settings))
            }
            (State::HalfOpen, Result::Succeeded { .. }) => self.probe_succeeded(now_ms, settings),
            (State::Open | State::ForcedOpen, _) => None,
        }
    }

    fn probe_succeeded(&mut self, now_ms: i64, settings: &BreakerSettings) -> Option<Change> {
        self.probes_succeeded += 1;
        let cause = Cause::ProbesSucceeded(self.probes_succeeded);
        (self.probes_succeeded >= settings.successes_to_close).then(|| self.change(now_ms, State::Closed, cause))
    }

    fn judge(&mut self, now_ms: i64, settings: &BreakerSettings, result: Result) -> Option<Change> {
        let (is_failure, is_slow) = match result {
            Result::Succeeded { is_slow } => (false, is_slow),
            Result::Failed { is_slow } => (true, is_slow),
        };
        self.window.add(now_ms, settings.window_secs, is_failure, is_slow);
        self.consecutive_failures = if is_failure { self.consecutive_failures + 1 } else { 0 };
        if is_failure && self.consecutive_failures >= settings.consecutive_failures {
            return Some(self.open(now_ms, settings, Cause::ConsecutiveFailures(self.consecutive_failures)));
        }
        let counts = self.window.counts(now_ms, settings.window_secs);
        if counts.calls < settings.minimum_calls {
            return None;
        }
        let reaches = |part: u32, share: f64| part > 0 && f64::from(part) >= share * f64::from(counts.calls);
        if is_failure && reaches(counts.failures, settings.failure_share) {
            return Some(self.open(now_ms, settings, Cause::FailureShare(counts.failures, counts.calls)));
        }
        if is_slow && reaches(counts.slow, settings.slow_share) {
            return Some(self.open(now_ms, settings, Cause::SlowShare(counts.slow, counts.calls)));
        }
        None
    }

    /// Opens it for the usual time.
    pub(crate) fn open(&mut self, now_ms: i64, settings: &BreakerSettings, cause: Cause) -> Change {
        let change = self.change(now_ms, State::Open, cause);
        self.until_ms = now_ms.saturating_add(i64::try_from(settings.recovery_ms).unwrap_or(i64::MAX));
        change
    }

    /// Opens it until somebody closes it.
    pub(crate) fn force_open(&mut self, now_ms: i64, cause: Cause) -> Change {
        self.change(now_ms, State::ForcedOpen, cause)
    }

    /// Closes it and forgets what was counted.
    pub(crate) fn close(&mut self, now_ms: i64, cause: Cause) -> Change {
        self.change(now_ms, State::Closed, cause)
    }

    pub(crate) fn counts(&mut self, now_ms: i64, settings: &BreakerSettings) -> Counts {
        self.window.counts(now_ms, settings.window_secs)
    }

    /// Takes a state that was saved. A half-open one has lost its probes, so it is open with probes due.
    pub(crate) fn restore(&mut self, state: State, changed_ms: i64, until_ms: i64, consecutive_failures: u32) {
        self.generation += 1;
        self.state = if state == State::HalfOpen { State::Open } else { state };
        (self.changed_ms, self.until_ms, self.consecutive_failures) = (changed_ms, until_ms, consecutive_failures);
        (self.probing, self.probes_succeeded) = (0, 0);
    }

    fn change(&mut self, now_ms: i64, to: State, cause: Cause) -> Change {
        let from = std::mem::replace(&mut self.state, to);
        self.generation += 1;
        self.changed_ms = now_ms;
        (self.probing, self.probes_succeeded) = (0, 0);
        if to == State::Closed {
            self.window.clear();
            self.consecutive_failures = 0;
        }
        Change { from, to, cause }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OK: Result = Result::Succeeded { is_slow: false };
    const SLOW: Result = Result::Succeeded { is_slow: true };
    const BAD: Result = Result::Failed { is_slow: false };

    fn settings() -> BreakerSettings {
        BreakerSettings::default()
    }

    fn run(breaker: &mut Breaker, now_ms: i64, result: Result) -> State {
        let (ticket, _) = breaker.ask(now_ms, &settings()).unwrap();
        breaker.ended(now_ms, &settings(), ticket, result);
        breaker.state
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..5 {
            run(&mut breaker, 0, BAD);
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_a_success_in_between_does_not() {
        let mut breaker = Breaker::default();
        for result in [BAD, BAD, BAD, BAD, OK, BAD, BAD, BAD, BAD] {
            assert_eq!(run(&mut breaker, 0, result), State::Closed);
        }
        assert_eq!(run(&mut breaker, 0, BAD), State::Open);
        assert_eq!(breaker.ask(29_999, &settings()), Err(Some(30_000)));
    }

    #[test]
    fn half_of_the_calls_open_it_once_there_are_enough() {
        let mut breaker = Breaker::default();
        for call in 0..19 {
            assert_eq!(run(&mut breaker, call, if call % 2 == 0 { BAD } else { OK }), State::Closed);
        }
        assert_eq!(run(&mut breaker, 19, OK), State::Closed);
        assert_eq!(run(&mut breaker, 20, BAD), State::Open);
    }

    #[test]
    fn only_slow_calls_open_it() {
        let mut breaker = Breaker::default();
        for call in 0..19 {
            assert_eq!(run(&mut breaker, call, SLOW), State::Closed);
        }
        assert_eq!(run(&mut breaker, 19, SLOW), State::Open);
    }

    #[test]
    fn two_good_probes_close_it() {
        let mut breaker = opened();
        let (first, change) = breaker.ask(30_000, &settings()).unwrap();
        assert_eq!(change.unwrap().to, State::HalfOpen);
        let (second, _) = breaker.ask(30_000, &settings()).unwrap();
        assert_eq!(breaker.ask(30_000, &settings()), Err(Some(31_000)), "no third probe");
        assert_eq!(breaker.ended(30_001, &settings(), first, OK), None);
        assert_eq!(breaker.ended(30_002, &settings(), second, OK).unwrap().cause, Cause::ProbesSucceeded(2));
        assert_eq!((breaker.state, breaker.consecutive_failures), (State::Closed, 0));
    }

    #[test]
    fn one_bad_probe_opens_it_again_for_the_whole_time() {
        let mut breaker = opened();
        let (ticket, _) = breaker.ask(40_000, &settings()).unwrap();
        assert_eq!(breaker.ended(41_000, &settings(), ticket, BAD).unwrap().cause, Cause::ProbeFailed);
        assert_eq!(breaker.ask(70_999, &settings()), Err(Some(71_000)));
    }

    #[test]
    fn a_probe_that_is_given_back_makes_room() {
        let mut breaker = opened();
        let (first, _) = breaker.ask(30_000, &settings()).unwrap();
        let _second = breaker.ask(30_000, &settings()).unwrap();
        breaker.give_back(first);
        assert!(breaker.ask(30_000, &settings()).is_ok());
    }

    #[test]
    fn results_of_an_earlier_state_change_nothing() {
        let mut breaker = Breaker::default();
        let (late, _) = breaker.ask(0, &settings()).unwrap();
        for _ in 0..5 {
            run(&mut breaker, 0, BAD);
        }
        let (_probe, _) = breaker.ask(30_000, &settings()).unwrap();
        assert_eq!(breaker.ended(30_000, &settings(), late, BAD), None);
        assert_eq!(breaker.state, State::HalfOpen);
    }

    #[test]
    fn forced_open_stays_until_closed() {
        let mut breaker = Breaker::default();
        breaker.force_open(0, Cause::Asked("maintenance".to_owned()));
        assert_eq!(breaker.ask(i64::MAX, &settings()), Err(None));
        breaker.close(1, Cause::Asked("done".to_owned()));
        assert!(breaker.ask(1, &settings()).is_ok());
    }

    #[test]
    fn a_saved_half_open_one_probes_again() {
        let mut breaker = Breaker::default();
        breaker.restore(State::HalfOpen, 5, 30_000, 5);
        assert_eq!(breaker.state, State::Open);
        assert!(breaker.ask(30_000, &settings()).unwrap().1.is_some());
    }

    proptest! {
        #[test]
        fn never_more_probes_than_allowed_and_never_stuck(steps in prop::collection::vec((0_i64..20_000, 0_u8..4), 1..300)) {
            let settings = settings();
            let mut breaker = Breaker::default();
            let mut open: Vec<Ticket> = Vec::new();
            let mut now = 0;
            for (wait, what) in steps {
                now += wait;
                match what {
                    0 | 1 => if let Ok((ticket, _)) = breaker.ask(now, &settings) { open.push(ticket) },
                    2 => if let Some(ticket) = open.pop() { breaker.ended(now, &settings, ticket, OK); },
                    _ => if let Some(ticket) = open.pop() { breaker.ended(now, &settings, ticket, BAD); },
                }
                prop_assert!(breaker.probing <= settings.probes);
            }
            for ticket in open {
                breaker.give_back(ticket);
            }
            prop_assert!(breaker.ask(now + 30_000, &settings).is_ok(), "after the wait and with nothing running a call goes through");
        }
    }
}
