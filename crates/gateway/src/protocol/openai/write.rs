//! Writes a prompt as a body of `POST /chat/completions`.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::chat::{Format, Part, Prompt, Reasoning, Role, Tool, ToolChoice};
use crate::failure::Failure;
use crate::protocol::{Written, bytes};
use crate::settings::Kind;
use crate::snapshot::TargetPlan;

/// Schemas stand in their own words and order, which is why they are no part of `rest`.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    rest: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Function<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

/// A tool, as `OpenAI` and Cohere write it.
#[derive(Serialize)]
pub(in crate::protocol) struct Function<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    function: Declaration<'a>,
}

#[derive(Serialize)]
struct Declaration<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<JsonSchema<'a>>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'a str,
    schema: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

pub(in crate::protocol) fn write(prompt: &Prompt, target: &TargetPlan) -> Result<Written, Failure> {
    let provider = &target.provider.settings;
    let mut rest = Map::new();
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            rest.insert(key.to_owned(), value);
        }
    };
    set("model", Some(json!(*target.model)));
    set("messages", Some(Value::Array(messages(prompt))));
    // Servers of one's own know the old name, models of today at OpenAI only the new one.
    let is_own = provider.kind != Kind::OpenAi || provider.base_url.is_some();
    set(if is_own { "max_tokens" } else { "max_completion_tokens" }, prompt.max_tokens.map(Value::from));
    set("temperature", prompt.temperature.map(Value::from));
    set("top_p", prompt.top_p.map(Value::from));
    set("presence_penalty", prompt.presence_penalty.map(Value::from));
    set("frequency_penalty", prompt.frequency_penalty.map(Value::from));
    set("seed", prompt.seed.map(Value::from));
    set("stop", (!prompt.stop.is_empty()).then(|| json!(prompt.stop)));
    set("user", prompt.user.clone().map(Value::from));
    if let Some(Reasoning::Effort(effort)) = &prompt.reasoning {
        set("reasoning_effort", Some(json!(effort)));
    }
    if !prompt.tools.is_empty() {
        set("parallel_tool_calls", prompt.parallel_tools.map(Value::from));
        set("tool_choice", tool_choice(&prompt.tool_choice));
    }
    if prompt.stream {
        set("stream", Some(json!(true)));
        set("stream_options", provider.stream_usage.then(|| json!({"include_usage": true})));
    }
    let response_format = match &prompt.format {
        Format::Text => None,
        Format::Json => Some(ResponseFormat { kind: "json_object", json_schema: None }),
        Format::Schema { name, schema, strict } => Some(ResponseFormat {
            kind: "json_schema",
            json_schema: Some(JsonSchema { name, schema, strict: *strict }),
        }),
    };
    let path = if provider.kind == Kind::HuggingFace { "/v1/chat/completions" } else { "/chat/completions" };
    let body = bytes(&Body { rest, tools: functions(&prompt.tools, true), response_format })?;
    Ok(Written { path: path.to_owned(), body })
}

/// Tools as `OpenAI` and Cohere write them.
pub(in crate::protocol) fn functions(tools: &[Tool], has_strict: bool) -> Vec<Function<'_>> {
    tools.iter().map(|tool| Function { kind: "function", function: declaration(tool, has_strict) }).collect()
}

fn declaration(tool: &Tool, has_strict: bool) -> Declaration<'_> {
    Declaration {
        name: &tool.name,
        description: tool.description.as_deref(),
        parameters: tool.schema.as_deref(),
        strict: tool.strict.filter(|_| has_strict),
    }
}

fn tool_choice(choice: &ToolChoice) -> Option<Value> {
    match choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some(json!("none")),
        ToolChoice::Any => Some(json!("required")),
        ToolChoice::Named(name) => Some(json!({"type": "function", "function": {"name": name}})),
    }
}

fn messages(prompt: &Prompt) -> Vec<Value> {
    let mut messages: Vec<Value> =
        prompt.system.iter().map(|text| json!({"role": "system", "content": text})).collect();
    for turn in &prompt.turns {
        if turn.role == Role::Assistant {
            messages.push(assistant(&turn.parts));
            continue;
        }
        // Results come first: they answer the calls of the message before.
        for part in &turn.parts {
            if let Part::ToolResult { id, content, .. } = part {
                messages.push(json!({"role": "tool", "tool_call_id": id, "content": content}));
            }
        }
        let said: Vec<Value> = turn.parts.iter().filter_map(part).collect();
        match (said.as_slice(), turn.parts.as_slice()) {
            ([], _) => {}
            ([_], [Part::Text(text)]) => messages.push(json!({"role": "user", "content": text})),
            _ => messages.push(json!({"role": "user", "content": said})),
        }
    }
    messages
}

fn assistant(parts: &[Part]) -> Value {
    let (mut text, mut calls) = (String::new(), Vec::new());
    for part in parts {
        match part {
            Part::Text(said) => text.push_str(said),
            Part::ToolCall { id, name, arguments, .. } => {
                calls.push(json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}));
            }
            _ => {}
        }
    }
    let content = if text.is_empty() && !calls.is_empty() { Value::Null } else { text.into() };
    let mut message = json!({"role": "assistant", "content": content});
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    message
}

/// A part of what a user says; results of tools are messages of their own.
pub(in crate::protocol) fn part(part: &Part) -> Option<Value> {
    Some(match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image { media_type, data } => {
            json!({"type": "image_url", "image_url": {"url": format!("data:{media_type};base64,{data}")}})
        }
        Part::ImageUrl(url) => json!({"type": "image_url", "image_url": {"url": url}}),
        Part::Document { media_type, data, name } => {
            let name = name.as_deref().unwrap_or("document");
            json!({"type": "file", "file": {"filename": name, "file_data": format!("data:{media_type};base64,{data}")}})
        }
        Part::ToolCall { .. } | Part::ToolResult { .. } | Part::Reasoning { .. } => return None,
    })
}
