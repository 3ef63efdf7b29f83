//! Who may not listen, and how it ends.

use domain::access::{Role, Scope};
use tokio_tungstenite::tungstenite::Error;

use super::client::{Client, Frame, handshake};
use super::listener;
use crate::support::{Caller, World};

on_both_databases!(
    who_may_not_listen_is_refused_in_words,
    a_browser_listens_from_our_own_pages_only,
    everybody_is_told_about_a_stop
);

/// The status and body of a refused handshake.
async fn refused(world: &World, path: &str, caller: &Caller, headers: &[(&'static str, &str)]) -> (u16, String) {
    match handshake(world.listen().await, path, caller, headers).await {
        Err(Error::Http(response)) => {
            let body = response.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
            (response.status().as_u16(), body)
        }
        other => panic!("{other:?}"),
    }
}

async fn who_may_not_listen_is_refused_in_words(world: World) {
    let reader = listener(&world).await;
    for (caller, path, status, words) in [
        (Caller::Anonymous, "/stream/events", 401, "not_authenticated"),
        (Caller::Key("rp_wrong".to_owned()), "/stream/events", 401, "not_authenticated"),
        (world.key(&[Scope::Ingest]).await, "/stream/anomalies", 403, "forbidden"),
        (world.key(&[Scope::Gateway]).await, "/stream/events", 403, "forbidden"),
        (reader.clone(), "/stream/events?after=x", 422, "after"),
        (reader.clone(), "/stream/nothing", 404, "not_found"),
    ] {
        let (found, body) = refused(&world, path, &caller, &[]).await;
        assert!(found == status && body.contains(words), "{path} by {caller:?}: {found} {body}");
    }
}

async fn a_browser_listens_from_our_own_pages_only(world: World) {
    let (address, browser) = (world.listen().await, world.browser(Role::Viewer).await);
    let foreign = [("origin", "http://evil.example")];
    let (status, body) = refused(&world, "/stream/events", &browser, &foreign).await;
    assert!(status == 403 && body.contains("another site"), "{status} {body}");
    let own = format!("http://{address}");
    let client = Client::resume(address, "/stream/events", &browser, &[("origin", &own)]).await;
    assert_eq!(client.hello["event"], "connected");
}

async fn everybody_is_told_about_a_stop(world: World) {
    let (address, caller) = (world.listen().await, listener(&world).await);
    let mut clients = [
        Client::connect(address, "/stream/events", &caller).await,
        Client::connect(address, "/stream/anomalies", &caller).await,
    ];
    world.platform.begin_stop();
    for client in &mut clients {
        match client.frame().await {
            Frame::Closed { code: 1001, reason } => assert!(reason.contains("stopping"), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
}
