//! From label to series.
//!
//! Always true here: every list of slots rises strictly, and a slot in a list is occupied.

use std::collections::BTreeMap;

use super::{MatchOp, Matcher};
use crate::{Labels, SeriesId};

type Values = BTreeMap<Box<str>, Vec<u32>>;

/// An inverted index of series. The head has one of what is in memory; others can be made of what is stored.
#[derive(Debug, Default)]
pub struct Index {
    slots: Vec<Option<(SeriesId, Labels)>>,
    free: Vec<u32>,
    names: BTreeMap<Box<str>, Values>,
}

impl Index {
    /// Adds a series that is not in the index; gives the number to remove it by.
    pub fn insert(&mut self, id: SeriesId, labels: Labels) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        for (name, value) in &labels {
            if !self.names.contains_key(name) {
                self.names.insert(name.into(), Values::new());
            }
            let Some(values) = self.names.get_mut(name) else { continue };
            let Some(list) = values.get_mut(value) else {
                values.insert(value.into(), vec![slot]);
                continue;
            };
            // New slots are nearly always the highest.
            if let Err(at) = list.binary_search(&slot) {
                list.insert(at, slot);
            }
        }
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some((id, labels));
        }
        slot
    }

    /// Removes series by the numbers [`Index::insert`] gave.
    pub fn remove(&mut self, slots: &[u32]) {
        let mut touched = BTreeMap::<(Box<str>, Box<str>), ()>::new();
        for slot in slots {
            let Some((_, labels)) = self.slots.get_mut(*slot as usize).and_then(Option::take) else { continue };
            self.free.push(*slot);
            touched.extend(labels.iter().map(|(n, v)| ((n.into(), v.into()), ())));
        }
        for ((name, value), ()) in touched {
            let Some(values) = self.names.get_mut(&name) else { continue };
            let Some(list) = values.get_mut(&value) else { continue };
            list.retain(|slot| self.slots.get(*slot as usize).is_some_and(Option::is_some));
            if list.is_empty() {
                values.remove(&value);
            }
            if values.is_empty() {
                self.names.remove(&name);
            }
        }
    }

    /// The series that meet every condition, by id.
    #[must_use]
    pub fn select(&self, matchers: &[Matcher]) -> Vec<SeriesId> {
        let mut found: Vec<_> = self.matching(matchers).map(|(id, _)| *id).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The names of the labels that series meeting every condition have, sorted.
    #[must_use]
    pub fn label_names(&self, matchers: &[Matcher]) -> Vec<String> {
        if matchers.is_empty() {
            return self.names.keys().map(|name| name.to_string()).collect();
        }
        let mut names: Vec<_> = self.matching(matchers).flat_map(|(_, l)| l.iter().map(|(n, _)| n)).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(str::to_owned).collect()
    }

    /// The values that the label `name` has in series meeting every condition, sorted.
    #[must_use]
    pub fn label_values(&self, name: &str, matchers: &[Matcher]) -> Vec<String> {
        if matchers.is_empty() {
            return self.names.get(name).into_iter().flat_map(Values::keys).map(|v| v.to_string()).collect();
        }
        let mut values: Vec<_> = self.matching(matchers).filter_map(|(_, labels)| labels.get(name)).collect();
        values.sort_unstable();
        values.dedup();
        values.into_iter().map(str::to_owned).collect()
    }

    fn matching<'a>(&'a self, matchers: &'a [Matcher]) -> impl Iterator<Item = &'a (SeriesId, Labels)> {
        let candidates = self.candidates(matchers).unwrap_or_else(|| (0..self.slots.len() as u32).collect());
        candidates.into_iter().filter_map(|slot| self.slots.get(slot as usize)?.as_ref()).filter(|(_, labels)| {
            matchers.iter().all(|matcher| matcher.matches(labels.get(matcher.name()).unwrap_or_default()))
        })
    }

    /// A superset of the slots that meet every condition, or `None` when every slot may.
    ///
    /// Only conditions that an absent label does not meet can narrow the search by their lists.
    fn candidates(&self, matchers: &[Matcher]) -> Option<Vec<u32>> {
        let narrowing = || matchers.iter().filter(|m| !m.matches(""));
        let equal = narrowing().filter(|m| m.op() == MatchOp::Equal);
        let mut lists: Vec<&[u32]> = equal
            .map(|m| self.names.get(m.name()).and_then(|values| values.get(m.value())).map_or(&[][..], Vec::as_slice))
            .collect();
        lists.sort_unstable_by_key(|list| list.len());
        if let Some((shortest, others)) = lists.split_first() {
            let in_all = |slot: &u32| others.iter().all(|list| list.binary_search(slot).is_ok());
            return Some(shortest.iter().copied().filter(in_all).collect());
        }
        let matcher = narrowing().next()?;
        let values = self.names.get(matcher.name()).into_iter().flatten();
        let mut union: Vec<_> =
            values.filter(|(value, _)| matcher.matches(value)).flat_map(|(_, list)| list.iter().copied()).collect();
        union.sort_unstable();
        Some(union)
    }

    /// The memory it takes, estimated from the sizes of its parts; labels are shared with the series.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        /// What the allocator and the tree add to an entry.
        const ENTRY: usize = 16 + size_of::<Box<str>>() + size_of::<Vec<u32>>() + 16;
        let values = |values: &Values| -> usize {
            values.iter().map(|(value, list)| ENTRY + value.len() + list.capacity() * size_of::<u32>()).sum()
        };
        let names: usize = self.names.iter().map(|(name, v)| ENTRY + name.len() + values(v)).sum();
        names + self.slots.capacity() * size_of::<Option<(SeriesId, Labels)>>()
    }
}
