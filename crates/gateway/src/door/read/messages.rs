//! `POST /v1/messages`, Anthropic's.

use super::{BadPrompt, bad, wishes};
use crate::chat::{Format, Part, Prompt, Reasoning, Role, Tool, ToolChoice};
use crate::json::Doc;

pub(super) fn read(document: Doc<'_>) -> Result<Prompt, BadPrompt> {
    let mut prompt = wishes(document);
    prompt.max_tokens = document.get("max_tokens").and_then(Doc::whole_number);
    if prompt.max_tokens.is_none() {
        return Err(bad("max_tokens", "is missing"));
    }
    prompt.system = system(document.get("system"));
    prompt.reasoning = reasoning(document);
    prompt.tools = document.get("tools").into_iter().flat_map(Doc::items).map(tool).collect::<Result<_, _>>()?;
    let choice = document.get("tool_choice");
    prompt.tool_choice = match choice.and_then(|choice| choice.text_of("type")).as_deref() {
        None | Some("auto") => ToolChoice::Auto,
        Some("any") => ToolChoice::Any,
        Some("none") => ToolChoice::None,
        Some("tool") => {
            let name = choice.and_then(|choice| choice.text_of("name"));
            ToolChoice::Named(name.ok_or_else(|| bad("tool_choice", "must have a `name`"))?)
        }
        Some(other) => return Err(bad("tool_choice", format!("`{other}` is not `auto`, `any`, `tool` or `none`"))),
    };
    let parallel = choice.and_then(|choice| choice.get("disable_parallel_tool_use")?.truth());
    prompt.parallel_tools = parallel.map(|is_disabled| !is_disabled);
    prompt.format = format(document);
    let messages =
        document.get("messages").filter(|m| m.is_array()).ok_or_else(|| bad("messages", "must be an array"))?;
    for message in messages.items() {
        let role = match message.text_of("role").as_deref() {
            Some("user") => Role::User,
            Some("assistant") => Role::Assistant,
            _ => return Err(bad("messages", "`role` must be `user` or `assistant`")),
        };
        let said = blocks(message.get("content"), &prompt)?;
        prompt.say(role, said);
    }
    Ok(prompt)
}

fn system(system: Option<Doc<'_>>) -> Vec<String> {
    let Some(system) = system else { return Vec::new() };
    match system.text() {
        Some(text) => vec![text],
        None => system.items().filter_map(|block| block.text_of("text")).collect(),
    }
}

fn reasoning(document: Doc<'_>) -> Option<Reasoning> {
    let effort = document.get("output_config").and_then(|config| config.text_of("effort")).map(Reasoning::Effort);
    let thinking = document.get("thinking")?;
    match thinking.text_of("type")?.as_str() {
        "enabled" => {
            Some(Reasoning::Budget(thinking.get("budget_tokens").and_then(Doc::whole_number).unwrap_or(1_024)))
        }
        "adaptive" => effort.or(Some(Reasoning::Adaptive)),
        "disabled" => Some(Reasoning::Off),
        _ => effort,
    }
}

fn format(document: Doc<'_>) -> Format {
    let format =
        document.get("output_config").and_then(|config| config.get("format")).or_else(|| document.get("output_format"));
    let schema = format.filter(|format| format.get("type").is_some_and(|kind| kind.is("json_schema")));
    match schema.and_then(|format| format.get("schema")?.raw()) {
        Some(schema) => Format::Schema { name: "answer".to_owned(), schema, strict: Some(true) },
        None => Format::Text,
    }
}

fn tool(tool: Doc<'_>) -> Result<Tool, BadPrompt> {
    if tool.get("type").is_some_and(|kind| !kind.is("custom")) {
        return Err(bad("tools", "only tools with an `input_schema` of their own can be sent to this model"));
    }
    Ok(Tool {
        name: tool.text_of("name").ok_or_else(|| bad("tools", "a tool has no `name`"))?,
        description: tool.text_of("description"),
        schema: tool.get("input_schema").and_then(Doc::raw),
        strict: tool.get("strict").and_then(Doc::truth),
    })
}

fn blocks(content: Option<Doc<'_>>, prompt: &Prompt) -> Result<Vec<Part>, BadPrompt> {
    let Some(content) = content else { return Ok(Vec::new()) };
    match content.text() {
        Some(text) => Ok(vec![Part::Text(text)]),
        None => content.items().map(|part| block(part, prompt)).collect(),
    }
}

fn block(block: Doc<'_>, prompt: &Prompt) -> Result<Part, BadPrompt> {
    let missing = || bad("messages", "a content block is not whole");
    let kind = block.text_of("type").ok_or_else(missing)?;
    match kind.as_str() {
        "text" => block.text_of("text").map(Part::Text).ok_or_else(missing),
        "image" | "document" => source(block).ok_or_else(missing),
        "tool_use" => Ok(Part::ToolCall {
            id: block.text_of("id").ok_or_else(missing)?,
            name: block.text_of("name").ok_or_else(missing)?,
            arguments: block.get("input").map_or_else(|| "{}".to_owned(), Doc::json),
            signature: None,
        }),
        "tool_result" => {
            let id = block.text_of("tool_use_id").ok_or_else(missing)?;
            Ok(Part::ToolResult {
                name: prompt.tool_name(&id).map(str::to_owned),
                id,
                content: result_text(block.get("content"))?,
                is_error: block.get("is_error").and_then(Doc::truth).unwrap_or(false),
            })
        }
        "thinking" => Ok(Part::Reasoning {
            text: block.text_of("thinking").unwrap_or_default(),
            signature: block.text_of("signature"),
        }),
        "redacted_thinking" => Ok(Part::Reasoning { text: String::new(), signature: None }),
        other => Err(bad("messages", format!("content of type `{other}` cannot be sent to this model"))),
    }
}

fn source(block: Doc<'_>) -> Option<Part> {
    let source = block.get("source")?;
    let is_image = block.get("type")?.is("image");
    match source.text_of("type")?.as_str() {
        "url" if is_image => source.text_of("url").map(Part::ImageUrl),
        "base64" => {
            let (media_type, data) = (source.text_of("media_type")?, source.text_of("data")?);
            let name = block.text_of("title");
            Some(if is_image { Part::Image { media_type, data } } else { Part::Document { media_type, data, name } })
        }
        "text" => source.text_of("data").map(Part::Text),
        _ => None,
    }
}

fn result_text(content: Option<Doc<'_>>) -> Result<String, BadPrompt> {
    let Some(content) = content else { return Ok(String::new()) };
    if let Some(text) = content.text() {
        return Ok(text);
    }
    let texts = content
        .items()
        .map(|part| part.text_of("text").ok_or_else(|| bad("messages", "a tool result must be text for this model")));
    Ok(texts.collect::<Result<Vec<_>, _>>()?.concat())
}
