//! Simple ciphers: shifted alphabets (rot13 among them), the mirrored alphabet, reversed writing. A run of words is tried when none of
//! them is a common English word, and a trial counts when it brings common words to light.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::decode::Hidden;
use super::{Folded, Words};

/// Runs shorter than this say too little.
const LEAST_WORDS: usize = 5;
const MOST_RUNS: usize = 6;
/// A trial is decided by so many words.
const TRIED_WORDS: usize = 14;
const COMMON_NEEDED: usize = 2;

const COMMON: &str = "the and you your are was for not with this that from have what all any can will would should tell give show how is of to in it me my be as do no \
    on at by we if so or an he she they them his her its about there here when where which who why than then but our out up now new one say";

static COMMON_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| COMMON.split_whitespace().collect());

pub(super) fn is_common(word: &str) -> bool {
    COMMON_WORDS.contains(word)
}

pub(super) fn enciphered(folded: &Folded, words: &Words, found: &mut Vec<Hidden>) {
    let text = folded.text.as_str();
    let word =
        |i: usize| words.ranges.get(i).and_then(|r| text.get(r.start as usize..r.end as usize)).unwrap_or_default();
    let strange = |w: &str| w.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'') && !is_common(w);
    let mut runs = 0;
    let mut start = 0;
    for i in 0..=words.ranges.len() {
        // A question mark is a word too and interrupts nothing.
        if i < words.ranges.len() && (strange(word(i)) || (word(i) == "?" && i > start)) {
            continue;
        }
        if i - start >= LEAST_WORDS && runs < MOST_RUNS {
            runs += 1;
            let run: Vec<&str> = (start..i).map(word).collect();
            if let (Some((how, plain)), Some(first), Some(last)) =
                (solve(&run), words.ranges.get(start), words.ranges.get(i - 1))
            {
                found.push(Hidden {
                    how,
                    text: plain,
                    range: folded.original(first.start as usize..last.end as usize),
                });
            }
        }
        start = i + 1;
    }
}

fn solve(run: &[&str]) -> Option<(&'static str, String)> {
    let mut best = (COMMON_NEEDED - 1, None);
    for key in (1..26).map(Key::Shift).chain([Key::Mirror, Key::Reverse]) {
        let common =
            run.iter().take(TRIED_WORDS).filter(|w| (2..=6).contains(&w.len()) && is_common(&key.open(w))).count();
        if common > best.0 {
            best = (common, Some(key));
        }
    }
    let key = best.1?;
    let mut plain: Vec<String> = run.iter().map(|w| key.open(w)).collect();
    if matches!(key, Key::Reverse) {
        plain.reverse();
    }
    Some((key.name(), plain.join(" ")))
}

#[derive(Clone, Copy)]
enum Key {
    Shift(u8),
    Mirror,
    Reverse,
}

impl Key {
    fn open(self, word: &str) -> String {
        let letters = word.bytes().map(|b| match self {
            Self::Shift(by) if b.is_ascii_lowercase() => (b - b'a' + by) % 26 + b'a',
            Self::Mirror if b.is_ascii_lowercase() => b'z' - (b - b'a'),
            _ => b,
        });
        if matches!(self, Self::Reverse) {
            letters.rev().map(char::from).collect()
        } else {
            letters.map(char::from).collect()
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Shift(_) => "a shifted alphabet",
            Self::Mirror => "a mirrored alphabet",
            Self::Reverse => "reversed writing",
        }
    }
}
