//! A light reading of the query text before the grammar sees it. It knows where every token stands, which the
//! grammar's library does not say, and it refuses what that library could not survive: nesting or chains deep enough to exhaust the
//! stack, and durations that do not fit. It never refuses a query that the grammar would accept, apart from those bounds.

use super::error::{ErrorKind, QueryError};

/// Longest query text, in bytes.
pub(super) const MAX_LENGTH: usize = 16 * 1024;
/// Deepest nesting of brackets.
pub(super) const MAX_DEPTH: usize = 64;
/// Most operators in one query. Chains of operators are recursion to every later stage.
pub(super) const MAX_OPERATORS: usize = 256;
/// Longest duration: a hundred years.
pub(super) const MAX_DURATION_MS: u64 = 100 * 365 * 24 * 3600 * 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or keyword.
    Word,
    /// Begins with a digit: a number or a duration.
    Number,
    /// A quoted string, quotes included.
    Text,
    Open,
    Close,
    Comma,
    Colon,
    At,
    Operator,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Byte offset into the query.
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }
}

/// Splits a query into tokens; comments and white space are left out.
pub(super) fn scan(query: &str) -> Result<Vec<Token<'_>>, QueryError> {
    if query.len() > MAX_LENGTH {
        let message = format!("the query is {} bytes long, more than {MAX_LENGTH}", query.len());
        return Err(QueryError::new(
            ErrorKind::Limit,
            message,
            "shorten it, for example by matching with a common prefix",
        ));
    }
    let mut tokens = Vec::new();
    let mut in_brackets = false;
    let mut rest = query;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let start = query.len() - rest.len();
        let Some(first) = rest.chars().next() else { break };
        if first == '#' {
            rest = rest.find(['\n', '\r']).map_or("", |end| &rest[end..]);
            continue;
        }
        let (kind, length) = match first {
            '"' | '\'' | '`' => (Kind::Text, text_length(rest, first).ok_or_else(|| unterminated(first, start))?),
            '0'..='9' => (Kind::Number, number_length(rest)),
            '.' => (Kind::Number, number_length(rest)),
            ':' if in_brackets => (Kind::Colon, 1),
            'a'..='z' | 'A'..='Z' | '_' | ':' => (Kind::Word, word_length(rest)),
            '(' | '{' | '[' => (Kind::Open, 1),
            ')' | '}' | ']' => (Kind::Close, 1),
            ',' => (Kind::Comma, 1),
            '@' => (Kind::At, 1),
            '=' | '!' | '<' | '>' if rest[1..].starts_with(['=', '~']) => (Kind::Operator, 2),
            '=' | '<' | '>' | '+' | '-' | '*' | '/' | '%' | '^' => (Kind::Operator, 1),
            other => {
                let message = format!("unexpected character {other:?}");
                return Err(QueryError::syntax(message, "quote it if it belongs to a label value").at(start));
            }
        };
        in_brackets = match first {
            '[' => true,
            ']' => false,
            _ => in_brackets,
        };
        tokens.push(Token { kind, text: &rest[..length], start });
        rest = &rest[length..];
    }
    if tokens.is_empty() {
        return Err(QueryError::syntax(
            "the query is empty",
            "write an expression, for example rate(requests_total[5m])",
        )
        .at(0));
    }
    Ok(tokens)
}

fn unterminated(quote: char, start: usize) -> QueryError {
    QueryError::syntax("this string is never closed", format!("end it with {quote}")).at(start)
}

/// Length of a quoted string with its quotes. Between backquotes a backslash is an ordinary character.
fn text_length(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            c if c == quote => return Some(i + 1),
            _ => {}
        }
    }
    None
}

fn word_length(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len())
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
    let mut length = 1;
    while let Some(byte) = bytes.get(length) {
        let signed_exponent = matches!(byte, b'+' | b'-') && matches!(bytes[length - 1], b'e' | b'E') && !hexadecimal;
        if !(byte.is_ascii_alphanumeric() || *byte == b'.' || *byte == b'_' || signed_exponent) {
            break;
        }
        length += 1;
    }
    length
}

/// Refuses unbalanced brackets, too deep nesting, too many operators and durations that are none.
pub(super) fn guard(tokens: &[Token<'_>]) -> Result<(), QueryError> {
    let mut open: Vec<&Token<'_>> = Vec::new();
    let mut n_operators = 0;
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => {
                open.push(token);
                if open.len() > MAX_DEPTH {
                    return Err(too_complex(format!("brackets are nested more than {MAX_DEPTH} deep"), token));
                }
            }
            Kind::Close => match open.pop() {
                Some(opened) if matching(opened.text) == token.text => {}
                Some(opened) => {
                    let message = format!("{:?} is closed by {:?}", opened.text, token.text);
                    return Err(QueryError::syntax(message, format!("close it with {:?}", matching(opened.text)))
                        .at(token.start));
                }
                None => {
                    let message = format!("{:?} closes nothing", token.text);
                    return Err(QueryError::syntax(message, "remove it or open the bracket before it").at(token.start));
                }
            },
            Kind::Operator => n_operators += 1,
            Kind::Word if token.is_any(&["and", "or", "unless", "atan2"]) => n_operators += 1,
            Kind::Number => check_duration(tokens, i, open.last().is_some_and(|opened| opened.text == "["))?,
            Kind::Word if follows_offset(tokens, i) && token.is_any(&["inf", "nan"]) => {
                return Err(not_a_duration(token));
            }
            _ => {}
        }
        if n_operators > MAX_OPERATORS {
            return Err(too_complex(format!("there are more than {MAX_OPERATORS} operators"), token));
        }
    }
    match open.pop() {
        None => Ok(()),
        Some(token) => {
            let message = format!("{:?} is never closed", token.text);
            Err(QueryError::syntax(message, format!("add {:?}", matching(token.text))).at(token.start))
        }
    }
}

fn too_complex(message: String, token: &Token<'_>) -> QueryError {
    QueryError::new(ErrorKind::Limit, message, "split the query").at(token.start)
}

fn matching(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "{" => "}",
        _ => "]",
    }
}

/// Whether the token is the operand of an `offset` modifier (and `offset` is not the name of a metric).
fn follows_offset(tokens: &[Token<'_>], i: usize) -> bool {
    let signed = i > 0 && matches!(tokens[i - 1].text, "+" | "-");
    let Some(keyword) = i.checked_sub(1 + usize::from(signed)) else { return false };
    let after_operand = keyword > 0
        && matches!(tokens[keyword - 1].kind, Kind::Word | Kind::Close | Kind::Number)
        && !tokens[keyword - 1].is_any(&["and", "or", "unless", "atan2"]);
    tokens[keyword].is("offset") && after_operand
}

fn check_duration(tokens: &[Token<'_>], i: usize, in_brackets: bool) -> Result<(), QueryError> {
    let token = &tokens[i];
    let needed = in_brackets || follows_offset(tokens, i);
    match duration_ms(token.text) {
        None if needed => Err(not_a_duration(token)),
        Some(ms) if ms > MAX_DURATION_MS => {
            Err(QueryError::syntax(format!("the duration {} is longer than 100y", token.text), "use a shorter one")
                .at(token.start))
        }
        _ => Ok(()),
    }
}

fn not_a_duration(token: &Token<'_>) -> QueryError {
    let message = format!("{} is not a duration", token.text);
    QueryError::syntax(message, "write whole numbers with units, for example 5m, 1h30m or 500ms").at(token.start)
}

/// Milliseconds of a duration such as `1h30m`; `None` when the text is not one, the largest number when it does not fit.
pub(super) fn duration_ms(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if n_digits == 0 {
            return None;
        }
        let number: u64 = rest[..n_digits].parse().unwrap_or(u64::MAX);
        rest = &rest[n_digits..];
        let n_letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit_ms: u64 = match &rest[..n_letters] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60 * 1000,
            "h" => 3600 * 1000,
            "d" => 24 * 3600 * 1000,
            "w" => 7 * 24 * 3600 * 1000,
            "y" => 365 * 24 * 3600 * 1000,
            _ => return None,
        };
        rest = &rest[n_letters..];
        total = total.saturating_add(number.saturating_mul(unit_ms));
    }
    Some(total)
}

/// The text with every back-quoted string in double quotes: the grammar's library reads escapes between back quotes, PromQL does not.
pub(super) fn without_raw_strings(query: &str, tokens: &[Token<'_>]) -> String {
    let mut out = String::with_capacity(query.len() + 16);
    let mut copied = 0;
    for token in tokens.iter().filter(|token| token.text.starts_with('`')) {
        out.push_str(&query[copied..token.start]);
        out.push_str(&double_quoted(&token.text[1..token.text.len() - 1]));
        copied = token.start + token.text.len();
    }
    out.push_str(&query[copied..]);
    out
}

fn double_quoted(raw: &str) -> String {
    let escaped = raw.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    format!("\"{escaped}\"")
}
