//! What the simulation says.

use xxhash_rust::xxh3::xxh3_64_with_seed;

const SUBJECTS: [&str; 8] =
    ["The gateway", "This route", "A retry", "The breaker", "Each token", "The stream", "A probe", "The record"];
const VERBS: [&str; 8] = ["carries", "measures", "explains", "protects", "counts", "follows", "remembers", "outlasts"];
const OBJECTS: [&str; 8] = [
    "every request",
    "the slow path",
    "a quiet failure",
    "its own cost",
    "the next answer",
    "a busy hour",
    "the last deploy",
    "what was promised",
];

/// An answer to a question: says that it is simulated, repeats what was asked, and adds a few sentences.
pub(super) fn written(asked: &str, seed: u64) -> String {
    let mut text = String::from("This is a simulated answer.");
    let topic: String = asked.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    if !topic.is_empty() {
        text.push_str(" You asked: ");
        text.extend(topic.chars().take(120));
        text.push('.');
    }
    let sentences = 2 + seed % 4;
    for i in 0..sentences {
        let pick = |words: &'static [&'static str; 8], what: u64| {
            words[(xxh3_64_with_seed(&what.to_le_bytes(), seed ^ i) % 8) as usize]
        };
        text.push_str(&format!(" {} {} {}.", pick(&SUBJECTS, 1), pick(&VERBS, 2), pick(&OBJECTS, 3)));
    }
    text
}

/// The text in words, each with the space before it.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let lead = rest.len() - rest.trim_start_matches(' ').len();
        let end = rest[lead..].find(' ').map_or(rest.len(), |space| lead + space);
        let (piece, others) = rest.split_at(end);
        rest = others;
        Some(piece)
    })
}

/// A unit vector that only depends on the text.
pub(super) fn vector(text: &str, dimensions: u64) -> Vec<f64> {
    #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
    let values =
        (0..dimensions).map(|i| (xxh3_64_with_seed(text.as_bytes(), i) >> 32) as f64 / f64::from(u32::MAX) - 0.5);
    let values: Vec<f64> = values.collect();
    let length = values.iter().map(|value| value * value).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    values.into_iter().map(|value| value / length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole_text() {
        for text in ["", "one", " two  three ", "a b\nc d"] {
            assert_eq!(pieces(text).collect::<String>(), text);
        }
    }

    #[test]
    fn vectors_have_length_one() {
        let vector = vector("x", 64);
        assert!((vector.iter().map(|v| v * v).sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
