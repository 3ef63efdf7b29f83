//! Words spelled so that a search does not find them: digits and signs for letters, or a separator between all letters.

use super::decode::Hidden;
use super::{Folded, Words};

/// One such word is a product name or a typing error; two are a habit.
const LEAST_DISGUISED: usize = 2;
const LEAST_SPACED: usize = 5;

pub(super) fn spelled_out(folded: &Folded, words: &Words, found: &mut Vec<Hidden>) {
    digits_for_letters(folded, found);
    spaced_letters(folded, words, found);
}

fn letter_of(b: u8) -> Option<u8> {
    Some(match b {
        b'0' => b'o',
        b'1' | b'!' | b'|' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' | b'+' => b't',
        b'8' => b'b',
        b'9' => b'g',
        _ => return None,
    })
}

/// Reads the part of the text between the first and the last disguised word, with letters where the digits were.
fn digits_for_letters(folded: &Folded, found: &mut Vec<Hidden>) {
    let text = folded.text.as_str();
    let (mut first, mut last, mut count) = (None, 0, 0);
    let mut plain = String::new();
    let mut at = 0;
    for chunk in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += chunk.len();
        let core = chunk.trim_end().trim_end_matches(['!', '.', ',', '?']);
        let has_sign = core.bytes().any(|b| letter_of(b).is_some());
        if has_sign && is_disguised(core.as_bytes()) {
            first.get_or_insert(start);
            count += 1;
        }
        if first.is_some() {
            let reads = has_sign && (is_disguised(core.as_bytes()) || is_mixed(core.as_bytes()));
            plain.extend(
                chunk.chars().map(|c| u8::try_from(c).ok().filter(|_| reads).and_then(letter_of).map_or(c, char::from)),
            );
            if reads {
                last = plain.len();
            }
        }
        if plain.len() > 2048 {
            break;
        }
    }
    if let (Some(first), true) = (first, count >= LEAST_DISGUISED) {
        // One word more: the last may be written plainly.
        let end = plain[last..].find(['.', '\n', '!', '?']).map_or(plain.len(), |more| last + more);
        let end = plain.floor_char_boundary(end.min(last + 64));
        plain.truncate(end);
        let range = folded.original(first..(first + end).min(text.len()));
        found.push(Hidden { how: "digits for letters", text: plain.trim().to_owned(), range });
    }
}

/// Letters with a digit or sign between or before them: `p4ssw0rd`, `3vil`, `$ecret`; not `mp3`, `2024`, `v1`.
fn is_disguised(word: &[u8]) -> bool {
    let letters = word.iter().filter(|b| b.is_ascii_lowercase()).count();
    let signs = word.iter().filter(|b| letter_of(**b).is_some()).count();
    let plain = letters + signs == word.len();
    let before_a_letter =
        word.windows(2).filter(|pair| letter_of(pair[0]).is_some() && pair[1].is_ascii_lowercase()).count();
    plain && word.len() >= 3 && letters >= 1 && signs * 3 <= word.len() * 2 && before_a_letter > 0 && !ordinal(word)
}

/// Letters and signs that may stand for letters. Beside a disguised word it is one too: `rul35`.
fn is_mixed(word: &[u8]) -> bool {
    let letters = word.iter().filter(|b| b.is_ascii_lowercase()).count();
    let signs = word.iter().filter(|b| letter_of(**b).is_some()).count();
    letters >= 2 && signs >= 1 && letters + signs == word.len() && !ordinal(word)
}

fn ordinal(word: &[u8]) -> bool {
    let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0
        && matches!(
            &word[digits..],
            b"st"
                | b"nd"
                | b"rd"
                | b"th"
                | b"ms"
                | b"kb"
                | b"mb"
                | b"gb"
                | b"px"
                | b"pm"
                | b"am"
                | b"km"
                | b"kg"
                | b"cm"
                | b"mm"
        )
}

fn spaced_letters(folded: &Folded, words: &Words, found: &mut Vec<Hidden>) {
    let text = folded.text.as_str();
    let single = |i: usize| {
        words.ranges.get(i).is_some_and(|r| r.len() == 1 && text.as_bytes()[r.start as usize].is_ascii_lowercase())
    };
    let mut i = 0;
    while i < words.ranges.len() {
        let start = i;
        while single(i) {
            i += 1;
        }
        if i - start >= LEAST_SPACED {
            let run = &words.ranges[start..i];
            let gap = |pair: &[std::ops::Range<u32>]| pair[1].start - pair[0].end;
            let narrow = run.windows(2).map(gap).min().unwrap_or(1);
            let mut plain = String::new();
            for (k, letter) in run.iter().enumerate() {
                if k > 0 && gap(&run[k - 1..=k]) > narrow {
                    plain.push(' ');
                }
                plain.push_str(&text[letter.start as usize..letter.end as usize]);
            }
            let range = folded.original(run[0].start as usize..run[run.len() - 1].end as usize);
            found.push(Hidden { how: "spaced letters", text: plain, range });
        }
        i = i.max(start + 1);
    }
}
