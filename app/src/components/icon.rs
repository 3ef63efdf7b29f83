//! Line icons, drawn here so that no font or sprite has to load.
//!
//! Always true: an icon is decoration; the word stands beside it or in the label of what carries it.

use crate::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Account,
    Anomalies,
    Api,
    Automation,
    Breakers,
    Chaos,
    Costs,
    Demo,
    Gateway,
    Keys,
    LogOut,
    Menu,
    Overview,
    Playground,
    Providers,
    Requests,
    Search,
    Services,
    System,
    Targets,
    Users,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Account => "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14a5.5 5.5 0 0 1 11 0",
            Self::Anomalies => "M1.5 9h3l1.5-6 3 10 1.5-6 1 2h3",
            Self::Api => "M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4",
            Self::Automation => "M13.500 8a5.500 5.500 0 1 1-1.600-3.900M12.500 1.500v3h-3M8 5v3l2 1.500",
            Self::Breakers => "M1.5 11h3M11.5 11h3M4.500 11 11 6M4.500 11h.01M11.500 11h.01",
            Self::Chaos => "M9 1.500 3.500 9H8l-1 5.500L12.500 7H8Z",
            Self::Costs => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM10 5.800C9.500 5.300 8.900 5 8 5c-1.200 0-2 .600-2 1.500S6.800 7.800 8 8s2 .600 2 1.500S9.200 11 8 11c-.900 0-1.600-.300-2-.800M8 4v1M8 11v1"
            }
            Self::Demo => "M6 2h4M7 2v4l-4 7a1 1 0 0 0 1 1.5h8a1 1 0 0 0 1-1.5L9 6V2M5 10h6",
            Self::Gateway => "M1.500 8h4M10.500 8h4M5.500 3.500h5v9h-5zM12.500 6l2 2-2 2",
            Self::Keys => "M10.5 8.500a3 3 0 1 0-2.600-1.500L2 13v1.500h2V13h1.500v-1.500H7l1.900-1.900",
            Self::LogOut => "M6 2.500H3v11h3M10 5l3 3-3 3M13 8H6",
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Overview => "M2 2h5v6H2zM9 2h5v3.500H9zM9 8h5v6H9zM2 10.500h5V14H2z",
            Self::Playground => "M2 3h12v8H7l-3 3v-3H2ZM5 6h6M5 8.500h4",
            Self::Providers => "M4.500 12.500a3 3 0 0 1-.300-6 4 4 0 0 1 7.700-.500 3.300 3.300 0 0 1 .100 6.500Z",
            Self::Requests => "M2 5h10M9 2l3 3-3 3M14 11H4M7 8l-3 3 3 3",
            Self::Search => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.500 10.500 14 14",
            Self::Services => "M2 2.500h12v4H2zM2 9.500h12v4H2zM4.500 4.500h.01M4.500 11.500h.01",
            Self::System => "M3 3h10v10H3zM6 6h4v4H6zM6 1v2M10 1v2M6 13v2M10 13v2M1 6h2M1 10h2M13 6h2M13 10h2",
            Self::Targets => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z"
            }
            Self::Users => {
                "M6 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM1.500 13.500a4.500 4.500 0 0 1 9 0M10.500 2.700a2.500 2.500 0 0 1 0 4.600M12 9.500a4.500 4.500 0 0 1 2.500 4"
            }
        }
    }
}

/// An icon of the size of the text around it.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}

/// The bell beside the name.
#[component]
pub(crate) fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="4 4 24 24" aria-hidden="true" focusable="false">
            <path d="M8 21h16c-2-2-2.500-4-2.500-7a5.500 5.500 0 0 0-11 0c0 3-.5 5-2.500 7ZM13.500 24a2.600 2.600 0 0 0 5 0M16 6.500v2"></path>
        </svg>
    }
}
