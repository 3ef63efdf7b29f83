//! Provider and caller speak the same protocol: frames go out with the bytes they came with.
//!
//! What is changed: the usage frame is left out when only the gateway asked for it, and an end that the provider forgot after a
//! finished answer is added.

use std::collections::VecDeque;

use bytes::Bytes;

use super::Seen;
use super::seen::look_at_frame;
use crate::failure::{Class, Failure};
use crate::request::Door;
use crate::sse::{Frame, Parser};

/// Passes frames on.
#[derive(Debug)]
pub(crate) struct Pass {
    door: Door,
    parser: Parser,
    /// The usage frame is for the gateway alone.
    hides_usage: bool,
}

impl Pass {
    pub(crate) fn new(door: Door, hides_usage: bool) -> Self {
        Self { door, parser: Parser::default(), hides_usage }
    }

    pub(crate) fn push(&mut self, chunk: Bytes, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        self.parser.feed(chunk);
        loop {
            let next = self.parser.next_frame().map_err(|e| Failure::new(Class::Malformed, e.to_string()))?;
            let Some(frame) = next else { return Ok(()) };
            self.frame(frame, seen, out)?;
        }
    }

    fn frame(&mut self, frame: Frame, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        let Some(data) = &frame.data else {
            // A comment keeps the caller's connection alive; before the first token it must not commit us to this provider.
            if seen.has_begun {
                out.push_back(frame.raw);
            }
            return Ok(());
        };
        if seen.is_done {
            return Ok(());
        }
        let look = look_at_frame(self.door, data, seen)?;
        if seen.is_done && !seen.has_begun {
            return Err(Failure::new(Class::Empty, "the stream ended without saying anything"));
        }
        if !(self.hides_usage && look.is_usage_only) {
            out.push_back(frame.raw);
        }
        Ok(())
    }

    /// The stream has ended; whether the answer had is decided here.
    pub(crate) fn finish(&mut self, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        if seen.is_done {
            return Ok(());
        }
        if self.parser.is_inside_frame()
            && let Some(Frame { raw, event, data }) = self.parser.take_rest()
        {
            // The last empty line may be missing, the last brace may not.
            let raw = Bytes::from([&raw[..], b"\n\n"].concat());
            self.frame(Frame { raw, event, data }, seen, out).map_err(|_| cut(seen))?;
        }
        if seen.is_done {
            return Ok(());
        }
        if !seen.is_finished {
            return Err(if seen.frames == 0 {
                Failure::new(Class::Empty, "the stream ended at once")
            } else {
                cut(seen)
            });
        }
        seen.is_done = true;
        match self.door {
            Door::Chat | Door::Completions => out.push_back(Bytes::from_static(b"data: [DONE]\n\n")),
            Door::Messages => {
                out.push_back(Bytes::from_static(b"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
            }
            Door::Responses | Door::Embeddings => {}
        }
        Ok(())
    }
}

pub(super) fn cut(seen: &Seen) -> Failure {
    Failure::new(Class::Cut, format!("the stream ended after {} frames, before the answer did", seen.frames))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
    const HELLO: &str = "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}],\"x\":1}\n\n";
    const STOP: &str = "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    const USAGE: &str =
        "data: {\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n";
    const DONE: &str = "data: [DONE]\n\n";

    fn run(frames: &[&str], hides_usage: bool) -> (String, Seen, Result<(), Failure>) {
        let (mut pass, mut seen, mut out) = (Pass::new(Door::Chat, hides_usage), Seen::default(), VecDeque::new());
        let mut result = Ok(());
        for frame in frames {
            result = result.and_then(|()| pass.push(Bytes::from((*frame).to_owned()), &mut seen, &mut out));
        }
        let result = result.and_then(|()| pass.finish(&mut seen, &mut out));
        (out.iter().map(|b| String::from_utf8_lossy(b).into_owned()).collect(), seen, result)
    }

    #[test]
    fn passes_bytes_on_and_sees_what_matters() {
        let frames = [ROLE, ": ping\n\n", HELLO, STOP, USAGE, DONE];
        let (out, seen, result) = run(&frames, false);
        assert_eq!(result, Ok(()));
        assert_eq!(
            out,
            [ROLE, HELLO, STOP, USAGE, DONE].concat(),
            "a comment before the first token commits to nothing"
        );
        let usage = seen.usage.unwrap();
        assert_eq!((usage.input, usage.output, seen.finish.as_deref()), (3, 1, Some("stop")));
        assert_eq!(run(&frames, true).0, [ROLE, HELLO, STOP, DONE].concat());
    }

    #[test]
    fn a_forgotten_end_is_added_only_to_a_finished_answer() {
        assert_eq!(run(&[HELLO, STOP], false).0, [HELLO, STOP, DONE].concat());
        assert_eq!(run(&[HELLO, STOP, "data: [DONE]"], false).0, [HELLO, STOP, DONE].concat());
        let (out, _, result) = run(&[ROLE, HELLO], false);
        assert_eq!((out, result.unwrap_err().class), ([ROLE, HELLO].concat(), Class::Cut));
    }

    #[test]
    fn what_is_no_answer_is_a_failure() {
        let class = |frames: &[&str]| run(frames, false).2.unwrap_err().class;
        assert_eq!(class(&[]), Class::Empty);
        assert_eq!(class(&[ROLE, DONE]), Class::Empty);
        assert_eq!(class(&["data: {\"choices\":[]}\n\n", DONE]), Class::Empty);
        assert_eq!(class(&[HELLO, "data: {\"id\":\"1\",\"choi\n\n"]), Class::Malformed);
        assert_eq!(class(&[HELLO, "data: {\"id\":\"1\",\"choi"]), Class::Cut);
        assert_eq!(class(&[HELLO, "data: {\"error\":{\"message\":\"boom\"}}\n\n"]), Class::InStream);
    }

    #[test]
    fn nothing_is_sent_after_the_end() {
        assert_eq!(run(&[HELLO, STOP, DONE, HELLO], false).0, [HELLO, STOP, DONE].concat());
    }
}
