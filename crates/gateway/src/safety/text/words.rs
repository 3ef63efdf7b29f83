//! Words and sentences of a folded text. Scripts without spaces give one word a character.

use std::ops::Range;

/// A sentence ends here at the latest: a list without a full stop must not become one endless sentence.
const SENTENCE_WORDS: u32 = 40;

/// The words of a text. Words of sentence `s` are `sentences[s]`.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Byte range in the folded text.
    pub ranges: Vec<Range<u32>>,
    pub sentences: Vec<Range<u32>>,
}

impl Words {
    /// The word at or before a byte of the folded text.
    pub(crate) fn word_at(&self, byte: usize) -> usize {
        self.ranges.partition_point(|w| w.start as usize <= byte).saturating_sub(1)
    }

    pub(crate) fn sentence_of(&self, word: usize) -> usize {
        self.sentences.partition_point(|s| s.start as usize <= word).saturating_sub(1)
    }

    /// The folded bytes of a run of sentences.
    pub(crate) fn bytes_of(&self, sentences: Range<usize>) -> Range<usize> {
        let first = self.sentences.get(sentences.start).and_then(|s| self.ranges.get(s.start as usize));
        let last = self
            .sentences
            .get(sentences.end.saturating_sub(1))
            .and_then(|s| self.ranges.get((s.end as usize).saturating_sub(1)));
        first.map_or(0, |w| w.start as usize)..last.map_or(0, |w| w.end as usize)
    }
}

/// Each of its characters is a word of its own.
pub(crate) fn stands_alone(c: char) -> bool {
    matches!(c as u32, 0xE00..=0xE7F | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3)
}

pub(crate) fn split_words(text: &str) -> Words {
    let mut cut = Cut { words: Words::default(), sentence: 0, open: None };
    cut.words.ranges.reserve(text.len() / 5);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        if c.is_ascii_alphanumeric() || (!c.is_ascii() && (c.is_alphanumeric() || is_mark(c)) && !stands_alone(c)) {
            cut.open.get_or_insert(at);
            continue;
        }
        if c == '\'' && cut.open.is_some() && next.is_some_and(char::is_alphanumeric) {
            continue;
        }
        cut.close(at);
        match c {
            // A point inside an address or a number ends nothing.
            '.' if next.is_some_and(|n| !n.is_whitespace()) => {}
            '?' | '？' | '؟' => {
                cut.word(at, at + c.len_utf8());
                cut.end_sentence();
            }
            '.' | '!' | '。' | '！' | '\n' | ';' | '।' => cut.end_sentence(),
            c if stands_alone(c) && c.is_alphanumeric() => cut.word(at, at + c.len_utf8()),
            _ => {}
        }
    }
    cut.close(text.len());
    cut.end_sentence();
    cut.words
}

/// Vowel signs of Indic scripts and Arabic points continue the word.
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x610..=0x65F | 0x900..=0xDFF)
}

struct Cut {
    words: Words,
    /// The first word of the sentence being read.
    sentence: u32,
    open: Option<usize>,
}

impl Cut {
    fn close(&mut self, end: usize) {
        if let Some(start) = self.open.take() {
            self.word(start, end);
        }
    }

    fn word(&mut self, start: usize, end: usize) {
        self.words.ranges.push(start as u32..end as u32);
        if self.words.ranges.len() as u32 - self.sentence >= SENTENCE_WORDS {
            self.end_sentence();
        }
    }

    fn end_sentence(&mut self) {
        let end = self.words.ranges.len() as u32;
        if end > self.sentence {
            self.words.sentences.push(self.sentence..end);
            self.sentence = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<Vec<&str>> {
        let words = split_words(text);
        let word = |i: u32| &text[words.ranges[i as usize].start as usize..words.ranges[i as usize].end as usize];
        words.sentences.iter().map(|s| s.clone().map(word).collect()).collect()
    }

    #[test]
    fn points_inside_words_end_no_sentence() {
        assert_eq!(
            sentences("don't visit a.example now. ok?"),
            [vec!["don't", "visit", "a", "example", "now"], vec!["ok", "?"]]
        );
    }

    #[test]
    fn characters_of_scripts_without_spaces_are_words() {
        assert_eq!(sentences("忽略it。"), [vec!["忽", "略", "it"]]);
    }

    #[test]
    fn an_endless_sentence_is_cut() {
        assert_eq!(sentences(&"word ".repeat(100)).iter().map(Vec::len).collect::<Vec<_>>(), [40, 40, 20]);
    }

    #[test]
    fn places_are_found_again() {
        let words = split_words("one two. three");
        assert_eq!((words.word_at(5), words.sentence_of(2), words.bytes_of(1..2)), (1, 1, 9..14));
    }
}
