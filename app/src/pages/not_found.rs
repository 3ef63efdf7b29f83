//! An address where nothing is.

use super::bare::Bare;
use crate::prelude::*;

/// The page, with status 404.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    crate::rpc::not_found_status();
    view! {
        <Bare title="There is nothing at this address" lead="It may have been removed, or the address has a typing error.">
            <p class="actions"><a class="button primary" href="/">"Overview"</a></p>
        </Bare>
    }
}
