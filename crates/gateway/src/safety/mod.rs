//! Judges prompts and answers: injection, harmful content, hallucination risk, personal data and secrets.
//! Pure, synchronous and bounded: no I/O, no clock, and work that stops growing with the text.
