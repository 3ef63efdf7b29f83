//! This machine's own CPU, memory, disks and network.
//!
//! Always true: the service is called `host`; rates are over the time since the last measurement, so the first one has
//! none; reading blocks nothing else.

use std::sync::Arc;
use std::time::Duration;

use domain::Time;
use metrics::{Batch, Labels, Sample};
use sysinfo::{DiskRefreshKind, Disks, MemoryRefreshKind, Networks, RefreshKind, System};

use super::{Engine, Writer};
use crate::catalogue::Discoverer;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::task::BackgroundTask;

/// The name of this machine in the catalogue.
pub(crate) const SERVICE: &str = "host";

/// Measures this machine.
#[derive(Debug)]
pub(crate) struct Host {
    context: Context,
    engine: Arc<Engine>,
    writer: Writer,
    discoverer: Discoverer,
    system: System,
    disks: Disks,
    networks: Networks,
    measured_at: Option<Time>,
}

/// Metric, the label that tells its series apart if there are several, value.
type Measurement = (&'static str, Option<(&'static str, String)>, f64);

impl Host {
    pub(crate) fn new(context: Context, engine: Arc<Engine>, writer: Writer, discoverer: Discoverer) -> Result<Self> {
        let refuse = |e| Error::internal("measuring this machine", e);
        let what = RefreshKind::nothing()
            .with_cpu(sysinfo::CpuRefreshKind::nothing().with_usage())
            .with_memory(MemoryRefreshKind::everything());
        Ok(Self {
            context,
            engine,
            writer,
            discoverer,
            system: System::new_with_specifics(what).map_err(refuse)?,
            disks: Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage())
                .map_err(refuse)?,
            networks: Networks::new_with_refreshed_list().map_err(refuse)?,
            measured_at: None,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "bytes beyond 2^53 lose nothing that matters")]
    fn measure(&mut self, elapsed: Option<Duration>) -> Vec<Measurement> {
        self.system.refresh_cpu_usage();
        self.system.refresh_memory();
        self.disks.refresh_specifics(true, DiskRefreshKind::nothing().with_storage());
        self.networks.refresh(true);
        let mut measured: Vec<Measurement> = vec![
            ("memory_usage", None, self.system.used_memory() as f64),
            ("memory_used_ratio", None, self.system.used_memory() as f64 / (self.system.total_memory().max(1)) as f64),
        ];
        for disk in self.disks.iter().filter(|disk| disk.total_space() > 0) {
            let mount = disk.mount_point().to_string_lossy().into_owned();
            let used = 1.0 - disk.available_space() as f64 / disk.total_space() as f64;
            measured.push(("disk_used_ratio", Some(("mount", mount.clone())), used));
            measured.push(("disk_available_bytes", Some(("mount", mount)), disk.available_space() as f64));
        }
        if let Some(elapsed) = elapsed.map(|elapsed| elapsed.as_secs_f64()).filter(|elapsed| *elapsed > 0.0) {
            measured.push(("cpu_usage", None, f64::from(self.system.global_cpu_usage())));
            for (interface, data) in &self.networks {
                let label = || Some(("interface", interface.to_string_lossy().into_owned()));
                measured.push(("network_received_bytes_per_second", label(), data.received() as f64 / elapsed));
                measured.push(("network_sent_bytes_per_second", label(), data.transmitted() as f64 / elapsed));
            }
        }
        measured
    }
}

impl BackgroundTask for Host {
    const NAME: &'static str = "host";
    const ABOUT: &'static str = "measures this machine's CPU, memory, disks and network";

    fn period(&self) -> Duration {
        Duration::from_millis(self.context.config.scrape.host_interval_ms.max(1_000))
    }

    async fn activate(&mut self) -> Result<String> {
        let now = self.context.now();
        let elapsed = self.measured_at.replace(now).and_then(|before| (now - before).to_std().ok());
        let measured = self.measure(elapsed);
        let n = measured.len();
        let mut batch = Batch::default();
        for (metric, label, value) in measured {
            let mut pairs = vec![("__name__", metric.to_owned()), ("service", SERVICE.to_owned())];
            pairs.extend(label);
            let labels = Labels::from_pairs(pairs).map_err(|e| Error::internal("naming a measurement", e))?;
            let id = self
                .engine
                .head
                .resolve(&labels, &mut batch)
                .map_err(|e| Error::internal("making room for a measurement", e))?;
            batch.push(id, Sample::new(now.timestamp_millis(), value));
        }
        self.writer.commit(batch).await?;
        self.discoverer.heard(SERVICE, now.timestamp_millis(), false).await?;
        Ok(format!("{n} measurements"))
    }
}
