//! The formats of the sets' files.

use serde::de::DeserializeOwned;

use super::corpus::CorpusError;

pub(super) fn json<T: DeserializeOwned>(
    read: &impl Fn(&str) -> Option<String>,
    file: &str,
) -> Result<Option<T>, CorpusError> {
    let parsed = read(file).map(|text| serde_json::from_str(&text)).transpose();
    parsed.map_err(|e| CorpusError { file: file.to_owned(), problem: e.to_string() })
}

pub(super) fn lines<T: DeserializeOwned>(
    read: &impl Fn(&str) -> Option<String>,
    file: &str,
) -> Result<Vec<T>, CorpusError> {
    let parsed: Result<Vec<T>, serde_json::Error> =
        read(file).unwrap_or_default().lines().map(serde_json::from_str).collect();
    parsed.map_err(|e| CorpusError { file: file.to_owned(), problem: e.to_string() })
}

/// Comma-separated rows; a field may be quoted and then contain commas, line ends and doubled quotes.
pub(super) fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(row) = rows.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                row.last_mut().into_iter().for_each(|f| f.extend(chars.next()));
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            c => row.last_mut().into_iter().for_each(|f| f.push(c)),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_are_read() {
        assert_eq!(csv("a,b\n1,\"x, \"\"y\"\"\nz\"\n"), [["a", "b"], ["1", "x, \"y\"\nz"]]);
    }
}
