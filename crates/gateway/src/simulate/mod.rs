//! The simulation: a provider that needs no network and no key, for trying things out and as the last resort of a route.
//!
//! Always true: the same request gets the same answer, in the same pieces and at the same pace; every text says that it is
//! simulated; nothing here knows anything, so nothing here may be taken for knowledge.

mod instance;
mod script;
mod text;

use std::time::Duration;

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_64;

pub(crate) use script::Script;

use crate::chat::{Event, Finish, Format, Part, Prompt, Role, ToolChoice};
use crate::door::{self, About, BadPrompt, Writer};
use crate::json::Doc;
use crate::record::Usage;
use crate::request::Door;
use crate::tokens;

/// What the simulation answers.
#[derive(Debug)]
pub(crate) enum Simulated {
    /// A whole body, after this long.
    Whole(Duration, Bytes),
    /// A stream with its pauses.
    Stream(Script),
}

/// How fast it speaks. The model's name decides: one that ends in `instant` does not wait at all.
#[derive(Clone, Copy, Debug)]
struct Pace {
    first: Duration,
    token: Duration,
}

impl Pace {
    fn of(model: &str, seed: u64) -> Self {
        if model.ends_with("instant") {
            return Self { first: Duration::ZERO, token: Duration::ZERO };
        }
        Self { first: Duration::from_millis(180 + seed % 240), token: Duration::from_millis(8 + (seed >> 8) % 14) }
    }
}

/// Answers a request.
pub(crate) fn simulate(door: Door, body: &[u8], about: About) -> Result<Simulated, BadPrompt> {
    if door == Door::Embeddings {
        return embeddings(body, &about);
    }
    let prompt = door::read(door, body)?;
    let seed = xxh3_64(asked(&prompt).as_bytes()) ^ xxh3_64(about.model.as_bytes());
    let events = answer(&prompt, seed, tokens::of_body(body));
    let pace = Pace::of(&about.model, seed);
    if !prompt.stream {
        let reply = events.into_iter().collect::<crate::chat::Reply>();
        let tokens = u32::try_from(reply.usage.unwrap_or_default().output).unwrap_or(u32::MAX);
        return Ok(Simulated::Whole(pace.first + pace.token * tokens, door::whole(door, &about, &reply)));
    }
    let mut script = Script::default();
    let Some(mut writer) = Writer::new(door, about) else { return Ok(Simulated::Stream(script)) };
    let mut wait = pace.first;
    for event in events {
        let tokens = match &event {
            Event::Text(text) | Event::ToolArguments { json: text, .. } => tokens::of_text(text),
            _ => 0,
        };
        let mut out = String::new();
        writer.write(event, &mut out);
        script.then(wait, out);
        wait = pace.token * u32::try_from(tokens).unwrap_or(u32::MAX);
    }
    let mut out = String::new();
    writer.end(&mut out);
    script.then(wait, out);
    Ok(Simulated::Stream(script))
}

/// What the user said last.
fn asked(prompt: &Prompt) -> String {
    let last = prompt.turns.iter().rev().find(|turn| turn.role == Role::User);
    let texts = last.into_iter().flat_map(|turn| &turn.parts).filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        Part::ToolResult { content, .. } => Some(content.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn answer(prompt: &Prompt, seed: u64, input: u64) -> Vec<Event> {
    let has_result =
        prompt.turns.last().is_some_and(|turn| turn.parts.iter().any(|part| matches!(part, Part::ToolResult { .. })));
    let tool = match &prompt.tool_choice {
        ToolChoice::Named(name) => prompt.tools.iter().find(|tool| tool.name == *name),
        ToolChoice::Any => prompt.tools.first(),
        ToolChoice::Auto if !has_result => {
            let said = asked(prompt).to_lowercase();
            prompt.tools.iter().find(|tool| said.contains(&tool.name.to_lowercase().replace('_', " ")))
        }
        ToolChoice::Auto | ToolChoice::None => None,
    };
    let mut events = Vec::new();
    let mut finish = Finish::Stop;
    let mut output = 0;
    if let Some(tool) = tool {
        let arguments = tool
            .schema
            .as_ref()
            .map_or_else(|| "{}".to_owned(), |schema| instance::of_schema(schema.get()).to_string());
        output = tokens::of_text(&arguments);
        let id = format!("call_{seed:016x}");
        events.push(Event::ToolStart { index: 0, id, name: tool.name.clone(), signature: None });
        events.push(Event::ToolArguments { index: 0, json: arguments });
        finish = Finish::ToolCalls;
    } else {
        let said = match &prompt.format {
            Format::Schema { schema, .. } => instance::of_schema(schema.get()).to_string(),
            Format::Json => {
                serde_json::json!({"answer": text::written(&asked(prompt), seed), "simulated": true}).to_string()
            }
            Format::Text => text::written(&asked(prompt), seed),
        };
        for piece in text::pieces(&said) {
            let tokens = tokens::of_text(piece);
            if prompt.max_tokens.is_some_and(|most| output + tokens > most) {
                finish = Finish::Length;
                break;
            }
            output += tokens;
            events.push(Event::Text(piece.to_owned()));
        }
    }
    events.push(Event::Finish(finish));
    events.push(Event::Usage(Usage { input, output, ..Usage::default() }));
    events
}

/// Unit vectors that only depend on the text.
fn embeddings(body: &[u8], about: &About) -> Result<Simulated, BadPrompt> {
    let bad = |param, message: &str| BadPrompt { param, message: message.to_owned() };
    let document = Doc::checked(body).map_err(|error| bad("body", &error.to_string()))?;
    let input = document.get("input").ok_or_else(|| bad("input", "is missing"))?;
    let dimensions = document.get("dimensions").and_then(Doc::whole_number).unwrap_or(256);
    if !(1..=4_096).contains(&dimensions) {
        return Err(bad("dimensions", "must be between 1 and 4096"));
    }
    let is_list = input.is_array() && input.items().all(|item| item.text().is_some() || item.is_array());
    let texts: Vec<String> = if is_list { input.items().map(Doc::json).collect() } else { vec![input.json()] };
    if texts.is_empty() || texts.len() > 2_048 {
        return Err(bad("input", "must have 1 to 2048 texts"));
    }
    let vectors: Vec<Vec<f64>> = texts.iter().map(|text| text::vector(text, dimensions)).collect();
    let usage = Usage { input: texts.iter().map(|text| tokens::of_text(text)).sum(), ..Usage::default() };
    let is_base64 = document.get("encoding_format").is_some_and(|format| format.is("base64"));
    let pace = Pace::of(&about.model, xxh3_64(body));
    Ok(Simulated::Whole(pace.first / 4, door::embeddings(&about.model, &vectors, usage, is_base64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(body: &str) -> Vec<Event> {
        let prompt = door::read(Door::Chat, body.as_bytes()).unwrap();
        answer(&prompt, 7, 3)
    }

    #[test]
    fn the_same_question_gets_the_same_labelled_answer() {
        let body = r#"{"model":"m","messages":[{"role":"user","content":"Why is the sky blue?"}]}"#;
        let first: crate::chat::Reply = events(body).into_iter().collect();
        let second: crate::chat::Reply = events(body).into_iter().collect();
        assert_eq!(first, second);
        assert!(first.text.contains("simulated"), "{}", first.text);
    }

    #[test]
    fn tools_are_called_when_they_must_or_are_named() {
        let tools = r#""tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]"#;
        let forced = format!(r#"{{"messages":[{{"role":"user","content":"hi"}}],{tools},"tool_choice":"required"}}"#);
        let named = format!(r#"{{"messages":[{{"role":"user","content":"please get weather"}}],{tools}}}"#);
        let neither = format!(r#"{{"messages":[{{"role":"user","content":"hi"}}],{tools}}}"#);
        let calls = |body: &str| events(body).iter().any(|event| matches!(event, Event::ToolStart { .. }));
        assert!(calls(&forced) && calls(&named) && !calls(&neither));
    }

    #[test]
    fn a_schema_is_answered_with_an_instance() {
        let body = r#"{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object","properties":{"n":{"type":"integer","minimum":3},"kind":{"enum":["a","b"]}},"required":["n","kind"]}}}}"#;
        let reply: crate::chat::Reply = events(body).into_iter().collect();
        assert_eq!(reply.text, r#"{"kind":"a","n":3}"#);
    }

    #[test]
    fn no_more_is_said_than_asked_for() {
        let reply: crate::chat::Reply =
            events(r#"{"messages":[{"role":"user","content":"x"}],"max_tokens":4}"#).into_iter().collect();
        assert_eq!(reply.finish, Some(Finish::Length));
        assert!(reply.usage.unwrap().output <= 4);
    }
}
