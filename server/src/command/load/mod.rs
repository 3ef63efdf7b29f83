//! `bellwether load`: calls to models at a rate or by so many callers, and how long they took.
//!
//! The cast: [`Plan`](plan::Plan) says what is sent when; [`caller`] sends one call and times it; [`Tally`](tally::Tally)
//! counts; [`report`] says it.
//!
//! Always true: with a rate, time counts from when a call was due, not from when it could be sent, so that a server that
//! stalls is charged for the calls that waited (coordinated omission); calls under way are bounded, and those that could
//! not even be begun are counted.

mod body;
mod caller;
mod plan;
mod report;
mod tally;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use self::caller::{Caller, Done};
use self::plan::Plan;
use self::tally::Tally;
use super::log;

/// Calls under way at most, with a rate.
const MAX_UNDER_WAY: usize = 10_000;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// Where Bellwether is, or anything else that speaks one of its doors.
    #[arg(long, env = "BELLWETHER_URL", default_value = "http://127.0.0.1:3000")]
    url: String,
    /// An API key with the scope gateway.
    #[arg(long, env = "BELLWETHER_API_KEY", hide_env_values = true)]
    key: Option<String>,
    /// Which door.
    #[arg(long, default_value = "/v1/chat/completions")]
    path: String,
    /// The model or route.
    #[arg(long, default_value = "simulated")]
    model: String,
    /// Calls a second, whatever the answers do (open loop). Without it: as fast as the callers get answers (closed loop).
    #[arg(long, value_parser = positive)]
    rate: Option<f64>,
    /// Callers that each wait for their answer (closed loop).
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    callers: u32,
    /// How long, in seconds.
    #[arg(long, default_value_t = 10.0, value_parser = positive)]
    seconds: f64,
    /// Seconds over which the rate grows from nothing.
    #[arg(long, default_value_t = 0.0)]
    ramp: f64,
    /// Bytes of the prompt; several sizes separated by commas are sent in turn.
    #[arg(long, value_delimiter = ',', default_value = "200")]
    bytes: Vec<usize>,
    /// Share of calls that ask for a stream, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    stream: f64,
    /// Seconds one call may take.
    #[arg(long, default_value_t = 60.0, value_parser = positive)]
    timeout: f64,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

fn positive(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "must be a number".to_owned())?;
    if value > 0.0 && value <= 1e6 { Ok(value) } else { Err("must be above 0 and at most 1000000".to_owned()) }
}

/// Exit code when any call failed, so that pipelines can tell.
const FAILED_CALLS: u8 = 2;

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let plan = Arc::new(Plan::new(&args)?);
    let caller = Caller::new(&args)?;
    let (done, results) = mpsc::channel(MAX_UNDER_WAY);
    let counting = tokio::task::spawn_blocking({
        let plan = Arc::clone(&plan);
        move || count(&plan, results)
    });
    let started = Instant::now();
    let missed = match plan.rate {
        Some(_) => open_loop(&plan, &caller, started, done).await,
        None => closed_loop(&plan, &caller, started, done).await,
    };
    let mut tally = counting.await??;
    tally.not_begun = missed;
    let report = report::Report::of(&tally, started.elapsed());
    log::print(&if args.json { serde_json::to_string(&report)? } else { report.table() });
    Ok(if report.failed == 0 && missed == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED_CALLS) })
}

/// Begins each call when it is due. Answers with the number of those that could not be begun.
async fn open_loop(plan: &Plan, caller: &Caller, started: Instant, done: mpsc::Sender<Done>) -> u64 {
    let slots = Arc::new(Semaphore::new(MAX_UNDER_WAY));
    let mut under_way = JoinSet::new();
    let mut missed = 0;
    for (n, after) in plan.times().enumerate() {
        let due = started + after;
        sleep_until(due).await;
        while under_way.try_join_next().is_some() {}
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
            missed += 1;
            continue;
        };
        let call = caller.clone().call(plan.shape(n), due);
        let done = done.clone();
        under_way.spawn(async move {
            let result = call.await;
            drop(slot);
            done.send(result).await.is_ok()
        });
    }
    drop(done);
    while under_way.join_next().await.is_some() {}
    missed
}

async fn closed_loop(plan: &Arc<Plan>, caller: &Caller, started: Instant, done: mpsc::Sender<Done>) -> u64 {
    let mut callers = JoinSet::new();
    let end = started + plan.duration;
    let next = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for _ in 0..plan.callers {
        let (plan, caller, done, next) = (Arc::clone(plan), caller.clone(), done.clone(), Arc::clone(&next));
        callers.spawn(async move {
            while Instant::now() < end {
                let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let result = caller.clone().call(plan.shape(n), Instant::now()).await;
                if done.send(result).await.is_err() {
                    break;
                }
            }
        });
    }
    drop(done);
    while callers.join_next().await.is_some() {}
    0
}

/// Takes results until no caller is left, and says once a second how far it is.
fn count(plan: &Plan, mut results: mpsc::Receiver<Done>) -> anyhow::Result<Tally> {
    let bar =
        ProgressBar::with_draw_target(Some(plan.duration.as_secs().max(1)), ProgressDrawTarget::stderr_with_hz(4));
    bar.set_style(ProgressStyle::with_template("{elapsed} of {len} s  {wide_bar}  {msg}")?);
    let mut tally = Tally::new()?;
    let started = std::time::Instant::now();
    let mut said = Duration::ZERO;
    while let Some(done) = results.blocking_recv() {
        tally.count(&done);
        let elapsed = started.elapsed();
        if elapsed >= said + Duration::from_millis(500) {
            said = elapsed;
            bar.set_position(elapsed.as_secs());
            bar.set_message(tally.line());
        }
    }
    bar.finish_and_clear();
    Ok(tally)
}
