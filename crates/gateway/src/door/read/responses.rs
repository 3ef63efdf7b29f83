//! `POST /v1/responses`.

use super::chat::schema;
use super::{BadPrompt, bad, image, wishes};
use crate::chat::{Format, Part, Prompt, Reasoning, Role, Tool, ToolChoice};
use crate::json::Doc;

pub(super) fn read(document: Doc<'_>) -> Result<Prompt, BadPrompt> {
    for kept in ["previous_response_id", "conversation", "prompt"] {
        if document.get(kept).is_some() {
            return Err(bad(
                "previous_response_id",
                format!("`{kept}` is kept by OpenAI and cannot be used with this model; send the whole input"),
            ));
        }
    }
    let mut prompt = wishes(document);
    prompt.max_tokens = document.get("max_output_tokens").and_then(Doc::whole_number);
    prompt.system.extend(document.text_of("instructions"));
    prompt.reasoning =
        document.get("reasoning").and_then(|reasoning| reasoning.text_of("effort")).map(Reasoning::Effort);
    prompt.format = format(document)?;
    prompt.tools = document.get("tools").into_iter().flat_map(Doc::items).map(tool).collect::<Result<_, _>>()?;
    prompt.tool_choice = tool_choice(document.get("tool_choice"));
    let input = document.get("input").ok_or_else(|| bad("input", "is missing"))?;
    if let Some(text) = input.text() {
        prompt.say(Role::User, [Part::Text(text)]);
    }
    for item in input.items() {
        read_item(item, &mut prompt)?;
    }
    Ok(prompt)
}

fn read_item(item: Doc<'_>, prompt: &mut Prompt) -> Result<(), BadPrompt> {
    let kind = item.text_of("type").unwrap_or_else(|| "message".to_owned());
    match kind.as_str() {
        "message" => {
            let said = content(item.get("content"))?;
            match item.text_of("role").as_deref() {
                Some("system" | "developer") => prompt.system.extend(said.into_iter().filter_map(|part| match part {
                    Part::Text(text) => Some(text),
                    _ => None,
                })),
                Some("assistant") => prompt.say(Role::Assistant, said),
                Some("user") => prompt.say(Role::User, said),
                _ => return Err(bad("input", "`role` must be `user`, `assistant`, `system` or `developer`")),
            }
        }
        "function_call" => {
            let call = Part::ToolCall {
                id: item.text_of("call_id").unwrap_or_default(),
                name: item.text_of("name").ok_or_else(|| bad("input", "a function call has no `name`"))?,
                arguments: item.text_of("arguments").unwrap_or_default(),
                signature: None,
            };
            prompt.say(Role::Assistant, [call]);
        }
        "function_call_output" => {
            let id = item.text_of("call_id").unwrap_or_default();
            let name = prompt.tool_name(&id).map(str::to_owned);
            let output = item.get("output").map(|output| output.text().unwrap_or_else(|| output.json()));
            prompt
                .say(Role::User, [Part::ToolResult { id, name, content: output.unwrap_or_default(), is_error: false }]);
        }
        // Sealed by the provider that wrote it; another one cannot read it and does not need it.
        "reasoning" => {}
        other => return Err(bad("input", format!("an item of type `{other}` cannot be sent to this model"))),
    }
    Ok(())
}

fn content(content: Option<Doc<'_>>) -> Result<Vec<Part>, BadPrompt> {
    let Some(content) = content else { return Ok(Vec::new()) };
    if let Some(text) = content.text() {
        return Ok(vec![Part::Text(text)]);
    }
    content.items().map(part).collect()
}

fn part(part: Doc<'_>) -> Result<Part, BadPrompt> {
    let missing = || bad("input", "a content part is not whole");
    let kind = part.text_of("type").ok_or_else(missing)?;
    match kind.as_str() {
        "input_text" | "output_text" | "text" => part.text_of("text").map(Part::Text).ok_or_else(missing),
        "refusal" => part.text_of("refusal").map(Part::Text).ok_or_else(missing),
        "input_image" => {
            part.text_of("image_url").map(image).ok_or_else(|| bad("input", "an image needs an `image_url`"))
        }
        "input_file" => match part.text_of("file_data").map(image) {
            Some(Part::Image { media_type, data }) => {
                Ok(Part::Document { media_type, data, name: part.text_of("filename") })
            }
            _ => Err(bad("input", "`file_data` must be `data:…;base64,…`")),
        },
        other => Err(bad("input", format!("content of type `{other}` cannot be sent to this model"))),
    }
}

fn tool(tool: Doc<'_>) -> Result<Tool, BadPrompt> {
    if !tool.get("type").is_some_and(|kind| kind.is("function")) {
        return Err(bad("tools", "only tools of type `function` can be sent to this model"));
    }
    Ok(Tool {
        name: tool.text_of("name").ok_or_else(|| bad("tools", "a function has no `name`"))?,
        description: tool.text_of("description"),
        schema: tool.get("parameters").and_then(Doc::raw),
        strict: tool.get("strict").and_then(Doc::truth),
    })
}

fn tool_choice(choice: Option<Doc<'_>>) -> ToolChoice {
    let Some(choice) = choice else { return ToolChoice::Auto };
    match (choice.text().as_deref(), choice.text_of("name")) {
        (Some("none"), _) => ToolChoice::None,
        (Some("required"), _) => ToolChoice::Any,
        (None, Some(name)) => ToolChoice::Named(name),
        _ => ToolChoice::Auto,
    }
}

fn format(document: Doc<'_>) -> Result<Format, BadPrompt> {
    let Some(format) = document.get("text").and_then(|text| text.get("format")) else { return Ok(Format::Text) };
    match format.text_of("type").as_deref() {
        Some("json_schema") => schema(format),
        Some("json_object") => Ok(Format::Json),
        _ => Ok(Format::Text),
    }
}
