//! Provider and caller speak different protocols: frames are read into events, and events written as the caller's frames.
//!
//! Always true: the caller's stream is only ended when the provider's answer was whole.

use std::collections::VecDeque;

use bytes::Bytes;

use super::Seen;
use super::pass::cut;
use crate::chat::Event;
use crate::door::Writer;
use crate::failure::{Class, Failure};
use crate::protocol::{Decoder, Read};
use crate::sse::{Frame, Parser};

/// Translates frames.
#[derive(Debug)]
pub(crate) struct Translate {
    parser: Parser,
    decoder: Decoder,
    writer: Writer,
}

impl Translate {
    pub(crate) fn new(decoder: Decoder, writer: Writer) -> Self {
        Self { parser: Parser::default(), decoder, writer }
    }

    pub(super) fn push(&mut self, chunk: Bytes, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        self.parser.feed(chunk);
        loop {
            let next = self.parser.next_frame().map_err(|e| Failure::new(Class::Malformed, e.to_string()))?;
            let Some(frame) = next else { return Ok(()) };
            self.frame(&frame, seen, out)?;
        }
    }

    fn frame(&mut self, frame: &Frame, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        let Some(data) = frame.data.as_ref().filter(|_| !seen.is_done) else { return Ok(()) };
        seen.frames += 1;
        let read = self.decoder.frame(data)?;
        let is_done = read.is_done;
        let mut text = String::new();
        self.say(read, seen, &mut text);
        if is_done && !seen.has_begun {
            return Err(Failure::new(Class::Empty, "the stream ended without saying anything"));
        }
        if is_done && !seen.is_finished {
            return Err(cut(seen));
        }
        if is_done {
            self.end(seen, &mut text);
        }
        if !text.is_empty() {
            out.push_back(Bytes::from(text));
        }
        Ok(())
    }

    fn say(&mut self, read: Read, seen: &mut Seen, text: &mut String) {
        if read.finish.is_some() {
            seen.finish = read.finish;
        }
        for event in read.events {
            seen.event(&event);
            self.writer.write(event, text);
        }
    }

    fn end(&mut self, seen: &mut Seen, text: &mut String) {
        self.writer.end(text);
        seen.is_done = true;
    }

    /// The provider's stream has ended. Google's has no other end.
    pub(super) fn finish(&mut self, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        if !seen.is_done
            && self.parser.is_inside_frame()
            && let Some(frame) = self.parser.take_rest()
        {
            // The last empty line may be missing, the last brace may not.
            self.frame(&frame, seen, out).map_err(|_| cut(seen))?;
        }
        if seen.is_done {
            return Ok(());
        }
        if !seen.is_finished {
            let nothing = || Failure::new(Class::Empty, "the stream ended at once");
            return Err(if seen.frames == 0 { nothing() } else { cut(seen) });
        }
        let mut text = String::new();
        self.end(seen, &mut text);
        out.push_back(Bytes::from(text));
        Ok(())
    }
}

impl Seen {
    /// Looks at an event.
    pub(crate) fn event(&mut self, event: &Event) {
        match event {
            Event::Text(text) | Event::Reasoning(text) | Event::ToolArguments { json: text, .. } => {
                self.has_begun |= !text.is_empty();
                self.text_bytes += text.len() as u64;
            }
            Event::ToolStart { .. } => self.has_begun = true,
            Event::Finish(_) => (self.is_finished, self.has_begun) = (true, true),
            Event::Usage(usage) => self.usage = Some(*usage),
            Event::Signature(_) => {}
        }
    }
}
