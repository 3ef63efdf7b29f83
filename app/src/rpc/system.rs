//! How Bellwether itself is doing.

use domain::audit::AuditEntry;
use domain::page::{Page, PageRequest};
use domain::system::{ConfigLine, ReadinessLine, SystemStatus};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Failure;
use super::{Reply, request};

/// Everything of the System page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemView {
    pub status: SystemStatus,
    pub readiness: Vec<ReadinessLine>,
    pub config: Vec<ConfigLine>,
}

/// State, readiness and configuration.
#[server(prefix = "/rpc", endpoint = "system", input = server_fn::codec::Json)]
pub async fn system() -> Result<SystemView, Failure> {
    let (platform, actor) = request().await?;
    let status = platform.system().status(&actor).await.reply()?;
    let config = platform.system().config(&actor).reply()?;
    let readiness = platform.system().readiness().await;
    Ok(SystemView { status, readiness, config })
}

/// The audit trail, newest first.
#[server(name = AuditCall, prefix = "/rpc", endpoint = "audit", input = server_fn::codec::Json)]
pub async fn audit(page: PageRequest) -> Result<Page<AuditEntry>, Failure> {
    let (platform, actor) = request().await?;
    platform.audit().list(&actor, page).await.reply()
}
