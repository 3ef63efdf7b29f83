//! The Prometheus text format 0.0.4.
//!
//! Blanks are free, empty lines and unknown comments are skipped, and lines are judged one by one: a family may say its type
//! twice or come in pieces, as real exporters do.

use super::{
    Item, MetricType, Options, ParseError, Reason, Row,
    scan::{Scan, number, unescape},
};
use std::borrow::Cow;

pub(super) fn parse<'a>(
    text: &'a str,
    options: &Options,
    each: &mut impl FnMut(Item<'a, '_>),
) -> Result<usize, ParseError> {
    let (mut row, mut samples) = (Row::default(), 0);
    for (i, line) in text.split('\n').enumerate() {
        let outcome = parse_line(line, options, &mut row, each);
        let outcome = outcome.and_then(|sample| {
            samples += usize::from(sample);
            if samples > options.max_samples {
                return Err(Reason::TooManySamples { max: options.max_samples });
            }
            if sample {
                each(Item::Sample(&row));
            }
            Ok(())
        });
        outcome.map_err(|reason| ParseError { line: i + 1, reason })?;
    }
    Ok(samples)
}

/// Reads one line; whether `row` holds a sample then.
fn parse_line<'a>(
    line: &'a str,
    options: &Options,
    row: &mut Row<'a>,
    each: &mut impl FnMut(Item<'a, '_>),
) -> Result<bool, Reason> {
    if line.len() > options.max_line_len {
        return Err(Reason::LineTooLong { max: options.max_line_len });
    }
    // Some exporters end lines as on Windows.
    let line = line.strip_suffix('\r').unwrap_or(line).trim_matches([' ', '\t']);
    if line.is_empty() {
        return Ok(false);
    }
    if let Some(comment) = line.strip_prefix('#') {
        return metadata(comment, each).map(|()| false);
    }
    let mut scan = Scan::new(line, false);
    row.name = scan.series(&mut row.labels, options)?;
    row.raw = line.get(..line.len() - scan.rest.len()).unwrap_or_default();
    if !scan.gap() && row.raw.ends_with(|c| c != '}') {
        return Err(Reason::Syntax("expected a blank and a value after the metric name"));
    }
    row.value = number(scan.word())?;
    row.ts = None;
    if scan.gap() && !scan.rest.is_empty() {
        let word = scan.word();
        let ts = word.parse().map_err(|_| Reason::Timestamp(crate::labels::shorten(word)))?;
        row.ts = Some(ts);
        scan.blanks();
    }
    if scan.rest.is_empty() { Ok(true) } else { Err(Reason::Syntax("nothing may follow the timestamp")) }
}

fn metadata<'a>(comment: &'a str, each: &mut impl FnMut(Item<'a, '_>)) -> Result<(), Reason> {
    let mut scan = Scan::new(comment, false);
    scan.blanks();
    let keyword = scan.word();
    if !matches!(keyword, "HELP" | "TYPE") {
        return Ok(());
    }
    scan.blanks();
    let family = scan.family()?;
    scan.gap();
    if keyword == "HELP" {
        let text = scan.rest;
        let text = if text.contains('\\') { Cow::Owned(unescape(text, false)) } else { Cow::Borrowed(text) };
        each(Item::Help { family, text });
        return Ok(());
    }
    let word = scan.rest;
    let kind = match word {
        "untyped" => MetricType::Unknown,
        _ => MetricType::parse(word).ok_or_else(|| Reason::Type(crate::labels::shorten(word)))?,
    };
    each(Item::Type { family, kind });
    Ok(())
}
