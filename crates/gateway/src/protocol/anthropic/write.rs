//! Writes a prompt as a body of `POST /messages`.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::chat::{Format, Part, Prompt, Reasoning, Role, Tool, ToolChoice};
use crate::failure::Failure;
use crate::protocol::{Written, bytes, object};
use crate::snapshot::TargetPlan;

/// The protocol wants a limit; this one is taken when neither the caller nor the price table has one.
const USUAL_OUTPUT: u64 = 4_096;
/// No less may be thought.
const LEAST_BUDGET: u64 = 1_024;

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    rest: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Declaration<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<OutputConfig<'a>>,
}

#[derive(Serialize)]
struct Declaration<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    input_schema: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

#[derive(Serialize)]
struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<OutputFormat<'a>>,
}

#[derive(Serialize)]
struct OutputFormat<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    schema: &'a RawValue,
}

pub(in crate::protocol) fn write(prompt: &Prompt, target: &TargetPlan) -> Result<Written, Failure> {
    let mut rest = Map::new();
    let most = prompt.max_tokens.or(target.price.and_then(|price| price.max_output_tokens)).unwrap_or(USUAL_OUTPUT);
    let thinking = thinking(prompt, most);
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            rest.insert(key.to_owned(), value);
        }
    };
    set("model", Some(json!(*target.model)));
    set("max_tokens", Some(most.into()));
    let system = system(prompt);
    set("system", (!system.is_empty()).then(|| system.into()));
    set("messages", Some(Value::Array(prompt.turns.iter().map(|turn| message(turn.role, &turn.parts)).collect())));
    // OpenAI's scale goes to 2, this one to 1; with thinking it has to stay where it is.
    let temperature = prompt.temperature.filter(|_| thinking.is_none()).map(|degree| degree.clamp(0.0, 1.0));
    set("temperature", temperature.map(Value::from));
    // Models of today take one of the two.
    set("top_p", prompt.top_p.filter(|_| temperature.is_none()).map(Value::from));
    set("top_k", prompt.top_k.map(Value::from));
    set("stop_sequences", (!prompt.stop.is_empty()).then(|| json!(prompt.stop)));
    set("metadata", prompt.user.as_ref().map(|user| json!({"user_id": user})));
    set("stream", prompt.stream.then_some(Value::Bool(true)));
    set("thinking", thinking);
    if !prompt.tools.is_empty() {
        set("tool_choice", tool_choice(prompt));
    }
    let nothing = RawValue::from_string(r#"{"type":"object","properties":{}}"#.to_owned());
    let nothing = nothing.map_err(|error| crate::protocol::unsupported(&error.to_string()))?;
    let effort = match &prompt.reasoning {
        Some(Reasoning::Effort(effort)) => known_effort(effort),
        _ => None,
    };
    let format = match &prompt.format {
        Format::Schema { schema, .. } => Some(OutputFormat { kind: "json_schema", schema }),
        Format::Text | Format::Json => None,
    };
    let is_said = effort.is_some() || format.is_some();
    let body = Body {
        rest,
        tools: prompt.tools.iter().map(|tool| declaration(tool, &nothing)).collect(),
        output_config: is_said.then_some(OutputConfig { effort, format }),
    };
    Ok(Written { path: "/messages".to_owned(), body: bytes(&body)? })
}

/// There is no mode for JSON of any shape, so it is asked for in words.
fn system(prompt: &Prompt) -> String {
    let json = matches!(prompt.format, Format::Json).then_some("Answer with one JSON object and nothing else.");
    prompt.system.iter().map(String::as_str).chain(json).collect::<Vec<_>>().join("\n\n")
}

fn declaration<'a>(tool: &'a Tool, nothing: &'a RawValue) -> Declaration<'a> {
    Declaration {
        name: &tool.name,
        description: tool.description.as_deref(),
        input_schema: tool.schema.as_deref().unwrap_or(nothing),
        strict: tool.strict.filter(|strict| *strict),
    }
}

fn known_effort(effort: &str) -> Option<&str> {
    match effort {
        "minimal" => Some("low"),
        "xhigh" => Some("max"),
        "low" | "medium" | "high" | "max" => Some(effort),
        _ => None,
    }
}

fn thinking(prompt: &Prompt, most: u64) -> Option<Value> {
    match &prompt.reasoning {
        Some(Reasoning::Budget(budget)) if most > LEAST_BUDGET => {
            let budget = (*budget).clamp(LEAST_BUDGET, most - 1);
            Some(json!({"type": "enabled", "budget_tokens": budget}))
        }
        Some(Reasoning::Adaptive) => Some(json!({"type": "adaptive"})),
        _ => None,
    }
}

fn tool_choice(prompt: &Prompt) -> Option<Value> {
    let mut choice = match &prompt.tool_choice {
        ToolChoice::Auto if prompt.parallel_tools != Some(false) => return None,
        ToolChoice::Auto => json!({"type": "auto"}),
        ToolChoice::None => return Some(json!({"type": "none"})),
        ToolChoice::Any => json!({"type": "any"}),
        ToolChoice::Named(name) => json!({"type": "tool", "name": name}),
    };
    if prompt.parallel_tools == Some(false) {
        choice["disable_parallel_tool_use"] = true.into();
    }
    Some(choice)
}

fn message(role: Role, parts: &[Part]) -> Value {
    let role = match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    // Results come first: the protocol wants them right behind the calls.
    let (results, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| matches!(part, Part::ToolResult { .. }));
    let content: Vec<Value> = results.into_iter().chain(others).filter_map(block).collect();
    json!({"role": role, "content": content})
}

fn block(part: &Part) -> Option<Value> {
    Some(match part {
        // An empty block would be refused.
        Part::Text(text) if text.is_empty() => return None,
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image { media_type, data } => {
            json!({"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}})
        }
        Part::ImageUrl(url) => json!({"type": "image", "source": {"type": "url", "url": url}}),
        Part::Document { media_type, data, name } => {
            let source = json!({"type": "base64", "media_type": media_type, "data": data});
            let mut block = json!({"type": "document", "source": source});
            if let Some(name) = name {
                block["title"] = name.as_str().into();
            }
            block
        }
        Part::ToolCall { id, name, arguments, .. } => {
            json!({"type": "tool_use", "id": id, "name": name, "input": object(arguments)})
        }
        Part::ToolResult { id, content, is_error, .. } => {
            let mut block = json!({"type": "tool_result", "tool_use_id": id, "content": content});
            if *is_error {
                block["is_error"] = true.into();
            }
            block
        }
        // Without its seal nobody may say what a model has thought.
        Part::Reasoning { text, signature } => {
            json!({"type": "thinking", "thinking": text, "signature": signature.as_ref()?})
        }
    })
}
