//! What the operator protects: sentences of the system prompt that forbid or keep something, and whether the user asks for just that.
//! Weights are set by hand and measured; there is too little public data to learn them.

use std::collections::HashSet;

use super::answer::{is_stop_word, stem};
use super::lexicon::{Family, Lexicon};
use super::reading::Reading;
use super::text::{fold, split_words};
use super::verdict::{Finding, Kind, Severity, excerpt};

/// Bytes of system prompt that are read for prohibitions.
const MOST_BYTES: usize = 16 * 1024;
const FORBIDDING: &[&str] = &[
    "do not",
    "don't",
    "dont",
    "never",
    "not allowed",
    "not permitted",
    "not programmed",
    "avoid",
    "avoiding",
    "refrain",
    "prohibited",
    "forbidden",
    "under no circumstances",
    "must not",
    "should not",
    "cannot",
    "may not",
    "confidential",
    "secret",
    "keep",
    "without revealing",
    "no information",
    "is not",
    "limitation",
];

/// Word stems of what the operator forbids to talk about or to reveal.
#[derive(Debug, Default)]
pub(crate) struct Protected {
    stems: HashSet<String>,
    secret: bool,
}

impl Protected {
    pub(crate) fn new<'a>(systems: impl Iterator<Item = &'a str>, lexicon: &Lexicon) -> Self {
        let mut protected = Self::default();
        for system in systems {
            let folded = fold(&system[..system.floor_char_boundary(MOST_BYTES)]);
            let words = split_words(&folded.text);
            let mut before = String::new();
            for sentence in 0..words.sentences.len() {
                let text = folded.text.get(words.bytes_of(sentence..sentence + 1)).unwrap_or_default();
                if FORBIDDING.iter().any(|f| contains_phrase(text, f)) {
                    // "Do not reveal it": what it is stands in the sentence before.
                    protected.take(text);
                    protected.take(&before);
                }
                text.clone_into(&mut before);
            }
            let secret = lexicon.names(Family::Injection).iter().position(|n| n == "secret");
            let hits = lexicon.search(&folded.text, &words);
            protected.secret |= !protected.stems.is_empty()
                && hits.iter().any(|h| h.family == Family::Injection && Some(usize::from(h.concept)) == secret);
        }
        protected
    }

    fn take(&mut self, sentence: &str) {
        self.stems.extend(content_stems(sentence));
    }

    /// The sentence of the user that asks for what is protected.
    pub(crate) fn asked_for(&self, text: &str, reading: &Reading, lexicon: &Lexicon) -> Option<Finding> {
        if self.stems.is_empty() {
            return None;
        }
        let names = lexicon.names(Family::Injection);
        let concept = |wanted: &str| names.iter().position(|n| n == wanted).and_then(|i| u8::try_from(i).ok());
        let [secret, reveal, question, task] = ["secret", "reveal", "question", "task"].map(concept);
        let mut best: Option<(f32, usize, Vec<String>)> = None;
        for sentence in 0..reading.words.sentences.len().min(256) {
            let Some(words) = reading.words.sentences.get(sentence) else { break };
            let folded = reading.folded.text.get(reading.words.bytes_of(sentence..sentence + 1)).unwrap_or_default();
            let has = |wanted: Option<u8>| {
                let from = reading.hits.partition_point(|h| h.first < words.start);
                let in_sentence = reading.hits[from..].iter().take_while(|h| h.first < words.end);
                wanted.is_some()
                    && in_sentence.filter(|h| h.family == Family::Injection).any(|h| Some(h.concept) == wanted)
            };
            let mut shared: Vec<String> = content_stems(folded).filter(|s| self.stems.contains(s)).collect();
            shared.sort_unstable();
            shared.dedup();
            let asks = has(reveal) || has(question) || has(task) || folded.contains('?');
            let secrets = self.secret && has(secret);
            let score =
                0.26 * shared.len().min(3) as f32 + if asks { 0.24 } else { 0.0 } + if secrets { 0.3 } else { 0.0 };
            if (!shared.is_empty() || secrets) && best.as_ref().is_none_or(|b| score > b.0) {
                best = Some((score, sentence, shared));
            }
        }
        let (score, sentence, shared) = best.filter(|b| b.0 >= 0.5)?;
        let span = reading.folded.original(reading.words.bytes_of(sentence..sentence + 1));
        let about = if shared.is_empty() { "a secret".to_owned() } else { shared.join(", ") };
        Some(Finding {
            kind: Kind::Injection,
            rule: "asks-for-what-is-protected".to_owned(),
            score: score.min(0.9),
            severity: Severity::Medium,
            segment: 0,
            excerpt: excerpt(text, &span),
            span,
            reason: format!("asks for what the system prompt forbids or keeps: {about}"),
            hidden_as: None,
        })
    }
}

fn content_stems(text: &str) -> impl Iterator<Item = String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| w.len() >= 3 && !is_stop_word(w) && !is_instruction_word(w));
    words.map(|w| stem(w).to_owned())
}

/// Words of prohibitions themselves: every system prompt has them and they name no subject.
fn is_instruction_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "avoid",
        "never",
        "discuss",
        "discussing",
        "talk",
        "talking",
        "topic",
        "topics",
        "reveal",
        "share",
        "anyone",
        "provide",
        "answer",
        "question",
        "questions",
        "user",
        "users",
        "help",
        "please",
        "tell",
        "give",
        "strictly",
        "under",
        "circumstances",
        "related",
        "programmed",
        "allowed",
        "chatbot",
        "assistant",
        "information",
        "instead",
        "designed",
        "keep",
        "things",
        "thing",
        "anything",
        "something",
        "people",
        "way",
        "use",
        "make",
        "name",
        "other",
        "specific",
        "explain",
        "describe",
        "write",
        "limitation",
        "role",
        "job",
        "task",
        "developed",
        "conversation",
        "focused",
        "stay",
        "any",
        "only",
        "advice",
        "like",
    ];
    WORDS.contains(&word)
}

fn contains_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let outside = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric());
        outside(at.checked_sub(1).and_then(|i| text.as_bytes().get(i)))
            && outside(text.as_bytes().get(at + phrase.len()))
    })
}
