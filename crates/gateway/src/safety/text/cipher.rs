//! Simple ciphers: shifted alphabets (rot13 among them), the mirrored alphabet, reversed writing. A run of words is tried when none of
//! them is a common English word, and a trial counts when it brings common words to light.

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

/// The common words by their length.
static BY_LENGTH: LazyLock<[Vec<&'static str>; 7]> = LazyLock::new(|| {
    std::array::from_fn(|length| COMMON.split_whitespace().filter(|word| word.len() == length).collect())
});

pub(super) fn is_common(word: &str) -> bool {
    BY_LENGTH.get(word.len()).is_some_and(|words| words.contains(&word))
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
    // Each common word of the same length votes for the key that would make it of this one.
    let mut votes = [0_usize; 28];
    for word in run.iter().take(TRIED_WORDS).map(|w| w.as_bytes()).filter(|w| (2..=6).contains(&w.len())) {
        for common in BY_LENGTH.get(word.len()).into_iter().flatten().map(|c| c.as_bytes()) {
            let shift = (common[0] + 26).wrapping_sub(word[0]) % 26;
            let pairs = || word.iter().zip(common);
            let is_shifted = |by: u8| pairs().all(|(w, c)| w.is_ascii_lowercase() && (w - b'a' + by) % 26 + b'a' == *c);
            if shift > 0 && is_shifted(shift) {
                votes[usize::from(shift)] += 1;
            }
            votes[26] += usize::from(pairs().all(|(w, c)| w.is_ascii_lowercase() && b'z' - (w - b'a') == *c));
            votes[27] += usize::from(word.iter().rev().eq(common.iter()));
        }
    }
    let keys = (1..26).map(Key::Shift).chain([Key::Mirror, Key::Reverse]);
    let (key, count) = keys.zip(&votes[1..]).max_by_key(|(_, count)| **count)?;
    if *count < COMMON_NEEDED {
        return None;
    }
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
