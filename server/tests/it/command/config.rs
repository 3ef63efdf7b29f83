//! `bellwether config check`, and what every command says of a wrong configuration.

use super::run;

fn settings(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| (format!("BELLWETHER__{key}"), (*value).to_owned())).collect()
}

#[tokio::test]
async fn it_says_what_is_in_force() {
    let environment = settings(&[("SERVER__ADDRESS", "0.0.0.0:8080"), ("DATABASE__URL", "postgres://u:secret@h/d")]);
    let shown = run(&environment, &["config", "check"], "").await.expect(0).out;
    for line in ["server.address = 0.0.0.0:8080", "database.url = postgres://u:********@h/d", "demo.enabled = false"] {
        assert!(shown.lines().any(|shown| shown == line), "{line} is not in {shown}");
    }
    let shown = run(&environment, &["config", "check", "--json"], "").await.expect(0).out;
    let lines: Vec<domain::system::ConfigLine> = serde_json::from_str(&shown).unwrap();
    assert!(lines.iter().any(|line| line.key == "server.address" && line.value == "0.0.0.0:8080"));
    assert!(!shown.contains("secret@"), "{shown}");
}

#[tokio::test]
async fn a_file_is_read_and_the_environment_counts_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bellwether.toml");
    std::fs::write(&path, "[server]\naddress = \"127.0.0.1:1\"\nrequest_timeout_secs = 7\n").unwrap();
    let path = path.to_str().unwrap();
    let environment = settings(&[("SERVER__ADDRESS", "127.0.0.1:2")]);
    let shown = run(&environment, &["config", "check", "--config", path], "").await.expect(0).out;
    assert!(
        shown.contains("server.address = 127.0.0.1:2\n") && shown.contains("server.request_timeout_secs = 7\n"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_wrong_configuration_is_64_with_every_problem_named() {
    let wrong =
        settings(&[("SERVER__ADDRESS", "here"), ("DATABASE__URL", "mysql://x"), ("SECURITY__SESSION_HOURS", "0")]);
    for command in [vec!["config", "check"], vec!["serve"], vec!["migrate"], vec!["user", "reset", "--email", "a@b"]] {
        let refused = run(&wrong, &command, "").await.expect(64);
        for key in ["server.address", "database.url", "security.session_hours"] {
            assert!(refused.err.contains(key), "{key} is not in {}", refused.err);
        }
        assert_eq!(refused.out, "");
    }
    for (key, value, words) in [
        ("SERVER__ADRESS", "x", "BELLWETHER__SERVER__ADRESS: there is no setting adress in this section"),
        ("SRVER__ADDRESS", "x", "there is no section [srver]"),
        ("DATABASE__MAX_CONNECTIONS", "many", "\"many\" is not a whole number"),
        ("DEMO__ENABLED", "yes", "\"yes\" is not true or false"),
    ] {
        let refused = run(&settings(&[(key, value)]), &["config", "check"], "").await.expect(64);
        assert!(refused.err.contains(words), "{words} is not in {}", refused.err);
    }
}

#[tokio::test]
async fn a_file_that_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bellwether.toml");
    let check = async || run(&[], &["config", "check", "--config", path.to_str().unwrap()], "").await.expect(64).err;
    assert!(check().await.contains("cannot be read"));
    for (text, words) in
        [("[server", "bellwether.toml"), ("[server]\nadress = 1\n", "adress"), ("[server]\naddress = 1\n", "string")]
    {
        std::fs::write(&path, text).unwrap();
        let said = check().await;
        assert!(said.contains(words), "{words} is not in {said}");
    }
}

#[tokio::test]
async fn a_command_that_is_none_is_2_and_help_is_0() {
    for wrong in [vec![], vec!["nothing"], vec!["serve", "--nothing"], vec!["key", "create", "--name", "x"]] {
        run(&[], &wrong, "").await.expect(2);
    }
    for command in ["serve", "config", "migrate", "user", "key", "secrets", "watch", "gate"] {
        let help = run(&[], &[command, "--help"], "").await.expect(0).out;
        assert!(help.contains("Usage: bellwether"), "{help}");
    }
    assert!(run(&[], &["--version"], "").await.expect(0).out.starts_with("bellwether "));
}
