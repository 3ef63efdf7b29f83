//! The WebSocket of the event stream: connects, resumes after the last event seen, backs off while it cannot.
//!
//! Always true: never panics, also where there is no WebSocket; one connection a tab.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::page::tell;
use crate::islands::Connection;

/// The first wait after a loss, doubled with each failure up to the last.
const WAIT_MS: (u32, u32) = (500, 15_000);

/// An open socket with the closures it calls; dropped together.
struct Open {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

struct Link {
    state: RwSignal<Connection>,
    last_id: Cell<Option<i64>>,
    wait_ms: Cell<u32>,
    is_over: Cell<bool>,
    open: RefCell<Option<Open>>,
}

/// Connects once the page is alive. Tells the page `bellwether:event` with the topic of each event, and `bellwether:connected`
/// when the stream is back after a loss.
pub(crate) fn connect(state: RwSignal<Connection>) {
    let link = Rc::new(Link {
        state,
        last_id: Cell::new(None),
        wait_ms: Cell::new(WAIT_MS.0),
        is_over: Cell::new(false),
        open: RefCell::new(None),
    });
    let stored = StoredValue::new_local(Rc::clone(&link));
    Effect::new(move |_| open(&link));
    on_cleanup(move || {
        stored.try_with_value(|link| {
            link.is_over.set(true);
            if let Some(open) = link.open.take() {
                detach(&open.socket);
            }
        });
    });
}

fn address(last_id: Option<i64>) -> Option<String> {
    let location = window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let resume = last_id.map_or_else(String::new, |id| format!("?after={id}"));
    Some(format!("{scheme}://{}/stream/events{resume}", location.host().ok()?))
}

fn open(link: &Rc<Link>) {
    if link.is_over.get() {
        return;
    }
    let is_first = link.state.get_untracked() == Connection::Idle;
    link.state.try_set(if is_first { Connection::Connecting } else { Connection::Lost });
    let Some(socket) = address(link.last_id.get()).and_then(|address| WebSocket::new(&address).ok()) else {
        again(link);
        return;
    };
    let opened = Closure::<dyn FnMut()>::new({
        let link = Rc::clone(link);
        move || {
            link.wait_ms.set(WAIT_MS.0);
            if link.state.get_untracked() == Connection::Lost {
                tell("bellwether:connected", &JsValue::NULL);
            }
            link.state.try_set(Connection::Live);
        }
    });
    let message = Closure::<dyn FnMut(MessageEvent)>::new({
        let link = Rc::clone(link);
        move |message: MessageEvent| receive(&link, &message)
    });
    let closed = Closure::<dyn FnMut(CloseEvent)>::new({
        let link = Rc::clone(link);
        move |_| again(&link)
    });
    socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
    link.open.replace(Some(Open { socket, _opened: opened, _message: message, _closed: closed }));
}

/// The first frame: where the stream is now.
#[derive(serde::Deserialize)]
struct Greeting {
    last_event_id: i64,
}

/// What a page needs to know of an event: it fetches the rest.
#[derive(serde::Deserialize)]
struct Happened {
    id: i64,
    event: String,
}

/// A frame that is neither an event nor the greeting is passed over.
fn receive(link: &Link, message: &MessageEvent) {
    let Some(text) = message.data().as_string() else { return };
    if let Ok(greeting) = serde_json::from_str::<Greeting>(&text) {
        // What was missed while away comes after it and must not be skipped.
        if link.last_id.get().is_none() {
            link.last_id.set(Some(greeting.last_event_id));
        }
    } else if let Ok(event) = serde_json::from_str::<Happened>(&text) {
        link.last_id.set(Some(event.id));
        tell("bellwether:event", &event.event.split('.').next().unwrap_or_default().into());
    }
}

/// Waits, longer each time, then tries again.
fn again(link: &Rc<Link>) {
    link.state.try_set(Connection::Lost);
    let wait_ms = link.wait_ms.get();
    link.wait_ms.set((wait_ms * 2).min(WAIT_MS.1));
    let link = Rc::clone(link);
    set_timeout(move || open(&link), Duration::from_millis(wait_ms.into()));
}

fn detach(socket: &WebSocket) {
    socket.set_onopen(None);
    socket.set_onmessage(None);
    socket.set_onclose(None);
    let _ = socket.close();
}
