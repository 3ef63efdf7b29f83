//! `bellwether bench` with the real binary, in sizes so small that the figures say nothing.
//!
//! Always true: what is asserted is that a figure was measured, never how good it is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::Command;

use serde_json::Value;

/// Runs a measurement and answers with what it printed.
fn bench(args: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.arg("bench").args(args).arg("--json").arg("--scratch").arg(folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "the scratch folder is still there");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["machine"]["cores"].as_u64() > Some(0) && report["machine"]["memory_bytes"].as_u64() > Some(0));
    report
}

fn figure(report: &Value, what: &str) -> f64 {
    let figures = report["figures"].as_array().unwrap();
    let found = figures.iter().find(|figure| figure["what"] == what).unwrap_or_else(|| panic!("no {what} in {report}"));
    assert!(found["unit"].as_str().is_some_and(|unit| !unit.is_empty()));
    found["bellwether"].as_f64().unwrap_or_else(|| panic!("{what} was not measured: {found}"))
}

#[test]
fn ingest() {
    let report = bench(&["ingest", "--series", "100", "--samples", "240", "--connections", "2", "--rest-secs", "0"]);
    assert!(figure(&report, "samples acknowledged") > 0.0);
    let (p50, p99) = (figure(&report, "one request, p50"), figure(&report, "one request, p99"));
    assert!(0.0 < p50 && p50 <= p99);
    // An uncompressed sample is 16 bytes.
    let stored = figure(&report, "stored, compressed samples");
    assert!(0.1 < stored && stored < 16.0, "{stored}");
    let peer = &report["figures"][0]["prometheus"];
    let is_there = Command::new("prometheus").arg("--version").output().is_ok();
    assert_eq!(peer.as_f64().is_some_and(|rate| rate > 0.0), is_there, "{peer}");
}

#[test]
fn detect_latency() {
    let report = bench(&["detect-latency", "--series", "20", "--repetitions", "5", "--warm-up", "60"]);
    assert_eq!((figure(&report, "bad samples planted"), figure(&report, "of them not found")), (5.0, 0.0));
    assert!(figure(&report, "bad sample to frame, p99") > 0.0);
}

#[test]
fn footprint() {
    let report = bench(&["footprint", "--minutes", "0", "--users", "2", "--read-secs", "1", "--steady-secs", "1"]);
    for what in ["memory idle", "memory after 0 min of demo", "memory of the demo's services, together"] {
        assert!(figure(&report, what) > 1.0);
    }
    assert!(figure(&report, "first byte, each again at once, p99") > 0.0);
}

#[test]
fn what_cannot_be_measured_is_said() {
    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_bellwether")).arg("bench").args(args).output().unwrap();
    let wrong: [(&[&str], &str); 3] = [
        (&["ingest", "--scratch", "/nowhere"], "--scratch"),
        (&["detect-latency", "--repetitions", "2000"], "--series"),
        (&["footprint", "--minutes=-1"], "--minutes"),
    ];
    for (args, word) in wrong {
        let output = run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(word), "{said}");
    }
}
