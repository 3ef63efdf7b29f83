//! Answers in the JSON shapes of the Prometheus HTTP API: `{"resultType": …, "result": …}`, times in seconds, values as text.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::number::format_value;
use super::series::Series;
use super::value::{Element, Value};
use crate::sample::Sample;

/// `[seconds, "value"]`
struct Pair(Sample);

impl Serialize for Pair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Sample { ts, value } = self.0;
        let value = format_value(value);
        if ts % 1000 == 0 {
            (ts / 1000, value).serialize(serializer)
        } else {
            (ts as f64 / 1000.0, value).serialize(serializer)
        }
    }
}

struct Pairs<'a>(&'a [Sample]);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|sample| Pair(*sample)))
    }
}

impl Serialize for Element {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Element", 2)?;
        fields.serialize_field("metric", &self.labels)?;
        fields.serialize_field("value", &Pair(self.sample))?;
        fields.end()
    }
}

impl Serialize for Series {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Series", 2)?;
        fields.serialize_field("metric", &self.labels)?;
        fields.serialize_field("values", &Pairs(&self.samples))?;
        fields.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Value", 2)?;
        match self {
            Self::Scalar(sample) => {
                fields.serialize_field("resultType", "scalar")?;
                fields.serialize_field("result", &Pair(*sample))?;
            }
            Self::Vector(elements) => {
                fields.serialize_field("resultType", "vector")?;
                fields.serialize_field("result", elements)?;
            }
            Self::Matrix(series) => {
                fields.serialize_field("resultType", "matrix")?;
                fields.serialize_field("result", series)?;
            }
        }
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Labels;

    #[test]
    fn shapes_are_those_of_the_http_api() {
        let labels = Labels::from_pairs([("__name__", "up"), ("job", "api")]).unwrap();
        let sample = Sample::new(1_435_781_430_781, 1.0);
        let vector = Value::Vector(vec![Element { labels: labels.clone(), sample }]);
        assert_eq!(
            serde_json::to_string(&vector).unwrap(),
            r#"{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"api"},"value":[1435781430.781,"1"]}]}"#
        );
        let matrix = Value::Matrix(vec![Series { labels, samples: vec![Sample::new(1000, f64::INFINITY)] }]);
        assert_eq!(
            serde_json::to_string(&matrix).unwrap(),
            r#"{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"api"},"values":[[1,"+Inf"]]}]}"#
        );
        assert_eq!(
            serde_json::to_string(&Value::Scalar(Sample::new(2000, 3.0))).unwrap(),
            r#"{"resultType":"scalar","result":[2,"3"]}"#
        );
    }
}
