//! From the library's syntax tree to our plan. Everything this engine does not do is refused here, by name and place.

use std::time::{Duration, SystemTime};

use promql_parser::label::{self, Matchers};

use promql_parser::parser::{AtModifier, Expr, MatrixSelector, Offset, SubqueryExpr, VectorSelector};

use super::error::QueryError;
use super::lower_call::lower_call;
use super::lower_operator::{lower_aggregate, lower_binary};
use super::node::{Node, NodeType, RangeSource, Selector, SelectorSpec};
use super::scan::{Kind, Token};
use super::time::{At, DEFAULT_SUBQUERY_STEP_MS, Shift};
use crate::head::{MatchOp, Matcher};
use crate::labels::METRIC_NAME;

/// Lowers one query; collects its selectors in the order of the text.
#[derive(Debug)]
pub(super) struct Lowering<'a> {
    tokens: &'a [Token<'a>],
    pub(super) selectors: Vec<SelectorSpec>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(tokens: &'a [Token<'a>]) -> Self {
        Self { tokens, selectors: Vec::new() }
    }

    /// Any expression that can stand in a query. `function` is what is applied to its samples, for selectors below it.
    pub(super) fn node(&mut self, expr: &Expr) -> Result<Node, QueryError> {
        match expr {
            Expr::Paren(paren) => self.node(&paren.expr),
            Expr::NumberLiteral(number) => Ok(Node::Number(number.val)),
            Expr::VectorSelector(selector) => Ok(Node::Select(self.selector(selector, None)?)),
            Expr::MatrixSelector(_) | Expr::Subquery(_) => Ok(Node::Range(self.range(expr, None)?)),
            Expr::Unary(unary) => {
                let inner = self.node(&unary.expr)?;
                match inner.node_type() {
                    NodeType::Range => {
                        Err(QueryError::syntax("a range cannot be negated", "negate the function of it"))
                    }
                    _ => Ok(Node::Negate(Box::new(inner))),
                }
            }
            Expr::Binary(binary) => lower_binary(self, binary),
            Expr::Aggregate(aggregate) => lower_aggregate(self, aggregate),
            Expr::Call(call) => lower_call(self, call),
            Expr::StringLiteral(text) => {
                let error = QueryError::unsupported(
                    "a string alone is not a query",
                    "ask for a metric, a number or an expression",
                );
                Err(self.locate_text(error, &text.val))
            }
            Expr::Extension(extension) => {
                Err(QueryError::unsupported(format!("{} is not supported", extension.expr.name()), "use plain PromQL"))
            }
        }
    }

    pub(super) fn vector(&mut self, expr: &Expr, user: &str) -> Result<Node, QueryError> {
        self.typed(expr, user, NodeType::Vector, "an instant vector")
    }

    pub(super) fn scalar(&mut self, expr: &Expr, user: &str) -> Result<Node, QueryError> {
        self.typed(expr, user, NodeType::Scalar, "a scalar")
    }

    fn typed(&mut self, expr: &Expr, user: &str, wanted: NodeType, name: &str) -> Result<Node, QueryError> {
        let node = self.node(expr)?;
        if node.node_type() == wanted {
            return Ok(node);
        }
        let hint = if wanted == NodeType::Vector {
            "select a metric or wrap a number in vector()"
        } else {
            "use a number or scalar()"
        };
        Err(self.locate(QueryError::syntax(format!("{user} needs {name} here"), hint), user))
    }

    pub(super) fn text(&self, expr: &Expr, user: &str) -> Result<String, QueryError> {
        match expr {
            Expr::StringLiteral(text) => Ok(text.val.clone()),
            Expr::Paren(paren) => self.text(&paren.expr, user),
            _ => {
                Err(self.locate(QueryError::syntax(format!("{user} needs a quoted string here"), "write \"…\""), user))
            }
        }
    }

    /// A range selector or subquery, the argument of `function`.
    pub(super) fn range(&mut self, expr: &Expr, function: Option<&'static str>) -> Result<RangeSource, QueryError> {
        match expr {
            Expr::Paren(paren) => self.range(&paren.expr, function),
            Expr::MatrixSelector(MatrixSelector { vs, range }) => {
                Ok(RangeSource::Series { selector: self.selector(vs, function)?, window_ms: milliseconds(*range) })
            }
            Expr::Subquery(SubqueryExpr { expr, offset, at, range, step }) => {
                let vector = Box::new(self.node(expr)?);
                if vector.node_type() != NodeType::Vector {
                    return Err(QueryError::syntax(
                        "a subquery needs an instant vector before its brackets",
                        "wrap a number in vector()",
                    ));
                }
                let step_ms = step.map_or(DEFAULT_SUBQUERY_STEP_MS, milliseconds).max(1);
                Ok(RangeSource::Subquery {
                    vector,
                    shift: self.shift(offset, at)?,
                    window_ms: milliseconds(*range),
                    step_ms,
                })
            }
            _ => {
                let user = function.unwrap_or("this function");
                let error = QueryError::syntax(
                    format!("{user} needs a range"),
                    "add a duration in brackets, for example metric[5m]",
                );
                Err(self.locate(error, user))
            }
        }
    }

    pub(super) fn selector(
        &mut self,
        selector: &VectorSelector,
        function: Option<&'static str>,
    ) -> Result<Selector, QueryError> {
        let matchers = self.matchers(selector.name.as_deref(), &selector.matchers)?;
        self.selectors.push(SelectorSpec { matchers, function });
        Ok(Selector { number: self.selectors.len() - 1, shift: self.shift(&selector.offset, &selector.at)? })
    }

    fn matchers(&self, name: Option<&str>, parsed: &Matchers) -> Result<Vec<Matcher>, QueryError> {
        if !parsed.or_matchers.is_empty() {
            let error = QueryError::unsupported(
                "\"or\" between label matchers is not supported",
                "use a regular expression or two selectors joined by or",
            );
            return Err(self.locate(error, "or"));
        }
        let named = name.map(|name| Ok(Matcher::equal(METRIC_NAME, name)));
        named.into_iter().chain(parsed.matchers.iter().map(|parsed| self.matcher(parsed))).collect()
    }

    fn matcher(&self, parsed: &label::Matcher) -> Result<Matcher, QueryError> {
        let (op, value) = match &parsed.op {
            label::MatchOp::Equal => (MatchOp::Equal, parsed.value.as_str()),
            label::MatchOp::NotEqual => (MatchOp::NotEqual, parsed.value.as_str()),
            label::MatchOp::Re(regex) => (MatchOp::Regex, unanchored(regex.as_str())),
            label::MatchOp::NotRe(regex) => (MatchOp::NotRegex, unanchored(regex.as_str())),
        };
        Matcher::new(&parsed.name, op, value).map_err(|error| {
            let hint = "PromQL has RE2 syntax; shorten the expression if it is too large";
            self.locate_text(QueryError::syntax(error.to_string(), hint), &parsed.value)
        })
    }

    fn shift(&self, offset: &Option<Offset>, at: &Option<AtModifier>) -> Result<Shift, QueryError> {
        shift(offset, at).map_err(|error| self.locate(error, "@"))
    }

    /// Puts the place of a word or operator into an error that has none.
    pub(super) fn locate(&self, error: QueryError, word: &str) -> QueryError {
        self.place(error, |token| token.text == word)
    }

    /// Puts the place of a quoted string into an error that has none.
    pub(super) fn locate_text(&self, error: QueryError, text: &str) -> QueryError {
        self.place(error, |token| token.kind == Kind::Text && token.text.get(1..token.text.len() - 1) == Some(text))
    }

    fn place(&self, error: QueryError, is_it: impl Fn(&Token<'_>) -> bool) -> QueryError {
        match self.tokens.iter().find(|token| is_it(token)) {
            Some(token) if error.position.is_none() => error.at(token.start),
            _ => error,
        }
    }
}

/// The library compiles `^(?:…)$`, with those braces escaped that repeat nothing: in Go they stand for themselves.
fn unanchored(pattern: &str) -> &str {
    pattern.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$")).unwrap_or(pattern)
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn shift(offset: &Option<Offset>, at: &Option<AtModifier>) -> Result<Shift, QueryError> {
    let offset_ms = match offset {
        None => 0,
        Some(Offset::Pos(duration)) => milliseconds(*duration),
        Some(Offset::Neg(duration)) => -milliseconds(*duration),
    };
    let at = match at {
        None => None,
        Some(AtModifier::Start) => Some(At::Start),
        Some(AtModifier::End) => Some(At::End),
        Some(AtModifier::At(time)) => Some(At::Time(since_epoch_ms(*time)?)),
    };
    Ok(Shift { offset_ms, at })
}

fn since_epoch_ms(time: SystemTime) -> Result<i64, QueryError> {
    let ms = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => milliseconds(after),
        Err(before) => -milliseconds(before.duration()),
    };
    if ms.saturating_abs() > super::time::MAX_TIME_MS {
        return Err(QueryError::syntax("the time after @ is out of range", "give seconds since 1970"));
    }
    Ok(ms)
}
