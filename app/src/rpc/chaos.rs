//! Experiments, and questions asked again and again.

use domain::gateway::{Automation, Experiment, StopAutomation, StopChaos, StoppedAutomation, StoppedChaos};
use domain::ids::{AutomationId, ExperimentId};
use domain::page::{Page, PageRequest};
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};
use crate::forms::{AutomationForm, ChaosForm};

/// Experiments, those that run first.
#[server(prefix = "/rpc", endpoint = "experiments", input = server_fn::codec::Json)]
pub async fn experiments() -> Result<Page<Experiment>, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().experiments(&actor, PageRequest::default()).await.reply()
}

/// Starts an experiment.
#[server(prefix = "/rpc", endpoint = "inject_chaos")]
pub async fn inject_chaos(input: ChaosForm) -> Result<Experiment, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().inject_chaos(&actor, input.into_input().reply()?).await.reply()
}

/// Stops an experiment; without an id all of them.
#[server(name = StopChaosCall, prefix = "/rpc", endpoint = "stop_chaos")]
pub async fn stop_chaos(#[server(default)] id: Option<ExperimentId>) -> Result<StoppedChaos, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().stop_chaos(&actor, StopChaos { id }).await.reply()
}

/// Questions that are asked again and again.
#[server(prefix = "/rpc", endpoint = "automations", input = server_fn::codec::Json)]
pub async fn automations() -> Result<Vec<Automation>, Failure> {
    let (platform, actor) = request().await?;
    Ok(platform.gateway().automations(&actor).reply()?.items)
}

/// Starts asking.
#[server(prefix = "/rpc", endpoint = "start_automation")]
pub async fn start_automation(input: AutomationForm) -> Result<Automation, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().start_automation(&actor, input.into_input().reply()?).await.reply()
}

/// Stops asking.
#[server(name = StopAutomationCall, prefix = "/rpc", endpoint = "stop_automation")]
pub async fn stop_automation(id: AutomationId) -> Result<StoppedAutomation, Failure> {
    let (platform, actor) = request().await?;
    platform.gateway().stop_automation(&actor, StopAutomation { id: Some(id) }).await.reply()
}
