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
    let buttons = Theme::ALL.map(|theme| {
        view! {
            <button type="submit" name="theme" value=theme.as_str() aria-pressed=if initial == theme { "true" } else { "false" }>
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
