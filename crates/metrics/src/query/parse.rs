//! From text to plan: our scan, the library's grammar, our lowering; and what to tell the author when one of them refuses.

use promql_parser::parser;

use super::Query;
use super::error::QueryError;
use super::lower::Lowering;
use super::scan::{self, Kind, Token};
use super::syntax;

/// How many parts of a refused query are tried on their own to find the one at fault.
const MAX_TRIALS: usize = 64;

pub(super) fn parse(text: &str) -> Result<Query, QueryError> {
    let tokens = scan::scan(text)?;
    scan::guard(&tokens)?;
    let expr = match parser::parse(&scan::without_raw_strings(text, &tokens)) {
        Ok(expr) => expr,
        Err(message) => return Err(explain(text, &tokens, message)),
    };
    let mut lowering = Lowering::new(&tokens);
    let root = lowering.node(&expr)?;
    Ok(Query { text: text.to_owned(), selectors: lowering.selectors, root })
}

/// Adds place and remedy to the library's message.
fn explain(text: &str, tokens: &[Token<'_>], message: String) -> QueryError {
    if let Some(name) = between(&message, "unknown function with name '", "'") {
        let error = match name {
            "holt_winters" => {
                QueryError::unsupported("the function holt_winters is not supported", "avg_over_time smooths too")
            }
            _ => QueryError::syntax(format!("there is no function {name}"), suggestion(name)),
        };
        return match tokens.iter().find(|token| token.text == name) {
            Some(token) => error.at(token.start),
            None => error,
        };
    }
    if let Some(error) = syntax::first_misplaced(tokens, text.len()) {
        return error;
    }
    let hint = remedy(&message);
    let plain = |message: String| message.replace("type matrix", "a range").replace("got matrix", "got a range");
    match smallest_refused_part(text, tokens) {
        Some((position, inner)) => QueryError::syntax(plain(inner), hint).at(position),
        None => QueryError::syntax(plain(message), hint).at(tokens.first().map_or(0, |token| token.start)),
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let length = text[start..].find(after)?;
    Some(&text[start..start + length])
}

fn suggestion(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "mean" | "average" => "use avg".to_owned(),
        "mean_over_time" => "use avg_over_time".to_owned(),
        "percentile" | "p95" | "p99" => "use quantile(0.95, …) or histogram_quantile".to_owned(),
        _ if lower != name => format!("function names are in lower case: {lower}"),
        _ => "check its spelling".to_owned(),
    }
}

fn remedy(message: &str) -> &'static str {
    const REMEDIES: &[(&str, &str)] = &[
        ("expected type matrix", "add a range in brackets, for example metric[5m]"),
        ("got matrix", "apply a function such as rate() to the range first"),
        ("expected type vector", "give a metric, or wrap a number in vector()"),
        ("expected type scalar", "give a number, or wrap a vector in scalar()"),
        ("expected type string", "put the text in quotes"),
        ("must use BOOL", "write for example 1 > bool 2"),
        ("at least one non-empty matcher", "name a metric or give a label a value that is not empty"),
        ("illegal regex", "PromQL has RE2 syntax: no look-around and no back-references; check its brackets"),
        ("argument(s)", "separate arguments with commas; see the documentation of the function"),
        (
            "for aggregate expression",
            "topk, bottomk, quantile and count_values take a parameter and a vector, the others a vector",
        ),
        ("only allowed on vector", "wrap a number in vector()"),
        ("got: matrix", "apply a function such as rate() to the range first"),
        (
            "only scalar and instant vector",
            "apply a function such as rate() to a range first; a string cannot be computed with",
        ),
        ("label match", "write label=\"value\" inside the braces"),
        ("@ modifier", "give seconds since 1970, start() or end()"),
        ("ranges only allowed for vector selectors", "write [5m:1m] to make a subquery of an expression"),
        ("ON and GROUP clause", "name the label in one of the two lists only"),
        ("set operator", "these join vectors; wrap a number in vector()"),
        ("no grouping allowed", "remove group_left or group_right"),
        ("multiple times", "keep one of them"),
        ("name must not be set twice", "keep the name in front of the braces or __name__ inside"),
        ("duration", "write whole numbers with units, for example 5m or 1h30m"),
        ("escape", "write a backslash twice or use backquotes"),
    ];
    let found = REMEDIES.iter().find(|(part, _)| message.contains(part));
    found.map_or("check brackets, quotes and operators around this place", |(_, hint)| hint)
}

/// Tries calls and parentheses on their own, inner ones first; the first that is refused by itself is the fault.
fn smallest_refused_part(text: &str, tokens: &[Token<'_>]) -> Option<(usize, String)> {
    let mut open: Vec<usize> = Vec::new();
    let mut trials = 0;
    for (i, token) in tokens.iter().enumerate() {
        match (token.kind, token.text) {
            (Kind::Open, _) => open.push(i),
            (Kind::Close, _) => {
                let opened = open.pop()?;
                let Some(first) = part_start(tokens, opened) else { continue };
                trials += 1;
                if trials > MAX_TRIALS {
                    return None;
                }
                let start = tokens[first].start;
                let part = &text[start..token.start + token.text.len()];
                let quoted = scan::scan(part).map(|tokens| scan::without_raw_strings(part, &tokens)).ok()?;
                if let Err(message) = parser::parse(&quoted) {
                    return Some((start, message));
                }
            }
            _ => {}
        }
    }
    None
}

/// The token with which the expression that holds this bracket begins, if the bracket belongs to one that can stand alone.
fn part_start(tokens: &[Token<'_>], opened: usize) -> Option<usize> {
    const LISTS: &[&str] = &["by", "without", "on", "ignoring", "group_left", "group_right"];
    let previous = opened.checked_sub(1).map(|i| &tokens[i]);
    match (tokens[opened].text, previous) {
        ("[", _) => None,
        ("(", Some(word)) if word.is_any(LISTS) => None,
        // The arguments of `sum by (x) (…)` do not stand alone.
        ("(", Some(close)) if close.text == ")" => None,
        (_, Some(word)) if word.kind == Kind::Word && !word.is_any(&["and", "or", "unless", "atan2", "bool"]) => {
            Some(opened - 1)
        }
        _ => Some(opened),
    }
}
