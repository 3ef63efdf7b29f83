//! A caller that goes away leaves a record and stops the provider's work.

use futures::StreamExt;
use gateway::{Body, Outcome};

use crate::fake::{Act, Fake, Step};
use crate::world::{DONE, ROLE, STOP, WORD, World, ask, attempts, request};

#[tokio::test]
async fn while_waiting_for_the_answer() {
    let fake = Fake::doing([Act::Hang]).await;
    let mut world = World::over(&[&fake], |route| route.limits.attempt_ms = Some(60_000));
    let gateway = world.gateway.clone();
    let mut call = Box::pin(async move { gateway.call(request("/v1/chat/completions", &ask(false))).await });
    while fake.calls() == 0 {
        assert!(futures::poll!(&mut call).is_pending());
        tokio::task::yield_now().await;
    }
    drop(call);
    let record = world.record().await;
    assert_eq!((record.outcome, record.status), (Outcome::HungUp, 499));
    assert_eq!(attempts(&record), ["p0 abandoned"]);
    fake.left_alone().await;
}

#[tokio::test]
async fn in_the_middle_of_a_stream() {
    let fake = Fake::doing([Act::frames(&[ROLE, WORD]).then(Step::Stall)]).await;
    let mut world = World::over(&[&fake], |route| route.limits.silence_ms = 60_000);
    let answer = world.gateway.call(request("/v1/chat/completions", &ask(true))).await;
    let Body::Stream(mut stream) = answer.body else { panic!("a stream") };
    stream.next().await;
    drop(stream);
    let record = world.record().await;
    assert_eq!((record.outcome, record.status), (Outcome::HungUp, 200));
    assert!(record.usage.is_estimated && record.usage.output > 0, "what was written by then is counted");
    assert_eq!(attempts(&record), ["p0 abandoned"]);
    fake.left_alone().await;
}

#[tokio::test]
async fn right_after_the_end_is_no_hanging_up() {
    let fake = Fake::doing([Act::frames(&[ROLE, WORD, STOP, DONE]).then(Step::Stall)]).await;
    let mut world = World::over(&[&fake], |_| {});
    let answer = world.gateway.call(request("/v1/chat/completions", &ask(true))).await;
    let Body::Stream(mut stream) = answer.body else { panic!("a stream") };
    while let Some(Ok(bytes)) = stream.next().await {
        if bytes == DONE {
            break;
        }
    }
    drop(stream);
    assert_eq!(world.record().await.outcome, Outcome::Succeeded);
}

#[tokio::test]
async fn a_probe_of_a_caller_who_went_away_is_free_again() {
    let mut acts = vec![Act::Reset; 5];
    acts.push(Act::Hang);
    let fake = Fake::doing(acts).await;
    let mut world = World::over(&[&fake], |route| route.limits.attempt_ms = Some(60_000));
    for _ in 0..5 {
        world.call(&ask(false)).await;
    }
    world.clock.advance(30_000);
    for probe in 6..10 {
        let gateway = world.gateway.clone();
        let mut call = Box::pin(async move { gateway.call(request("/v1/chat/completions", &ask(false))).await });
        while fake.calls() < probe {
            assert!(futures::poll!(&mut call).is_pending(), "there is room for a probe");
            tokio::task::yield_now().await;
        }
        drop(call);
        assert_eq!(world.record().await.outcome, Outcome::HungUp);
    }
}
