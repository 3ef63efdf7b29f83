//! One anomaly: what, why, what to look at first, and what people think of it.

use domain::access::Permission;
use domain::anomaly::{Anomaly, FeedbackVerdict};
use leptos_router::hooks::use_params_map;

use crate::call::Call;
use crate::components::{CallForm, FormFailure, Loaded, PageHead, SeverityMark, Shares, Simulated, StateMark};
use crate::fetched::fetch;
use crate::format;
use crate::now::{Ago, MaybeAgo};
use crate::prelude::*;
use crate::rpc::anomaly::{AnomalyCall, GiveFeedback};
use crate::session::may;

/// The page.
#[component]
pub(crate) fn AnomalyPage() -> impl IntoView {
    let params = use_params_map();
    let fetched = fetch(move || AnomalyCall { id: params.read().get("id").unwrap_or_default() });
    let action = Call::to::<GiveFeedback>();
    view! {
        <p class="crumbs"><a href="/anomalies">"Anomalies"</a></p>
        <Loaded fetched topics=&["anomaly"] view=move |data| view! { <Content data action/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<Anomaly>, action: Call) -> impl IntoView {
    let title = Signal::derive(move || data.with(|anomaly| format!("{} · {}", anomaly.service, anomaly.metric)));
    view! {
        <PageHead title=move || title.get()/>
        {move || facts(data.get())}
        <section class="card" aria-labelledby="feedback">
            <h2 id="feedback">"Was this worth telling you?"</h2>
            <p class="muted">"The answer moves the threshold of this series: noise makes it harder to alarm, useful makes it easier."</p>
            <FormFailure refusal=action.refusal()/>
            <div class="actions" hidden=!may(Permission::Operate)>
                {FeedbackVerdict::ALL.iter().map(|&verdict| view! { <Verdict data verdict action/> }).collect_view()}
            </div>
            <p role="status">{move || data.with(threshold)}</p>
        </section>
    }
}

#[component]
fn Verdict(data: ReadSignal<Anomaly>, verdict: FeedbackVerdict, action: Call) -> impl IntoView {
    let is_chosen = move || data.with(|anomaly| anomaly.feedback == Some(verdict));
    let label = match verdict {
        FeedbackVerdict::Useful => "Useful",
        FeedbackVerdict::Noise => "Noise",
    };
    view! {
        <CallForm action>
            <input type="hidden" name="id" value=move || data.with(|anomaly| anomaly.id.to_string())/>
            <button type="submit" name="verdict" value=verdict.as_str() aria-pressed=move || if is_chosen() { "true" } else { "false" }>
                {label}
            </button>
        </CallForm>
    }
}

fn threshold(anomaly: &Anomaly) -> String {
    let factor = format::number(anomaly.threshold_factor);
    match anomaly.feedback {
        Some(verdict) => {
            format!("Marked as {verdict}. The threshold of this series is now {factor} times the usual one.")
        }
        None => format!("The threshold of this series is {factor} times the usual one."),
    }
}

fn facts(anomaly: Anomaly) -> impl IntoView {
    let service = format!("/services/{}", format::segment(&anomaly.service));
    let band = match (anomaly.expected_low, anomaly.expected_high) {
        (Some(low), Some(high)) => {
            format!("{} to {}", format::with_unit(low, &anomaly.unit), format::with_unit(high, &anomaly.unit))
        }
        _ => format::NONE.to_owned(),
    };
    let current =
        anomaly.current_value.map_or_else(|| "missing".to_owned(), |value| format::with_unit(value, &anomaly.unit));
    let labels = anomaly.labels.iter().map(|(name, value)| view! { <code>{format!("{name}={value}")}</code> " " });
    let labels = (!anomaly.labels.is_empty()).then(|| labels.collect_view());
    view! {
        <section class="card" data-status=anomaly.status.as_str()>
            <p class="card-line">
                <SeverityMark severity=anomaly.severity/>
                <StateMark status=anomaly.status/>
                <Simulated is_simulated=anomaly.is_simulated/>
            </p>
            <p class="reason">{anomaly.reason}</p>
            <p><b>"Look at first: "</b>{anomaly.recommendation}</p>
            <dl class="facts">
                <div><dt>"Score"</dt><dd>{format::number(anomaly.score)} <span class="muted">" (alarm at 1)"</span></dd></div>
                <div><dt>"Value"</dt><dd>{current}</dd></div>
                <div><dt>"Expected"</dt><dd>{band}</dd></div>
                <div><dt>"Trend"</dt><dd>{anomaly.trend.as_str()}</dd></div>
                <div><dt>"Service"</dt><dd><a href=service>{anomaly.service}</a></dd></div>
                <div><dt>"Metric"</dt><dd><code>{anomaly.metric}</code></dd></div>
                {labels.map(|labels| view! { <div><dt>"Labels"</dt><dd>{labels}</dd></div> })}
                <div><dt>"First seen"</dt><dd><Ago at=anomaly.timestamp/></dd></div>
                <div><dt>"Resolved"</dt><dd><MaybeAgo at=anomaly.resolved_at never="not yet"/></dd></div>
                {anomaly.forecast_exhaustion.map(|at| view! { <div><dt>"Runs out"</dt><dd><Ago at/></dd></div> })}
            </dl>
            <h2>"What the detectors say"</h2>
            <Shares shares=anomaly.shares/>
        </section>
    }
}
