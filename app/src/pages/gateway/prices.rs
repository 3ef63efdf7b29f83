//! Prices: the section of the costs' page.

use domain::access::Permission;
use domain::gateway::{Price, PriceList, PriceSource};
use leptos_router::hooks::use_query_map;

use crate::call::Call;
use crate::components::{CallForm, Field, FormFailure, Loaded, Submit};
use crate::fetched::fetch;
use crate::format;
use crate::prelude::*;
use crate::rpc::money::{EnterPrice, RemovePrice};
use crate::session::may;

/// A search over the prices, and the form for one's own.
#[component]
pub(super) fn Prices() -> impl IntoView {
    let query = use_query_map();
    let wanted = query.read_untracked().get("price").unwrap_or_default();
    let asked = wanted.clone();
    let fetched = fetch(move || crate::rpc::money::Prices { q: asked.clone() });
    let (enter, remove) = (Call::to::<EnterPrice>(), Call::to::<RemovePrice>());
    let refusal = enter.refusal();
    view! {
        <section class="stack" aria-labelledby="prices">
            <h2 id="prices">"Prices"</h2>
            <search>
                <form method="get" action="/gateway/costs" class="filters">
                    <label>"A part of the model's name " <input name="price" value=wanted autocomplete="off"/></label>
                    <button type="submit">"Find prices"</button>
                </form>
            </search>
            <FormFailure refusal=remove.refusal()/>
            <Loaded fetched view=move |data| list(data.get_untracked(), remove)/>
            {may(Permission::Govern).then(|| view! {
                <section class="card" aria-labelledby="enter-price">
                    <h3 id="enter-price">"Enter a price"</h3>
                    <FormFailure refusal/>
                    <CallForm action=enter class="form">
                        <Field name="provider" label="Provider" scope="price" help="A provider's name, or its kind." is_required=true refusal/>
                        <Field name="model" label="Model" scope="price" is_required=true refusal/>
                        <Field name="input_usd" label="Dollars for a million tokens in" scope="price" is_required=true refusal/>
                        <Field name="output_usd" label="Dollars for a million tokens out" scope="price" is_required=true refusal/>
                        <Submit label="Enter price"/>
                    </CallForm>
                </section>
            })}
        </section>
    }
}

fn list(prices: PriceList, remove: Call) -> AnyView {
    let rows = prices.items.into_iter().map(|price| row(price, remove)).collect_view();
    let is_cut = prices.next_cursor.is_some();
    view! {
        <p class="muted">{format!("The list is of {} ({}). Prices entered here stand above it.", prices.as_of, prices.list_source)}</p>
        <div class="table-scroll" tabindex="0" role="group" aria-label="Prices">
            <table class="table compact">
                <caption class="visually-hidden">"Prices in dollars for a million tokens"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Model"</th>
                        <th scope="col" class="number">"In"</th>
                        <th scope="col" class="number">"Out"</th>
                        <th scope="col" class="number">"In, cached"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {is_cut.then(|| view! { <p class="muted">"There are more: look for a part of the name, or ask " <code>"GET /api/v1/prices"</code> "."</p> })}
    }
}

fn row(price: Price, remove: Call) -> AnyView {
    let amount = |usd: f64| format!("${}", format::number(usd));
    let is_own = price.source == PriceSource::Entered;
    let name = format!("{}/{}", price.provider, price.model);
    let remove_label = format!("Remove {name}");
    view! {
        <tr data-price=name>
            <th scope="row"><code>{name.clone()}</code></th>
            <td class="number">{amount(price.input_usd)}</td>
            <td class="number">{amount(price.output_usd)}</td>
            <td class="number">{price.cached_input_usd.map_or_else(|| format::NONE.to_owned(), amount)}</td>
            <td>{if is_own { "entered here" } else { "the list" }}</td>
            <td class="row-actions">
                {(is_own && may(Permission::Govern)).then(|| view! {
                    <CallForm action=remove>
                        <input type="hidden" name="provider" value=price.provider.clone()/>
                        <input type="hidden" name="model" value=price.model.clone()/>
                        <Submit label=remove_label class="quiet"/>
                    </CallForm>
                })}
            </td>
        </tr>
    }
}
