//! The end of a call: what it used and cost, and the telling of it.

use bytes::BytesMut;

use super::{Ledger, MAX_KEPT, micros};
use crate::record::{Outcome, Usage};
use crate::relay::Seen;
use crate::tokens;

impl Ledger {
    /// What was used: by the provider's word where it is complete, else counted.
    pub(super) fn account(&mut self, seen: &Seen, is_whole: bool) {
        let usage = match seen.usage {
            Some(usage) if is_whole => usage,
            said => {
                let said = said.unwrap_or_default();
                let input = if said.input > 0 { said.input } else { tokens::of_body(&self.body) };
                Usage { input, output: said.output.max(tokens::of_bytes(seen.text_bytes)), is_estimated: true, ..said }
            }
        };
        self.charge(usage);
        self.edit(|record| record.finish.clone_from(&seen.finish));
    }

    /// The caller went away before there was an answer. What was sent to a provider will be on its bill.
    pub(super) fn account_abandoned(&mut self) {
        if self.running.is_some() {
            let input = tokens::of_body(&self.body);
            self.charge(Usage { input, is_estimated: true, ..Usage::default() });
        }
    }

    fn charge(&mut self, usage: Usage) {
        let Some(running) = &self.running else { return };
        let (provider, model) = (running.attempt.provider.clone(), running.attempt.model.clone());
        let cost_nano = running.price.map(|price| price.cost(&usage));
        self.edit(|record| {
            (record.provider, record.model) = (Some(provider), Some(model));
            (record.usage, record.cost_nano) = (usage, cost_nano);
        });
    }

    /// Tells the record, settles what was set aside, and lets experiments know.
    pub(super) fn tell(&mut self, status: u16, outcome: Outcome, error: Option<(String, String)>) {
        let Some(mut record) = self.record.take() else { return };
        (record.status, record.outcome, record.error) = (status, outcome, error);
        record.total_us = micros(self.started.elapsed());
        if let Some(answered) = self.answered {
            record.overhead_us += micros(answered.elapsed());
        }
        if let (Some(bodies), Some(sent)) = (&mut record.bodies, self.sent.take()) {
            bodies.answer = clipped(sent).freeze();
        }
        for reservation in [&mut self.reservation, &mut self.target_reservation] {
            let (cost, tokens) = (record.cost_nano.unwrap_or(0), record.usage.input + record.usage.output);
            std::mem::take(reservation).settle(cost, tokens);
        }
        if !self.exposure.is_empty() {
            let is_failed = matches!(outcome, Outcome::Failed | Outcome::Incomplete | Outcome::Refused);
            self.shared.laboratory.call_over(std::mem::take(&mut self.exposure), is_failed, record.tried());
        }
        self.shared.recorder.record(record);
    }
}

fn clipped(mut bytes: BytesMut) -> BytesMut {
    bytes.truncate(MAX_KEPT);
    bytes
}
