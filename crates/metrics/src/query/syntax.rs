//! Where a query stops making sense. The grammar's library only says that it does, so once it has refused a text this
//! walks the tokens and finds the first that stands where it cannot: an operand after an operand, an operator without one.

use super::error::QueryError;
use super::scan::{Kind, Token};

const AGGREGATIONS: &[&str] =
    &["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values"];
const GROUPING: &[&str] = &["by", "without"];
const WORD_OPERATORS: &[&str] = &["and", "or", "unless", "atan2"];
const MATCHING: &[&str] = &["on", "ignoring", "group_left", "group_right", "bool"];

/// The first misplaced token of a text that is no query; `None` when the order of the tokens is in itself fine.
pub(super) fn first_misplaced(tokens: &[Token<'_>], query_length: usize) -> Option<QueryError> {
    let mut walk = Walk { tokens, next: 0, wants_operand: true, depth: 0 };
    while walk.next < tokens.len() {
        let index = walk.next;
        let accepted = if walk.wants_operand { walk.operand() } else { walk.after_operand() };
        if !accepted {
            return Some(misplaced(&tokens[index], walk.wants_operand));
        }
    }
    walk.wants_operand.then(|| {
        let hint = "add a metric, a number or an expression in parentheses";
        QueryError::syntax("the query ends where something to compute with is expected", hint).at(query_length)
    })
}

fn misplaced(token: &Token<'_>, wants_operand: bool) -> QueryError {
    let (expected, hint) = if wants_operand {
        ("a metric, a number or \"(\"", "remove it or write what it should apply to")
    } else {
        ("an operator or the end", "join two expressions with an operator; quote label values inside { }")
    };
    QueryError::syntax(format!("unexpected {:?}, expected {expected}", token.text), hint).at(token.start)
}

#[derive(Debug)]
struct Walk<'a> {
    tokens: &'a [Token<'a>],
    next: usize,
    wants_operand: bool,
    /// Open parentheses.
    depth: usize,
}

impl Walk<'_> {
    fn peek(&self, ahead: usize) -> Option<&Token<'_>> {
        self.tokens.get(self.next + ahead)
    }

    fn is(&self, text: &str) -> bool {
        self.peek(0).is_some_and(|token| token.text == text)
    }

    fn is_word(&self, words: &[&str]) -> bool {
        self.peek(0).is_some_and(|token| token.is_any(words))
    }

    /// Steps over a bracket and everything up to its partner. Brackets are balanced by now.
    fn skip_brackets(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.peek(0) {
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

    fn operand(&mut self) -> bool {
        let Some(token) = self.peek(0) else { return false };
        let kind = token.kind;
        match (kind, token.text) {
            (Kind::Operator, "+" | "-") => self.next += 1,
            (Kind::Open, "(") => {
                self.depth += 1;
                self.next += 1;
            }
            (Kind::Open, "{") => {
                self.skip_brackets();
                self.wants_operand = false;
            }
            // An empty argument list.
            (Kind::Close, ")") if self.next > 1 && self.depth > 0 => {
                let opened = self.tokens[self.next - 1].text == "(";
                if !opened || self.tokens[self.next - 2].kind != Kind::Word {
                    return false;
                }
                self.depth -= 1;
                self.next += 1;
                self.wants_operand = false;
            }
            (Kind::Number | Kind::Text, _) => {
                self.next += 1;
                self.wants_operand = false;
            }
            (Kind::Word, _) => return self.word(),
            _ => return false,
        }
        true
    }

    fn word(&mut self) -> bool {
        let is_aggregation = self.is_word(AGGREGATIONS);
        self.next += 1;
        if is_aggregation && self.is_word(GROUPING) {
            self.next += 1;
            if !self.is("(") {
                return false;
            }
            self.skip_brackets();
        }
        if self.is("(") {
            self.next += 1;
            self.depth += 1;
            return true;
        }
        if self.is("{") {
            self.skip_brackets();
        }
        self.wants_operand = false;
        true
    }

    fn after_operand(&mut self) -> bool {
        let Some(token) = self.peek(0) else { return false };
        match (token.kind, token.text) {
            (Kind::Operator, "=" | "=~" | "!~") => return false,
            (Kind::Operator, _) => self.operator(),
            (Kind::Word, _) if token.is_any(WORD_OPERATORS) => self.operator(),
            (Kind::Word, _) if token.is("offset") => self.modifier(),
            (Kind::Word, _) if token.is_any(GROUPING) => {
                self.next += 1;
                if !self.is("(") {
                    return false;
                }
                self.skip_brackets();
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
            _ => return false,
        }
        true
    }

    fn operator(&mut self) {
        self.next += 1;
        self.wants_operand = true;
        while self.is_word(MATCHING) {
            self.next += 1;
            let previous = &self.tokens[self.next - 1];
            if self.is("(") && !previous.is("bool") {
                self.skip_brackets();
            }
        }
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
