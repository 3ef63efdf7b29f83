//! `POST /v1/chat/completions`.

use super::{BadPrompt, bad, image, wishes};
use crate::chat::{Format, Part, Prompt, Reasoning, Role, Tool, ToolChoice};
use crate::json::Doc;

pub(super) fn read(document: Doc<'_>) -> Result<Prompt, BadPrompt> {
    let mut prompt = wishes(document);
    let limit = document.get("max_completion_tokens").or_else(|| document.get("max_tokens"));
    prompt.max_tokens = limit.and_then(Doc::whole_number);
    prompt.reasoning = document.text_of("reasoning_effort").map(Reasoning::Effort);
    prompt.format = format(document.get("response_format"))?;
    prompt.tools = document.get("tools").into_iter().flat_map(Doc::items).map(tool).collect::<Result<_, _>>()?;
    prompt.tool_choice = tool_choice(document.get("tool_choice"))?;
    if document.get("n").and_then(Doc::whole_number).is_some_and(|n| n > 1) {
        return Err(bad("n", "must be 1 for this model"));
    }
    let messages =
        document.get("messages").filter(|m| m.is_array()).ok_or_else(|| bad("messages", "must be an array"))?;
    for message in messages.items() {
        read_message(message, &mut prompt)?;
    }
    Ok(prompt)
}

fn read_message(message: Doc<'_>, prompt: &mut Prompt) -> Result<(), BadPrompt> {
    let content = message.get("content");
    let role = message.text_of("role").ok_or_else(|| bad("messages", "a message has no `role`"))?;
    match role.as_str() {
        "system" | "developer" => prompt.system.push(plain(content)?),
        "user" => {
            let parts = parts(content)?;
            prompt.say(Role::User, parts);
        }
        "assistant" => {
            let mut said = parts(content)?;
            said.extend(message.text_of("refusal").map(Part::Text));
            said.extend(message.get("tool_calls").into_iter().flat_map(Doc::items).filter_map(tool_call));
            prompt.say(Role::Assistant, said);
        }
        "tool" | "function" => {
            let id = message.text_of("tool_call_id").or_else(|| message.text_of("name")).unwrap_or_default();
            let name = message.text_of("name").or_else(|| prompt.tool_name(&id).map(str::to_owned));
            let result = Part::ToolResult { id, name, content: plain(content)?, is_error: false };
            prompt.say(Role::User, [result]);
        }
        other => return Err(bad("messages", format!("`{other}` is no role"))),
    }
    Ok(())
}

/// Text alone, from a string or from text parts.
fn plain(content: Option<Doc<'_>>) -> Result<String, BadPrompt> {
    let texts = parts(content)?.into_iter().map(|part| match part {
        Part::Text(text) => Ok(text),
        _ => Err(bad("messages", "only text may stand here")),
    });
    Ok(texts.collect::<Result<Vec<_>, _>>()?.concat())
}

fn parts(content: Option<Doc<'_>>) -> Result<Vec<Part>, BadPrompt> {
    let Some(content) = content else { return Ok(Vec::new()) };
    if let Some(text) = content.text() {
        return Ok(if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] });
    }
    content.items().map(part).collect()
}

fn part(part: Doc<'_>) -> Result<Part, BadPrompt> {
    let missing = || bad("messages", "a content part is not whole");
    let kind = part.text_of("type").ok_or_else(missing)?;
    match kind.as_str() {
        "text" => part.text_of("text").map(Part::Text).ok_or_else(missing),
        "refusal" => part.text_of("refusal").map(Part::Text).ok_or_else(missing),
        "image_url" => {
            let url = part.get("image_url").and_then(|image| image.text_of("url").or_else(|| image.text()));
            url.map(image).ok_or_else(missing)
        }
        "file" => {
            let file = part.get("file").ok_or_else(missing)?;
            let data = file
                .text_of("file_data")
                .ok_or_else(|| bad("messages", "a file by its id cannot be sent to this model"))?;
            match image(data) {
                Part::Image { media_type, data } => {
                    Ok(Part::Document { media_type, data, name: file.text_of("filename") })
                }
                _ => Err(bad("messages", "`file_data` must be `data:…;base64,…`")),
            }
        }
        other => Err(bad("messages", format!("content of type `{other}` cannot be sent to this model"))),
    }
}

fn tool_call(call: Doc<'_>) -> Option<Part> {
    let function = call.get("function")?;
    let signature = call.get("extra_content").and_then(|extra| extra.get("google")?.text_of("thought_signature"));
    Some(Part::ToolCall {
        id: call.text_of("id").unwrap_or_default(),
        name: function.text_of("name")?,
        arguments: function.text_of("arguments").unwrap_or_default(),
        signature,
    })
}

fn tool(tool: Doc<'_>) -> Result<Tool, BadPrompt> {
    let function =
        tool.get("function").ok_or_else(|| bad("tools", "only tools of type `function` can be sent to this model"))?;
    Ok(Tool {
        name: function.text_of("name").ok_or_else(|| bad("tools", "a function has no `name`"))?,
        description: function.text_of("description"),
        schema: function.get("parameters").and_then(Doc::raw),
        strict: function.get("strict").and_then(Doc::truth),
    })
}

fn tool_choice(choice: Option<Doc<'_>>) -> Result<ToolChoice, BadPrompt> {
    let Some(choice) = choice else { return Ok(ToolChoice::Auto) };
    match choice.text().as_deref() {
        Some("auto") => Ok(ToolChoice::Auto),
        Some("none") => Ok(ToolChoice::None),
        Some("required") => Ok(ToolChoice::Any),
        Some(other) => Err(bad("tool_choice", format!("`{other}` is not `auto`, `none` or `required`"))),
        None => {
            let name = choice.get("function").unwrap_or(choice).text_of("name");
            name.map(ToolChoice::Named).ok_or_else(|| bad("tool_choice", "must name a function"))
        }
    }
}

fn format(format: Option<Doc<'_>>) -> Result<Format, BadPrompt> {
    let Some(format) = format else { return Ok(Format::Text) };
    match format.text_of("type").as_deref() {
        Some("text") => Ok(Format::Text),
        Some("json_object") => Ok(Format::Json),
        Some("json_schema") => schema(format.get("json_schema").unwrap_or(format)),
        _ => Err(bad("response_format", "`type` must be `text`, `json_object` or `json_schema`")),
    }
}

/// `{"name", "schema", "strict"}`, as chat and responses have it.
pub(super) fn schema(document: Doc<'_>) -> Result<Format, BadPrompt> {
    let schema =
        document.get("schema").and_then(Doc::raw).ok_or_else(|| bad("response_format", "`schema` is missing"))?;
    let name = document.text_of("name").unwrap_or_else(|| "answer".to_owned());
    Ok(Format::Schema { name, schema, strict: document.get("strict").and_then(Doc::truth) })
}
