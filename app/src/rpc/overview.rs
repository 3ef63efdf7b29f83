//! What the Overview and a service's page show.

use domain::overview::{Overview, ServiceDetail, TimeRange};
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};

/// The Overview over a range of time.
#[server(name = OverviewCall, prefix = "/rpc", endpoint = "overview", input = server_fn::codec::Json)]
pub async fn overview(range: TimeRange) -> Result<Overview, Failure> {
    let (platform, actor) = request().await?;
    platform.overview().overview(&actor, range).await.reply()
}

/// One service with its charts over a range of time.
#[server(name = ServiceDetailCall, prefix = "/rpc", endpoint = "service_detail", input = server_fn::codec::Json)]
pub async fn service_detail(name: String, range: TimeRange) -> Result<ServiceDetail, Failure> {
    let (platform, actor) = request().await?;
    platform.overview().service(&actor, &name, range).await.reply()
}
