//! Lists: a page of items and the cursor of the next.
//!
//! Always true: `limit` is 1 to 500, default 50; a cursor is opaque to callers.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The largest page.
pub const MAX_LIMIT: u64 = 500;
/// The page size when none is asked for.
pub const DEFAULT_LIMIT: u64 = 50;

/// What part of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct PageRequest {
    /// At most this many, 1 to 500; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u64>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl PageRequest {
    /// The checked limit.
    ///
    /// # Errors
    /// When it is zero or over [`MAX_LIMIT`].
    pub fn limit(&self) -> Result<u64, ApiError> {
        match self.limit {
            None => Ok(DEFAULT_LIMIT),
            Some(limit @ 1..=MAX_LIMIT) => Ok(limit),
            Some(_) => Err(ApiError::field("limit", format!("must be between 1 and {MAX_LIMIT}"))),
        }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass as `cursor` to go on; absent on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a page from `limit + 1` fetched items; the cursor is that of the last item kept.
    pub fn cut(mut items: Vec<T>, limit: u64, cursor_of: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if has_more { items.last().map(cursor_of) } else { None };
        Self { items, next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_cursor_only_when_there_is_more() {
        assert_eq!(Page::cut(vec![1, 2, 3], 2, i32::to_string).next_cursor.as_deref(), Some("2"));
        assert_eq!(Page::cut(vec![1, 2], 2, i32::to_string).next_cursor, None);
        assert_eq!(Page::cut(Vec::<i32>::new(), 2, i32::to_string).next_cursor, None);
    }

    #[test]
    fn limits_out_of_range_are_refused_by_name() {
        for limit in [0, 501] {
            let error = PageRequest { limit: Some(limit), cursor: None }.limit().unwrap_err();
            assert_eq!(error.fields[0].field, "limit");
        }
    }
}
