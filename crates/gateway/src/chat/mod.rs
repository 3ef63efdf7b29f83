//! A conversation in no provider's words: what every door can be read into and every provider written from, and back.
//!
//! Always true: what a translation cannot carry is refused with a reason; it is never left out silently when it changes the
//! meaning of the answer.

mod event;
mod prompt;

pub(crate) use event::{Event, Finish, Reply, ToolCall};
pub(crate) use prompt::{Format, Part, Prompt, Reasoning, Role, Tool, ToolChoice, Turn};
