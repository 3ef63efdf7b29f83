//! Breakers: the switch in front of each provider and model.

use domain::access::Permission;
use domain::gateway::{Breaker, BreakerState};

use crate::call::Call;
use crate::components::{CallForm, Danger, Empty, FormFailure, Items, Loaded, PageHead, Rows, Submit};
use crate::fetched::fetch;
use crate::format;
use crate::now::{Ago, MaybeAgo};
use crate::prelude::*;
use crate::rpc::gateway::{Breakers, OpenBreaker, ResetBreaker};
use crate::session::may;

/// The calls of this page; shared by all rows.
#[derive(Clone, Copy)]
struct Calls {
    reset: Call,
    open: Call,
}

/// The page.
#[component]
pub(crate) fn BreakersPage() -> impl IntoView {
    let fetched = fetch(|| Breakers {});
    let calls = Calls { reset: Call::to::<ResetBreaker>(), open: Call::to::<OpenBreaker>() };
    provide_context(calls);
    view! {
        <PageHead title="Breakers" lead="A target that keeps failing is left alone for a while, then probed. Calls go to the next target of their route meanwhile."/>
        <FormFailure refusal=calls.reset.refusal()/>
        <FormFailure refusal=calls.open.refusal()/>
        <Loaded fetched topics=&["breaker"] view=|data| view! { <Content data/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<Vec<Breaker>>) -> impl IntoView {
    let is_empty = Memo::new(move |_| data.with(Vec::is_empty));
    move || {
        if is_empty.get() {
            view! {
                <Empty title="No breakers yet">
                    <p>"A breaker appears with the first route that names a provider's model. See " <a href="/gateway/providers">"providers and routes"</a> "."</p>
                </Empty>
            }
        } else {
            view! { <Table breakers=move || data.get()/> }
        }
    }
}

#[component]
fn Table(#[prop(into)] breakers: Items<Breaker>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Breakers">
            <table class="table">
                <caption class="visually-hidden">"Breakers"</caption>
                <thead>
                    <tr>
                        <th scope="col">"State"</th>
                        <th scope="col">"Target"</th>
                        <th scope="col" class="number">"Calls"</th>
                        <th scope="col" class="number">"Failed"</th>
                        <th scope="col" class="number">"Slow"</th>
                        <th scope="col" class="number">"Held back"</th>
                        <th scope="col">"Last change"</th>
                        <th scope="col">"Next probe"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody><Rows items=breakers row=row/></tbody>
            </table>
        </div>
    }
}

fn row(breaker: Breaker) -> impl IntoView {
    let (class, shape, word) = match breaker.state {
        BreakerState::Closed => ("healthy", "●", "closed"),
        BreakerState::HalfOpen => ("degraded", "◐", "half-open"),
        BreakerState::Open => ("unhealthy", "▲", "open"),
        BreakerState::ForcedOpen => ("unhealthy", "▲", "opened by hand"),
    };
    let (id, state) = (breaker.id.clone(), breaker.state);
    let cause = breaker.history.last().map(|change| change.cause.clone());
    view! {
        <tr data-breaker=breaker.id.clone() data-state=breaker.state.as_str()>
            <td><span class=format!("mark mark-{class}")><span class="mark-shape" aria-hidden="true">{shape}</span>{word}</span></td>
            <th scope="row"><code class="wrap">{breaker.id.clone()}</code></th>
            <td class="number">{format::count(breaker.calls)}</td>
            <td class="number">{format::count(breaker.failures)}</td>
            <td class="number">{format::count(breaker.slow)}</td>
            <td class="number">{format::count(breaker.refused)}</td>
            <td>
                <MaybeAgo at=breaker.changed_at never="never"/>
                {cause.map(|cause| view! { <p class="muted small wrap">{cause}</p> })}
            </td>
            <td>{breaker.next_probe_at.map(|at| view! { <Ago at/> })}</td>
            <td class="row-actions">{may(Permission::Operate).then(|| view! { <Acts id state/> })}</td>
        </tr>
    }
}

#[component]
fn Acts(id: String, state: BreakerState) -> impl IntoView {
    let Calls { reset, open } = expect_context();
    if state == BreakerState::Closed {
        view! {
            <Danger
                label="Open"
                touches=format!("Holds back every call to {id} until the breaker is reset. Routes go on with their next target.")
                undone="Undone by resetting the breaker."
                action=open
                id=id.clone()
                button=format!("Open {id}")
            />
        }
    } else {
        view! {
            <CallForm action=reset>
                <input type="hidden" name="id" value=id.clone()/>
                <Submit label=format!("Reset {id}")/>
            </CallForm>
        }
    }
}
