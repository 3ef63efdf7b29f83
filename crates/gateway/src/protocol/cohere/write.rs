//! Writes a prompt as a body of `POST /chat`.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::chat::{Format, Part, Prompt, Reasoning, Role, ToolChoice};
use crate::failure::Failure;
use crate::protocol::openai::{Function, functions, part};
use crate::protocol::{Written, bytes, unsupported};
use crate::snapshot::TargetPlan;

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    rest: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Function<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<&'a RawValue>,
}

pub(in crate::protocol) fn write(prompt: &Prompt, target: &TargetPlan) -> Result<Written, Failure> {
    let mut rest = Map::new();
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            rest.insert(key.to_owned(), value);
        }
    };
    set("model", Some(json!(*target.model)));
    set("messages", Some(messages(prompt)?.into()));
    set("stream", Some(prompt.stream.into()));
    set("max_tokens", prompt.max_tokens.map(Value::from));
    set("temperature", prompt.temperature.map(Value::from));
    // Its scales end where others go on.
    set("p", prompt.top_p.map(|p| p.clamp(0.01, 0.99).into()));
    set("k", prompt.top_k.map(|k| k.min(500).into()));
    set("presence_penalty", prompt.presence_penalty.map(|penalty| penalty.clamp(0.0, 1.0).into()));
    set("frequency_penalty", prompt.frequency_penalty.map(|penalty| penalty.clamp(0.0, 1.0).into()));
    set("seed", prompt.seed.map(|seed| seed.unsigned_abs().into()));
    set("stop_sequences", (!prompt.stop.is_empty()).then(|| json!(prompt.stop)));
    set("thinking", prompt.reasoning.as_ref().and_then(thinking));
    if !prompt.tools.is_empty() {
        set("tool_choice", tool_choice(prompt)?);
    }
    let response_format = match &prompt.format {
        Format::Text => None,
        Format::Json => Some(ResponseFormat { kind: "json_object", json_schema: None }),
        Format::Schema { schema, .. } => Some(ResponseFormat { kind: "json_object", json_schema: Some(schema) }),
    };
    let body = bytes(&Body { rest, tools: functions(&prompt.tools, false), response_format })?;
    Ok(Written { path: "/chat".to_owned(), body })
}

/// A single tool cannot be named; where there is no other one, any is that one.
fn tool_choice(prompt: &Prompt) -> Result<Option<Value>, Failure> {
    match &prompt.tool_choice {
        ToolChoice::Auto => Ok(None),
        ToolChoice::None => Ok(Some(json!("NONE"))),
        ToolChoice::Any => Ok(Some(json!("REQUIRED"))),
        ToolChoice::Named(name) if prompt.tools.iter().all(|tool| tool.name == *name) => Ok(Some(json!("REQUIRED"))),
        ToolChoice::Named(_) => Err(unsupported("this model can be told to call tools, but not which one")),
    }
}

fn thinking(reasoning: &Reasoning) -> Option<Value> {
    match reasoning {
        Reasoning::Off => Some(json!({"type": "disabled"})),
        Reasoning::Effort(effort) if effort == "none" => Some(json!({"type": "disabled"})),
        Reasoning::Budget(budget) => Some(json!({"type": "enabled", "token_budget": budget})),
        Reasoning::Effort(_) | Reasoning::Adaptive => None,
    }
}

fn messages(prompt: &Prompt) -> Result<Vec<Value>, Failure> {
    let mut messages: Vec<Value> =
        prompt.system.iter().map(|text| json!({"role": "system", "content": text})).collect();
    for turn in &prompt.turns {
        if turn.role == Role::Assistant {
            messages.push(assistant(&turn.parts));
            continue;
        }
        for part in &turn.parts {
            if let Part::ToolResult { id, content, .. } = part {
                messages.push(json!({"role": "tool", "tool_call_id": id, "content": content}));
            }
        }
        if turn.parts.iter().any(|part| matches!(part, Part::Document { .. })) {
            return Err(unsupported("this model takes no files"));
        }
        let said: Vec<Value> = turn.parts.iter().filter_map(part).collect();
        match (said.as_slice(), turn.parts.as_slice()) {
            ([], _) => {}
            ([_], [Part::Text(text)]) => messages.push(json!({"role": "user", "content": text})),
            _ => messages.push(json!({"role": "user", "content": said})),
        }
    }
    Ok(messages)
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
    let mut message = json!({"role": "assistant"});
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    if !text.is_empty() {
        // Beside calls, what is said is the plan for them.
        let key = if message.get("tool_calls").is_some() { "tool_plan" } else { "content" };
        message[key] = text.into();
    }
    message
}
