//! Safety as people see it: the rules with what was measured about them, findings of calls, and texts judged on request.
//!
//! Always true: a text that is judged on request is not kept and not counted.

use ::gateway::Part;
use ::gateway::safety::{Finding, Kind, Role, RuleCard, Segment, Severity, Verdict};
use domain::access::Permission;
use domain::gateway::{
    CallPart, JudgeText, SafetyFinding, SafetyKind, SafetyRole, SafetyRule, SafetyRuleList, SafetyScores,
    SafetySeverity, SafetyVerdict,
};

use super::Gateway;
use crate::actor::Actor;
use crate::error::Result;

impl Gateway {
    /// The rules.
    ///
    /// # Errors
    /// Without the permission to observe.
    pub fn safety_rules(&self, actor: &Actor) -> Result<SafetyRuleList> {
        actor.require(Permission::Observe)?;
        Ok(SafetyRuleList { items: self.rule_cards() })
    }

    /// Judges a text as a call with it would be judged.
    ///
    /// # Errors
    /// Without the permission to observe, or when the text is not acceptable.
    pub fn judge(&self, actor: &Actor, input: &JudgeText) -> Result<SafetyVerdict> {
        actor.require(Permission::Observe)?;
        input.validate()?;
        let judge = self.path.judge();
        let system = input.system.iter().map(|text| Segment { role: Role::System, text });
        let said = |role| system.chain([Segment { role, text: &input.text }]).collect::<Vec<_>>();
        let (part, verdict) = match input.role.unwrap_or(SafetyRole::User) {
            SafetyRole::User => (Part::Prompt, judge.judge_prompt(&said(Role::User))),
            SafetyRole::Data => (Part::Prompt, judge.judge_prompt(&said(Role::Data))),
            SafetyRole::Assistant => (Part::Answer, judge.judge_answer(&input.text, input.context.as_deref())),
        };
        Ok(self.verdict(part, verdict))
    }

    fn verdict(&self, part: Part, verdict: Verdict) -> SafetyVerdict {
        let rules = self.rule_cards();
        let score = |kind| f64::from(verdict.score_of(kind));
        SafetyVerdict {
            scores: SafetyScores {
                injection: score(Kind::Injection),
                content: score(Kind::Content),
                hallucination: score(Kind::Hallucination),
                personal_data: score(Kind::PersonalData),
                secret: score(Kind::Secret),
            },
            is_blocked: ::gateway::is_blocked(part, &verdict),
            groundedness: verdict.groundedness.map(f64::from),
            findings: verdict.findings.into_iter().map(|one| finding(part, one, &rules)).collect(),
        }
    }

    pub(super) fn rule_cards(&self) -> Vec<SafetyRule> {
        self.path.judge().rules().into_iter().map(card).collect()
    }
}

fn card(card: RuleCard) -> SafetyRule {
    let measured = |share: fn(::gateway::safety::Measures) -> f32| card.measures.map(|m| f64::from(share(m)));
    SafetyRule {
        kind: kind(card.kind),
        severity: card.severity.map(severity),
        recall: measured(|m| m.recall),
        precision: measured(|m| m.precision),
        false_positive_rate: measured(|m| m.false_positive_rate),
        name: card.name,
        reason: card.reason,
    }
}

pub(super) fn finding(part: Part, finding: Finding, rules: &[SafetyRule]) -> SafetyFinding {
    let rule = rules.iter().find(|rule| rule.name == finding.rule);
    let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    SafetyFinding {
        part: match part {
            Part::Prompt => CallPart::Prompt,
            Part::Answer => CallPart::Answer,
        },
        kind: kind(finding.kind),
        severity: severity(finding.severity),
        reason: finding.reason,
        score: finding.score.into(),
        matched: finding.excerpt,
        segment: place(finding.segment),
        start: place(finding.span.start),
        end: place(finding.span.end),
        hidden_as: finding.hidden_as.map(std::borrow::Cow::into_owned),
        false_positive_rate: rule.and_then(|rule| rule.false_positive_rate),
        rule: finding.rule,
    }
}

const fn kind(kind: Kind) -> SafetyKind {
    match kind {
        Kind::Injection => SafetyKind::Injection,
        Kind::Content => SafetyKind::Content,
        Kind::Hallucination => SafetyKind::Hallucination,
        Kind::PersonalData => SafetyKind::PersonalData,
        Kind::Secret => SafetyKind::Secret,
    }
}

const fn severity(severity: Severity) -> SafetySeverity {
    match severity {
        Severity::Low => SafetySeverity::Low,
        Severity::Medium => SafetySeverity::Medium,
        Severity::High => SafetySeverity::High,
        Severity::Critical => SafetySeverity::Critical,
    }
}
