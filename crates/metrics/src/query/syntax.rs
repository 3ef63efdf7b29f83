//! Where a query stops making sense. The grammar's library only says that it does, so once it has refused a text this
//! walks the tokens and finds the first that stands where it cannot: an operand after an operand, an operator without one.

use super::error::QueryError;
use super::scan::{Kind, Token};

const AGGREGATIONS: &[&str] =
    &["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values"];
const GROUPING: &[&str] = &["by", "without"];
const WORD_OPERATORS: &[&str] = &["and", "or", "unless", "atan2"];
const MATCHING: &[&str] = &["on", "ignoring", "group_left", "group_right", "bool"];

const OPERAND: Expectation =
    Expectation { what: "a metric, a number or \"(\"", hint: "remove it or write what it should apply to" };
const OPERATOR: Expectation = Expectation {
    what: "an operator or the end",
    hint: "join two expressions with an operator; quote label values inside { }",
};
const LABELS: Expectation =
    Expectation { what: "labels in parentheses, separated by commas", hint: "write for example by (job, instance)" };

/// What should have stood in a place.
#[derive(Debug, Clone, Copy)]
struct Expectation {
    what: &'static str,
    hint: &'static str,
}

/// The first misplaced token of a text that is no query; `None` when the order of the tokens is in itself fine.
pub(super) fn first_misplaced(tokens: &[Token<'_>], query_length: usize) -> Option<QueryError> {
    let mut walk = Walk { tokens, next: 0, wants_operand: true, depth: 0 };
    while walk.next < tokens.len() {
        let step = if walk.wants_operand { walk.operand() } else { walk.after_operand() };
        if let Err(expected) = step {
            return Some(unexpected(tokens.get(walk.next), query_length, expected));
        }
    }
    walk.wants_operand.then(|| unexpected(None, query_length, OPERAND))
}

fn unexpected(token: Option<&Token<'_>>, query_length: usize, expected: Expectation) -> QueryError {
    let (found, position) = match token {
        Some(token) => (format!("unexpected {:?}", token.text), token.start),
        None => ("the query ends too early".to_owned(), query_length),
    };
    QueryError::syntax(format!("{found}, expected {}", expected.what), expected.hint).at(position)
}

/// `Err` leaves `next` at the token that should have been something else.
type Step = Result<(), Expectation>;

#[derive(Debug)]
struct Walk<'a> {
    tokens: &'a [Token<'a>],
    next: usize,
    wants_operand: bool,
    /// Open parentheses.
    depth: usize,
}

impl Walk<'_> {
    fn peek(&self) -> Option<&Token<'_>> {
        self.tokens.get(self.next)
    }

    fn is(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.text == text)
    }

    fn is_word(&self, words: &[&str]) -> bool {
        self.peek().is_some_and(|token| token.is_any(words))
    }

    /// Steps over a bracket and everything up to its partner. Brackets are balanced by now.
    fn skip_brackets(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                _ => {}
            }
            self.next += 1;
            if depth == 0 {
                break;
            }
        }
    }

    /// `(a, b)` after `by` and the like.
    fn labels(&mut self) -> Step {
        if !self.is("(") {
            return Err(LABELS);
        }
        self.next += 1;
        while !self.is(")") {
            if !self.peek().is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Text)) {
                return Err(LABELS);
            }
            self.next += 1;
            if self.is(",") {
                self.next += 1;
            } else if !self.is(")") {
                return Err(LABELS);
            }
        }
        self.next += 1;
        Ok(())
    }

    fn operand(&mut self) -> Step {
        let Some(token) = self.peek() else { return Err(OPERAND) };
        match (token.kind, token.text) {
            (Kind::Operator, "+" | "-") => self.next += 1,
            (Kind::Open, "(") => {
                self.depth += 1;
                self.next += 1;
            }
            (Kind::Open, "{") => {
                self.skip_brackets();
                self.wants_operand = false;
            }
            (Kind::Close, ")") if self.closes_empty_arguments() => {
                self.depth -= 1;
                self.next += 1;
                self.wants_operand = false;
            }
            (Kind::Number | Kind::Text, _) => {
                self.next += 1;
                self.wants_operand = false;
            }
            (Kind::Word, _) => return self.word(),
            _ => return Err(OPERAND),
        }
        Ok(())
    }

    fn closes_empty_arguments(&self) -> bool {
        let before = self.tokens.get(..self.next).unwrap_or_default();
        self.depth > 0 && matches!(before, [.., name, open] if open.text == "(" && name.kind == Kind::Word)
    }

    fn word(&mut self) -> Step {
        let is_aggregation = self.is_word(AGGREGATIONS);
        self.next += 1;
        if is_aggregation && self.is_word(GROUPING) {
            self.next += 1;
            self.labels()?;
        }
        if self.is("(") {
            self.next += 1;
            self.depth += 1;
            return Ok(());
        }
        if self.is("{") {
            self.skip_brackets();
        }
        self.wants_operand = false;
        Ok(())
    }

    fn after_operand(&mut self) -> Step {
        let Some(token) = self.peek() else { return Err(OPERATOR) };
        match (token.kind, token.text) {
            (Kind::Operator, "=" | "=~" | "!~") => return Err(OPERATOR),
            (Kind::Operator, _) => return self.operator(),
            (Kind::Word, _) if token.is_any(WORD_OPERATORS) => return self.operator(),
            (Kind::Word, _) if token.is("offset") => self.modifier(),
            (Kind::Word, _) if token.is_any(GROUPING) => {
                self.next += 1;
                return self.labels();
            }
            (Kind::At, _) => self.modifier(),
            (Kind::Open, "[") => self.skip_brackets(),
            (Kind::Close, ")") if self.depth > 0 => {
                self.depth -= 1;
                self.next += 1;
            }
            (Kind::Comma, _) if self.depth > 0 => {
                self.next += 1;
                self.wants_operand = true;
            }
            _ => return Err(OPERATOR),
        }
        Ok(())
    }

    fn operator(&mut self) -> Step {
        self.next += 1;
        self.wants_operand = true;
        while self.is_word(MATCHING) {
            let needs_labels = self.is_word(&["on", "ignoring"]);
            let takes_labels = !self.is_word(&["bool"]);
            self.next += 1;
            if needs_labels || (takes_labels && self.is("(")) {
                self.labels()?;
            }
        }
        Ok(())
    }

    /// `offset 5m`, `@ 1700000000`, `@ end()`
    fn modifier(&mut self) {
        self.next += 1;
        if self.is("+") || self.is("-") {
            self.next += 1;
        }
        self.next += 1;
        if self.is("(") {
            self.skip_brackets();
        }
    }
}
