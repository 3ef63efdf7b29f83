//! Documents inside a caller's own text: mails, pages and passages that were put into the prompt to be read, not obeyed.
//! Found by the marks that people put around them: tags, labels, triple quotes, the head of a mail.

use std::ops::Range;

/// Words of labels and tags for what is to be read.
const DOCUMENTS: &[&str] = &[
    "article",
    "content",
    "context",
    "conversation",
    "data",
    "doc",
    "docs",
    "document",
    "documents",
    "email",
    "emails",
    "e-mail",
    "e-mails",
    "excerpt",
    "file",
    "input",
    "knowledge",
    "mail",
    "mails",
    "message",
    "page",
    "paragraph",
    "passage",
    "passages",
    "reference",
    "report",
    "result",
    "results",
    "retrieved",
    "review",
    "snippet",
    "source",
    "sources",
    "table",
    "text",
    "thread",
    "threads",
    "ticket",
    "transcript",
    "webpage",
    "website",
];
/// Words of labels after which the caller speaks again.
const ASKING: &[&str] = &[
    "answer",
    "instruction",
    "instructions",
    "query",
    "question",
    "questions",
    "request",
    "response",
    "task",
    "user",
    "q",
    "a",
];
/// How mails begin.
const MAIL: &[&str] = &["subject:", "from:", "to:", "date:", "email_from:", "received date:"];
const LEAST_BYTES: usize = 40;
const MOST: usize = 16;
const LONGEST_LABEL: usize = 80;

/// The documents of a text, in order, not overlapping.
pub(crate) fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut found = tagged(text);
    if found.is_empty() {
        found = fenced(text);
    }
    if found.is_empty() {
        found = labelled(text);
    }
    found.retain(|range| range.len() >= LEAST_BYTES);
    found.truncate(MOST);
    found
}

/// `<document>…</document>`.
fn tagged(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|i| at + i) {
        at = open + 1;
        let Some(end) = text[at..].bytes().take(LONGEST_LABEL).position(|b| b == b'>').map(|i| at + i) else {
            continue;
        };
        let name = text[at..end].split([' ', '\n']).next().unwrap_or_default();
        if !name.split(['_', '-']).any(|word| is_one_of(word, DOCUMENTS)) {
            continue;
        }
        let closing = format!("</{name}>");
        if let Some(close) = text[end..].find(&closing).map(|i| end + i) {
            found.push(end + 1..close);
            at = close + closing.len();
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

/// `"""…"""`.
fn fenced(text: &str) -> Vec<Range<usize>> {
    let marks: Vec<usize> = text.match_indices("\"\"\"").map(|(at, _)| at).take(2 * MOST).collect();
    marks.chunks_exact(2).map(|pair| pair[0] + 3..pair[1]).collect()
}

/// `[Email]`, `Context:`, `### Document 2`, each until the caller asks again; or the head of a mail, until the end.
fn labelled(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        match label(line) {
            Some((Label::Document, length)) => {
                found.extend(open.map(|open| open..start));
                open = Some(start + length);
            }
            Some((Label::Asking, _)) => found.extend(open.take().map(|open| open..start)),
            Some((Label::Mail, _)) => open = open.or(Some(start)),
            None => {}
        }
    }
    found.extend(open.map(|open| open..text.len()));
    found
}

enum Label {
    Document,
    Asking,
    Mail,
}

/// What label a line begins with, and how long it is.
fn label(line: &str) -> Option<(Label, usize)> {
    let head = &line[..line.floor_char_boundary(LONGEST_LABEL)];
    let begun = head.trim_start();
    if MAIL.iter().any(|mark| begun.get(..mark.len()).is_some_and(|b| b.eq_ignore_ascii_case(mark))) {
        return Some((Label::Mail, 0));
    }
    let is_heading = begun.starts_with(['#', '*', '[', '=', '-']);
    let length = match (head.find(':'), head.find(']')) {
        (Some(colon), _) => colon + 1,
        (None, Some(bracket)) if begun.starts_with('[') => bracket + 1,
        (None, _) if is_heading && line.len() <= LONGEST_LABEL => line.len(),
        _ => return None,
    };
    let words: Vec<&str> = head[..length.min(head.len())]
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|w| !w.is_empty())
        .collect();
    // A sentence with a colon at its end says more than a label.
    if words.len() > 4 && !(words.len() <= 12 && line.trim_end().ends_with(':')) {
        return None;
    }
    let naming = words.iter().rev().find(|word| !word.bytes().all(|b| b.is_ascii_digit()))?;
    if is_one_of(naming, ASKING) {
        Some((Label::Asking, length))
    } else {
        is_one_of(naming, DOCUMENTS).then_some((Label::Document, length))
    }
}

fn is_one_of(word: &str, known: &[&str]) -> bool {
    known.iter().any(|k| word.eq_ignore_ascii_case(k))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<&str> {
        quoted(text).into_iter().map(|range| text[range].trim()).collect()
    }

    const PAGE: &str = "The museum opens at nine and closes at five on weekdays.";

    #[test]
    fn each_mark_is_known() {
        for text in [
            format!("Summarise it. <document id=\"1\">{PAGE}</document> In French."),
            format!("Summarise \"\"\"{PAGE}\"\"\" in French."),
            format!("[Email Thread]\n{PAGE}\n\n[Question]\nWhen does it open?"),
            format!("Context: {PAGE}\nQuestion: When does it open?"),
            format!("### Document 1\n{PAGE}\n### Question\nWhen?"),
            format!("Answer with the help of the following web page content:\n{PAGE}"),
        ] {
            assert_eq!(documents(&text), [PAGE], "{text}");
        }
        let mail = format!("Subject: Hours\nFrom: Ann\n\n{PAGE}");
        assert_eq!(documents(&format!("What does it say?\n{mail}")), [mail.as_str()]);
    }

    #[test]
    fn a_callers_own_words_are_no_document() {
        for text in [
            "Write a poem about autumn.\nInclude a line about the sea.\nKeep it short.",
            "I have two wishes: a song about rain and a long poem about text editors, please write both of them.",
            "if a < b and text > c then stop; otherwise go on with the next row of the table and stop there",
        ] {
            assert!(documents(text).is_empty(), "{text}: {:?}", documents(text));
        }
    }
}
