//! What the system says about a process: memory and processor time.
//!
//! Always true: read from `/proc`, so this is Linux only and says so elsewhere.

use std::time::Duration;

use anyhow::Context as _;
use rustix::param::clock_ticks_per_second;

/// What a process uses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    /// Bytes in RAM now, and at most until now.
    pub(super) resident: u64,
    pub(super) peak: u64,
    /// Processor time of all threads, user and system, since its start.
    pub(super) cpu: Duration,
}

pub(super) const MB: f64 = 1e6;

impl Usage {
    pub(super) fn of(pid: u32) -> anyhow::Result<Self> {
        let read = |file: &str| {
            let path = format!("/proc/{pid}/{file}");
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}; this measurement needs Linux"))
        };
        let (status, stat) = (read("status")?, read("stat")?);
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib * 1_024)
        };
        // The name of the process is in parentheses and may hold anything; fields 14 and 15 are user and system ticks.
        let ticks = stat.rsplit_once(')').map(|(_, rest)| rest.split_ascii_whitespace().skip(11).take(2));
        let ticks = ticks.map(|ticks| ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>());
        let seconds = ticks.context("/proc/PID/stat is not as expected")? as f64 / clock_ticks_per_second() as f64;
        Ok(Self {
            resident: bytes("VmRSS:").context("/proc/PID/status names no VmRSS")?,
            peak: bytes("VmHWM:").context("/proc/PID/status names no VmHWM")?,
            cpu: Duration::from_secs_f64(seconds),
        })
    }

    pub(super) fn resident_mb(&self) -> f64 {
        self.resident as f64 / MB
    }

    pub(super) fn peak_mb(&self) -> f64 {
        self.peak as f64 / MB
    }
}

/// Processes that the given one has started and that still run.
pub(super) fn children_of(pid: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}
