//! Trains the safety models: `cargo run --release -p gateway --example train_safety -- DATA CONFIG`.
use std::path::Path;
fn main() {
    let mut args = std::env::args().skip(1);
    let data = args.next().expect("data folder");
    let out = args.next();
    let corpus = gateway::safety::train::Corpus::read(|file| std::fs::read_to_string(Path::new(&data).join(file)).ok()).expect("corpus");
    let t = std::time::Instant::now();
    let trained = gateway::safety::train::train(&corpus).expect("trained");
    println!("{}\n{}\n{} bytes, {:?}", trained.report, trained.rule_measures, trained.model.len(), t.elapsed());
    if let Some(out) = out {
        let out = Path::new(&out);
        std::fs::write(out.join("model.bin"), &trained.model).expect("model");
        std::fs::write(out.join("groundedness.txt"), &trained.groundedness).expect("ground");
        std::fs::write(out.join("rule-measures.txt"), &trained.rule_measures).expect("measures");
    }
}
