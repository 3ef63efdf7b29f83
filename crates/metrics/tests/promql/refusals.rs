//! Every refusal says what is wrong, where, and what to do.

use metrics::query::{ErrorKind, Query};

#[track_caller]
fn refused(text: &str, kind: ErrorKind, position: usize, said: &str) {
    let error = Query::parse(text).expect_err(text);
    assert_eq!((error.kind, error.position), (kind, Some(position)), "{text}: {error}");
    assert!(error.to_string().contains(said), "{text}: {error}");
    assert!(!error.hint.is_empty(), "{text}: {error}");
}

#[test]
fn syntax() {
    for (text, position, said) in [
        ("", 0, "the query is empty"),
        ("# only a comment", 0, "the query is empty"),
        ("sum(foo", 3, "\"(\" is never closed"),
        ("sum(foo))", 8, "\")\" closes nothing"),
        ("rate(foo[5m)", 11, "\"[\" is closed by \")\""),
        ("foo bar", 4, "expected an operator"),
        ("foo + * bar", 6, "unexpected \"*\""),
        ("foo +", 5, "ends too early"),
        ("sum by job (foo)", 7, "expected labels in parentheses"),
        ("sum by (job instance) (foo)", 12, "separated by commas"),
        ("foo = 1", 4, "unexpected \"=\""),
        ("foo{a=\"x}", 6, "never closed"),
        ("foo $ bar", 4, "unexpected character '$'"),
        ("a + rate(foo)", 4, "add a range in brackets"),
        ("sum(rate(foo[5m])) / sum(rate(bar))", 25, "expected a range in call to function 'rate'"),
        ("a + b{c=~\"(\"}", 4, "illegal regex"),
        ("a + b{c}", 4, "write label=\"value\""),
        ("nosuch(foo)", 0, "there is no function nosuch"),
        ("Rate(foo[5m])", 0, "function names are in lower case: rate"),
        ("foo[5]", 4, "5 is not a duration"),
        ("foo offset inf", 11, "inf is not a duration"),
        ("foo offset - 1e300", 13, "is not a duration"),
        ("rate(foo[101y])", 9, "longer than 100y"),
        ("foo[99999999999999999999999y]", 4, "longer than 100y"),
        ("foo @ 1e300", 4, "out of range"),
        ("1 > 2", 0, "1 > bool 2"),
        ("label_replace(a, \"b c\", \"\", \"d\", \"\")", 17, "is not a label name"),
        ("label_replace(a, \"b\", \"\", \"d\", \"(\")", 31, "bad regular expression"),
        ("ln(0)", 0, "needs an instant vector"),
    ] {
        refused(text, ErrorKind::Syntax, position, said);
    }
}

#[test]
fn what_is_not_supported_is_named() {
    for (text, position, said) in [
        ("1 + holt_winters(foo[5m], 0.1, 0.1)", 4, "holt_winters"),
        ("histogram_count(foo)", 0, "native histograms"),
        ("sort_by_label(foo, \"a\")", 0, "sort_by_label"),
        ("limitk(2, foo)", 0, "limitk"),
        ("foo + fill(0) bar", 6, "fill"),
        ("foo{a=\"1\" or b=\"2\"}", 10, "\"or\" between label matchers"),
        ("\"text\"", 0, "a string alone"),
    ] {
        refused(text, ErrorKind::Unsupported, position, said);
    }
}

#[test]
fn what_could_exhaust_the_stack_is_refused() {
    refused(&"(".repeat(100), ErrorKind::Limit, 64, "nested more than 64 deep");
    refused(&"-".repeat(10_000), ErrorKind::Limit, 256, "more than 256 operators");
    let long = format!("{}1", "1+".repeat(9_000));
    let error = Query::parse(&long).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Limit, "{error}");
}

#[test]
fn unusual_but_right() {
    for text in [
        "SUM(foo) BY (bar)",
        "sum without () (foo)",
        "offset + 1",
        "offset offset 5m",
        "foo # comment\n + bar",
        "foo{a=~`\\d+\\.\"x\"`}",
        "foo{a='it\\'s'}",
        "{__name__=\"foo\"}",
        "1e+5 - 0x1F + .5 + Inf",
        "rate(foo{job=\"a\",}[1h30m])",
        "foo[5m:1m] offset -1w",
        "foo @ start() offset 1m",
        "a == bool on (b) group_left (c) d",
        "-foo ^ 2",
    ] {
        Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}
