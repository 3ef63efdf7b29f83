//! The demo fleet with everything real: the platform, its database, and the processes of this very binary.
//!
//! Always true: nothing waits for a fixed time; what takes time is polled for, with a deadline.

#[cfg(test)]
mod world;

use domain::catalogue::CreateService;
use domain::demo::{ClearFault, FaultKind};
use platform::Error;
use platform::actor::Actor;

use self::world::{all_scraped, eventually, fault, is_alive, member, start, value};

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_injected_seen_in_the_metrics_and_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path(), true).await;
    all_scraped(&platform, 4).await;
    let mean = r#"rate(http_request_duration_seconds_sum{service="orders"}[5s]) / rate(http_request_duration_seconds_count{service="orders"}[5s])"#;
    let before = eventually("a mean duration", async || value(&platform, mean).await.filter(|mean| *mean > 0.0)).await;
    assert!(before < 0.5, "{before}");

    let injected = platform.demo().inject(&Actor::System, fault("orders", FaultKind::Latency, 0.5)).await.unwrap();
    assert_eq!(injected.faults.iter().map(|on| on.fault).collect::<Vec<_>>(), [FaultKind::Latency]);
    assert_eq!(member(&platform, "orders").await.faults, injected.faults);
    eventually("slow orders in the stored metrics", async || value(&platform, mean).await.filter(|mean| *mean > 0.9))
        .await;

    let cleared =
        platform.demo().clear(&Actor::System, ClearFault { service: "orders".to_owned(), fault: None }).await.unwrap();
    assert!(cleared.faults.is_empty());
    eventually("fast orders in the stored metrics", async || value(&platform, mean).await.filter(|mean| *mean < 0.5))
        .await;
    assert_eq!(member(&platform, "orders").await.restarts, 0);

    let orders = platform.catalogue().get(&Actor::System, "orders").await.unwrap();
    assert!(orders.is_simulated);
    assert_eq!(orders.dependencies, ["users", "payments"]);
    let trail = platform.audit().list(&Actor::System, domain::page::PageRequest::default()).await.unwrap();
    let detail = |action| trail.items.iter().find(|entry| entry.action == action).map(|entry| entry.detail.as_str());
    assert_eq!(detail("demo.fault_injected"), Some("latency at 0.5 for 300 s"));
    assert_eq!(detail("demo.fault_cleared"), Some("all"));
    platform.finish_stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_is_followed_by_a_restart_on_the_same_address() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path(), true).await;
    all_scraped(&platform, 4).await;
    let before = member(&platform, "users").await;
    platform.demo().inject(&Actor::System, fault("users", FaultKind::Crash, 1.0)).await.unwrap();
    let after = eventually("another process", async || {
        let now = member(&platform, "users").await;
        (now.is_running && now.pid != before.pid).then_some(now)
    })
    .await;
    assert_eq!((after.restarts, &after.url), (1, &before.url));
    eventually("answers of the new process", async || {
        let cleared =
            platform.demo().clear(&Actor::System, ClearFault { service: "users".to_owned(), fault: None }).await;
        match cleared {
            Ok(_) => Some(()),
            Err(Error::Unavailable { .. }) => None,
            Err(other) => panic!("{other}"),
        }
    })
    .await;
    platform.finish_stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_ends_the_processes_and_without_demo_mode_nothing_of_them_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path(), true).await;
    all_scraped(&platform, 4).await;
    let status = platform.demo().status(&Actor::System).await.unwrap();
    let addresses: Vec<_> = status.services.iter().map(|service| service.url.clone()).collect();
    let pids: Vec<u32> = status.services.iter().filter_map(|service| service.pid).collect();
    assert!(pids.len() == 4 && pids.iter().all(|&pid| is_alive(pid)));
    platform.finish_stop().await;
    assert!(!pids.iter().any(|&pid| is_alive(pid)));

    let again = start(folder.path(), true).await;
    let status = again.demo().status(&Actor::System).await.unwrap();
    assert_eq!(status.services.iter().map(|service| service.url.clone()).collect::<Vec<_>>(), addresses);
    again.finish_stop().await;

    let real = start(folder.path(), false).await;
    assert!(real.targets().list(&Actor::System).await.unwrap().is_empty());
    let status = real.demo().status(&Actor::System).await.unwrap();
    assert!(!status.is_enabled && status.services.is_empty());
    let refused = real.demo().inject(&Actor::System, fault("orders", FaultKind::Errors, 1.0)).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    real.finish_stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_service_of_the_same_name_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let real = start(folder.path(), false).await;
    let orders = CreateService { name: "orders".to_owned(), ..CreateService::default() };
    real.catalogue().create(&Actor::System, orders).await.unwrap();
    real.finish_stop().await;

    let platform = start(folder.path(), true).await;
    all_scraped(&platform, 3).await;
    let refused = platform.demo().inject(&Actor::System, fault("orders", FaultKind::Errors, 1.0)).await;
    assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    assert!(!platform.catalogue().get(&Actor::System, "orders").await.unwrap().is_simulated);
    platform.finish_stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_or_asks_for_what_is_not_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path(), true).await;
    let demo = platform.demo();
    let clear = ClearFault { service: "orders".to_owned(), fault: None };
    assert!(matches!(demo.status(&Actor::Anonymous).await, Err(Error::NotAuthenticated)));
    let injected = demo.inject(&Actor::Anonymous, fault("orders", FaultKind::Crash, 1.0)).await;
    assert!(matches!(injected, Err(Error::NotAuthenticated)));
    assert!(matches!(demo.clear(&Actor::Anonymous, clear).await, Err(Error::NotAuthenticated)));

    for (wrong, field) in
        [(fault("orders", FaultKind::Drift, 0.5), "fault"), (fault("orders", FaultKind::Cpu, 2.0), "intensity")]
    {
        match demo.inject(&Actor::System, wrong).await {
            Err(Error::Invalid(fields)) => assert_eq!(fields[0].field, field),
            other => panic!("{other:?}"),
        }
    }
    platform.finish_stop().await;
}
