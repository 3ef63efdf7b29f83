//! The parser cases of the OpenMetrics project, read from the data folder beside the checkout.

use std::{fs, path::Path};

use metrics::exposition::{Format, Options, parse};

/// Cases we answer otherwise, with the reason. A case here that comes out as published fails the test.
const EXCEPTIONS: [(&str, &str); 0] = [];

#[test]
fn every_published_case_is_answered_as_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/conformance/openmetrics/tests/testdata/parsers");
    let Ok(cases) = fs::read_dir(&folder) else {
        println!("skipped: {} does not exist", folder.display());
        return;
    };
    let (mut n, mut wrong) = (0, Vec::new());
    for case in cases {
        let case = case.unwrap().path();
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected: serde_json::Value = serde_json::from_slice(&fs::read(case.join("test.json")).unwrap()).unwrap();
        let body = fs::read(case.join(expected["file"].as_str().unwrap())).unwrap();
        let outcome = parse(&body, &Options::new(Format::OpenMetrics), |_| {});
        let as_published = outcome.is_ok() == expected["shouldParse"].as_bool().unwrap();
        let is_exception = EXCEPTIONS.iter().any(|(exception, _)| *exception == name);
        if as_published == is_exception {
            wrong.push(format!("{name}: {outcome:?}"));
        }
        n += 1;
    }
    println!("{n} cases");
    assert!(n >= 200, "only {n} cases in {}", folder.display());
    assert!(wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}
