//! Our own phrases, spelled out from `config/safety/phrases`: `{a|b}` chooses, `$slot` takes one of the slot's values.

use std::collections::{BTreeMap, BTreeSet};

use super::Dice;

const INJECTION: &str = include_str!("../../../../../config/safety/phrases/injection.txt");
const BENIGN: &str = include_str!("../../../../../config/safety/phrases/benign.txt");
const HARM: &str = include_str!("../../../../../config/safety/phrases/harm.txt");
pub(crate) const CLAIMS: &str = include_str!("../../../../../config/safety/phrases/claims.txt");

/// A phrase, the group it belongs to and what the group's heading calls it.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub group: String,
    pub label: String,
    pub text: String,
}

pub(crate) struct Phrases {
    pub injection: Vec<Phrase>,
    pub benign: Vec<Phrase>,
    pub harm: Vec<Phrase>,
}

impl Phrases {
    pub(crate) fn standard() -> Self {
        Self { injection: spell(INJECTION, 8), benign: spell(BENIGN, 8), harm: spell(HARM, 14) }
    }
}

/// Up to `each` different phrases from every line.
pub(crate) fn spell(grammar: &str, each: usize) -> Vec<Phrase> {
    let mut dice = Dice::new(7);
    let mut slots: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (mut group, mut label) = ("", "");
    let mut phrases = Vec::new();
    for line in grammar.lines().map(str::trim_end).filter(|l| !l.is_empty() && !l.starts_with("# ")) {
        if let Some((name, kind)) =
            line.strip_prefix('[').and_then(|l| l.split_once("] ")).filter(|(name, _)| !name.contains(' '))
        {
            (group, label) = (name, kind);
        } else if let Some((name, values)) = line.strip_prefix('$').and_then(|l| l.split_once(" = ")) {
            slots.insert(name, values.split(" | ").map(str::trim).collect());
        } else {
            let mut seen = BTreeSet::new();
            for _ in 0..each * 3 {
                let text = expand(line, &slots, &mut dice);
                if seen.len() < each && seen.insert(text.clone()) {
                    phrases.push(Phrase { group: group.to_owned(), label: label.to_owned(), text });
                }
            }
        }
    }
    phrases
}

fn expand(line: &str, slots: &BTreeMap<&str, Vec<&str>>, dice: &mut Dice) -> String {
    let mut text = line.to_owned();
    // Slots stand inside choices and choices never inside choices, so choices first leaves only slots.
    while let Some((open, close)) = text.find('{').and_then(|open| Some((open, open + text.get(open..)?.find('}')?))) {
        let choices: Vec<&str> = text[open + 1..close].split('|').collect();
        let choice = dice.pick(&choices).copied().unwrap_or_default().to_owned();
        text.replace_range(open..=close, &choice);
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len());
        match slots.get(&after[..end]).and_then(|values| dice.pick(values)) {
            Some(value) => {
                out.push_str(value);
                rest = &after[end..];
            }
            // An amount of money is no slot.
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_and_choices_are_spelled_out() {
        let phrases = spell("$who = Ann | Bob\n[greeting] user\n{Hi|Hello} $who, $5 for you{!|}", 20);
        assert_eq!(phrases.len(), 8);
        assert!(
            phrases.iter().any(|p| p.text == "Hello Bob, $5 for you!" && p.group == "greeting" && p.label == "user")
        );
    }

    #[test]
    fn nothing_is_left_unspelled() {
        let all = Phrases::standard();
        for phrase in all.injection.iter().chain(&all.benign).chain(&all.harm) {
            let code = phrase.group == "document";
            assert!(code || !phrase.text.contains(['{', '}']), "{}", phrase.text);
            assert!(!phrase.text.contains("$rules") && !phrase.text.is_empty());
        }
    }
}
