//! The demo fleet: give a service a fault, watch Bellwether find it, take it back.
//!
//! Always true: everything here says that it is simulated.

use domain::access::Permission;
use domain::demo::{ActiveFault, DemoService, DemoStatus, FaultKind};
use leptos::either::Either;

use crate::call::Call;
use crate::components::{CallForm, Choice, Empty, Field, FormFailure, Loaded, PageHead, Rows, Simulated, Submit};
use crate::fetched::fetch;
use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::demo::{ClearFaultCall, DemoStatusCall, InjectFaultCall};
use crate::session::may;

/// The calls of this page; shared by all cards, so that a refusal is shown once.
#[derive(Clone, Copy)]
struct Calls {
    inject: Call,
    clear: Call,
}

/// The page.
#[component]
pub(crate) fn DemoPage() -> impl IntoView {
    let fetched = fetch(|| DemoStatusCall {});
    let calls = Calls { inject: Call::to::<InjectFaultCall>(), clear: Call::to::<ClearFaultCall>() };
    provide_context(calls);
    view! {
        <PageHead title="Demo fleet" lead="Small real services of this machine with faults you can switch on. What they send is labelled simulated everywhere."/>
        <FormFailure refusal=calls.inject.refusal()/>
        <FormFailure refusal=calls.clear.refusal()/>
        <Loaded fetched topics=&["demo"] view=|data| view! { <Content data/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<DemoStatus>) -> impl IntoView {
    let services = move || data.with(|data| data.services.clone());
    let is_enabled = Memo::new(move |_| data.with(|data| data.is_enabled));
    move || {
        if is_enabled.get() {
            Either::Left(view! {
                <div class="cards cards-wide">
                    <Rows items=services row=card/>
                </div>
            })
        } else {
            Either::Right(view! {
                <Empty title="The demo fleet is not running">
                    <p>"It starts with the server:"</p>
                    <crate::components::Command text="bellwether serve --demo"/>
                </Empty>
            })
        }
    }
}

fn card(service: DemoService) -> impl IntoView {
    let (class, shape, word) =
        if service.is_running { ("healthy", "●", "running") } else { ("unhealthy", "▲", "not running") };
    let restarts = (service.restarts > 0).then(|| format!("{} restarts", service.restarts));
    let pid = service.pid.map(|pid| format!("process {pid}"));
    let may_act = may(Permission::Operate);
    let has_faults = !service.faults.is_empty();
    let name = service.name.clone();
    let faults = service.faults.iter().map(|fault| active(&service.name, fault)).collect_view();
    let href = format!("/services/{}", format::segment(&service.name));
    view! {
        <article class="card" data-demo=service.name>
            <div class="card-line">
                <h2><a data-row href=href>{service.name.clone()}</a></h2>
                <span class=format!("mark mark-{class}")><span class="mark-shape" aria-hidden="true">{shape}</span>{word}</span>
                <Simulated is_simulated=true/>
            </div>
            <p>{service.description}</p>
            <p class="muted small"><code>{service.url}</code> " " {pid} " " {restarts}</p>
            <ul class="plain">{faults}</ul>
            {(may_act && has_faults).then(|| view! { <Clear service=name.clone() fault=None/> })}
            {may_act.then(|| view! { <Inject service=name supported=service.supported/> })}
        </article>
    }
}

fn active(service: &str, fault: &ActiveFault) -> impl IntoView + use<> {
    let kind = fault.fault;
    view! {
        <li class="fault" data-fault=kind.as_str()>
            <span class="mark mark-degraded"><span class="mark-shape" aria-hidden="true">"◐"</span>{label(kind)}</span>
            " at " {format::share(fault.intensity)} ", ends " <Ago at=fault.ends_at/> " "
            {may(Permission::Operate).then(|| view! { <Clear service=service.to_owned() fault=Some(kind)/> })}
        </li>
    }
}

#[component]
fn Clear(service: String, fault: Option<FaultKind>) -> impl IntoView {
    let Calls { clear, .. } = expect_context();
    let text =
        fault.map_or_else(|| format!("Clear all faults of {service}"), |fault| format!("Clear {}", label(fault)));
    view! {
        <CallForm action=clear class="inline">
            <input type="hidden" name="input[service]" value=service/>
            {fault.map(|fault| view! { <input type="hidden" name="input[fault]" value=fault.as_str()/> })}
            <Submit label=text class="quiet"/>
        </CallForm>
    }
}

#[component]
fn Inject(service: String, supported: Vec<FaultKind>) -> impl IntoView {
    let Calls { inject, .. } = expect_context();
    let refusal = inject.refusal();
    let options =
        supported.into_iter().map(|fault| (fault.as_str().to_owned(), label(fault).to_owned())).collect::<Vec<_>>();
    let button = format!("Inject into {service}");
    view! {
        <CallForm action=inject class="form form-line">
            <input type="hidden" name="input[service]" value=service.clone()/>
            <Choice name="fault" label="Fault" help="what goes wrong" options scope=service.clone() refusal/>
            <Field name="intensity" label="Intensity" value="0.5" help="0.01 to 1" scope=service.clone() refusal/>
            <Field name="duration_secs" label="Seconds" kind="number" value="600" help="at most 3600" scope=service refusal/>
            <Submit label=button/>
        </CallForm>
    }
}

const fn label(fault: FaultKind) -> &'static str {
    match fault {
        FaultKind::Latency => "latency",
        FaultKind::Errors => "errors",
        FaultKind::MemoryLeak => "memory leak",
        FaultKind::ConnectionLeak => "connection leak",
        FaultKind::Cpu => "busy CPU",
        FaultKind::Drift => "drift",
        FaultKind::Crash => "crash",
    }
}
