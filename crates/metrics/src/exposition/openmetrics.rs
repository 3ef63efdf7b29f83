//! OpenMetrics 1.0.
//!
//! Every blank counts, and the last line must be `# EOF`. What lines demand of each other is in [`super::family`].

use std::borrow::Cow;

use super::{
    Exemplar, Item, MetricType, Options, ParseError, Reason, Row, Strictness,
    family::Families,
    scan::{Scan, number, unescape},
};

/// The most characters the labels of an exemplar may have together.
const MAX_EXEMPLAR_CHARS: usize = 128;

pub(super) fn parse<'a>(
    text: &'a str,
    options: &Options,
    each: &mut impl FnMut(Item<'a, '_>),
) -> Result<usize, ParseError> {
    let mut families = (options.strictness == Strictness::Families).then(Families::default);
    let (mut row, mut samples, mut rest, mut number) = (Row::default(), 0, text, 0);
    while !rest.is_empty() {
        number += 1;
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if line == "# EOF" {
            let end = if after.is_empty() { Ok(()) } else { Err(Reason::Syntax("nothing may follow `# EOF`")) };
            let end = end.and_then(|()| families.map_or(Ok(()), Families::finish));
            return end.map(|()| samples).map_err(|reason| ParseError { line: number, reason });
        }
        rest = after;
        let outcome = if let Some(comment) = line.strip_prefix('#') {
            check_len(line, options).and_then(|()| metadata(comment, families.as_mut(), each))
        } else {
            samples += 1;
            sample(line, options, samples, &mut row)
                .and_then(|()| families.as_mut().map_or(Ok(()), |families| families.sample(&row)))
                .map(|()| each(Item::Sample(&row)))
        };
        outcome.map_err(|reason| ParseError { line: number, reason })?;
    }
    Err(ParseError { line: number + 1, reason: Reason::NoEof })
}

fn check_len(line: &str, options: &Options) -> Result<(), Reason> {
    if line.len() > options.max_line_len {
        return Err(Reason::LineTooLong { max: options.max_line_len });
    }
    Ok(())
}

fn sample<'a>(line: &'a str, options: &Options, samples: usize, row: &mut Row<'a>) -> Result<(), Reason> {
    check_len(line, options)?;
    if line.is_empty() {
        return Err(Reason::Syntax("blank lines are not allowed"));
    }
    if samples > options.max_samples {
        return Err(Reason::TooManySamples { max: options.max_samples });
    }
    let mut scan = Scan::new(line, true);
    row.name = scan.series(&mut row.labels, options)?;
    row.raw = line.get(..line.len() - scan.rest.len()).unwrap_or_default();
    if !scan.gap() {
        return Err(Reason::Syntax("expected one space and a value after the name and labels"));
    }
    row.value = number(scan.word())?;
    (row.ts, row.exemplar) = (None, None);
    if scan.gap() && !scan.rest.starts_with("# ") {
        row.ts = Some(timestamp(scan.word())?);
        if !scan.gap() {
            return end(scan);
        }
        if scan.rest.is_empty() {
            return Err(Reason::Syntax("nothing may follow the timestamp, not even a space"));
        }
    }
    if let Some(exemplar) = scan.rest.strip_prefix("# ") {
        let mut scan = Scan::new(exemplar, true);
        row.exemplar = Some(read_exemplar(&mut scan, options)?);
        return end(scan);
    }
    end(scan)
}

fn end(scan: Scan<'_>) -> Result<(), Reason> {
    if scan.rest.is_empty() { Ok(()) } else { Err(Reason::Syntax("something follows that does not belong here")) }
}

fn read_exemplar<'a>(scan: &mut Scan<'a>, options: &Options) -> Result<Exemplar<'a>, Reason> {
    let mut labels = Vec::new();
    scan.labels(&mut labels, options.max_labels, false)?;
    let chars: usize = labels.iter().map(|(name, value)| name.chars().count() + value.chars().count()).sum();
    if chars > MAX_EXEMPLAR_CHARS {
        return Err(Reason::Syntax("the labels of an exemplar may have 128 characters together"));
    }
    if !scan.gap() {
        return Err(Reason::Syntax("expected one space and a value after the exemplar's labels"));
    }
    let value = number(scan.word())?;
    let ts = if scan.gap() { Some(timestamp(scan.word())?) } else { None };
    Ok(Exemplar { labels, value, ts })
}

/// Seconds, with any number of decimals, to ms.
fn timestamp(word: &str) -> Result<i64, Reason> {
    let seconds: f64 = word.parse().map_err(|_| Reason::Timestamp(crate::labels::shorten(word)))?;
    if !seconds.is_finite() {
        return Err(Reason::Timestamp(crate::labels::shorten(word)));
    }
    Ok((seconds * 1000.0).round() as i64)
}

fn metadata<'a>(
    comment: &'a str,
    families: Option<&mut Families>,
    each: &mut impl FnMut(Item<'a, '_>),
) -> Result<(), Reason> {
    const EXPECTED: Reason = Reason::Syntax("expected `# HELP`, `# TYPE`, `# UNIT` or `# EOF`, a name and its text");
    let mut scan = Scan::new(comment, true);
    if !scan.gap() {
        return Err(EXPECTED);
    }
    let keyword = scan.word();
    if !matches!(keyword, "HELP" | "TYPE" | "UNIT") || !scan.gap() {
        return Err(EXPECTED);
    }
    let family = scan.family()?;
    if !scan.gap() {
        return Err(EXPECTED);
    }
    let text = scan.rest;
    let item = match keyword {
        "HELP" => {
            let text = if text.contains('\\') { Cow::Owned(unescape(text, true)) } else { Cow::Borrowed(text) };
            Item::Help { family, text }
        }
        "TYPE" => {
            let kind = MetricType::parse(text).ok_or_else(|| Reason::Type(crate::labels::shorten(text)))?;
            Item::Type { family, kind }
        }
        _ => Item::Unit { family, unit: text },
    };
    if let Some(families) = families {
        families.metadata(&item)?;
    }
    each(item);
    Ok(())
}
