//! The fault switches of one running service, over HTTP.
//!
//! Always true: a call ends within [`PATIENCE`]; a service that does not answer is unavailable, not broken.

use std::time::Duration;

use domain::demo::{ActiveFault, FaultKind, InjectFault};
use domain::error::ErrorBody;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::json;

use super::fleet::TOKEN_HEADER;
use super::supervisor::Post;
use crate::error::{Error, Result};

/// The switches answer from memory; a service that takes longer is stuck.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reaches the switches of a fleet.
#[derive(Clone, Debug)]
pub(super) struct Switches<'a> {
    pub(super) http: &'a Client,
    pub(super) token: &'a str,
}

/// What every switch answers.
#[derive(Debug, Deserialize)]
struct Answer {
    faults: Vec<ActiveFault>,
}

impl Switches<'_> {
    /// What is on.
    pub(super) async fn list(&self, post: &Post) -> Result<Vec<ActiveFault>> {
        self.send(post, self.http.get(format!("{}/faults", post.url()))).await
    }

    /// Switches a fault on; answers with all that is on.
    pub(super) async fn inject(&self, post: &Post, input: &InjectFault) -> Result<Vec<ActiveFault>> {
        let order = json!({ "fault": input.fault, "intensity": input.intensity, "duration_secs": input.duration_secs });
        self.send(post, self.http.post(format!("{}/faults", post.url())).json(&order)).await
    }

    /// Switches one kind off, or all; answers with all that is on.
    pub(super) async fn clear(&self, post: &Post, fault: Option<FaultKind>) -> Result<Vec<ActiveFault>> {
        let path = fault.map_or_else(|| "/faults".to_owned(), |fault| format!("/faults/{fault}"));
        self.send(post, self.http.delete(format!("{}{path}", post.url()))).await
    }

    async fn send(&self, post: &Post, request: RequestBuilder) -> Result<Vec<ActiveFault>> {
        let answer = request.timeout(PATIENCE).header(TOKEN_HEADER, self.token).send().await;
        let answer = answer.map_err(|error| {
            tracing::warn!(service = post.member.name, %error, "demo service does not answer");
            Error::Unavailable {
                message: format!("{} is starting or restarting; try again in a few seconds", post.member.name),
            }
        })?;
        let doing = "reading the answer of a demo service";
        if !answer.status().is_success() {
            let refusal: ErrorBody = answer.json().await.map_err(|e| Error::internal(doing, e))?;
            return Err(refusal.error.into());
        }
        let answer: Answer = answer.json().await.map_err(|e| Error::internal(doing, e))?;
        Ok(answer.faults)
    }
}
