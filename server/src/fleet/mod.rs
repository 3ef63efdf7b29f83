//! The demo fleet, seen from inside one of its processes: a small real service over HTTP.
//!
//! Always true: every number on `/metrics` was measured in this process; a fault is a real effect with a real
//! cause, and it ends by itself; the service listens on loopback only and does not outlive its parent.
//!
//! The cast: [`ServiceKind`] says which of the four services this is, `Service` is what its handlers share,
//! `services` is the work of each, `faults` are the switches and their effects, `load` sends the traffic.

mod control;
mod dice;
mod faults;
mod kind;
mod load;
mod model;
mod options;
mod peers;
mod pool;
mod process;
mod roster;
mod router;
mod service;
mod services;
mod telemetry;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::kind::{ServiceKind, UnknownService};
pub use self::options::{FleetArgs, FleetOptions};
pub use self::roster::members;
use self::service::Service;

/// How long open requests may take once the process has been told to stop.
const GRACE: Duration = Duration::from_secs(1);

/// The exit status of a crash, the same that a panic has.
const CRASH_STATUS: i32 = 101;

/// The crash fault was injected.
#[derive(Debug, thiserror::Error)]
#[error("the crash fault ended this service")]
pub struct Crashed;

/// The whole process: runs the service on a runtime of one thread until the parent closes our standard input.
///
/// # Errors
/// When the name is not a service or the port is taken. The crash fault does not return: it exits with status 101.
pub fn main(options: FleetOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let shutdown = CancellationToken::new();
    stop_with_parent(shutdown.clone()).context("cannot watch the standard input")?;
    let outcome = runtime.block_on(run(options, shutdown));
    runtime.shutdown_background();
    if outcome.as_ref().is_err_and(|error| error.is::<Crashed>()) {
        exit_at_once();
    }
    outcome
}

/// Serves on `127.0.0.1:port` until `shutdown`.
///
/// # Errors
/// As [`serve`], and when the port is taken.
pub async fn run(options: FleetOptions, shutdown: CancellationToken) -> anyhow::Result<()> {
    let address = (Ipv4Addr::LOCALHOST, options.port);
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on 127.0.0.1:{}", options.port))?;
    serve(options, listener, shutdown).await
}

/// Serves on a listener that is already bound; `options.port` is not looked at.
///
/// # Errors
/// When the name is not a service; [`Crashed`] when the crash fault was injected.
pub async fn serve(options: FleetOptions, listener: TcpListener, shutdown: CancellationToken) -> anyhow::Result<()> {
    let port = listener.local_addr()?.port();
    let tasks = TaskTracker::new();
    let stop = shutdown.child_token();
    let service = Service::new(&options, port, tasks.clone())?;
    tracing::info!(service = %service.kind, port, "demo service is listening");

    if service.kind.makes_load() && options.load_per_sec > 0.0 {
        tasks.spawn(load::generate(service.clone(), options.load_per_sec, options.seed, stop.clone()));
    }
    let http = axum::serve(listener, router::routes(service.clone()))
        .with_graceful_shutdown(stop.clone().cancelled_owned())
        .into_future();
    let out_of_time = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    let outcome = tokio::select! {
        ended = http => ended.context("the listener failed"),
        () = service.faults.crashed() => Err(Crashed.into()),
        () = out_of_time => Ok(()),
    };
    stop.cancel();
    service.faults.clear(None).await;
    outcome
}

/// The parent holds the other end of our standard input. The kernel closes it however the parent ends, so a
/// service never outlives it, not even after `kill -9`.
fn stop_with_parent(shutdown: CancellationToken) -> std::io::Result<()> {
    // A thread, not a task: a blocking read cannot be cancelled and would hold the runtime's end.
    std::thread::Builder::new().name("parent-watch".to_owned()).stack_size(64 * 1024).spawn(move || {
        let mut buffer = [0; 64];
        while matches!(std::io::stdin().lock().read(&mut buffer), Ok(n) if n > 0) {}
        shutdown.cancel();
    })?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a crash runs no destructors; that is what this fault is")]
fn exit_at_once() -> ! {
    std::process::exit(CRASH_STATUS)
}
