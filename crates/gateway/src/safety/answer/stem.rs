//! Words without their endings, and words that carry no statement.

/// English endings off, as far as comparing needs it.
pub(crate) fn stem(word: &str) -> &str {
    for ending in ["ing", "edly", "ed", "ies", "es", "s", "ly"] {
        if let Some(short) = word.strip_suffix(ending)
            && short.len() > 3
        {
            return short;
        }
    }
    word
}

/// Sorted, for the binary search.
const STOP_WORDS: &[&str] = &[
    "a", "about", "again", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but", "by",
    "can", "could", "did", "do", "does", "don't", "done", "down", "each", "for", "from", "had", "has", "have",
    "having", "he", "her", "here", "him", "his", "how", "i", "i'm", "if", "in", "into", "is", "it", "it's", "its",
    "just", "know", "like", "may", "me", "might", "more", "most", "must", "my", "no", "nor", "not", "now", "of", "off",
    "oh", "on", "only", "or", "other", "our", "out", "over", "own", "really", "same", "shall", "she", "should", "so",
    "some", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "think", "this", "those",
    "to", "too", "under", "up", "us", "very", "was", "we", "well", "were", "what", "when", "where", "which", "who",
    "whom", "why", "will", "with", "would", "yeah", "yes", "you", "your",
];

pub(crate) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn endings_come_off_long_words_only() {
        assert_eq!(
            ["passwords", "discussing", "is", "bees", "quickly"].map(stem),
            ["password", "discuss", "is", "bees", "quick"]
        );
    }
}
