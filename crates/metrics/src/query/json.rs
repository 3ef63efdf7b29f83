//! Answers in the JSON shapes of the Prometheus HTTP API: `{"resultType": …, "result": …}`, times in seconds, values as text.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::series::Series;
use super::value::{Element, Value};
use crate::sample::Sample;

/// A value as the HTTP API writes it: the shortest text that reads back as the same number, with an exponent for very
/// large and very small magnitudes, and `NaN`, `+Inf`, `-Inf`.
pub fn format_value(value: f64) -> String {
    let magnitude = value.abs();
    if !value.is_finite() || magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        return format_plain(value);
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = exponent.strip_prefix('-').map_or(("+", exponent), |digits| ("-", digits));
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        None => text,
    }
}

/// A value without an exponent, as `count_values` writes it into a label.
pub(super) fn format_plain(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() }
    } else {
        format!("{value}")
    }
}

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
    fn values_are_written_as_prometheus_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (123_456_789_012.0, "123456789012"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-2.5e-7, "-2.5e-07"),
            (1e-6, "0.000001"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(format_value(value), text);
        }
        assert_eq!(format_plain(1e22), "10000000000000000000000");
    }

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
