//! Whether a call is touched, and how.

use std::time::Duration;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::experiment::{Experiment, Fault, Scope};
use crate::request::Caller;

/// Where an attempt is made, and for whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) request: &'a str,
    /// Which attempt of the call, from 0.
    pub(crate) attempt: usize,
    pub(crate) caller: &'a Caller,
    pub(crate) route: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) model: &'a str,
}

/// What is done to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It waits first.
    Delay(Duration),
    /// It is answered with 500.
    Fail,
    /// It is never answered.
    Hang,
    /// It gets no connection.
    Refuse,
    /// Its answer is damaged at this chunk, if it has so many.
    Spoil { chunk: u64 },
}

/// Whether the attempt belongs to the experiment's traffic, at this time.
pub(super) fn is_in_scope(experiment: &Experiment, place: &Place<'_>, now_ms: i64) -> bool {
    let Scope { provider, model, service, key, route, traffic } = &experiment.scope;
    let is = |wanted: &Option<String>, own: Option<&str>| wanted.as_deref().is_none_or(|wanted| own == Some(wanted));
    (experiment.started_ms..experiment.ends_ms).contains(&now_ms)
        && is(provider, Some(place.provider))
        && is(model, Some(place.model))
        && is(service, Some(&place.caller.service))
        && is(key, place.caller.key.as_deref())
        && is(route, Some(place.route))
        && traffic.is_none_or(|share| roll(experiment, place.request, 0) < share)
}

/// What is done to an attempt in the scope; nothing when the dice say so.
pub(super) fn effect(experiment: &Experiment, place: &Place<'_>, now_ms: i64) -> Option<Effect> {
    let dice = roll(experiment, place.request, place.attempt as u64 + 1);
    match experiment.fault {
        Fault::Latency { delay_ms } => Some(Effect::Delay(Duration::from_millis(delay_ms))),
        Fault::Failure { share } => (dice < share).then_some(Effect::Fail),
        Fault::Timeout { share } => (dice < share).then_some(Effect::Hang),
        Fault::Intermittent { share, period_ms } => {
            let period = i64::try_from(period_ms).unwrap_or(i64::MAX).max(1);
            #[expect(clippy::cast_precision_loss, reason = "an hour of milliseconds fits")]
            let is_down = ((now_ms - experiment.started_ms).rem_euclid(period) as f64) < share * period as f64;
            is_down.then_some(Effect::Fail)
        }
        Fault::Unavailability => Some(Effect::Refuse),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 3")]
        Fault::Corruption { share } => {
            (dice < share).then(|| Effect::Spoil { chunk: (dice / share.max(f64::MIN_POSITIVE) * 4.0) as u64 })
        }
    }
}

/// A number from 0 to 1 that is always the same for an experiment, a request and an attempt.
fn roll(experiment: &Experiment, request: &str, attempt: u64) -> f64 {
    let seed = xxh3_64_with_seed(experiment.id.as_bytes(), attempt);
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let share = (xxh3_64_with_seed(request.as_bytes(), seed) >> 11) as f64 / (1_u64 << 53) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(fault: Fault, scope: Scope) -> Experiment {
        Experiment { id: "exp".into(), fault, scope, started_ms: 1_000, ends_ms: 61_000, abort_above: None }
    }

    fn place<'a>(request: &'a str, caller: &'a Caller) -> Place<'a> {
        Place { request, attempt: 0, caller, route: "r", provider: "p", model: "m" }
    }

    #[test]
    fn what_is_outside_is_never_touched() {
        let caller = Caller { service: "shop".into(), key: Some("key_1".into()), ..Caller::default() };
        let place = place("req", &caller);
        let some = |text: &str| Some(text.to_owned());
        let inside = [
            Scope::default(),
            Scope {
                provider: some("p"),
                model: some("m"),
                service: some("shop"),
                key: some("key_1"),
                route: some("r"),
                traffic: Some(1.0),
            },
        ];
        let outside = [
            Scope { provider: some("q"), ..Scope::default() },
            Scope { model: some("n"), ..Scope::default() },
            Scope { service: some("other"), ..Scope::default() },
            Scope { key: some("key_2"), ..Scope::default() },
            Scope { route: some("s"), ..Scope::default() },
            Scope { traffic: Some(0.0), ..Scope::default() },
        ];
        for scope in inside {
            assert!(is_in_scope(&experiment(Fault::Unavailability, scope.clone()), &place, 1_000), "{scope:?}");
        }
        for scope in outside {
            assert!(!is_in_scope(&experiment(Fault::Unavailability, scope.clone()), &place, 1_000), "{scope:?}");
        }
    }

    #[test]
    fn it_ends_by_itself() {
        let caller = Caller::default();
        let one = experiment(Fault::Unavailability, Scope::default());
        for (now, is_in) in [(999, false), (1_000, true), (60_999, true), (61_000, false)] {
            assert_eq!(is_in_scope(&one, &place("req", &caller), now), is_in, "{now}");
        }
    }

    #[test]
    fn shares_come_out() {
        let caller = Caller::default();
        let count = |test: &dyn Fn(&Place<'_>) -> bool| {
            (0..10_000).filter(|i| test(&place(&format!("req_{i}"), &caller))).count()
        };
        let failing = experiment(Fault::Failure { share: 0.3 }, Scope::default());
        let touched = count(&|place| effect(&failing, place, 2_000) == Some(Effect::Fail));
        assert!((2_800..3_200).contains(&touched), "{touched}");
        let tenth = experiment(Fault::Unavailability, Scope { traffic: Some(0.1), ..Scope::default() });
        let touched = count(&|place| is_in_scope(&tenth, place, 2_000));
        assert!((850..1_150).contains(&touched), "{touched}");
        let none = experiment(Fault::Corruption { share: 0.0 }, Scope::default());
        assert_eq!(count(&|place| effect(&none, place, 2_000).is_some()), 0);
    }

    #[test]
    fn intermittent_is_down_for_a_part_of_each_period() {
        let caller = Caller::default();
        let one = experiment(Fault::Intermittent { share: 0.25, period_ms: 4_000 }, Scope::default());
        let down = |now| effect(&one, &place("req", &caller), now).is_some();
        assert!(down(1_000) && down(1_999) && !down(2_000) && !down(4_999) && down(5_000));
    }
}
