//! What is said on the two standard streams.
//!
//! Always true: a closed pipe ends nothing; programs read standard output only.

use std::io::Write as _;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// For people, on standard error.
pub(super) fn say(text: &str) {
    // Nobody is left to tell when this fails.
    writeln!(std::io::stderr(), "{text}").unwrap_or_default();
}

/// For programs, on standard output.
pub(super) fn print(text: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{text}").and_then(|()| out.flush()).unwrap_or_default();
}

/// Starts the log on standard error. `RUST_LOG` sets the level.
pub(super) fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => builder.json().init(),
    }
}
