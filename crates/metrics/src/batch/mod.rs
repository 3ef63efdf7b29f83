//! The durable unit: what one commit makes safe.
//!
//! Always true here: a batch is self-contained. Replaying the encoded batches in order on an empty head gives the same
//! head, whatever was dropped from memory in between. Bytes that were damaged give an error, never other samples.

mod decode;
mod encode;
mod values;

use std::collections::HashMap;

pub use decode::BatchError;

use crate::{Labels, Sample, SeriesId, head::IdHasher};

/// Series seen for the first time, and samples, in the order they arrived.
///
/// The samples are columns; consecutive samples of one series share a [`Group`].
#[derive(Clone, Debug, Default)]
pub struct Batch {
    new_series: Vec<(SeriesId, Labels)>,
    /// Where in `new_series` an id is.
    new_index: HashMap<SeriesId, usize, IdHasher>,
    groups: Vec<(SeriesId, u32)>,
    times: Vec<i64>,
    values: Vec<f64>,
}

/// Consecutive samples of one series.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// Whose samples.
    pub id: SeriesId,
    /// Milliseconds since the Unix epoch, as they arrived.
    pub times: &'a [i64],
    /// As many values.
    pub values: &'a [f64],
}

impl Group<'_> {
    /// The samples one by one.
    pub fn samples(&self) -> impl Iterator<Item = Sample> + '_ {
        self.times.iter().zip(self.values).map(|(&ts, &value)| Sample { ts, value })
    }
}

impl Batch {
    /// Forgets everything but keeps the memory.
    pub fn clear(&mut self) {
        self.new_series.clear();
        self.new_index.clear();
        self.groups.clear();
        self.times.clear();
        self.values.clear();
    }

    /// Whether there is nothing to commit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new_series.is_empty() && self.times.is_empty()
    }

    /// How many samples there are.
    #[must_use]
    pub fn n_samples(&self) -> usize {
        self.times.len()
    }

    /// Adds a sample of the series `id`.
    pub fn push(&mut self, id: SeriesId, sample: Sample) {
        match self.groups.last_mut() {
            Some((last, n)) if *last == id && *n < u32::MAX => *n += 1,
            _ => self.groups.push((id, 1)),
        }
        self.times.push(sample.ts);
        self.values.push(sample.value);
    }

    /// Records that the series with these labels is new. Saying it twice is harmless.
    ///
    /// # Errors
    /// Gives back the other labels when another new series has the same id.
    pub fn add_series(&mut self, id: SeriesId, labels: &Labels) -> Result<(), Labels> {
        if let Some(known) = self.new_labels(id) {
            return if known == labels { Ok(()) } else { Err(known.clone()) };
        }
        self.new_index.insert(id, self.new_series.len());
        self.new_series.push((id, labels.clone()));
        Ok(())
    }

    /// The series seen for the first time: store their labels in the same commit.
    #[must_use]
    pub fn new_series(&self) -> &[(SeriesId, Labels)] {
        &self.new_series
    }

    /// The labels of a series that is new in this batch.
    #[must_use]
    pub fn new_labels(&self, id: SeriesId) -> Option<&Labels> {
        if self.new_series.is_empty() {
            return None;
        }
        self.new_series.get(*self.new_index.get(&id)?).map(|(_, labels)| labels)
    }

    /// Appends all of `other`, so that many small requests share one commit.
    ///
    /// # Errors
    /// Gives back the labels in this batch that have the id of other labels in `other`; nothing is appended then.
    pub fn append(&mut self, other: &Self) -> Result<(), Labels> {
        for (id, labels) in &other.new_series {
            if let Some(known) = self.new_labels(*id).filter(|known| *known != labels) {
                return Err(known.clone());
            }
        }
        for (id, labels) in &other.new_series {
            self.add_series(*id, labels)?;
        }
        self.groups.extend_from_slice(&other.groups);
        self.times.extend_from_slice(&other.times);
        self.values.extend_from_slice(&other.values);
        Ok(())
    }

    /// The samples, by series, in the order they arrived.
    pub fn groups(&self) -> impl Iterator<Item = Group<'_>> {
        let (mut times, mut values) = (self.times.as_slice(), self.values.as_slice());
        self.groups.iter().map(move |&(id, n)| {
            let (t, v);
            (t, times) = times.split_at_checked(n as usize).unwrap_or((times, &[]));
            (v, values) = values.split_at_checked(n as usize).unwrap_or((values, &[]));
            Group { id, times: t, values: v }
        })
    }

    /// Ids and numbers of samples of the groups.
    pub(crate) fn group_sizes(&self) -> &[(SeriesId, u32)] {
        &self.groups
    }

    /// The group number `group`, whose samples begin at number `first`.
    pub(crate) fn group_at(&self, group: usize, first: usize) -> Option<Group<'_>> {
        let (id, n) = *self.groups.get(group)?;
        let samples = first..first + n as usize;
        Some(Group { id, times: self.times.get(samples.clone())?, values: self.values.get(samples)? })
    }

    /// How many groups there are.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// The earliest and the latest time, or `None` without samples.
    #[must_use]
    pub fn time_range(&self) -> Option<(i64, i64)> {
        Some((*self.times.iter().min()?, *self.times.iter().max()?))
    }

    /// Appends the durable form to `out`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        encode::encode(self, out);
    }

    /// Reads what [`Batch::encode`] wrote.
    ///
    /// # Errors
    /// Bytes that are cut short, damaged, or of a version this program does not know.
    pub fn decode(bytes: &[u8]) -> Result<Self, BatchError> {
        decode::decode(bytes)
    }
}

/// Equal content, values compared by their bits.
impl PartialEq for Batch {
    fn eq(&self, other: &Self) -> bool {
        let bits = |batch: &Self| batch.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        self.new_series == other.new_series
            && self.groups == other.groups
            && self.times == other.times
            && bits(self) == bits(other)
    }
}

#[cfg(test)]
mod tests;
