//! What the operating system says about this process: processor time, memory, start.
//!
//! Always true: read at the moment of the scrape; what cannot be read is left out, never guessed.

use std::fmt;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use rustix::param::page_size;
use rustix::time::{ClockId, clock_gettime};

/// Collects the `process_*` metrics under the names that Prometheus clients use.
#[derive(Debug)]
pub(super) struct Process {
    /// Seconds since 1970.
    started: f64,
}

impl Process {
    pub(super) fn new() -> Self {
        Self { started: super::faults::now().timestamp_millis() as f64 / 1_000.0 }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let cpu = ConstCounter::new(cpu_seconds());
        let kind = cpu.metric_type();
        let help = "Processor time of all threads, user and system.";
        cpu.encode(encoder.encode_descriptor("process_cpu_seconds", help, None, kind)?)?;

        let started = ConstGauge::new(self.started);
        let help = "When the process started, in seconds since 1970.";
        started.encode(encoder.encode_descriptor(
            "process_start_time_seconds",
            help,
            None,
            started.metric_type(),
        )?)?;

        if let Some(bytes) = resident_bytes() {
            let memory = ConstGauge::new(bytes);
            let help = "Memory that is in RAM.";
            memory.encode(encoder.encode_descriptor(
                "process_resident_memory_bytes",
                help,
                None,
                memory.metric_type(),
            )?)?;
        }
        Ok(())
    }
}

/// Nanosecond clock rather than the ticks of `/proc/self/stat`: a mostly idle process uses less than one tick
/// between two scrapes.
fn cpu_seconds() -> f64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    used.tv_sec as f64 + used.tv_nsec as f64 / 1e9
}

/// The second field of `/proc/self/statm` is the resident pages (`man 5 proc_pid_statm`).
fn resident_bytes() -> Option<f64> {
    let statm = fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some((pages * page_size() as u64) as f64)
}
