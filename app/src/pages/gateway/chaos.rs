//! Chaos: faults on purpose, in a scope, for a time, with what callers saw of them.

use domain::access::Permission;
use domain::gateway::{Experiment, ExperimentEnd, ExperimentScope, FaultKind};

use crate::call::Call;
use crate::components::{CallForm, Choice, Danger, Empty, Field, FormFailure, Loaded, PageHead, Submit};
use crate::fetched::fetch;
use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::chaos::{Experiments, InjectChaos, StopChaosCall};
use crate::session::may;

/// The page.
#[component]
pub(crate) fn ChaosPage() -> impl IntoView {
    let fetched = fetch(|| Experiments {});
    let (inject, stop) = (Call::to::<InjectChaos>(), Call::to::<StopChaosCall>());
    view! {
        <PageHead title="Chaos" lead="Faults on purpose: does the route hold when a provider does not? An experiment touches only its scope, and ends by itself."/>
        <FormFailure refusal=stop.refusal()/>
        <Loaded fetched topics=&["chaos"] view=move |data| content(data.get_untracked().items, stop)/>
        {may(Permission::Operate).then(|| view! { <Start inject/> })}
    }
}

fn content(experiments: Vec<Experiment>, stop: Call) -> AnyView {
    if experiments.is_empty() {
        return view! {
            <Empty title="No experiments yet">
                <p>"Try one on the route simulated: it costs nothing and harms nobody. Start it below, then make a few calls."</p>
            </Empty>
        };
    }
    let n_running = experiments.iter().filter(|one| one.end.is_none()).count();
    let may_stop = may(Permission::Operate);
    let rows = experiments.into_iter().map(|one| row(one, stop, may_stop)).collect_view();
    view! {
        {(n_running > 1 && may_stop).then(|| view! {
            <Danger
                label="Stop all"
                touches=format!("Ends {n_running} experiments at once. Calls are left alone from then on.")
                undone="Undone by starting them again."
                action=stop
                button="Stop all experiments"
            />
        })}
        <div class="table-scroll" tabindex="0" role="group" aria-label="Experiments">
            <table class="table">
                <caption class="visually-hidden">"Experiments, those that run first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"State"</th>
                        <th scope="col">"Fault"</th>
                        <th scope="col">"Scope"</th>
                        <th scope="col" class="number">"Calls in scope"</th>
                        <th scope="col" class="number">"Touched"</th>
                        <th scope="col" class="number">"Errors seen"</th>
                        <th scope="col" class="number">"Saved by fail-over"</th>
                        <th scope="col" class="number">"Added a call"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(one: Experiment, stop: Call, may_stop: bool) -> AnyView {
    let (class, shape, word) = match one.end {
        None => ("degraded", "◐", "running"),
        Some(ExperimentEnd::Elapsed) => ("healthy", "●", "over"),
        Some(ExperimentEnd::Stopped) => ("unknown", "○", "stopped"),
        Some(ExperimentEnd::Aborted) => ("unhealthy", "▲", "aborted: too many calls failed"),
    };
    let strength = match one.kind {
        FaultKind::Latency => format::with_unit(one.intensity, "s"),
        _ => format::share(one.intensity),
    };
    let report = one.report;
    let each_ms = (report.touched > 0).then(|| as_f64(report.added_ms) / as_f64(report.touched));
    let is_running = one.end.is_none();
    let id = one.id.to_string();
    let stopped = id.clone();
    view! {
        <tr data-experiment=id data-running=is_running.to_string()>
            <td>
                <span class=format!("mark mark-{class}")><span class="mark-shape" aria-hidden="true">{shape}</span>{word}</span>
                {is_running.then(|| view! { <p class="muted small">"ends " <Ago at=one.ends_at/></p> })}
            </td>
            <th scope="row">{one.kind.as_str()} " " <span class="muted">{strength}</span></th>
            <td>{scope(&one.scope)}</td>
            <td class="number">{format::count(report.calls)}</td>
            <td class="number">{format::count(report.touched)}</td>
            <td class="number">{format::count(report.errors)}</td>
            <td class="number">{format::count(report.fail_overs)}</td>
            <td class="number">{format::maybe(each_ms, "ms")}</td>
            <td><Ago at=one.started_at/> <p class="muted small">{one.started_by}</p></td>
            <td class="row-actions">
                {(is_running && may_stop).then(|| view! {
                    <CallForm action=stop>
                        <input type="hidden" name="id" value=stopped/>
                        <Submit label="Stop" class="quiet"/>
                    </CallForm>
                })}
            </td>
        </tr>
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 do not occur")]
const fn as_f64(value: u64) -> f64 {
    value as f64
}

/// The scope in words.
fn scope(scope: &ExperimentScope) -> String {
    let named = [
        ("provider", scope.provider.clone()),
        ("model", scope.model.clone()),
        ("service", scope.service.clone()),
        ("route", scope.route.clone()),
        ("key", scope.key.map(|key| key.to_string())),
        ("share of calls", scope.traffic.map(format::share)),
    ];
    let parts: Vec<_> = named.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?))).collect();
    if parts.is_empty() { "everybody".to_owned() } else { parts.join(", ") }
}

#[component]
fn Start(inject: Call) -> impl IntoView {
    let refusal = inject.refusal();
    let kinds: Vec<_> =
        FaultKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.as_str().to_owned())).collect();
    view! {
        <section class="card" aria-labelledby="start-experiment">
            <h2 id="start-experiment">"Start an experiment"</h2>
            <FormFailure refusal/>
            <CallForm action=inject class="form">
                <Field name="service" label="Scope" value="simulated" help="A provider, a route or a calling service by its name; * is everybody." is_required=true refusal/>
                <Choice name="type" label="Fault" options=kinds refusal/>
                <Field name="intensity" label="Strength" value="1" help="Seconds (0 to 10) for latency, per cent or a share for the others." refusal/>
                <Field name="duration" label="Seconds" kind="number" value="60" help="It ends by itself after so long, at most 86400." is_required=true refusal/>
                <Field name="model" label="Only this model" refusal/>
                <Field name="traffic" label="Only this share of calls, per cent" help="Empty: all of them." refusal/>
                <Field name="abort_above" label="Abort when more calls fail than this, per cent" value="50" help="Of at least 20 calls in its scope. Empty: never." refusal/>
                <Submit label="Start experiment" class="danger-button"/>
            </CallForm>
        </section>
    }
}
