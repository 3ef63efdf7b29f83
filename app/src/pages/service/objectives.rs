//! What is promised of a service, as an editable table. Two empty rows are there for new ones.

use domain::catalogue::{Comparison, Objective};
use domain::error::ApiError;
use domain::overview::ServiceDetail;

use crate::call::Call;
use crate::components::{CallForm, Choice, Field, FormFailure, Saved, Submit};
use crate::prelude::*;

const SPARE_ROWS: usize = 2;

/// The editor. Its rows change only when the stored objectives do, so that a refresh never overwrites typing.
#[component]
pub(super) fn Objectives(data: ReadSignal<ServiceDetail>, action: Call) -> impl IntoView {
    let refusal = action.refusal();
    let stored = Memo::new(move |_| data.with(|data| data.service.objectives.clone()));
    let rows = move || {
        let stored = stored.get();
        let n = stored.len();
        let spare = std::iter::repeat_n(None, SPARE_ROWS);
        let rows = stored.into_iter().map(Some).chain(spare).enumerate();
        rows.map(|(i, objective)| view! { <Row i objective refusal is_spare={i >= n}/> }).collect_view()
    };
    view! {
        <section class="card" aria-labelledby="objectives">
            <h2 id="objectives">"Objectives"</h2>
            <p class="muted">"A promise about a signal, such as latency_p99 below 500 for 99.9 % of the time. Empty the metric to remove a row."</p>
            <FormFailure refusal/>
            <CallForm action class="form">
                <input type="hidden" name="id" value=move || data.with(|data| data.service.id.to_string())/>
                {rows}
                <div class="actions">
                    <Submit label="Save objectives"/>
                    <Saved word="Saved."/>
                </div>
            </CallForm>
        </section>
    }
}

#[component]
fn Row(i: usize, objective: Option<Objective>, refusal: Signal<Option<ApiError>>, is_spare: bool) -> impl IntoView {
    let name = |field: &str| format!("objectives[{i}].{field}");
    let comparison = objective.as_ref().map_or(Comparison::Below, |objective| objective.comparison);
    let (metric, threshold, target) = objective
        .map(|objective| (objective.metric, objective.threshold.to_string(), objective.target_percent.to_string()))
        .unwrap_or_default();
    let options: Vec<_> =
        Comparison::ALL.iter().map(|word| (word.as_str().to_owned(), word.as_str().to_owned())).collect();
    view! {
        <fieldset class="form-line">
            <legend class="visually-hidden">{if is_spare { "New objective".to_owned() } else { format!("Objective {}", i + 1) }}</legend>
            <Field name=name("metric") label="Metric" value=metric placeholder="latency_p99" refusal/>
            <Choice name=name("comparison") label="Stays" options={options} value=comparison.as_str() refusal/>
            <Field name=name("threshold") label="Threshold" value=threshold placeholder="500" refusal/>
            <Field name=name("target_percent") label="Percent of the time" value=target placeholder="99.9" refusal/>
        </fieldset>
    }
}
