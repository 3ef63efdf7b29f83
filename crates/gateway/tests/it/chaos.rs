//! Injected faults, as callers see them.

use gateway::Outcome::{Failed, Incomplete, Succeeded};
use gateway::chaos::{End, Experiment, Fault, Scope};

use crate::world::{World, answering, ask, streaming};

const START: i64 = 1_800_000_000_000;

fn experiment(fault: Fault, scope: Scope) -> Experiment {
    Experiment { id: "exp_1".into(), fault, scope, started_ms: START, ends_ms: START + 60_000, abort_above: None }
}

fn on_p0() -> Scope {
    Scope { provider: Some("p0".into()), ..Scope::default() }
}

#[tokio::test]
async fn each_kind_does_what_its_name_says() {
    let rows = [
        (Fault::Failure { share: 1.0 }, "server"),
        (Fault::Timeout { share: 1.0 }, "first_token"),
        (Fault::Intermittent { share: 1.0, period_ms: 1_000 }, "server"),
        (Fault::Unavailability, "unreachable"),
        (Fault::Corruption { share: 1.0 }, "malformed"),
    ];
    for (fault, class) in rows {
        let (first, second) = (answering().await, answering().await);
        let mut world = World::over(&[&first, &second], |_| {});
        world.gateway.start_experiment(experiment(fault, on_p0())).unwrap();
        let outcome = world.call(&ask(false)).await;
        assert_eq!(outcome.attempts(), [format!("p0 {class}"), "p1 answered".to_owned()], "{fault:?}");
        assert_eq!(outcome.record.attempts[0].experiments, ["exp_1"]);
        assert!(
            outcome.record.attempts[1].experiments.is_empty(),
            "{fault:?}: outside of its scope nothing is touched"
        );
        let view = world.gateway.experiments().remove(0);
        assert_eq!((view.calls, view.touched, view.errors, view.fail_overs), (1, 1, 0, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn latency_is_added_and_nothing_else_changes() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    world.gateway.start_experiment(experiment(Fault::Latency { delay_ms: 60 }, on_p0())).unwrap();
    let outcome = world.call(&ask(false)).await;
    assert!(outcome.record.total_us >= 60_000 && outcome.record.outcome == Succeeded);
    assert_eq!(world.gateway.experiments()[0].added_ms, 60);
}

#[tokio::test]
async fn a_corrupted_stream_is_never_passed_off_as_whole() {
    for call in 0..6 {
        let fake = streaming().await;
        let mut world = World::over(&[&fake], |_| {});
        let one = Experiment { id: format!("exp_{call}"), ..experiment(Fault::Corruption { share: 1.0 }, on_p0()) };
        world.gateway.start_experiment(one).unwrap();
        let outcome = world.call(&ask(true)).await;
        assert!(
            matches!(outcome.record.outcome, Failed | Incomplete),
            "{:?}: {}",
            outcome.record.outcome,
            outcome.body
        );
        assert!(!outcome.body.contains("[DONE]"));
    }
}

#[tokio::test]
async fn it_ends_by_itself_and_can_be_stopped() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    world.gateway.start_experiment(experiment(Fault::Unavailability, Scope::default())).unwrap();
    assert_eq!(world.call(&ask(false)).await.status, 502);
    world.clock.advance(60_000);
    assert_eq!(world.call(&ask(false)).await.status, 200, "its time is over, whether anybody has noticed or not");
    assert_eq!(world.gateway.experiments()[0].end, Some(End::Elapsed));
    let again = Experiment {
        id: "exp_2".into(),
        ends_ms: START + 600_000,
        ..experiment(Fault::Unavailability, Scope::default())
    };
    world.gateway.start_experiment(again.clone()).unwrap();
    assert!(world.gateway.start_experiment(again).is_err(), "one id, one experiment");
    assert!(world.gateway.stop_experiment("exp_2") && !world.gateway.stop_experiment("exp_2"));
    assert_eq!(world.call(&ask(false)).await.status, 200);
}

#[tokio::test]
async fn it_ends_early_when_too_many_callers_suffer() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    let one = Experiment { abort_above: Some(0.2), ..experiment(Fault::Failure { share: 1.0 }, Scope::default()) };
    world.gateway.start_experiment(one).unwrap();
    let mut failed = 0;
    for _ in 0..30 {
        failed += u32::from(world.call(&ask(false)).await.record.outcome != Succeeded);
    }
    let view = world.gateway.experiments().remove(0);
    assert_eq!((view.end, view.calls), (Some(End::Aborted), 20));
    assert!(failed >= 20);
}

#[tokio::test]
async fn an_experiment_opens_a_breaker_and_it_closes_after() {
    let (first, second) = (answering().await, answering().await);
    let mut world = World::over(&[&first, &second], |_| {});
    world.gateway.start_experiment(experiment(Fault::Failure { share: 1.0 }, on_p0())).unwrap();
    for _ in 0..6 {
        assert_eq!(world.call(&ask(false)).await.status, 200);
    }
    assert_eq!(world.call(&ask(false)).await.attempts(), ["p0 breaker_open", "p1 answered"]);
    world.clock.advance(60_000);
    for _ in 0..2 {
        assert_eq!(world.call(&ask(false)).await.header("x-bellwether-provider"), "p0");
    }
    assert_eq!(world.gateway.breakers()[0].state, gateway::breaker::State::Closed);
}

#[tokio::test]
async fn what_is_not_bounded_is_refused() {
    let fake = answering().await;
    let world = World::over(&[&fake], |_| {});
    let endless = Experiment { ends_ms: i64::MAX, ..experiment(Fault::Failure { share: 2.0 }, Scope::default()) };
    let fields: Vec<_> =
        world.gateway.start_experiment(endless).unwrap_err().into_iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["fault", "ends_ms"]);
    assert!(Fault::named("latency", 11.0).is_err() && Fault::named("fire", 1.0).is_err());
    assert_eq!(Fault::named("failure", 50.0), Ok(Fault::Failure { share: 0.5 }));
}

#[tokio::test]
async fn one_that_a_restart_interrupted_goes_on_and_still_ends() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    world.gateway.start_experiment(experiment(Fault::Unavailability, Scope::default())).unwrap();
    world.call(&ask(false)).await;
    let before = world.gateway.experiments().remove(0);
    let mut restarted = World::over(&[&fake], |_| {});
    restarted.gateway.resume_experiment(&before);
    assert_eq!(restarted.call(&ask(false)).await.status, 502);
    restarted.clock.advance(90_000);
    assert_eq!(restarted.call(&ask(false)).await.status, 200);
    let after = restarted.gateway.experiments().remove(0);
    assert_eq!(
        (after.end, after.ended_ms),
        (Some(End::Elapsed), Some(START + 60_000)),
        "when it was to end, not when it was seen"
    );
    assert_eq!((before.calls, after.calls), (1, 2));
}
