//! Costs, budgets, rates and answers that are given again.

use gateway::Outcome::{HungUp, Refused, Succeeded};
use gateway::allowance::{Budget, RateLimit, Scope, Spent, Window};
use gateway::price::PriceEntry;
use gateway::settings::Settings;
use gateway::{Body, settings::Route};

use crate::fake::{Act, Fake, Step};
use crate::world::{HELLO, ROLE, WORD, World, answering, ask, request, settings, streaming};

fn price(input_usd: f64, output_usd: f64) -> PriceEntry {
    PriceEntry {
        provider: "p0".into(),
        model: "m-0".into(),
        input_usd,
        output_usd,
        cached_input_usd: None,
        cache_write_usd: None,
        context_tokens: None,
        max_output_tokens: Some(100),
    }
}

fn priced(fake: &Fake, edit: impl FnOnce(&mut Route)) -> Settings {
    Settings { prices: vec![price(1.0, 10.0)], ..settings(&[fake], edit) }
}

fn budget(limit_usd: f64) -> Budget {
    Budget { id: "bud_1".into(), scope: Scope::default(), limit_usd, window: Window::Day }
}

#[tokio::test]
async fn a_call_costs_what_its_tokens_cost() {
    let fake = answering().await;
    let mut world = World::new(priced(&fake, |_| {}));
    assert_eq!(world.call(&ask(false)).await.record.cost_nano, Some(9 * 1_000 + 10_000));
    let streams = streaming().await;
    let mut world = World::new(priced(&streams, |_| {}));
    assert_eq!(world.call(&ask(true)).await.record.cost_nano, Some(9 * 1_000 + 2 * 10_000), "streams cost too");
    let mut world = World::over(&[&fake], |_| {});
    assert_eq!(world.call(&ask(false)).await.record.cost_nano, None, "nobody knows the price");
}

#[tokio::test]
async fn a_stream_that_was_left_costs_what_was_written() {
    let fake = Fake::doing([Act::frames(&[ROLE, WORD]).then(Step::Stall)]).await;
    let mut world = World::new(priced(&fake, |_| {}));
    let answer = world.gateway.call(request("/v1/chat/completions", &ask(true))).await;
    let Body::Stream(stream) = answer.body else { panic!("a stream") };
    drop(stream);
    let record = world.record().await;
    assert_eq!(record.outcome, HungUp);
    assert!(record.cost_nano.unwrap() > 0);
}

#[tokio::test]
async fn a_budget_is_reserved_settled_and_not_overshot() {
    let fake = answering().await;
    let world_settings = Settings { budgets: vec![budget(0.001_7)], ..priced(&fake, |_| {}) };
    let mut world = World::new(world_settings.clone());
    // 100 tokens at most: 1 mUSD, and about half a mUSD for what is read at most.
    let mut answered = 0;
    let refused = loop {
        let outcome = world.call(&ask(false)).await;
        if outcome.status != 200 {
            break outcome;
        }
        answered += 1;
        let view = world.gateway.budgets().remove(0);
        assert_eq!((view.spent_nano, view.reserved_nano), (19_000 * answered, 0));
    };
    assert!(answered >= 5, "{answered}");
    assert_eq!((refused.status, refused.code().as_str(), refused.record.outcome), (402, "budget_exceeded", Refused));
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(fake.calls() as u64, answered, "nobody was asked");
    let mut restarted = World::new(world_settings);
    let view = world.gateway.budgets().remove(0);
    restarted.gateway.restore_spending(&[Spent {
        budget: view.budget,
        window_start_ms: view.window_start_ms,
        spent_nano: view.spent_nano,
    }]);
    assert_eq!(restarted.call(&ask(false)).await.status, 402, "a restart gives nothing back");
    let less = ask(false).replace("\"stream\"", "\"max_tokens\":1,\"stream\"");
    assert_eq!(restarted.call(&less).await.status, 200, "a smaller answer still fits");
}

#[tokio::test]
async fn what_was_set_aside_comes_back_from_a_caller_who_left() {
    let fake = Fake::doing([Act::Hang]).await;
    let mut world = World::new(Settings {
        budgets: vec![budget(1.0)],
        ..priced(&fake, |route| route.limits.attempt_ms = Some(60_000))
    });
    let gateway = world.gateway.clone();
    let mut call = Box::pin(async move { gateway.call(request("/v1/chat/completions", &ask(false))).await });
    while fake.calls() == 0 {
        assert!(futures::poll!(&mut call).is_pending());
        tokio::task::yield_now().await;
    }
    assert!(world.gateway.budgets()[0].reserved_nano > 0);
    drop(call);
    let record = world.record().await;
    let view = world.gateway.budgets().remove(0);
    assert_eq!((view.reserved_nano, Some(view.spent_nano)), (0, record.cost_nano));
}

#[tokio::test]
async fn rates_hold_by_the_minute() {
    let fake = answering().await;
    let limit = RateLimit {
        id: "rate_1".into(),
        scope: Scope { service: Some("shop".into()), ..Scope::default() },
        requests_per_minute: Some(2),
        tokens_per_minute: None,
    };
    let mut world = World::new(Settings { rate_limits: vec![limit], ..settings(&[&fake], |_| {}) });
    assert_eq!([world.call(&ask(false)).await.status, world.call(&ask(false)).await.status], [200, 200]);
    let third = world.call(&ask(false)).await;
    assert_eq!((third.status, third.code().as_str(), third.header("retry-after")), (429, "rate_limit_exceeded", "30"));
    world.clock.advance(30_000);
    assert_eq!(world.call(&ask(false)).await.status, 200);
    let mut other = request("/v1/chat/completions", &ask(false));
    other.caller.service = "other".into();
    assert_eq!(world.gateway.call(other).await.status, 200, "somebody else's rate");
}

#[tokio::test]
async fn an_answer_is_given_again_only_where_asked_for_and_not_for_ever() {
    for stream in [false, true] {
        let fake = if stream { streaming().await } else { answering().await };
        let mut world = World::new(priced(&fake, |route| route.cache_secs = 60));
        let first = world.call(&ask(stream)).await;
        let second = world.call(&ask(stream)).await;
        assert_eq!((fake.calls(), second.header("x-bellwether-cache")), (1, "hit"));
        assert_eq!((&second.body, second.header("content-type")), (&first.body, first.header("content-type")));
        assert_eq!(
            (second.record.is_cached, second.record.cost_nano, second.record.outcome),
            (true, Some(0), Succeeded)
        );
        world.call(&ask(stream).replace("hello", "goodbye")).await;
        world.clock.advance(60_000);
        world.call(&ask(stream)).await;
        assert_eq!(fake.calls(), 3);
    }
    let fake = Fake::doing([Act::json(500, "{}"), Act::json(200, HELLO)]).await;
    let mut world = World::new(priced(&fake, |route| route.cache_secs = 60));
    assert_eq!(world.call(&ask(false)).await.status, 502);
    assert_eq!(world.call(&ask(false)).await.status, 200, "failures are not kept");
}

#[tokio::test]
async fn a_model_whose_budget_is_used_up_is_passed_over() {
    let (first, second) = (answering().await, answering().await);
    let scope = Scope { provider: Some("p0".into()), model: Some("m-0".into()), ..Scope::default() };
    // One call costs 19 µUSD and is sure to cost less than 2 mUSD.
    let own = Budget { scope, ..budget(0.002) };
    let world_settings =
        Settings { budgets: vec![own], prices: vec![price(1.0, 10.0)], ..settings(&[&first, &second], |_| {}) };
    let mut world = World::new(world_settings);
    let mut by_first = 0;
    let passed_over = loop {
        let outcome = world.call(&ask(false)).await;
        assert_eq!(outcome.status, 200);
        if outcome.header("x-bellwether-provider") == "p1" {
            break outcome;
        }
        assert_eq!(outcome.header("x-bellwether-cost-usd"), "0.000019000");
        by_first += 1;
    };
    assert_eq!(passed_over.attempts(), ["p0 over_budget", "p1 answered"]);
    let view = world.gateway.budgets().remove(0);
    assert_eq!((view.spent_nano, view.reserved_nano), (19_000 * by_first, 0), "the other model costs another budget");
    let alone = Settings { budgets: vec![Budget { limit_usd: 1e-6, ..budget(1.0) }], ..priced(&first, |_| {}) };
    assert_eq!(World::new(alone).call(&ask(false)).await.status, 402);
}

#[tokio::test]
async fn without_another_target_the_budget_is_named() {
    let fake = answering().await;
    let scope = Scope { model: Some("m-0".into()), ..Scope::default() };
    let own = Budget { scope, limit_usd: 1e-6, ..budget(1.0) };
    let mut world = World::new(Settings { budgets: vec![own], ..priced(&fake, |_| {}) });
    let outcome = world.call(&ask(false)).await;
    assert_eq!((outcome.status, outcome.code().as_str(), fake.calls()), (402, "budget_exceeded", 0));
    assert_eq!(outcome.attempts(), ["p0 over_budget"]);
}
