//! The demo fleet and its faults.

use domain::demo::{ClearFault, DemoService, DemoStatus, InjectFault};
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};

/// The fleet.
#[server(name = DemoStatusCall, prefix = "/rpc", endpoint = "demo_status", input = server_fn::codec::Json)]
pub async fn demo_status() -> Result<DemoStatus, Failure> {
    let (platform, actor) = request().await?;
    platform.demo().status(&actor).await.reply()
}

/// Switches a fault on.
#[server(name = InjectFaultCall, prefix = "/rpc", endpoint = "inject_fault")]
pub async fn inject_fault(input: InjectFault) -> Result<DemoService, Failure> {
    let (platform, actor) = request().await?;
    platform.demo().inject(&actor, input).await.reply()
}

/// Switches a fault, or all faults, of a service off.
#[server(name = ClearFaultCall, prefix = "/rpc", endpoint = "clear_fault")]
pub async fn clear_fault(input: ClearFault) -> Result<DemoService, Failure> {
    let (platform, actor) = request().await?;
    platform.demo().clear(&actor, input).await.reply()
}
