//! An instance of a JSON Schema: the plainest value that fits.

use serde_json::{Map, Value, json};

/// Deeper than this, schemas that contain themselves end.
const MAX_DEPTH: usize = 16;

/// The plainest instance of a schema; null when it is none.
pub(super) fn of_schema(schema: &str) -> Value {
    serde_json::from_str(schema).map_or(Value::Null, |root: Value| instance(&root, &root, 0))
}

fn instance(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    if let Some(path) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#')) {
        return root.pointer(path).map_or(Value::Null, |target| instance(target, root, depth + 1));
    }
    let first_of = |key: &str| schema.get(key).and_then(|all| all.get(0));
    if let Some(value) = schema.get("const").or_else(|| first_of("enum")).or_else(|| first_of("examples")) {
        return value.clone();
    }
    if let Some(option) = first_of("anyOf").or_else(|| first_of("oneOf")).or_else(|| first_of("allOf")) {
        return instance(option, root, depth + 1);
    }
    let kind =
        schema.get("type").map_or("object", |kind| kind.as_str().or_else(|| kind.get(0)?.as_str()).unwrap_or("null"));
    match kind {
        "object" => object(schema, root, depth),
        "array" => {
            let one = schema.get("items").map(|items| instance(items, root, depth + 1));
            let count = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 16);
            Value::Array(one.map(|one| vec![one; usize::try_from(count).unwrap_or(1)]).unwrap_or_default())
        }
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => Value::Bool(true),
        "string" => Value::String("simulated".to_owned()),
        _ => Value::Null,
    }
}

/// All properties when they are required or nothing is said about that, else the required ones.
fn object(schema: &Value, root: &Value, depth: usize) -> Value {
    let required = schema.get("required").and_then(Value::as_array);
    let is_wanted = |name: &str| required.is_none_or(|names| names.iter().any(|required| required == name));
    let properties = schema.get("properties").and_then(Value::as_object);
    let members = properties.into_iter().flatten().filter(|(name, _)| is_wanted(name));
    Value::Object(
        members.map(|(name, property)| (name.clone(), instance(property, root, depth + 1))).collect::<Map<_, _>>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_fit() {
        assert_eq!(of_schema(r#"{"type":["string","null"]}"#), json!("simulated"));
        assert_eq!(of_schema(r#"{"type":"array","minItems":2,"items":{"type":"boolean"}}"#), json!([true, true]));
        assert_eq!(of_schema("nonsense"), Value::Null);
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let schema =
            r##"{"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}"##;
        assert!(of_schema(schema).is_object());
    }
}
