//! What every file with a view begins with: Leptos, and a `view!` whose pieces are all of one type.
//!
//! Always true: typed pieces would make every list, branch and closure around them a type of its own, each with code of its own,
//! which takes the compiler minutes and the browser's part twice the room (decision 0006).

pub(crate) use leptos::prelude::*;

macro_rules! view {
    ($($tokens:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::view! { $($tokens)* })
    };
}
pub(crate) use view;
