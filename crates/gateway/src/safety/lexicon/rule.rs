//! Named patterns: sequences of concepts within one sentence. They are what a person can read, switch on and doubt; each carries what was
//! measured about it.

use std::collections::BTreeMap;

use super::parse::{Family, LexiconError};
use super::search::{Hit, Lexicon};
use crate::safety::verdict::{Kind, Severity};

/// What was measured about a rule on the labelled sets. Shares are of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// Attacks it found of all attacks of its kind.
    pub recall: f32,
    /// Of what it flagged, with attacks and harmless texts equally frequent.
    pub precision: f32,
    /// Harmless texts it flagged, of all harmless texts.
    pub false_positive_rate: f32,
}

impl Measures {
    pub(crate) fn of(recall: f32, false_positive_rate: f32) -> Self {
        Self { recall, precision: recall / (recall + false_positive_rate), false_positive_rate }
    }

    /// The lines of `rule-measures.txt`, by rule.
    pub(crate) fn read(text: &str) -> BTreeMap<String, Self> {
        let mut all = BTreeMap::new();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let mut parts = line.split_whitespace();
            let Some(name) = parts.next() else { continue };
            let mut number = || parts.next().and_then(|n| n.parse().ok()).unwrap_or_default();
            let measured = Self { recall: number(), precision: number(), false_positive_rate: number() };
            all.insert(name.to_owned(), measured);
        }
        all
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub name: String,
    pub kind: Kind,
    pub severity: Severity,
    pub reason: String,
    pub data_only: bool,
    pub measures: Measures,
    sequences: Vec<Vec<Step>>,
    unless: Vec<u8>,
}

impl Rule {
    /// How sure a hit makes, if one text in a hundred is an attack.
    pub(crate) fn confidence(&self) -> f32 {
        const ATTACKS: f32 = 0.01;
        let right = self.measures.recall * ATTACKS;
        let wrong = self.measures.false_positive_rate * (1.0 - ATTACKS);
        if right > 0.0 { right / (right + wrong) } else { 0.0 }
    }
}

#[derive(Clone, Copy, Debug)]
struct Step {
    /// Most words between the previous concept and this one.
    gap: u32,
    concept: u8,
}

#[derive(Clone, Debug)]
pub(crate) struct RuleHit {
    pub rule: usize,
    /// Bytes of the folded text.
    pub bytes: std::ops::Range<usize>,
}

#[derive(Debug)]
pub(crate) struct Rules {
    pub all: Vec<Rule>,
}

const FILE: &str = "rules.txt";

impl Rules {
    pub(crate) fn read(
        text: &str,
        measures: &BTreeMap<String, Measures>,
        lexicon: &Lexicon,
    ) -> Result<Self, LexiconError> {
        let mut all: Vec<Rule> = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let wrong = |problem: String| LexiconError { file: FILE, line: i + 1, problem };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                all.push(heading(rest).ok_or_else(|| wrong("expected `[name] kind severity reason`".to_owned()))?);
                continue;
            }
            let rule = all.last_mut().ok_or_else(|| wrong("a sequence before the first [rule]".to_owned()))?;
            let family = if rule.kind == Kind::Content { Family::Harm } else { Family::Injection };
            let concept = |name: &str| {
                let at = lexicon.names(family).iter().position(|known| known == name);
                at.and_then(|at| u8::try_from(at).ok())
                    .ok_or_else(|| wrong(format!("there is no concept {name:?} of this kind")))
            };
            if line == "in data" {
                rule.data_only = true;
            } else if let Some(names) = line.strip_prefix("unless ") {
                rule.unless = names.split(',').map(|name| concept(name.trim())).collect::<Result<_, _>>()?;
            } else {
                let mut gap = 0;
                let mut steps = Vec::new();
                for (k, part) in line.split_whitespace().enumerate() {
                    if k % 2 == 1 {
                        gap = part.parse().map_err(|_| wrong(format!("{part:?} is not a number of words")))?;
                    } else {
                        steps.push(Step { gap, concept: concept(part)? });
                    }
                }
                rule.sequences.push(steps);
            }
        }
        for rule in &mut all {
            rule.measures = measures.get(&rule.name).copied().unwrap_or_default();
        }
        Ok(Self { all })
    }

    /// The first hit of each rule of a kind among the hits of one text.
    pub(crate) fn hits(
        &self,
        kind: Kind,
        hits: &[Hit],
        sentence_of: impl Fn(usize) -> usize,
        data: bool,
    ) -> Vec<RuleHit> {
        let mut found = Vec::new();
        for (number, rule) in self.all.iter().enumerate().filter(|(_, r)| r.kind == kind && (data || !r.data_only)) {
            let family = if rule.kind == Kind::Content { Family::Harm } else { Family::Injection };
            let begins = |hit: &Hit| {
                hit.family == family
                    && rule.sequences.iter().any(|s| s.first().is_some_and(|step| step.concept == hit.concept))
            };
            let first = hits.iter().enumerate().filter(|(_, hit)| begins(hit)).find_map(|(i, hit)| {
                let sentence = sentence_of(hit.first as usize);
                let inside = |word: u32| sentence_of(word as usize) == sentence;
                let end = rule.sequences.iter().find_map(|steps| rest_of(steps, hits, i, family, &inside))?;
                let spoils = |h: &Hit| h.family == family && rule.unless.contains(&h.concept);
                let around = || hits[..i].iter().rev().take_while(|h| inside(h.first));
                let behind = || hits[i..].iter().take_while(|h| inside(h.first));
                let is_spoiled = !rule.unless.is_empty() && around().chain(behind()).any(spoils);
                let bytes = hit.bytes.start as usize..end as usize;
                (!is_spoiled).then_some(RuleHit { rule: number, bytes })
            });
            found.extend(first);
        }
        found
    }
}

/// Follows a sequence from its first hit; answers with the byte where it ends.
fn rest_of(steps: &[Step], hits: &[Hit], first: usize, family: Family, inside: &impl Fn(u32) -> bool) -> Option<u32> {
    let hit = hits.get(first)?;
    if steps.first()?.concept != hit.concept || hit.family != family {
        return None;
    }
    let mut at = first;
    let mut end = hit.bytes.end;
    for step in &steps[1..] {
        let last = hits[at].last;
        let mut near = hits[at + 1..].iter().take_while(|h| h.first <= last + 1 + step.gap);
        let next =
            near.position(|h| h.family == family && h.concept == step.concept && h.first > last && inside(h.first))?;
        at += 1 + next;
        end = hits[at].bytes.end;
    }
    Some(end)
}

fn heading(rest: &str) -> Option<Rule> {
    let (name, rest) = rest.split_once(']')?;
    let mut parts = rest.trim().splitn(3, ' ');
    let kind = match parts.next()? {
        "injection" => Kind::Injection,
        "content" => Kind::Content,
        _ => return None,
    };
    let severity = Severity::parse(parts.next()?)?;
    let reason = parts.next()?.to_owned();
    Some(Rule {
        name: name.to_owned(),
        kind,
        severity,
        reason,
        data_only: false,
        measures: Measures::default(),
        sequences: Vec::new(),
        unless: Vec::new(),
    })
}
