//! Forms that are found, forms that only look alike, and what redaction leaves.

use super::*;

fn found(text: &str) -> Vec<(&'static str, &str)> {
    scan::pieces(text).into_iter().map(|p| (p.name, &text[p.range])).collect()
}

#[test]
fn personal_data_is_found_by_its_form() {
    for (text, name, piece) in [
        ("write to jane.doe+news@mail.example.org.", "email address", "jane.doe+news@mail.example.org"),
        ("card 4111 1111 1111 1111, thanks", "payment card number", "4111 1111 1111 1111"),
        ("378282246310005", "payment card number", "378282246310005"),
        ("SSN: 123-45-6789.", "social security number", "123-45-6789"),
        ("call +49 30 901820 now", "telephone number", "+49 30 901820"),
        ("(212) 555-0187", "telephone number", "(212) 555-0187"),
        ("IBAN DE89 3704 0044 0532 0130 00 at", "bank account number", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "bank account number", "GB82WEST12345698765432"),
        ("from 203.0.113.7:", "IP address", "203.0.113.7"),
        ("NI number AB123456C", "national insurance number", "AB123456C"),
    ] {
        assert_eq!(found(text), [(name, piece)], "{text}");
    }
}

// Made of parts, so that no scanner of repositories takes the examples for real keys.
#[test]
fn secrets_are_found_by_their_form() {
    let letters = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5kL7nP9";
    for (text, name, piece) in [
        (format!("key AKIA{}", "IOSFODNN7EXAMPLE"), "AWS access key", format!("AKIA{}", "IOSFODNN7EXAMPLE")),
        (format!("ghp_{}.", &letters[..36]), "GitHub token", format!("ghp_{}", &letters[..36])),
        (format!("sk-ant-api03-{letters}"), "Anthropic API key", format!("sk-ant-api03-{letters}")),
        (
            format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{letters}"),
            "JSON web token",
            format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{letters}"),
        ),
        ("DB_PASSWORD=hunter2x!".to_owned(), "password or key", "hunter2x!".to_owned()),
        (r#"{"api_key": "9f8e7d6c5b4a"}"#.to_owned(), "password or key", "9f8e7d6c5b4a".to_owned()),
        ("postgres://app:s3cret@db:5432/x".to_owned(), "password in an address", "s3cret".to_owned()),
        (format!("Authorization: Bearer {letters}"), "bearer token", letters.to_owned()),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x".to_owned(),
            "private key",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----".to_owned(),
        ),
    ] {
        assert_eq!(found(&text), [(name, piece.as_str())], "{text}");
    }
}

#[test]
fn what_only_looks_alike_is_left_alone() {
    for text in [
        "4111 1111 1111 1112",
        "order 1234567890123456",
        "2026-03-01 12:00:01",
        "version 1.2.3.4 of 10.0.0.1",
        "password: the word you chose",
        "password = os.environ[\"DB\"]",
        "What is the password? Token: none",
        "sk-learn-pipelines-and-transformers-explained",
        "DE89 3704 0044 0532 0130 01",
        "me@localhost and @handle",
        "phone 555",
        "3.14159265358979",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn redaction_names_what_was_there() {
    assert_eq!(
        redact("Mail ä@b.example or jo@b.example, card 4111111111111111!"),
        "Mail ä@b.example or [email address], card [payment card number]!"
    );
}

#[test]
fn the_shown_excerpt_does_not_give_the_secret_away() {
    let mut shown = Vec::new();
    find("DB_PASSWORD=hunter2x!", |f| shown.push(f.excerpt));
    assert_eq!(shown, ["hu… (9 characters)"]);
}
