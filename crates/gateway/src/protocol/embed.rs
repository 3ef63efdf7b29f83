//! Embeddings of providers that do not have `OpenAI`'s endpoint for them.

use serde_json::{Value, json};

use super::{Written, bytes, count, items, parsed, unsupported};
use crate::failure::{Class, Failure};
use crate::json::Doc;
use crate::record::Usage;
use crate::settings::Kind;
use crate::snapshot::TargetPlan;

/// What a caller wants embedded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) texts: Vec<String>,
    dimensions: Option<u64>,
    /// As base64 of little-endian 32-bit floats instead of numbers.
    pub(crate) is_base64: bool,
}

/// Reads a body of `/v1/embeddings`.
pub(crate) fn read(body: &[u8]) -> Result<Wanted, Failure> {
    let document = Doc::checked(body).map_err(|error| Failure::new(Class::BadRequest, error.to_string()))?;
    let input = document.get("input").ok_or_else(|| Failure::new(Class::BadRequest, "`input` is missing"))?;
    let texts = match input.text() {
        Some(text) => vec![text],
        None => input.items().map(|item| item.text().ok_or(())).collect::<Result<_, _>>().map_err(|()| {
            unsupported("`input` must be text or a list of texts; tokens cannot be translated for this model")
        })?,
    };
    if texts.is_empty() {
        return Err(Failure::new(Class::BadRequest, "`input` must have at least one text"));
    }
    let dimensions = document.get("dimensions").and_then(Doc::whole_number);
    Ok(Wanted {
        texts,
        dimensions,
        is_base64: document.get("encoding_format").is_some_and(|format| format.is("base64")),
    })
}

/// Writes it for a target.
pub(crate) fn write(wanted: &Wanted, target: &TargetPlan) -> Result<Written, Failure> {
    let model = target.model.strip_prefix("models/").unwrap_or(&target.model);
    let (path, mut body) = match target.provider.settings.kind {
        Kind::Gemini => {
            let one = |text: &String| {
                let mut one = json!({"model": format!("models/{model}"), "content": {"parts": [{"text": text}]}});
                if let Some(dimensions) = wanted.dimensions {
                    one["outputDimensionality"] = dimensions.into();
                }
                one
            };
            let requests: Vec<Value> = wanted.texts.iter().map(one).collect();
            (format!("/models/{model}:batchEmbedContents"), json!({"requests": requests}))
        }
        Kind::Cohere => {
            let body = json!({"model": model, "texts": wanted.texts, "input_type": "search_document", "embedding_types": ["float"]});
            ("/embed".to_owned(), body)
        }
        Kind::HuggingFace => {
            (format!("/hf-inference/models/{model}/pipeline/feature-extraction"), json!({"inputs": wanted.texts}))
        }
        Kind::OpenAi | Kind::Anthropic | Kind::Simulation => return Err(unsupported("there are no embeddings here")),
    };
    if let Some(dimensions) = wanted.dimensions {
        match target.provider.settings.kind {
            Kind::Cohere => body["output_dimension"] = dimensions.into(),
            Kind::HuggingFace => return Err(unsupported("this model does not let its `dimensions` be chosen")),
            _ => {}
        }
    }
    Ok(Written { path, body: bytes(&body)? })
}

/// Reads the vectors, and what was used where the provider says it.
pub(crate) fn answer(kind: Kind, wanted: &Wanted, body: &[u8]) -> Result<(Vec<Vec<f64>>, Option<Usage>), Failure> {
    let value = parsed(body)?;
    if value.get("error").is_some() {
        return Err(Failure::in_stream(body));
    }
    let rows: Vec<&Value> = match kind {
        Kind::Gemini => items(&value, "embeddings").iter().filter_map(|one| one.get("values")).collect(),
        Kind::Cohere => value.get("embeddings").map_or(&[][..], |all| items(all, "float")).iter().collect(),
        _ => value.as_array().map(Vec::as_slice).unwrap_or_default().iter().collect(),
    };
    let numbers = |row: &Value| row.as_array()?.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>();
    let vectors: Option<Vec<_>> = rows.into_iter().map(numbers).collect();
    let is_whole = |vectors: &Vec<Vec<f64>>| vectors.len() == wanted.texts.len();
    let vectors = vectors
        .filter(is_whole)
        .ok_or_else(|| Failure::new(Class::Malformed, format!("not {} vectors of numbers", wanted.texts.len())))?;
    let billed = value.pointer("/meta/billed_units").map(|units| count(units, "input_tokens"));
    Ok((vectors, billed.map(|input| Usage { input, ..Usage::default() })))
}
