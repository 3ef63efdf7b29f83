//! A client of the stream.
//!
//! Always true: it waits for each frame with a bound.

use std::net::SocketAddr;
use std::time::Duration;

use futures::StreamExt as _;
use http::Request;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::Caller;

const LIMIT: Duration = Duration::from_secs(30);

/// One connection.
pub(super) struct Client {
    socket: WebSocketStream<TcpStream>,
    pub(super) hello: Value,
}

/// What the server sent.
#[derive(Debug)]
pub(super) enum Frame {
    Event(Value),
    Closed { code: u16, reason: String },
}

impl Client {
    /// Connects and takes the first frame.
    pub(super) async fn connect(address: SocketAddr, path: &str, caller: &Caller) -> Self {
        Self::resume(address, path, caller, &[]).await
    }

    /// The same with more headers.
    pub(super) async fn resume(
        address: SocketAddr,
        path: &str,
        caller: &Caller,
        headers: &[(&'static str, &str)],
    ) -> Self {
        let socket = handshake(address, path, caller, headers).await.unwrap();
        let mut client = Self { socket, hello: Value::Null };
        client.hello = client.event().await;
        client
    }

    /// The next frame that says something.
    pub(super) async fn frame(&mut self) -> Frame {
        loop {
            let next = tokio::time::timeout(LIMIT, self.socket.next()).await.expect("no frame within the limit");
            match next.unwrap().unwrap() {
                Message::Text(text) => return Frame::Event(serde_json::from_str(&text).unwrap()),
                Message::Close(Some(frame)) => {
                    return Frame::Closed { code: frame.code.into(), reason: frame.reason.to_string() };
                }
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next event.
    pub(super) async fn event(&mut self) -> Value {
        match self.frame().await {
            Frame::Event(event) => event,
            Frame::Closed { code, reason } => panic!("closed with {code}: {reason}"),
        }
    }

    /// The next `n` events.
    pub(super) async fn events(&mut self, n: usize) -> Vec<Value> {
        let mut events = Vec::with_capacity(n);
        while events.len() < n {
            events.push(self.event().await);
        }
        events
    }
}

/// Opens the address as a WebSocket.
pub(super) async fn handshake(
    address: SocketAddr,
    path: &str,
    caller: &Caller,
    headers: &[(&str, &str)],
) -> Result<WebSocketStream<TcpStream>, Error> {
    let fixed = format!("ws://{address}{path}").into_client_request()?;
    let mut request = caller.sign(Request::builder().uri(fixed.uri()));
    request.headers_mut().unwrap().extend(fixed.headers().clone());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let stream = TcpStream::connect(address).await?;
    let handshake = client_async(request.body(()).unwrap(), stream);
    tokio::time::timeout(LIMIT, handshake).await.expect("no handshake within the limit").map(|(socket, _)| socket)
}
