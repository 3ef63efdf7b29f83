//! The incremental parser, after the event stream grammar of the HTML standard (section 9.2.6).

use bytes::{Buf, Bytes, BytesMut};

/// More than this in one frame is not an answer any more.
const MAX_FRAME: usize = 16 << 20;

/// One event with the bytes it came as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// As received, with the empty line that ends it.
    pub(crate) raw: Bytes,
    /// The last `event` field, or nothing.
    pub(crate) event: Option<Bytes>,
    /// The `data` fields, joined by line feeds; nothing in a comment.
    pub(crate) data: Option<Bytes>,
}

/// A frame is longer than anything a provider sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of more than {MAX_FRAME} bytes")]
pub(crate) struct FrameTooLarge;

/// Turns chunks into frames.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// The chunk at hand, while it needs no copying.
    chunk: Bytes,
    /// The beginning of a frame whose rest is still to come, and what came after it.
    carry: BytesMut,
    /// Up to here the front buffer has been searched.
    scanned: usize,
    /// Where the line at hand begins.
    line: usize,
    is_started: bool,
}

impl Parser {
    /// Takes the next chunk. All frames of the chunk before must have been taken with [`Parser::next_frame`].
    pub(crate) fn feed(&mut self, chunk: Bytes) {
        if self.carry.is_empty() && self.chunk.is_empty() {
            self.chunk = chunk;
        } else {
            self.spill();
            self.carry.extend_from_slice(&chunk);
        }
        self.skip_byte_order_mark();
    }

    /// The next whole frame, if there is one.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Frame>, FrameTooLarge> {
        loop {
            let Some(end) = self.frame_end() else {
                self.spill();
                return if self.carry.len() > MAX_FRAME { Err(FrameTooLarge) } else { Ok(None) };
            };
            let raw = if self.carry.is_empty() { self.chunk.split_to(end) } else { self.carry.split_to(end).freeze() };
            (self.scanned, self.line) = (0, 0);
            if !raw.iter().all(|b| matches!(b, b'\r' | b'\n')) {
                return Ok(Some(fields(raw)));
            }
        }
    }

    /// Whether a frame has begun and not ended.
    pub(crate) fn is_inside_frame(&self) -> bool {
        self.buffer().iter().any(|b| !b.is_ascii_whitespace())
    }

    /// What has begun and not ended, as if it had: some servers leave out the last empty line.
    pub(crate) fn take_rest(&mut self) -> Option<Frame> {
        self.spill();
        let rest = self.carry.split().freeze();
        (self.scanned, self.line) = (0, 0);
        (!rest.iter().all(u8::is_ascii_whitespace)).then(|| fields(rest))
    }

    fn buffer(&self) -> &[u8] {
        if self.carry.is_empty() { &self.chunk } else { &self.carry }
    }

    /// What is left of a chunk waits in the carry for its rest.
    fn spill(&mut self) {
        if !self.chunk.is_empty() {
            self.carry.extend_from_slice(&self.chunk);
            self.chunk = Bytes::new();
        }
    }

    fn skip_byte_order_mark(&mut self) {
        if self.is_started || self.buffer().len() < 3 {
            return;
        }
        self.is_started = true;
        if self.buffer().starts_with(b"\xEF\xBB\xBF") {
            (self.scanned, self.line) = (0, 0);
            if self.carry.is_empty() { self.chunk.advance(3) } else { self.carry.advance(3) }
        }
    }

    /// The end of the first frame: after an empty line. A carriage return at the very end may be half of a line end.
    fn frame_end(&mut self) -> Option<usize> {
        let (mut scanned, mut line) = (self.scanned, self.line);
        let buffer = self.buffer();
        let end = loop {
            let Some(found) = memchr::memchr2(b'\n', b'\r', &buffer[scanned..]) else {
                scanned = buffer.len();
                break None;
            };
            let at = scanned + found;
            let after = match (buffer[at], buffer.get(at + 1)) {
                (b'\n', _) => at + 1,
                (_, Some(b'\n')) => at + 2,
                (_, Some(_)) => at + 1,
                (_, None) => {
                    scanned = at;
                    break None;
                }
            };
            if at == line {
                break Some(after);
            }
            (scanned, line) = (after, after);
        };
        (self.scanned, self.line) = (scanned, line);
        end
    }
}

/// Reads the fields of a whole frame.
fn fields(raw: Bytes) -> Frame {
    let (mut event, mut data): (Option<Bytes>, Option<Bytes>) = (None, None);
    let mut joined: Option<BytesMut> = None;
    let mut at = 0;
    while at < raw.len() {
        let length = memchr::memchr2(b'\n', b'\r', &raw[at..]).unwrap_or(raw.len() - at);
        let line = at..at + length;
        at = line.end + 1;
        let (name_end, mut value) = match memchr::memchr(b':', &raw[line.clone()]) {
            Some(colon) => (line.start + colon, line.start + colon + 1..line.end),
            None => (line.end, line.end..line.end),
        };
        if raw.get(value.start) == Some(&b' ') && value.start < value.end {
            value.start += 1;
        }
        match &raw[line.start..name_end] {
            b"event" => event = Some(raw.slice(value)),
            b"data" => match (&mut joined, &data) {
                (Some(lines), _) => {
                    lines.extend_from_slice(b"\n");
                    lines.extend_from_slice(&raw[value]);
                }
                (None, None) => data = Some(raw.slice(value)),
                (None, Some(first)) => {
                    let mut lines = BytesMut::from(&first[..]);
                    lines.extend_from_slice(b"\n");
                    lines.extend_from_slice(&raw[value]);
                    joined = Some(lines);
                }
            },
            _ => {}
        }
    }
    Frame { raw, event, data: joined.map(BytesMut::freeze).or(data) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(chunks: &[&[u8]]) -> Vec<(Option<String>, Option<String>)> {
        let mut parser = Parser::default();
        let mut frames = Vec::new();
        for chunk in chunks {
            parser.feed(Bytes::copy_from_slice(chunk));
            while let Some(frame) = parser.next_frame().unwrap() {
                let text = |bytes: Bytes| String::from_utf8_lossy(&bytes).into_owned();
                frames.push((frame.event.map(text), frame.data.map(text)));
            }
        }
        frames
    }

    const STREAM: &[u8] = b"\xEF\xBB\xBFdata: one\n\n: comment\n\nevent: x\r\ndata:two\r\ndata:  three\r\n\r\ndata\n\nid: 7\rdata: cr\r\rdata: last\n\n";

    fn expected() -> Vec<(Option<String>, Option<String>)> {
        let some = |text: &str| Some(text.to_owned());
        vec![
            (None, some("one")),
            (None, None),
            (some("x"), some("two\n three")),
            (None, some("")),
            (None, some("cr")),
            (None, some("last")),
        ]
    }

    #[test]
    fn reads_what_the_standard_allows() {
        assert_eq!(read(&[STREAM]), expected());
    }

    #[test]
    fn nothing_is_copied_when_chunks_hold_whole_frames() {
        let chunk = Bytes::from_static(b"data: a\n\ndata: b\n\n");
        let mut parser = Parser::default();
        parser.feed(chunk.clone());
        let first = parser.next_frame().unwrap().unwrap();
        assert_eq!(first.raw.as_ptr(), chunk.as_ptr());
        assert_eq!(first.raw, "data: a\n\n");
        assert_eq!(parser.next_frame().unwrap().unwrap().data.unwrap(), "b");
        assert!(!parser.is_inside_frame());
    }

    #[test]
    fn half_a_frame_is_withheld() {
        let mut parser = Parser::default();
        parser.feed(Bytes::from_static(b"data: a\n\ndata: {\"half"));
        assert!(parser.next_frame().unwrap().is_some());
        assert!(parser.next_frame().unwrap().is_none());
        assert!(parser.is_inside_frame());
        assert_eq!(parser.take_rest().unwrap().data.unwrap(), "{\"half");
    }

    proptest! {
        #[test]
        fn cuts_change_nothing(mut cuts in prop::collection::vec(0..STREAM.len(), 0..40)) {
            cuts.sort_unstable();
            let mut chunks = Vec::new();
            let mut from = 0;
            for cut in cuts {
                chunks.push(&STREAM[from..cut]);
                from = cut;
            }
            chunks.push(&STREAM[from..]);
            prop_assert_eq!(read(&chunks), expected());
        }

        #[test]
        fn no_byte_is_lost_and_garbage_never_panics(chunks in prop::collection::vec("[a:\\n\\r d]{0,12}", 0..20)) {
            let mut parser = Parser::default();
            let mut seen = Vec::new();
            for chunk in &chunks {
                parser.feed(Bytes::from(chunk.clone()));
                while let Some(frame) = parser.next_frame().unwrap() {
                    seen.extend_from_slice(&frame.raw);
                }
            }
            if let Some(frame) = parser.take_rest() {
                seen.extend_from_slice(&frame.raw);
            }
            let visible = |bytes: &[u8]| bytes.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect::<Vec<u8>>();
            prop_assert_eq!(visible(&seen), visible(chunks.concat().as_bytes()));
        }
    }
}
