//! Folding: lower case, compatibility forms, accents off, look-alike letters to Latin, invisible characters out.
//! The folded text knows for each of its bytes where it came from.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

use super::disguise::{latin_of, lookalike};

/// A folded text. `origin` is empty when every byte stayed where it was, else it has one entry a byte and one for the end.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    pub text: String,
    origin: Vec<u32>,
    /// What was written in invisible tag characters, as the ASCII it stands for.
    pub tagged: String,
    /// How many zero-width, tag and direction characters were taken out.
    pub invisible: usize,
}

impl Folded {
    /// The bytes of the original that a range of the folded text came from.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.origin.is_empty() {
            return range;
        }
        let at = |i: usize| self.origin.get(i.min(self.text.len())).map_or(0, |o| *o as usize);
        // The end is where the next kept character began; a removed one in between belongs to the match.
        at(range.start)..at(range.end).max(at(range.start))
    }
}

/// Folds a phrase of the lexicon, so that it meets prompts that were folded.
pub(crate) fn fold_phrase(phrase: &str) -> String {
    fold(phrase).text
}

pub(crate) fn fold(original: &str) -> Folded {
    if original.is_ascii() {
        return Folded { text: original.to_ascii_lowercase(), ..Folded::default() };
    }
    let mut folding = Folding { out: Folded::default(), word: Word::default() };
    folding.out.text.reserve(original.len());
    folding.out.origin.reserve(original.len() + 1);
    for (at, c) in original.char_indices() {
        folding.take(at, c);
    }
    folding.end_word();
    folding.out.origin.push(original.len() as u32);
    folding.out
}

/// The word being read: a word of mixed scripts is a disguise, and its look-alikes become Latin when it ends.
#[derive(Default)]
struct Word {
    start: usize,
    latin: bool,
    other: bool,
}

struct Folding {
    out: Folded,
    word: Word,
}

impl Folding {
    fn take(&mut self, at: usize, c: char) {
        let code = c as u32;
        if c.is_ascii() {
            if !c.is_ascii_alphanumeric() {
                self.end_word();
            } else if c.is_ascii_alphabetic() {
                self.word.latin = true;
            }
            self.push(at, c.to_ascii_lowercase());
        } else if (0xE0020..=0xE007E).contains(&code) {
            self.out.tagged.extend(char::from_u32(code - 0xE0000));
            self.out.invisible += 1;
        } else if is_invisible(code) {
            self.out.invisible += 1;
        } else if keeps_marks(code) {
            self.push(at, c);
        } else if let Some(latin) = latin_of(c) {
            self.word.latin = true;
            self.push(at, latin);
        } else {
            decompose_compatible(c, |part| self.take_part(at, part));
        }
    }

    fn take_part(&mut self, at: usize, part: char) {
        if ('\u{300}'..='\u{36F}').contains(&part) {
            return;
        }
        let part = match part {
            '’' | '‘' | '´' | 'ʼ' | '′' => '\'',
            '“' | '”' | '„' | '«' | '»' => '"',
            part if part.is_whitespace() && part != '\n' => ' ',
            part => part,
        };
        for low in part.to_lowercase() {
            if !low.is_alphanumeric() {
                self.end_word();
            } else if lookalike(low).is_some() {
                self.word.other = true;
            } else if low.is_ascii_alphabetic() {
                self.word.latin = true;
            }
            // Lower-casing can bring marks of its own (İ).
            if !('\u{300}'..='\u{36F}').contains(&low) {
                self.push(at, low);
            }
        }
    }

    fn push(&mut self, at: usize, c: char) {
        self.out.text.push(c);
        self.out.origin.resize(self.out.text.len(), at as u32);
    }

    fn end_word(&mut self) {
        let word = std::mem::replace(&mut self.word, Word { start: self.out.text.len(), latin: false, other: false });
        if !(word.latin && word.other) {
            return;
        }
        let tail = self.out.text.split_off(word.start);
        let origins = self.out.origin.split_off(word.start);
        for (i, c) in tail.char_indices() {
            self.push(origins.get(i).map_or(0, |o| *o as usize), lookalike(c).unwrap_or(c));
        }
        self.word.start = self.out.text.len();
    }
}

fn is_invisible(code: u32) -> bool {
    matches!(code, 0xAD | 0x34F | 0x61C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF | 0xE0000..=0xE01EF)
}

/// Scripts whose marks carry the vowels, or whose syllables would fall apart: they stay as they are.
fn keeps_marks(code: u32) -> bool {
    matches!(code, 0x590..=0x5FF | 0x620..=0x64A | 0x900..=0x109F | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_fold_to_the_plain_word() {
        for disguised in [
            "IGNORE",
            "ｉｇｎｏｒｅ",
            "𝐢𝐠𝐧𝐨𝐫𝐞",
            "i\u{200b}g\u{200d}nore",
            "ıgnore",
            "ignоre",
            "ɪɢɴᴏʀᴇ",
            "ígnóré",
            "🇮🇬🇳🇴🇷🇪",
            "🅸🅶🅽🅾🆁🅴",
            "ⓘⓖⓝⓞⓡⓔ",
        ] {
            assert_eq!(fold(disguised).text, "ignore", "{disguised}");
        }
    }

    #[test]
    fn words_of_one_foreign_script_are_left_alone() {
        assert_eq!(fold("Забудь правила").text, "забудь правила");
        assert_eq!(fold("αγνόησε").text, "αγνοησε");
        assert_eq!(fold("무시 निर्देश 忽略").text, "무시 निर्देश 忽略");
    }

    #[test]
    fn places_lead_back_to_the_original() {
        let original = "é\u{200b}x ＡＢ ﬁn";
        let folded = fold(original);
        assert_eq!(folded.text, "ex ab fin");
        let found = folded.text.find("ab").expect("ab");
        assert_eq!(&original[folded.original(found..found + 2)], "ＡＢ");
        let last = folded.text.find("fin").expect("fin");
        assert_eq!(&original[folded.original(last..last + 3)], "ﬁn");
    }

    #[test]
    fn tag_characters_are_read() {
        let hidden: String = "ignore".chars().filter_map(|c| char::from_u32(0xE0000 + c as u32)).collect();
        let folded = fold(&format!("hello{hidden}"));
        assert_eq!((folded.text.as_str(), folded.tagged.as_str(), folded.invisible), ("hello", "ignore", 6));
    }
}
