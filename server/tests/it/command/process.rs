//! A process of the real binary.
//!
//! Always true: it has the environment of the test and nothing else of ours; one that hangs is killed and fails the test.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

const LIMIT: Duration = Duration::from_secs(60);

/// How a process ended.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) code: Option<i32>,
    /// What programs read.
    pub(super) out: String,
    /// What people read.
    pub(super) err: String,
}

impl Outcome {
    /// This outcome, when the code is the one expected.
    #[track_caller]
    pub(super) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }
}

/// The binary with these settings and arguments.
pub(super) fn bellwether(environment: &[(String, String)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("BELLWETHER")) {
        command.env_remove(name);
    }
    command.args(arguments).envs(environment.iter().cloned()).env("RUST_LOG", "warn").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the binary to its end.
pub(super) async fn run(environment: &[(String, String)], arguments: &[&str], input: &str) -> Outcome {
    let mut child = bellwether(environment, arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A process that does not read closes its end; that is not what is tested.
    stdin.write_all(input.as_bytes()).await.unwrap_or_default();
    drop(stdin);
    let ended = tokio::time::timeout(LIMIT, child.wait_with_output()).await;
    let output = ended.unwrap_or_else(|_| panic!("{arguments:?} did not end")).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}
