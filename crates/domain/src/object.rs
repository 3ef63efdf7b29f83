//! Reads a JSON object as an object only.
//!
//! Always true: a list is refused where an object belongs. Without this a struct can also be read from a list of its
//! values in the order of its fields, which no contract of ours says.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// Something that is an object in JSON.
#[derive(Debug)]
pub struct Object<T>(pub T);

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

fn bare<T>(objects: Vec<Object<T>>) -> Vec<T> {
    objects.into_iter().map(|Object(value)| value).collect()
}

/// For `deserialize_with`: an object.
pub(crate) fn one<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// For `deserialize_with`: an object, or nothing.
pub(crate) fn optional<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer).map(|found| found.map(|Object(value)| value))
}

/// For `deserialize_with`: a list of objects.
pub(crate) fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Vec::deserialize(deserializer).map(bare)
}

/// For `deserialize_with`: a list of objects, or nothing.
pub(crate) fn optional_list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    Option::deserialize(deserializer).map(|found| found.map(bare))
}

#[cfg(test)]
mod tests {
    use super::Object;
    use crate::gateway::PutRoute;
    use crate::metric::PushSamples;
    use crate::user::NameTeam;

    #[test]
    fn a_list_is_no_object() {
        let name = serde_json::from_str::<Object<NameTeam>>(r#"{"name": "a"}"#).unwrap();
        assert_eq!(name.0.name, "a");
        let error = serde_json::from_str::<Object<NameTeam>>(r#"["a"]"#).unwrap_err();
        assert!(error.to_string().starts_with("invalid type: sequence, expected an object"), "{error}");
    }

    #[test]
    fn nor_is_one_inside_of_a_body() {
        let body = r#"{"samples": [{"service": "a", "metric": "m", "value": 1}]}"#;
        assert_eq!(serde_json::from_str::<PushSamples>(body).unwrap().samples.len(), 1);
        assert!(serde_json::from_str::<PushSamples>(r#"{"samples": [["a", "m", 1, null, {}]]}"#).is_err());
        let route = |more: &str| serde_json::from_str::<PutRoute>(&format!(r#"{{"name": "a", {more}}}"#));
        assert!(route(r#""targets": [{"provider": "p", "when": {}}], "limits": {}"#).is_ok());
        assert!(route(r#""targets": [{"provider": "p", "when": null}]"#).is_ok());
        for list in
            [r#""targets": [["p"]]"#, r#""targets": [{"provider": "p", "when": []}]"#, r#""targets": [], "limits": []"#]
        {
            assert!(route(list).is_err(), "{list}");
        }
    }
}
