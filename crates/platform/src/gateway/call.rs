//! Calls through the gateway.
//!
//! Always true: a call belongs to the service and the team of its key; only where the key says nothing, what the caller
//! says of itself counts; whoever says nothing is `unknown`.

use std::time::Instant;

use ::gateway::attribution::{KeyFacts, attribute};
use ::gateway::{Answer, Body, Caller, Request};
use bytes::Bytes;
use domain::access::Permission;
use domain::gateway::{AiAnswer, AiCall, TokenCounts};
use domain::ids::RequestId;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

use super::Gateway;
use crate::actor::Actor;
use crate::context::Context;
use crate::error::{Error, Result};

impl Gateway {
    /// Sends a call on its way. The answer may be a stream; dropping it ends the call upstream.
    ///
    /// # Errors
    /// Without the permission to call models. Whatever else goes wrong is an answer in the shape of the door.
    pub async fn call(
        &self,
        actor: &Actor,
        method: Method,
        path: String,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer> {
        actor.require(Permission::Gateway)?;
        let id: RequestId = Context::id();
        let caller = caller(actor, &headers);
        Ok(self.path.call(Request { id: id.to_string(), method, path, headers, body, caller }).await)
    }

    /// Asks a model one thing and waits for the answer.
    ///
    /// # Errors
    /// Without the permission to call models, when there is no such route or provider, or when nobody answers.
    pub async fn ask(&self, actor: &Actor, input: AiCall) -> Result<AiAnswer> {
        actor.require(Permission::Gateway)?;
        input.validate()?;
        let id: RequestId = Context::id();
        let model = match &input.model {
            Some(model) => format!("{}/{model}", input.service),
            None => self.named(&input.service),
        };
        let body = json!({ "model": model, "messages": [{ "role": "user", "content": input.prompt }] });
        let request = Request {
            id: id.to_string(),
            method: Method::POST,
            path: "/v1/chat/completions".to_owned(),
            headers: HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]),
            body: Bytes::from(body.to_string()),
            caller: caller(actor, &HeaderMap::new()),
        };
        let started = Instant::now();
        let answer = self.path.call(request).await;
        let latency_ms = started.elapsed().as_secs_f64() * 1_000.0;
        let said = |name: &str| {
            let value = answer.headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (provider, model, simulated) =
            (said("x-bellwether-provider"), said("x-bellwether-model"), said("x-bellwether-simulated") == "true");
        let Body::Full(bytes) = &answer.body else {
            return Err(Error::internal("asking a model", "an answer that was not asked for as a stream is one"));
        };
        let document: Value =
            serde_json::from_slice(bytes).map_err(|e| Error::internal("reading a model's answer", e))?;
        if !answer.status.is_success() {
            return Err(refused(&document, answer.status.as_u16()));
        }
        let tokens = |name: &str| document["usage"][name].as_u64().unwrap_or_default();
        Ok(AiAnswer {
            response: document["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned(),
            provider,
            model,
            latency_ms,
            tokens: TokenCounts {
                input: tokens("prompt_tokens"),
                output: tokens("completion_tokens"),
                ..TokenCounts::default()
            },
            cost_usd: said("x-bellwether-cost-usd").parse().ok(),
            simulated,
            request_id: id,
        })
    }

    /// A route is called by its name; a provider without a model is asked for its usual one.
    fn named(&self, service: &str) -> String {
        let settings = self.path.settings();
        let is_route = settings.routes.iter().any(|route| route.name == service);
        let provider = settings.providers.iter().find(|provider| provider.name == service);
        match provider.filter(|_| !is_route) {
            Some(provider) => format!("{service}/{}", usual_model(provider)),
            None => service.to_owned(),
        }
    }
}

/// A small current model of each provider.
fn usual_model(provider: &::gateway::settings::Provider) -> &'static str {
    use ::gateway::settings::Kind;
    match (provider.kind, provider.name.as_str()) {
        (Kind::OpenAi, "groq") => "llama-3.1-8b-instant",
        (Kind::OpenAi, _) => "gpt-4o-mini",
        (Kind::Anthropic, _) => "claude-haiku-4-5",
        (Kind::Gemini, _) => "gemini-2.5-flash",
        (Kind::Cohere, _) => "command-r7b-12-2024",
        (Kind::HuggingFace, _) => "meta-llama/Llama-3.1-8B-Instruct",
        (Kind::Simulation, _) => "simulated-chat",
    }
}

fn refused(document: &Value, status: u16) -> Error {
    let message = document["error"]["message"].as_str().unwrap_or("the model did not answer").to_owned();
    match status {
        404 => Error::field("service", message),
        400..500 if !matches!(status, 402 | 429) => Error::field("prompt", message),
        _ => Error::Unavailable { message },
    }
}

/// A person who tries something out is the playground; a program is what its key or it itself says.
fn caller(actor: &Actor, headers: &HeaderMap) -> Caller {
    match actor {
        Actor::Key { id, team_id, .. } => {
            let (id, team) = (id.to_string(), team_id.map(|team| team.to_string()));
            attribute(KeyFacts { id: Some(&id), service: None, team: team.as_deref() }, headers)
        }
        _ => attribute(KeyFacts { service: Some("playground"), ..KeyFacts::default() }, headers),
    }
}
