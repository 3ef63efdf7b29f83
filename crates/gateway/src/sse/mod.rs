//! Server-sent events, read as they come.
//!
//! Always true: a frame is handed out only when it is whole, so that nothing can ever be sent after half of one; the bytes of
//! a frame that lies inside one chunk are not copied.

mod parser;

pub(crate) use parser::{Frame, Parser};
