//! The machine that was measured on, and how busy it was.
//!
//! Always true: what the system does not tell is said to be unknown.

use std::fmt;

use platform::clock::{Clock as _, SystemClock};
use serde::Serialize;

/// The machine.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Machine {
    pub(super) at: domain::Time,
    cpu_model: String,
    cores: usize,
    memory_bytes: u64,
    kernel: String,
    version: &'static str,
    /// `release`, or `debug`, whose speeds say nothing.
    build: &'static str,
    /// Processes that wanted to run, a minute's mean, before and after.
    load_before: f64,
    load_after: f64,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn load() -> f64 {
    read("/proc/loadavg").split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
}

impl Machine {
    /// The machine as it is now.
    pub(super) fn look() -> Self {
        let unknown = || "unknown".to_owned();
        let cpu = read("/proc/cpuinfo");
        let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let memory = read("/proc/meminfo");
        let kib = memory
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        let kernel = read("/proc/sys/kernel/osrelease").trim().to_owned();
        let load = load();
        Self {
            at: SystemClock.now(),
            cpu_model: model.map_or_else(unknown, |(_, name)| name.to_owned()),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_bytes: kib.unwrap_or_default() * 1_024,
            kernel: if kernel.is_empty() { unknown() } else { kernel },
            version: env!("CARGO_PKG_VERSION"),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            load_before: load,
            load_after: load,
        }
    }

    /// The same after the measurement.
    pub(super) fn after(self) -> Self {
        Self { load_after: load(), ..self }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, gib) = (self.at.format("%Y-%m-%d %H:%M UTC"), self.memory_bytes as f64 / f64::from(1 << 30));
        write!(
            f,
            "{at}, Bellwether {} ({} build), {} cores, {}, ",
            self.version, self.build, self.cores, self.cpu_model
        )?;
        write!(f, "{gib:.1} GiB, Linux {}, load {} before and {} after", self.kernel, self.load_before, self.load_after)
    }
}
