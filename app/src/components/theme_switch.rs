//! Auto, light, dark: a form of three buttons, so that it works without WASM.

use leptos::prelude::*;

use crate::rpc::theme::SetTheme;
use crate::theme::Theme;

/// The switch; `initial` is what the server rendered.
#[component]
pub(crate) fn ThemeSwitch(initial: Theme) -> impl IntoView {
    let action = ServerAction::<SetTheme>::new();
    let chosen = RwSignal::new(initial);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(SetTheme { theme }) = action.input().get() {
            chosen.set(theme);
            crate::browser::page::set_theme(theme.as_str());
        }
    });
    let buttons = Theme::ALL.map(|theme| {
        view! {
            <button type="submit" name="theme" value=theme.as_str() aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }>
                {theme.label()}
            </button>
        }
    });
    view! {
        <ActionForm action attr:class="segments theme-switch" attr:aria-label="Theme">
            {buttons.into_iter().collect_view()}
        </ActionForm>
    }
}
