//! A provider that does what a test says: an HTTP server that can also stall, cut and reset.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the fake does with one request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// A whole answer.
    Answer { status: u16, headers: Vec<(String, String)>, body: String },
    /// An event stream.
    Stream(Vec<Step>),
    /// The connection is closed without a word.
    Reset,
    /// Nothing ever comes.
    Hang,
}

/// A step of a stream.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// These bytes, as one chunk.
    Send(String),
    /// Nothing for so long.
    Pause(Duration),
    /// Nothing any more, and the connection stays open.
    Stall,
    /// The connection is closed inside the body.
    Cut,
}

impl Act {
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: vec![("content-type".into(), "application/json".into())], body: body.into() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }

    pub(crate) fn frames(frames: &[&str]) -> Self {
        Self::Stream(frames.iter().map(|frame| Step::Send((*frame).to_owned())).collect())
    }

    pub(crate) fn then(mut self, step: Step) -> Self {
        if let Self::Stream(steps) = &mut self {
            steps.push(step);
        }
        self
    }
}

/// A request as the fake got it.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the gateway sends JSON")
    }
}

#[derive(Debug)]
struct State {
    acts: Mutex<VecDeque<Act>>,
    got: Mutex<Vec<Got>>,
    connections: Mutex<u32>,
    gone: watch::Sender<u32>,
}

/// The fake provider.
#[derive(Clone, Debug)]
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

impl Fake {
    /// Does the acts one after the other; the last one again and again.
    pub(crate) async fn doing(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Arc::new(State {
            acts: Mutex::new(acts.into_iter().collect()),
            got: Mutex::default(),
            connections: Mutex::new(0),
            gone: watch::Sender::new(0),
        });
        let fake = Self { address: listener.local_addr().unwrap(), state: state.clone() };
        let serving = async move {
            while let Ok((stream, _)) = listener.accept().await {
                *state.connections.lock().unwrap() += 1;
                start(serve(stream, state.clone()));
            }
        };
        start(serving);
        fake
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.state.got.lock().unwrap().clone()
    }

    pub(crate) fn calls(&self) -> usize {
        self.state.got.lock().unwrap().len()
    }

    pub(crate) fn connections(&self) -> u32 {
        *self.state.connections.lock().unwrap()
    }

    /// Waits until the gateway has closed a connection that the fake held open.
    pub(crate) async fn left_alone(&self) {
        let mut gone = self.state.gone.subscribe();
        tokio::time::timeout(Duration::from_secs(5), gone.wait_for(|count| *count > 0))
            .await
            .expect("the call is stopped")
            .unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's runtime ends with the test")]
fn start(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    while let Some(got) = request(&mut stream).await {
        state.got.lock().unwrap().push(got);
        let act = {
            let mut acts = state.acts.lock().unwrap();
            if acts.len() > 1 { acts.pop_front() } else { acts.front().cloned() }
        };
        let is_kept = match act.expect("the fake has something to do") {
            Act::Answer { status, headers, body } => answer(&mut stream, status, &headers, &body).await,
            Act::Stream(steps) => play(&mut stream, steps, &state).await,
            Act::Reset => false,
            Act::Hang => held_open(&mut stream, &state).await,
        };
        if !is_kept {
            return;
        }
    }
}

async fn request(stream: &mut TcpStream) -> Option<Got> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut got = Got { head, body: String::new() };
    let length: usize = got.header("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    got.body = String::from_utf8(bytes[end..end + length].to_vec()).ok()?;
    Some(got)
}

async fn answer(stream: &mut TcpStream, status: u16, headers: &[(String, String)], body: &str) -> bool {
    let mut text = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    stream.write_all(text.as_bytes()).await.is_ok()
}

async fn play(stream: &mut TcpStream, steps: Vec<Step>, state: &State) -> bool {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    if stream.write_all(head.as_bytes()).await.is_err() {
        return false;
    }
    for step in steps {
        match step {
            Step::Send(text) => {
                let chunk = format!("{:x}\r\n{text}\r\n", text.len());
                if stream.write_all(chunk.as_bytes()).await.is_err() {
                    state.gone.send_modify(|count| *count += 1);
                    return false;
                }
            }
            Step::Pause(time) => tokio::time::sleep(time).await,
            Step::Stall => return held_open(stream, state).await,
            Step::Cut => return false,
        }
    }
    stream.write_all(b"0\r\n\r\n").await.is_ok()
}

async fn held_open(stream: &mut TcpStream, state: &State) -> bool {
    let mut rest = [0; 64];
    while matches!(stream.read(&mut rest).await, Ok(length) if length > 0) {}
    state.gone.send_modify(|count| *count += 1);
    false
}
