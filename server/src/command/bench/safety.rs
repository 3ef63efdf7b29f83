//! `bellwether bench safety`: how well the safety judge tells attacks from harmless texts, and how long it takes.
//!
//! Always true: without `--train` the judge of this very binary is measured, and nothing is written; with it a judge is
//! trained on the folder and measured by cross-validation, so that no text is judged by a model that has seen it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use gateway::safety::train::{self, Corpus, Trained};
use gateway::safety::{Judge, Measures, Role, RuleCard, Segment};
use serde::Serialize;

use super::machine::Machine;
use super::spread::Spread;
use crate::command::log;

/// Length of the prompts that are timed.
const BYTES: usize = 2_048;
/// How often each of them is judged.
const ROUNDS: usize = 20;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Trains, measures by cross-validation, and writes what was learned; the next build ships it.
    #[arg(long)]
    train: bool,
    /// The folder that training writes to.
    #[arg(long, default_value = "config/safety", value_name = "DIR")]
    out: PathBuf,
}

/// How long it takes to judge a prompt of 2 kB.
#[derive(Debug, Serialize)]
struct Timing {
    prompts: usize,
    judgements: usize,
    p50_us: f64,
    p99_us: f64,
    longest_us: f64,
}

/// A rule and what was measured about it.
#[derive(Debug, Serialize)]
struct Rule {
    name: String,
    recall: f32,
    precision: f32,
    false_positive_rate: f32,
}

impl Rule {
    fn of(card: RuleCard) -> Option<Self> {
        let Measures { recall, precision, false_positive_rate } = card.measures?;
        Some(Self { name: card.name, recall, precision, false_positive_rate })
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Report {
    bench: &'static str,
    machine: Machine,
    #[serde(flatten)]
    sets: train::Report,
    rules: Vec<Rule>,
    timing: Timing,
    /// Whether training made the very files that this binary was built with.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_shipped: Option<bool>,
}

pub(super) fn run(args: &Args, data: &Path) -> anyhow::Result<Report> {
    let machine = Machine::look();
    let corpus = Corpus::read(|file| std::fs::read_to_string(data.join(file)).ok())?;
    let (judge, sets, is_shipped) = if args.train {
        log::say("training and cross-validating; about half a minute");
        let trained = train::train(&corpus)?;
        write(&trained, &args.out)?;
        (trained.judge()?, trained.report.clone(), Some(trained.is_shipped()))
    } else {
        let judge = Judge::standard()?;
        let sets = train::measure(&judge, &corpus);
        (judge, sets, None)
    };
    let timing = time(&judge, &corpus.prompts(BYTES));
    let rules = judge.rules().into_iter().filter_map(Rule::of).collect();
    Ok(Report { bench: "safety", machine: machine.after(), sets, rules, timing, is_shipped })
}

fn write(trained: &Trained, folder: &Path) -> anyhow::Result<()> {
    let files: [(&str, &[u8]); 3] = [
        ("model.bin", &trained.model),
        ("groundedness.txt", trained.groundedness.as_bytes()),
        ("rule-measures.txt", trained.rule_measures.as_bytes()),
    ];
    for (name, content) in files {
        let file = folder.join(name);
        std::fs::write(&file, content)
            .with_context(|| format!("cannot write {}; choose with --out", file.display()))?;
    }
    Ok(())
}

fn time(judge: &Judge, prompts: &[String]) -> Timing {
    let mut took: Vec<Duration> = Vec::with_capacity(prompts.len() * ROUNDS);
    for round in 0..=ROUNDS {
        for prompt in prompts {
            let begun = Instant::now();
            let verdict = judge.judge_prompt(&[Segment { role: Role::User, text: prompt }]);
            let elapsed = begun.elapsed();
            std::hint::black_box(verdict);
            // The first round warms up.
            if round > 0 {
                took.push(elapsed);
            }
        }
    }
    let spread = Spread::new(took);
    let [p50_us, p99_us, longest_us] = [0.5, 0.99, 1.0].map(|q| spread.ms(q) * 1_000.0);
    Timing { prompts: prompts.len(), judgements: spread.len(), p50_us, p99_us, longest_us }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "safety\n{}\n\n{}", self.machine, self.sets)?;
        writeln!(f, "| rule | recall | precision | false positives |\n|---|--:|--:|--:|")?;
        for Rule { name, recall, precision, false_positive_rate } in &self.rules {
            let [recall, precision] = [recall, precision].map(|share| share * 100.0);
            writeln!(f, "| {name} | {recall:.1} % | {precision:.1} % | {:.2} % |", false_positive_rate * 100.0)?;
        }
        let Timing { prompts, judgements, p50_us, p99_us, longest_us } = &self.timing;
        writeln!(f, "\n{prompts} prompts of {BYTES} bytes, judged {judgements} times:")?;
        write!(f, "p50 {p50_us:.0} µs, p99 {p99_us:.0} µs, longest {longest_us:.0} µs")?;
        match self.is_shipped {
            Some(true) => write!(f, "\nthe files are those that this binary was built with"),
            Some(false) => write!(f, "\nthe files are new: build again to ship them"),
            None => Ok(()),
        }
    }
}
