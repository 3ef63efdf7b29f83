//! The scorer against what the benchmark's authors published for four detectors.

use std::collections::{BTreeMap, HashMap};

use analysis::nab::{Profile, Series, Sweep, probation, scaled_sigmoid};

use crate::corpus::{Labelled, folder, load};

struct Published {
    file: String,
    score: f64,
    tp: usize,
    tn: usize,
    fp: usize,
    fn_: usize,
    total: usize,
}

fn published(detector: &str) -> Vec<Published> {
    let path = folder().unwrap().join("reference-scores").join(format!("{detector}_standard_scores.csv"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .skip(1)
        .filter(|line| !line.contains("Totals"))
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let count = |i: usize| cells[i].parse::<f64>().unwrap() as usize;
            Published {
                file: cells[2].to_owned(),
                score: cells[4].parse().unwrap(),
                tp: count(5),
                tn: count(6),
                fp: count(7),
                fn_: count(8),
                total: count(9),
            }
        })
        .collect()
}

const DETECTORS: [&str; 4] = ["ARTime", "contextOSE", "numenta", "randomCutForest"];

fn by_name(corpus: &[Labelled]) -> HashMap<&str, &Labelled> {
    corpus.iter().map(|l| (l.name.as_str(), l)).collect()
}

#[test]
fn rows_windows_and_probation_are_counted_as_published() {
    let Some(corpus) = load() else { return };
    let files = by_name(&corpus);
    for detector in DETECTORS {
        for p in published(detector) {
            let file = files[p.file.as_str()];
            let scores = vec![0.0; file.rows.values.len()];
            let sweep = Sweep::new(&[Series { windows: &file.windows, scores: &scores }]);
            let counts = sweep.by_series(&Profile::STANDARD, 1.0)[0].1;
            // Some of the publishers count probation in the total, some do not.
            assert!([scores.len(), scores.len() - probation(scores.len())].contains(&p.total), "{}", p.file);
            assert_eq!(counts.false_negatives, p.tp + p.fn_, "{}", p.file);
            assert_eq!(counts.true_negatives, p.tn + p.fp, "{}", p.file);
        }
    }
}

#[test]
fn published_totals_normalise_to_the_published_leaderboard() {
    let Some(corpus) = load() else { return };
    let leaderboard = std::fs::read_to_string(folder().unwrap().join("results/final_results.json")).unwrap();
    let leaderboard: BTreeMap<String, BTreeMap<String, f64>> = serde_json::from_str(&leaderboard).unwrap();
    let windows: usize = corpus.iter().map(|l| l.windows.len()).sum();
    assert_eq!(windows, 116);
    let silent: Vec<Vec<f64>> = corpus.iter().map(|l| vec![0.0; l.rows.values.len()]).collect();
    let series: Vec<Series<'_>> =
        corpus.iter().zip(&silent).map(|(l, s)| Series { windows: &l.windows, scores: s }).collect();
    let null = Sweep::new(&series).at(&Profile::STANDARD, 1.0);
    assert_eq!((null.raw, null.normalised), (-116.0, 0.0));
    for detector in DETECTORS {
        let raw: f64 = published(detector).iter().map(|p| p.score).sum();
        let ours = 100.0 * (raw - null.raw) / (windows as f64 - null.raw);
        let theirs = leaderboard[detector]["standard"];
        assert!((ours - theirs).abs() < 1e-6, "{detector}: {ours} against {theirs}");
    }
}

/// Where a file had false positives only, or no window, its score follows from few unknowns: it must be
/// reachable by placing exactly the published number of detections.
#[test]
fn published_file_scores_are_reproduced_by_placing_the_published_detections() {
    let Some(corpus) = load() else { return };
    let files = by_name(&corpus);
    let mut checked = 0;
    for detector in DETECTORS {
        for p in published(detector) {
            let file = files[p.file.as_str()];
            let rows = file.rows.values.len();
            let score = |detections: &[usize]| {
                let mut scores = vec![0.0; rows];
                detections.iter().for_each(|row| scores[*row] = 1.0);
                Sweep::new(&[Series { windows: &file.windows, scores: &scores }]).at(&Profile::STANDARD, 1.0).raw
            };
            let scored = probation(rows)..rows;
            if p.tp + p.fp == 0 {
                assert!((score(&[]) - p.score).abs() < 1e-9, "{detector} {}", p.file);
                checked += 1;
            } else if p.tp + p.fp == 1 {
                let nearest = scored.map(|row| (score(&[row]) - p.score).abs()).fold(f64::INFINITY, f64::min);
                assert!(nearest < 1e-9, "{detector} {}: off by {nearest}", p.file);
                checked += 1;
            }
        }
    }
    println!("{checked} published file scores reproduced");
    assert!(checked >= 20, "{checked}");
}

#[test]
fn the_sigmoid_is_the_published_one() {
    assert!((scaled_sigmoid(-1.0) - 0.986_614_298_151_430_3).abs() < 1e-15);
    assert_eq!(scaled_sigmoid(0.0), 0.0);
    assert_eq!(scaled_sigmoid(3.1), -1.0);
}
