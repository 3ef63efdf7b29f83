//! A sealed buffer: what is to be stored.
//!
//! Always true here: the samples of a block never change. It is readable before and after it is compressed.

use std::sync::Arc;

use super::open::Open;
use crate::{
    Sample,
    chunk::{self, ChunkError},
};

/// A sealed buffer. Cloning shares the samples.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) n: u32,
    /// The earliest batch with a sample in it.
    pub(super) first_batch: u64,
    /// The caller has stored it.
    pub(super) confirmed: bool,
    pub(super) form: Form,
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    Plain(Arc<Open>),
    Packed(Arc<[u8]>),
}

impl Block {
    /// Seals a buffer, or `None` when it is empty.
    pub(super) fn seal(open: Open, first_batch: u64) -> Option<Self> {
        let (start, end, n) = (open.start()?, open.end()?, open.len() as u32);
        Some(Self { start, end, n, first_batch, confirmed: false, form: Form::Plain(Arc::new(open)) })
    }

    /// The stored form, compressed now if it is not yet.
    pub(super) fn pack(&self) -> Result<Arc<[u8]>, ChunkError> {
        match &self.form {
            Form::Packed(bytes) => Ok(Arc::clone(bytes)),
            Form::Plain(open) => {
                let samples: Vec<_> = open.iter().collect();
                Ok(chunk::encode(&samples)?.bytes.into())
            }
        }
    }

    /// Appends the samples with a time in `start..=end`.
    pub(super) fn read(&self, start: i64, end: i64, out: &mut Vec<Sample>) -> Result<(), ChunkError> {
        if self.end < start || self.start > end {
            return Ok(());
        }
        match &self.form {
            Form::Plain(open) => out.extend(open.range(start, end)),
            Form::Packed(bytes) if start <= self.start && self.end <= end => chunk::decode(bytes, out)?,
            Form::Packed(bytes) => {
                let mut all = Vec::with_capacity(self.n as usize);
                chunk::decode(bytes, &mut all)?;
                out.extend(all.into_iter().filter(|s| (start..=end).contains(&s.ts)));
            }
        }
        Ok(())
    }

    pub(super) fn heap_bytes(&self) -> usize {
        match &self.form {
            Form::Plain(open) => open.heap_bytes() + size_of::<Open>(),
            Form::Packed(bytes) => bytes.len(),
        }
    }
}
