//! Writes a prompt as a body of `generateContent`.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::chat::{Format, Part, Prompt, Reasoning, Role, Tool, ToolChoice, Turn};
use crate::failure::Failure;
use crate::protocol::{Written, bytes, object, unsupported};
use crate::snapshot::TargetPlan;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    rest: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<[Tools<'a>; 1]>,
    generation_config: Generation<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tools<'a> {
    function_declarations: Vec<Declaration<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Declaration<'a> {
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters_json_schema: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Generation<'a> {
    #[serde(flatten)]
    rest: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_json_schema: Option<&'a RawValue>,
}

pub(in crate::protocol) fn write(prompt: &Prompt, target: &TargetPlan) -> Result<Written, Failure> {
    let mut rest = Map::new();
    if !prompt.system.is_empty() {
        let parts: Vec<Value> = prompt.system.iter().map(|text| json!({"text": text})).collect();
        rest.insert("systemInstruction".to_owned(), json!({"parts": parts}));
    }
    let contents = prompt.turns.iter().map(content).collect::<Result<Vec<_>, _>>()?;
    rest.insert("contents".to_owned(), contents.into());
    if let Some(config) = function_calling(&prompt.tool_choice).filter(|_| !prompt.tools.is_empty()) {
        rest.insert("toolConfig".to_owned(), json!({"functionCallingConfig": config}));
    }
    let tools = (!prompt.tools.is_empty())
        .then(|| [Tools { function_declarations: prompt.tools.iter().map(declaration).collect() }]);
    let body = bytes(&Body { rest, tools, generation_config: generation(prompt) })?;
    let model = target.model.strip_prefix("models/").unwrap_or(&target.model);
    let path = match prompt.stream {
        true => format!("/models/{model}:streamGenerateContent?alt=sse"),
        false => format!("/models/{model}:generateContent"),
    };
    Ok(Written { path, body })
}

fn generation(prompt: &Prompt) -> Generation<'_> {
    let mut rest = Map::new();
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            rest.insert(key.to_owned(), value);
        }
    };
    set("maxOutputTokens", prompt.max_tokens.map(Value::from));
    set("temperature", prompt.temperature.map(Value::from));
    set("topP", prompt.top_p.map(Value::from));
    set("topK", prompt.top_k.map(Value::from));
    set("presencePenalty", prompt.presence_penalty.map(Value::from));
    set("frequencyPenalty", prompt.frequency_penalty.map(Value::from));
    set("seed", prompt.seed.map(Value::from));
    set("stopSequences", (!prompt.stop.is_empty()).then(|| json!(prompt.stop)));
    set("thinkingConfig", prompt.reasoning.as_ref().and_then(thinking));
    let schema = match &prompt.format {
        Format::Schema { schema, .. } => Some(&**schema),
        Format::Text | Format::Json => None,
    };
    set("responseMimeType", (!matches!(prompt.format, Format::Text)).then(|| json!("application/json")));
    Generation { rest, response_json_schema: schema }
}

/// The budgets that Google's own `OpenAI` endpoint takes for the words of effort.
fn thinking(reasoning: &Reasoning) -> Option<Value> {
    let budget = match reasoning {
        Reasoning::Effort(effort) => match effort.as_str() {
            "none" => 0,
            "minimal" | "low" => 1_024,
            "medium" => 8_192,
            "high" | "xhigh" | "max" => 24_576,
            _ => return None,
        },
        Reasoning::Budget(budget) => return Some(json!({"thinkingBudget": budget, "includeThoughts": true})),
        Reasoning::Adaptive => return Some(json!({"thinkingBudget": -1, "includeThoughts": true})),
        Reasoning::Off => 0,
    };
    Some(json!({"thinkingBudget": budget}))
}

fn declaration(tool: &Tool) -> Declaration<'_> {
    Declaration {
        name: &tool.name,
        description: tool.description.as_deref().unwrap_or_default(),
        parameters_json_schema: tool.schema.as_deref(),
    }
}

fn function_calling(choice: &ToolChoice) -> Option<Value> {
    match choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some(json!({"mode": "NONE"})),
        ToolChoice::Any => Some(json!({"mode": "ANY"})),
        ToolChoice::Named(name) => Some(json!({"mode": "ANY", "allowedFunctionNames": [name]})),
    }
}

fn content(turn: &Turn) -> Result<Value, Failure> {
    let role = match turn.role {
        Role::User => "user",
        Role::Assistant => "model",
    };
    let parts = turn.parts.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"role": role, "parts": parts.into_iter().flatten().collect::<Vec<_>>()}))
}

fn part(part: &Part) -> Result<Option<Value>, Failure> {
    let sealed = |mut value: Value, signature: Option<&String>| {
        if let Some(signature) = signature {
            value["thoughtSignature"] = signature.as_str().into();
        }
        value
    };
    Ok(Some(match part {
        Part::Text(text) => json!({"text": text}),
        Part::Image { media_type, data } | Part::Document { media_type, data, .. } => {
            json!({"inlineData": {"mimeType": media_type, "data": data}})
        }
        // Addresses of the web are not fetched; those of Google's own store are.
        Part::ImageUrl(url) if url.starts_with("gs://") || url.contains("generativelanguage.googleapis.com/") => {
            json!({"fileData": {"fileUri": url}})
        }
        Part::ImageUrl(_) => {
            return Err(unsupported("this model takes images as `data:…;base64,…` only, not by their address"));
        }
        Part::ToolCall { name, arguments, signature, .. } => {
            sealed(json!({"functionCall": {"name": name, "args": object(arguments)}}), signature.as_ref())
        }
        Part::ToolResult { name, content, is_error, id } => {
            let key = if *is_error { "error" } else { "result" };
            let response = serde_json::from_str::<Value>(content).ok().filter(Value::is_object);
            let response = response.filter(|_| !is_error).unwrap_or_else(|| json!({key: content}));
            json!({"functionResponse": {"name": name.as_ref().unwrap_or(id), "response": response}})
        }
        Part::Reasoning { .. } => return Ok(None),
    }))
}
