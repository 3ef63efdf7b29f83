//! `bellwether serve`: the line with the URL, the end.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;

use super::process::bellwether;
use super::run;
use crate::support::World;

on_both_databases!(it_says_when_it_is_ready_and_drains_on_sigterm, it_does_not_start_where_it_cannot);

const LIMIT: Duration = Duration::from_secs(30);

async fn it_says_when_it_is_ready_and_drains_on_sigterm(world: World) {
    world.platform.finish_stop().await;
    let mut child = bellwether(&world.environment, &["serve"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(LIMIT, lines.next_line()).await.unwrap().unwrap().unwrap();
    let (_, address) = line.split_once("Bellwether is ready at http://127.0.0.1:3000 (listening on ").unwrap();
    let client = platform::outbound_client().unwrap();
    let answer = client.get(format!("http://{}/readyz", address.trim_end_matches(')'))).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let told = std::process::Command::new("kill").arg(child.id().unwrap().to_string()).status().unwrap();
    assert!(told.success());
    let ended = tokio::time::timeout(LIMIT, child.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
}

async fn it_does_not_start_where_it_cannot(world: World) {
    world.platform.finish_stop().await;
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let with = |key: &str, value: String| {
        let mut environment = world.environment.clone();
        environment.retain(|(name, _)| name != key);
        environment.push((key.to_owned(), value));
        environment
    };
    let port = with("BELLWETHER__SERVER__ADDRESS", taken.local_addr().unwrap().to_string());
    let refused = run(&port, &["serve"], "").await.expect(1);
    assert!(refused.err.contains("cannot listen on 127.0.0.1:"), "{refused:?}");
    // The key that the secrets were sealed with is another one.
    let key = with("BELLWETHER__SECURITY__MASTER_KEY", "f".repeat(64));
    let refused = run(&key, &["serve"], "").await.expect(1);
    assert!(refused.err.contains("master key") && refused.out.is_empty(), "{refused:?}");
}
