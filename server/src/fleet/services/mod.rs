//! The work of the four services: one file each, one handler each.
//!
//! Always true: a wait stands where a real service waits (a query, a bank, an accelerator) and is really waited;
//! a failure of a dependency becomes a failure of the caller.

pub(super) mod orders;
pub(super) mod payments;
pub(super) mod threat;
pub(super) mod users;

use axum::http::StatusCode;
use axum::response::Response;

use super::peers::{PeerError, Reply};
use super::pool::PoolTimeout;
use super::router::failure;

/// Why a request could not be answered as it should be.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Pool(#[from] PoolTimeout),
    #[error(transparent)]
    Peer(#[from] PeerError),
    #[error("a dependency answered {0}")]
    Dependency(StatusCode),
    #[error("a dependency gave an answer that cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

impl Failure {
    fn answer(&self) -> Response {
        let status = match self {
            Self::Pool(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Peer(PeerError::Timeout(_)) => StatusCode::GATEWAY_TIMEOUT,
            Self::Peer(_) | Self::Dependency(_) | Self::Unreadable(_) => StatusCode::BAD_GATEWAY,
        };
        failure(status, &self.to_string())
    }
}

/// The reply, if the peer could do its work.
fn successful(reply: Reply) -> Result<Reply, Failure> {
    if reply.status.is_success() { Ok(reply) } else { Err(Failure::Dependency(reply.status)) }
}

/// A little processor time, as rendering and checking an answer take it.
fn compute(rounds: u32) {
    let mut state = f64::from(rounds);
    for round in 0..rounds {
        state = std::hint::black_box((state + f64::from(round)).sqrt());
    }
}
