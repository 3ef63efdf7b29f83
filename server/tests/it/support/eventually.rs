//! Waiting for a thing itself, with a bound.

use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(10);

/// What `probe` finds, once it finds something.
pub(crate) async fn eventually<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let search = async {
        let mut looks = tokio::time::interval(POLL);
        loop {
            looks.tick().await;
            if let Some(found) = probe().await {
                return found;
            }
        }
    };
    tokio::time::timeout(DEADLINE, search).await.unwrap_or_else(|_| panic!("waited {DEADLINE:?} for {what}"))
}
