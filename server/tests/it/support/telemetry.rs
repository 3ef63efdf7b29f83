//! Samples that make something happen.

use std::collections::BTreeMap;

use domain::metric::{PushSample, PushSamples};
use platform::actor::Actor;

use super::{World, eventually};

impl World {
    /// A sample now.
    pub(crate) async fn push(&self, service: &str, metric: &str, value: f64) {
        let sample = PushSample {
            service: service.to_owned(),
            metric: metric.to_owned(),
            value,
            timestamp: None,
            labels: BTreeMap::new(),
        };
        self.platform.metrics().push(&Actor::System, PushSamples { samples: vec![sample] }).await.unwrap();
    }

    /// A sample now of each of `n` series of one service.
    pub(crate) async fn push_series(&self, service: &str, metric: &str, n: usize, value: f64) {
        let sample = |i: usize| PushSample {
            service: service.to_owned(),
            metric: metric.to_owned(),
            value,
            timestamp: None,
            labels: BTreeMap::from([("instance".to_owned(), i.to_string())]),
        };
        let samples = (0..n).map(sample).collect();
        self.platform.metrics().push(&Actor::System, PushSamples { samples }).await.unwrap();
    }

    /// Samples of new services, each of which becomes an event, in the order of their names.
    pub(crate) async fn mention(&self, names: impl IntoIterator<Item = String>) {
        let sample = |service| PushSample {
            service,
            metric: "depth".to_owned(),
            value: 1.0,
            timestamp: None,
            labels: BTreeMap::new(),
        };
        let samples = names.into_iter().map(sample).collect();
        self.platform.metrics().push(&Actor::System, PushSamples { samples }).await.unwrap();
    }

    /// A service that was up and is down, which is an anomaly at once.
    pub(crate) async fn go_down(&self, service: &str) {
        self.push(service, "up", 1.0).await;
        self.pass(15);
        self.push(service, "up", 0.0).await;
    }

    /// Waits until as many anomalies are known, so that nothing is under way any more.
    pub(crate) async fn settled(&self, n: usize) {
        let filter = domain::anomaly::AnomalyFilter::default;
        eventually(&format!("{n} anomalies"), async || {
            let list = self.platform.anomalies().list(&Actor::System, filter()).await.unwrap();
            (list.anomalies.len() == n).then_some(())
        })
        .await;
    }

    /// Waits until as many anomalies are over.
    pub(crate) async fn resolved(&self, n: usize) {
        let status = Some(domain::anomaly::AnomalyStatus::Resolved);
        eventually(&format!("{n} resolved anomalies"), async || {
            let filter = domain::anomaly::AnomalyFilter { status, ..Default::default() };
            let list = self.platform.anomalies().list(&Actor::System, filter).await.unwrap();
            (list.anomalies.len() == n).then_some(())
        })
        .await;
    }

    /// It is up again, which ends the anomaly.
    pub(crate) async fn come_up(&self, service: &str) {
        self.pass(15);
        self.push(service, "up", 1.0).await;
    }
}
