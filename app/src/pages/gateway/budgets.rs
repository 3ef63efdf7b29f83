//! Budgets and rate limits: the section of the costs' page.

use domain::access::Permission;
use domain::gateway::{Budget, BudgetWindow, GatewayRateLimit, SpendScope};

use super::figure::dollars;
use crate::call::{Call, Refusal};
use crate::components::{CallForm, Choice, Danger, Empty, Field, FormFailure, Loaded, Submit};
use crate::fetched::fetch;
use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::money::{CreateBudget, CreateRateLimit, DeleteBudget, DeleteRateLimit, RateLimits};
use crate::session::may;

/// Both lists with their forms.
#[component]
pub(super) fn Budgets() -> impl IntoView {
    let budgets = fetch(|| crate::rpc::money::Budgets {});
    let limits = fetch(|| RateLimits {});
    let (create, delete) = (Call::to::<CreateBudget>(), Call::to::<DeleteBudget>());
    let (create_limit, delete_limit) = (Call::to::<CreateRateLimit>(), Call::to::<DeleteRateLimit>());
    view! {
        <section class="stack" aria-labelledby="budgets">
            <h2 id="budgets">"Budgets"</h2>
            <FormFailure refusal=delete.refusal()/>
            <Loaded fetched=budgets topics=&["budget"] view=move |data| budget_list(data.get_untracked(), delete)/>
            {may(Permission::Govern).then(|| view! { <NewBudget create/> })}
        </section>
        <section class="stack" aria-labelledby="rate-limits">
            <h2 id="rate-limits">"Rate limits"</h2>
            <FormFailure refusal=delete_limit.refusal()/>
            <Loaded fetched=limits view=move |data| limit_list(data.get_untracked(), delete_limit)/>
            {may(Permission::Govern).then(|| view! { <NewLimit create=create_limit/> })}
        </section>
    }
}

fn budget_list(budgets: Vec<Budget>, delete: Call) -> AnyView {
    if budgets.is_empty() {
        return view! { <Empty title="No budgets yet"><p>"A budget is reserved before a call and settled after it, so it cannot be overshot."</p></Empty> };
    }
    let rows = budgets.into_iter().map(|one| budget(one, delete)).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Budgets">
            <table class="table">
                <caption class="visually-hidden">"Budgets"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"For"</th>
                        <th scope="col">"Used"</th>
                        <th scope="col" class="number">"Spent"</th>
                        <th scope="col" class="number">"Reserved"</th>
                        <th scope="col" class="number">"Left"</th>
                        <th scope="col" class="number">"Limit"</th>
                        <th scope="col" class="number">"Projected"</th>
                        <th scope="col">"Begins anew"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn budget(one: Budget, delete: Call) -> AnyView {
    let used = (one.spent_usd + one.reserved_usd) / one.limit_usd;
    let label = format!("{} of {} used", format::share(used), one.name);
    let (name, id) = (one.name.clone(), one.id.to_string());
    let renews = one.renews_at.map(|at| view! { <Ago at/> });
    view! {
        <tr data-budget=name>
            <th scope="row">{one.name.clone()}</th>
            <td>{scope(&one.scope)}</td>
            <td><meter min="0" max="1" high="0.9" value=format!("{:.3}", used.min(1.0)) aria-label=label>{label.clone()}</meter></td>
            <td class="number">{dollars(one.spent_usd)}</td>
            <td class="number">{dollars(one.reserved_usd)}</td>
            <td class="number">{dollars(one.remaining_usd)}</td>
            <td class="number">{dollars(one.limit_usd)} " a " {one.window.as_str()}</td>
            <td class="number">{one.projected_usd.map_or_else(|| format::NONE.to_owned(), dollars)}</td>
            <td>{renews}</td>
            <td class="row-actions">
                {may(Permission::Govern).then(|| view! {
                    <Danger
                        label="Remove"
                        touches=format!("Calls that {name} would have stopped are no longer stopped.")
                        undone="Undone by adding it again; what was spent in this window is counted again then."
                        action=delete
                        id=id
                        button=format!("Remove budget {name}")
                    />
                })}
            </td>
        </tr>
    }
}

/// Whom it is for, in words.
fn scope(scope: &SpendScope) -> String {
    let named = [
        ("service", scope.service.clone()),
        ("team", scope.team.map(|id| id.to_string())),
        ("key", scope.key.map(|id| id.to_string())),
        ("route", scope.route.clone()),
        ("provider", scope.provider.clone()),
        ("model", scope.model.clone()),
    ];
    let parts: Vec<_> = named.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?))).collect();
    if parts.is_empty() { "everybody".to_owned() } else { parts.join(", ") }
}

fn limit_list(limits: Vec<GatewayRateLimit>, delete: Call) -> AnyView {
    if limits.is_empty() {
        return view! { <p class="muted">"None. A limit lets so many requests or tokens a minute through and answers 429 to the rest."</p> };
    }
    let rows = limits.into_iter().map(|one| limit(one, delete)).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Rate limits">
            <table class="table">
                <caption class="visually-hidden">"Rate limits"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"For"</th>
                        <th scope="col" class="number">"Requests a minute"</th>
                        <th scope="col" class="number">"Tokens a minute"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn limit(one: GatewayRateLimit, delete: Call) -> AnyView {
    let number = |n: Option<u32>| n.map_or_else(|| format::NONE.to_owned(), |n| format::count(n.into()));
    let (name, id) = (one.name.clone(), one.id.to_string());
    view! {
        <tr data-limit=name>
            <th scope="row">{one.name.clone()}</th>
            <td>{scope(&one.scope)}</td>
            <td class="number">{number(one.requests_per_minute)}</td>
            <td class="number">{number(one.tokens_per_minute)}</td>
            <td class="row-actions">
                {may(Permission::Govern).then(|| view! {
                    <Danger
                        label="Remove"
                        touches=format!("Calls are no longer held to {name}.")
                        undone="Undone by adding it again."
                        action=delete
                        id=id
                        button=format!("Remove limit {name}")
                    />
                })}
            </td>
        </tr>
    }
}

#[component]
fn ScopeFields(scope: &'static str, refusal: Refusal) -> impl IntoView {
    let fields = [
        ("service", "Service"),
        ("route", "Route"),
        ("provider", "Provider"),
        ("model", "Model"),
        ("team", "Team id"),
        ("key", "Key id"),
    ];
    let fields = fields.map(|(name, label)| view! { <Field name=format!("scope.{name}") label scope=scope refusal/> });
    view! {
        <fieldset class="form-line">
            <legend>"For calls of; what is empty is for all"</legend>
            {fields.into_iter().collect_view()}
        </fieldset>
    }
}

#[component]
fn NewBudget(create: Call) -> impl IntoView {
    let refusal = create.refusal();
    let windows: Vec<_> =
        BudgetWindow::ALL.iter().map(|one| (one.as_str().to_owned(), one.as_str().to_owned())).collect();
    view! {
        <section class="card" aria-labelledby="new-budget">
            <h3 id="new-budget">"Add a budget"</h3>
            <FormFailure refusal/>
            <CallForm action=create class="form">
                <Field name="name" label="Name" scope="budget" is_required=true refusal/>
                <Field name="limit_usd" label="Dollars" scope="budget" is_required=true refusal/>
                <Choice name="window" label="In each" options=windows value="day" scope="budget" refusal/>
                <ScopeFields scope="budget" refusal/>
                <Submit label="Add budget"/>
            </CallForm>
        </section>
    }
}

#[component]
fn NewLimit(create: Call) -> impl IntoView {
    let refusal = create.refusal();
    view! {
        <section class="card" aria-labelledby="new-limit">
            <h3 id="new-limit">"Add a rate limit"</h3>
            <FormFailure refusal/>
            <CallForm action=create class="form">
                <Field name="name" label="Name" scope="limit" is_required=true refusal/>
                <Field name="requests_per_minute" label="Requests a minute" kind="number" scope="limit" refusal/>
                <Field name="tokens_per_minute" label="Tokens a minute" kind="number" scope="limit" refusal/>
                <ScopeFields scope="limit" refusal/>
                <Submit label="Add rate limit"/>
            </CallForm>
        </section>
    }
}
