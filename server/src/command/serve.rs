//! `bellwether serve`.
//!
//! Always true: the line with the URL is printed when requests are answered, not before; SIGTERM and Ctrl-C drain.

use std::process::ExitCode;

use platform::Platform;
use platform::actor::Actor;
use tokio_util::sync::CancellationToken;

use super::log;
use crate::config::Config;

/// Administrator of a demo.
const DEMO_EMAIL: &str = "admin@demo.local";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also run the demo fleet: small real services whose faults you can switch on. Makes an administrator with a
    /// generated password when there is no user.
    #[arg(long)]
    demo: bool,
}

pub(super) fn run(mut config: Config, args: &Args) -> anyhow::Result<ExitCode> {
    config.platform.demo.enabled |= args.demo;
    config.platform.demo.fleet = Some(crate::fleet::members(std::env::current_exe()?));
    log::start(config.server.log_format);
    // Rendering a page may block a worker; with too few of them the rest would wait.
    let workers = std::thread::available_parallelism().map_or(4, |n| n.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    runtime.block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let (is_demo, public_url) = (config.platform.demo.enabled, config.platform.public_url.clone());
    for line in &config.lines {
        tracing::debug!(key = line.key, value = line.value, "setting");
    }
    let server = crate::start(config, None).await?;
    let address = server.address()?;
    if !crate::assets::is_built() {
        tracing::warn!("this binary was built without its web files; pages work without them, build with `make build`");
    }
    let login = if is_demo { demo_administrator(server.platform()).await? } else { None };
    let stop = CancellationToken::new();
    server.platform().tracker().spawn(stop_on_signal(stop.clone()));
    let serving = server.serve(stop);
    log::print(&format!(
        "Bellwether is ready at {} (listening on {address})",
        if is_demo { format!("http://{address}") } else { public_url }
    ));
    if let Some((email, password)) = login {
        log::print(&format!("log in as {email} with the password {password}"));
    } else if is_demo {
        log::print(&format!(
            "log in as {DEMO_EMAIL} with the password of the first start, or make a new link: bellwether user reset --email {DEMO_EMAIL}"
        ));
    }
    serving.await?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the demo's administrator when there is no user.
async fn demo_administrator(platform: &Platform) -> anyhow::Result<Option<(String, String)>> {
    let failed = |error: platform::Error| anyhow::anyhow!(error.chain());
    if !platform.auth().set_up_needed().await.map_err(failed)? {
        return Ok(None);
    }
    let password = platform::auth::random_password();
    let input = domain::user::CreateUser {
        email: DEMO_EMAIL.to_owned(),
        name: "Demo administrator".to_owned(),
        role: domain::access::Role::Admin,
        password: Some(password.clone()),
        team_id: None,
    };
    platform.users().create(&Actor::System, input).await.map_err(failed)?;
    Ok(Some((DEMO_EMAIL.to_owned(), password)))
}

async fn stop_on_signal(stop: CancellationToken) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
            () = stop.cancelled() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await.unwrap_or_default();
    tracing::info!("stopping");
    stop.cancel();
}
