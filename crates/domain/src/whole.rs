//! Reads whole numbers as JSON has them: `12.0` is one.
//!
//! Always true: what has a fraction, or does not fit, is refused with its field.

use serde::de::{Deserialize, Deserializer, Error};

fn whole<T: TryFrom<u64>, E: Error>(number: f64) -> Result<T, E> {
    let fits = number.fract() == 0.0 && (0.0..9e15).contains(&number);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie in the range")]
    let found = fits.then(|| T::try_from(number as u64).ok()).flatten();
    found.ok_or_else(|| E::custom(format!("{number} is not a whole number that fits here")))
}

/// For `deserialize_with`: a whole number.
pub(crate) fn number<'de, T: TryFrom<u64>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    f64::deserialize(deserializer).and_then(whole)
}

/// For `deserialize_with`: a whole number, or nothing.
pub(crate) fn optional<'de, T: TryFrom<u64>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::<f64>::deserialize(deserializer)?.map(whole).transpose()
}

#[cfg(test)]
mod tests {
    use crate::gateway::PutPrice;

    #[test]
    fn twelve_is_twelve_however_it_is_written() {
        let read = |tokens: &str| {
            let text = format!(
                r#"{{"provider": "a", "model": "b", "input_usd": 0, "output_usd": 0, "context_tokens": {tokens}}}"#
            );
            serde_json::from_str::<PutPrice>(&text).map(|price| price.context_tokens).ok()
        };
        for (tokens, expected) in [
            ("12", Some(Some(12))),
            ("12.0", Some(Some(12))),
            ("null", Some(None)),
            ("1.5", None),
            ("-1", None),
            ("1e300", None),
        ] {
            assert_eq!(read(tokens), expected, "{tokens}");
        }
    }
}
