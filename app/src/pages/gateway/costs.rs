//! Costs: what calls have cost, by whom, and what they will.

use domain::gateway::{CostBy, CostGroup, CostReport};
use leptos_router::hooks::use_query_map;

use super::budgets::Budgets;
use super::figure::{cards, dollars};
use super::prices::Prices;
use crate::components::{Loaded, PageHead, TimeRangeLinks, use_range};
use crate::fetched::fetch;
use crate::format;
use crate::prelude::*;
use crate::rpc::money::CostsCall;

/// The page.
#[component]
pub(crate) fn CostsPage() -> impl IntoView {
    let range = use_range();
    let query = use_query_map();
    let by = Memo::new(move |_| query.read().get_str("by").and_then(|word| word.parse().ok()).unwrap_or(CostBy::Model));
    let fetched = fetch(move || CostsCall { range: range.get(), by: by.get() });
    view! {
        <PageHead title="Costs and budgets" lead="What calls have cost, who may spend how much, and at which prices it is reckoned.">
            <TimeRangeLinks/>
        </PageHead>
        <Loaded fetched topics=&["budget"] view=|data| content(data.get_untracked())/>
        <Budgets/>
        <Prices/>
    }
}

fn content(report: CostReport) -> AnyView {
    let total = report.total;
    let projection = report.projection;
    let unpriced = total.unpriced_calls;
    let figures = [
        ("In this range", dollars(total.cost_usd), format!("{} calls", format::count(total.calls))),
        (
            "A call",
            dollars(total.cost_per_call_usd),
            format!("{} tokens", format::count(total.input_tokens + total.output_tokens)),
        ),
        ("An hour, at present", dollars(projection.per_hour_usd), "mean of the last day".to_owned()),
        ("By the end of the day", dollars(projection.day_usd), "if calls go on as they did".to_owned()),
        ("By the end of the month", dollars(projection.month_usd), "if calls go on as they did".to_owned()),
    ];
    let by = report.by;
    let groups = report.groups.into_iter().map(group).collect_view();
    view! {
        <section aria-labelledby="spent">
            <h2 id="spent">"Spent"</h2>
            {cards(figures)}
            {(unpriced > 0).then(|| view! {
                <p class="notice">{format!("{} answered calls are in no cost, because the price of their model is not known. Enter it below.", format::count(unpriced))}</p>
            })}
        </section>
        <section aria-labelledby="by">
            <div class="section-head"><h2 id="by">"By " {by.as_str()}</h2><ByLinks by/></div>
            <div class="table-scroll" tabindex="0" role="group" aria-label="Costs">
                <table class="table">
                    <caption class="visually-hidden">"Costs, the dearest first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col" class="number">"Calls"</th>
                            <th scope="col" class="number">"Failed"</th>
                            <th scope="col" class="number">"Tokens in"</th>
                            <th scope="col" class="number">"Tokens out"</th>
                            <th scope="col" class="number">"A call"</th>
                            <th scope="col" class="number">"Cost"</th>
                        </tr>
                    </thead>
                    <tbody>{groups}</tbody>
                </table>
            </div>
        </section>
    }
}

fn group(group: CostGroup) -> AnyView {
    let spending = group.spending;
    let name = if group.name.is_empty() { "none".to_owned() } else { group.name };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number">{format::count(spending.calls)}</td>
            <td class="number">{format::count(spending.failed_calls)}</td>
            <td class="number">{format::count(spending.input_tokens)}</td>
            <td class="number">{format::count(spending.output_tokens)}</td>
            <td class="number">{dollars(spending.cost_per_call_usd)}</td>
            <td class="number">{dollars(spending.cost_usd)}</td>
        </tr>
    }
}

#[component]
fn ByLinks(by: CostBy) -> impl IntoView {
    let query = use_query_map();
    let links = CostBy::ALL.iter().map(|&other| {
        let mut query = query.get_untracked();
        query.replace("by", other.as_str().to_owned());
        view! { <li><a href=query.to_query_string() data-noscroll aria-current=(other == by).then_some("true")>{other.as_str()}</a></li> }
    });
    view! { <nav class="segments" aria-label="Grouped by"><ul>{links.collect_view()}</ul></nav> }
}
