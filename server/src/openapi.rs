//! The OpenAPI document and a page that shows it without any script.
//!
//! Always true: both are made once at start from the same routes that are served.

use std::fmt::Write as _;

use domain::error::ErrorBody;
use serde_json::Value;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Info, OpenApi, OpenApiBuilder, SecurityRequirement};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::api::PrometheusError;

/// The document without its paths.
pub(crate) fn document() -> OpenApi {
    let mut components = Components::new();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token from log-in, or an API key."))
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key"))));
    // The derive of responses does not bring the shapes that it refers to.
    let mut schemas = vec![
        (ErrorBody::name().into_owned(), ErrorBody::schema()),
        (PrometheusError::name().into_owned(), PrometheusError::schema()),
    ];
    ErrorBody::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let mut info = Info::new("Bellwether", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Predictive reliability for AI services. Times are RFC 3339 UTC, ids are opaque strings with a kind prefix."
            .to_owned(),
    );
    let needs = |name: &str| SecurityRequirement::new(name, Vec::<String>::new());
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .security(Some([needs("bearer"), needs("api_key")]))
        .build()
}

/// Gives every operation an id of its own: its method and path, since handlers of several capabilities share a name.
pub(crate) fn name_operations(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let path = path.trim_start_matches("/api/v1").replace(['/', '-', '.'], "_").replace(['{', '}'], "");
        let operations =
            [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}{path}"));
            }
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn schema_name(schema: &Value) -> String {
    let name = |reference: &str| reference.rsplit('/').next().unwrap_or_default().to_owned();
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return name(reference);
    }
    match schema.get("items") {
        Some(items) => format!("list of {}", schema_name(items)),
        None => schema.get("type").map_or_else(|| "any".to_owned(), |kind| kind.as_str().unwrap_or("any").to_owned()),
    }
}

fn write_operation(page: &mut String, method: &str, path: &str, operation: &Value) {
    let text = |key: &str| escape(operation.get(key).and_then(Value::as_str).unwrap_or_default());
    let id = escape(&format!("{method}-{path}").replace(['/', '{', '}'], "-"));
    let _infallible = write!(
        page,
        "<details id=\"{id}\"><summary><b class=\"{method}\">{}</b> <code>{}</code> <span>{}</span></summary><p>{}</p>",
        method.to_uppercase(),
        escape(path),
        text("summary"),
        text("description")
    );
    let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    if !parameters.is_empty() {
        page.push_str("<table><caption>Parameters</caption><thead><tr><th scope=col>Name</th><th scope=col>In</th><th scope=col>What</th></tr></thead><tbody>");
        for parameter in &parameters {
            let text = |key: &str| escape(parameter.get(key).and_then(Value::as_str).unwrap_or_default());
            let _infallible = write!(
                page,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                text("name"),
                text("in"),
                text("description")
            );
        }
        page.push_str("</tbody></table>");
    }
    for (kind, content) in operation.pointer("/requestBody/content").and_then(Value::as_object).into_iter().flatten() {
        let schema = schema_name(content.get("schema").unwrap_or(&Value::Null));
        let _infallible = write!(
            page,
            "<p>Body: <a href=\"#schema-{0}\"><code>{0}</code></a> as {1}</p>",
            escape(&schema),
            escape(kind)
        );
    }
    page.push_str("<p>Answers: ");
    for (status, response) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
        let schema = response.pointer("/content/application~1json/schema").map(schema_name).unwrap_or_default();
        let _infallible = write!(page, "<span><b>{}</b> {}</span> ", escape(status), escape(&schema));
    }
    page.push_str("</p></details>");
}

/// The page at `/api/docs`.
pub(crate) fn page(document: &OpenApi, stylesheet: &str) -> String {
    let document = serde_json::to_value(document).unwrap_or_default();
    let mut page = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <title>API · Bellwether</title><link rel=icon href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=stylesheet href=\"{}\"></head><body class=\"api-docs\"><main><h1>Bellwether API</h1>\
         <p>{}</p><p>The document itself: <a href=\"/api/v1/openapi.json\">openapi.json</a>. <a href=\"/\">Back to Bellwether</a>.</p>\
         <p>Try one: <code>curl -H 'X-API-Key: rp_…' …/api/v1/health</code></p>",
        escape(stylesheet),
        escape(document.pointer("/info/description").and_then(Value::as_str).unwrap_or_default())
    );
    let mut by_tag = std::collections::BTreeMap::<&str, Vec<(&str, &str, &Value)>>::new();
    for (path, methods) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or("Other");
            by_tag.entry(tag).or_default().push((method, path, operation));
        }
    }
    for (tag, operations) in by_tag {
        let _infallible = write!(page, "<section><h2>{}</h2>", escape(tag));
        for (method, path, operation) in operations {
            write_operation(&mut page, method, path, operation);
        }
        page.push_str("</section>");
    }
    page.push_str("<section><h2>Shapes</h2>");
    for (name, schema) in document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten() {
        let shape = serde_json::to_string_pretty(schema).unwrap_or_default();
        let _infallible = write!(
            page,
            "<details id=\"schema-{0}\"><summary><code>{0}</code></summary><pre tabindex=0>{1}</pre></details>",
            escape(name),
            escape(&shape)
        );
    }
    page.push_str("</section></main></body></html>");
    page
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    fn walk(value: &Value, see: &mut impl FnMut(&str, &Value)) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                see(name, value);
                walk(value, see);
            }),
            Value::Array(values) => values.iter().for_each(|value| walk(value, see)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_has_its_own_id() {
        let document = serde_json::to_value(crate::router::rest(1 << 20).1).unwrap();
        let (mut ids, mut count, mut dangling) = (BTreeSet::new(), 0, BTreeSet::new());
        walk(&document, &mut |name, value| match (name, value) {
            ("$ref", Value::String(reference)) if document.pointer(reference.trim_start_matches('#')).is_none() => {
                dangling.insert(reference.clone());
            }
            ("operationId", Value::String(id)) => {
                count += 1;
                ids.insert(id.clone());
            }
            _ => {}
        });
        assert_eq!(dangling, BTreeSet::new());
        assert!(count > 60, "{count} operations");
        assert_eq!(ids.len(), count);
    }
}
