//! One column of numbers through `pco`, in its wrapped form: the count is ours to keep, so it has no header of its own.

use pco::{
    ChunkConfig,
    data_types::Number,
    wrapped::{FileCompressor, FileDecompressor},
};

use super::ChunkError;
use crate::varint::{self, Cursor};

/// Appends the length and the compressed numbers.
pub(super) fn encode<T: Number>(numbers: &[T], config: &ChunkConfig, out: &mut Vec<u8>) -> Result<(), ChunkError> {
    let column = compress(numbers, config).map_err(|e| ChunkError::Codec(e.to_string()))?;
    varint::put(out, column.len() as u64);
    out.extend_from_slice(&column);
    Ok(())
}

fn compress<T: Number>(numbers: &[T], config: &ChunkConfig) -> pco::errors::PcoResult<Vec<u8>> {
    let file = FileCompressor::default();
    let mut column = file.write_header(Vec::with_capacity(numbers.len() * 2))?;
    let mut chunk = file.chunk_compressor(numbers, config)?;
    column = chunk.write_meta(column)?;
    for page in 0..chunk.n_per_page().len() {
        column = chunk.write_page(page, column)?;
    }
    Ok(column)
}

/// Reads exactly `n` numbers.
pub(super) fn decode<T: Number>(cursor: &mut Cursor<'_>, n: usize) -> Result<Vec<T>, ChunkError> {
    let column = cursor.count().and_then(|len| cursor.take(len)).ok_or(ChunkError::Damaged("column"))?;
    let mut numbers = vec![T::default(); n];
    let finished = decompress(column, &mut numbers).map_err(|e| ChunkError::Codec(e.to_string()))?;
    if finished { Ok(numbers) } else { Err(ChunkError::Damaged("column")) }
}

fn decompress<T: Number>(column: &[u8], numbers: &mut [T]) -> pco::errors::PcoResult<bool> {
    let (file, column) = FileDecompressor::new(column)?;
    let (mut chunk, mut column) = file.chunk_decompressor::<T, _>(column)?;
    let mut rest = numbers;
    // The compressor splits what is longer into equal pages; the lengths follow from the count alone.
    for n in pco::PagingSpec::default().n_per_page(rest.len())? {
        let Some((page, after)) = rest.split_at_mut_checked(n) else { return Ok(false) };
        let mut decompressor = chunk.page_decompressor(column, n)?;
        let progress = decompressor.read(page)?;
        if !progress.finished || progress.n_processed != n {
            return Ok(false);
        }
        column = decompressor.into_src();
        rest = after;
    }
    Ok(column.is_empty())
}
