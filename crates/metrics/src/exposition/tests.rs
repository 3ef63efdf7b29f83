//! The two text formats: what is written is read back, and what is wrong is refused with its line.

use proptest::prelude::*;

use super::*;
use crate::{LabelLimits, Labels, LabelsBuilder, Sample};

type Seen = Vec<(Labels, Sample)>;

fn read(body: &str, format: Format) -> Result<Seen, ParseError> {
    let (mut seen, mut builder) = (Seen::new(), LabelsBuilder::default());
    parse(body.as_bytes(), &Options::new(format), |item| {
        if let Item::Sample(row) = item {
            let labels = row.canonical(&Labels::empty(), &mut builder, &LabelLimits::default()).unwrap();
            seen.push((labels, Sample::new(row.ts.unwrap_or(-1), row.value)));
        }
    })
    .map(|n| {
        assert_eq!(n, seen.len());
        seen
    })
}

fn text(body: &str) -> Vec<(String, f64, i64)> {
    let seen = read(body, Format::PrometheusText).unwrap();
    seen.into_iter().map(|(labels, sample)| (labels.to_string(), sample.value, sample.ts)).collect()
}

fn reason(body: &str, format: Format) -> String {
    read(body, format).unwrap_err().to_string()
}

#[test]
fn the_text_format_is_generous_with_blanks() {
    let body = "# A comment\n\n# TYPE a counter\r\n  a 1\r\na{b=\"c\",} 2 3\na { b = \"c\" , d=\"e\\\\\\\"\\n\\z\" }\t-Inf\t-5\t\n\
        a{b=\"c\"}4\n{\"my.metric\",\"a b\"=\"x\"} 1e3";
    let expected = [
        ("a".to_owned(), 1.0, -1),
        (r#"a{b="c"}"#.to_owned(), 2.0, 3),
        (r#"a{b="c", d="e\\\"\n\\z"}"#.to_owned(), f64::NEG_INFINITY, -5),
        (r#"a{b="c"}"#.to_owned(), 4.0, -1),
        (r#"my.metric{"a b"="x"}"#.to_owned(), 1000.0, -1),
    ];
    assert_eq!(text(body), expected);
}

#[test]
fn garbage_is_named_with_its_line() {
    let text = Format::PrometheusText;
    assert_eq!(reason("a 1\n\na one", text), "line 3: `one` is not a number");
    assert_eq!(reason("a 1 2 3", text), "line 1: nothing may follow the timestamp");
    assert_eq!(reason("a 1 soon", text), "line 1: `soon` is not a timestamp");
    assert_eq!(
        reason("<html>", text),
        "line 1: expected a metric name: letters, digits, underscores and colons, no digit first"
    );
    assert_eq!(reason("a{b=\"c} 1", text), "line 1: a text in double quotes does not end");
    assert_eq!(reason("a{b=\"c\" d=\"e\"} 1", text), "line 1: expected `,` or `}` after a label");
    assert_eq!(reason("a{b=\"c\",b=\"e\"} 1", text), "line 1: the label `b` is given twice");
    assert_eq!(reason("# TYPE a thing", text), "line 1: `thing` is not a metric type");
    assert_eq!(reason("a{\"b\"} 1", text), "line 1: expected `=` after a label name");
    let error = parse(b"a 1\n\xff", &Options::new(text), |_| {}).unwrap_err();
    assert_eq!(error, ParseError { line: 2, reason: Reason::NotUtf8 });
    assert_eq!(
        reason("a 1\n", Format::OpenMetrics),
        "line 2: the exposition ends without `# EOF`, so it may be cut short"
    );
    let clash = "# TYPE a counter\na_total 1\na 1\n# EOF";
    assert!(reason(clash, Format::OpenMetrics).starts_with("line 3: `a` belongs to a metric family"));
}

#[test]
fn limits_hold() {
    for format in [Format::PrometheusText, Format::OpenMetrics] {
        let end = if format == Format::OpenMetrics { "# EOF" } else { "" };
        let options = Options { max_samples: 2, max_line_len: 30, max_labels: 1, ..Options::new(format) };
        let run = |body: String| parse(format!("{body}{end}").as_bytes(), &options, |_| {});
        assert_eq!(run("a 1\nb 1\n".into()), Ok(2));
        let too_many = Reason::TooManySamples { max: 2 };
        assert_eq!(run("a 1\nb 1\nc 1\n".into()), Err(ParseError { line: 3, reason: too_many }));
        let too_long = Reason::LineTooLong { max: 30 };
        assert_eq!(
            run(format!("a 1\na{{b=\"{}\"}} 1\n", "x".repeat(30))),
            Err(ParseError { line: 2, reason: too_long })
        );
        assert!(run("a{b=\"c\",d=\"e\"} 1\n".into()).unwrap_err().to_string().contains("2 labels, the limit is 1"));
    }
}

#[test]
fn metadata_and_exemplars_are_read() {
    let body = "# HELP t_seconds How \\\\long\\n\n# TYPE t_seconds histogram\n# UNIT t_seconds seconds\n\
        t_seconds_bucket{le=\"+Inf\"} 2 1.5 # {trace_id=\"x\"} 0.25 1.25\n# EOF";
    let mut items = vec![];
    parse(body.as_bytes(), &Options::new(Format::OpenMetrics), |item| items.push(format!("{item:?}"))).unwrap();
    assert_eq!(items.len(), 4);
    assert!(items[0].contains(r#"text: "How \\long\n""#), "{}", items[0]);
    assert!(items[1].contains("Histogram") && items[2].contains(r#"unit: "seconds""#));
    assert!(
        items[3].contains(r#"Exemplar { labels: [("trace_id", "x")], value: 0.25, ts: Some(1250) }"#),
        "{}",
        items[3]
    );
}

#[test]
fn the_targets_labels_win() {
    let target = Labels::from_pairs([("job", "api"), ("exported_job", "y")]).unwrap();
    let (mut builder, mut labels) = (LabelsBuilder::default(), None);
    parse(b"up{job=\"x\",env=\"\",a=\"b\"} 1", &Options::new(Format::PrometheusText), |item| {
        if let Item::Sample(row) = item {
            labels = Some(row.canonical(&target, &mut builder, &LabelLimits::default()).unwrap());
        }
    })
    .unwrap();
    let expected = r#"up{a="b", exported_exported_job="x", exported_job="y", job="api"}"#;
    assert_eq!(labels.unwrap().to_string(), expected);
}

#[test]
fn the_content_type_decides() {
    let format = |t| Format::from_content_type(t);
    assert_eq!(format(None), Ok(Format::PrometheusText));
    assert_eq!(format(Some("text/plain; version=0.0.4; charset=utf-8")), Ok(Format::PrometheusText));
    assert_eq!(format(Some("application/openmetrics-text; version=1.0.0")), Ok(Format::OpenMetrics));
    assert!(format(Some("text/html")).unwrap_err().to_string().contains("answers with `text/html`"));
}

#[test]
fn lines_only_forgives_what_families_do_not() {
    let body = b"# TYPE a counter\na 1\na_total NaN\n# EOF";
    let options = Options { strictness: Strictness::Lines, ..Options::new(Format::OpenMetrics) };
    assert_eq!(parse(body, &options, |_| {}), Ok(2));
    assert!(parse(body, &Options::new(Format::OpenMetrics), |_| {}).is_err());
}

fn exposed() -> impl Strategy<Value = Vec<(Labels, f64, i64)>> {
    let label = ("[a-z_]{1,3}|[é \"\\\\]{1,2}", "[^\\x00]{0,20}");
    let labels =
        ("[a-z:]{1,4}|[.é\n]{1,3}", prop::collection::btree_map(label.0, label.1, 0..4)).prop_map(|(name, mut map)| {
            map.insert("__name__".to_owned(), name);
            Labels::from_pairs(map).unwrap()
        });
    prop::collection::btree_map(labels, (any::<f64>(), 0_i64..1 << 42), 0..8)
        .prop_map(|rows| rows.into_iter().map(|(labels, (value, ts))| (labels, value, ts)).collect::<Vec<_>>())
        .prop_map(|mut rows| {
            // The lines of a family must be together.
            rows.sort_by(|a, b| a.0.metric_name().cmp(&b.0.metric_name()));
            rows
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rows in exposed()) {
        for format in [Format::PrometheusText, Format::OpenMetrics] {
            let mut writer = Writer::new(format);
            for (labels, value, ts) in &rows {
                writer.sample(labels, *value, Some(*ts));
            }
            let seen = read(&writer.finish(), format).unwrap();
            let expected: Seen = rows.iter().map(|(l, v, ts)| (l.clone(), Sample::new(*ts, *v))).collect();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(body: Vec<u8>) {
        for format in [Format::PrometheusText, Format::OpenMetrics] {
            let _ = parse(&body, &Options::new(format), |_| {});
        }
    }

    #[test]
    fn nearly_right_lines_never_panic(body in "(# (TYPE|HELP|UNIT|EOF)?[ a]{0,3}|[ab_{},\"=\\\\#é10.\n -]|\\{le=\"1\"\\} ){0,40}") {
        for format in [Format::PrometheusText, Format::OpenMetrics] {
            let _ = parse(body.as_bytes(), &Options::new(format), |_| {});
        }
    }
}
