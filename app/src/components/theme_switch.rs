//! Auto, light, dark: a form of three buttons, so that it works without WASM.

use super::CallForm;
use crate::call::Call;
use crate::prelude::*;
use crate::rpc::theme::SetTheme;
use crate::theme::Theme;

/// The switch; `initial` is what the server rendered.
#[component]
pub(crate) fn ThemeSwitch(initial: Theme) -> impl IntoView {
    let action = Call::to::<SetTheme>();
    let chosen = RwSignal::new(initial);
    let buttons = Theme::ALL.map(|theme| {
        // Shown at once; the form that the button sends makes the server remember it.
        let choose = move |_| {
            chosen.set(theme);
            #[cfg(feature = "hydrate")]
            crate::browser::page::set_theme(theme.as_str());
        };
        view! {
            <button type="submit" name="theme" value=theme.as_str() on:click=choose aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }>
                {theme.label()}
            </button>
        }
    });
    view! {
        <CallForm action class="segments theme-switch" label="Theme">
            {buttons.into_iter().collect_view()}
        </CallForm>
    }
}
