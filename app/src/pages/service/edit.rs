//! The entry of a service in the catalogue: description, team, labels, dependencies.

use domain::catalogue::Service;
use domain::overview::ServiceDetail;
use leptos::either::Either;

use crate::call::Call;
use crate::components::{Area, CallForm, Choice, Danger, Field, FormFailure, Saved, Submit};
use crate::fetched::{fetch, suspend};
use crate::forms::labels_text;
use crate::pages::team_options::{team_options, team_value};
use crate::prelude::*;
use crate::rpc::team::Teams;

/// The form. It is filled again only when the stored entry changes, so that a refresh never overwrites typing.
#[component]
pub(super) fn Edit(data: ReadSignal<ServiceDetail>, action: Call, delete: Call) -> impl IntoView {
    let refusal = action.refusal();
    let all_teams = fetch(|| Teams {});
    let entry = Memo::new(move |_| {
        data.with(|data| Service { last_seen_at: None, objectives: Vec::new(), ..data.service.clone() })
    });
    let fields = move || {
        let entry = entry.get();
        let (description, labels) = (entry.description, labels_text(&entry.labels));
        let dependencies = entry.dependencies.join(", ");
        let team = team_value(entry.team_id);
        view! {
            <input type="hidden" name="id" value=entry.id.to_string()/>
            <Field name="description" label="Description" value=description refusal/>
            <Suspense>
                {
                    let team = team.clone();
                    suspend(async move {
                        let options = team_options(&all_teams.load().await.unwrap_or_default());
                        Either::Right(view! { <Choice name="team_id" label="Team" options value=team refusal/> })
                    })
                }
            </Suspense>
            <Area name="labels" label="Labels" value=labels help="One name=value a line." refusal/>
            <Field name="dependencies" label="Calls" value=dependencies help="Names of services, separated by commas." refusal/>
        }
    };
    let remove = move || {
        let Service { id, name, .. } = entry.get();
        view! {
            <Danger
                label="Remove from the catalogue"
                touches="Removes this entry with its team, labels, dependencies and objectives. Samples and anomalies stay."
                undone="The service appears again by itself with its next sample, without what was entered here."
                action=delete
                id=id.to_string()
                button=format!("Remove {name}")
            />
        }
    };
    view! {
        <section class="card" aria-labelledby="entry">
            <h2 id="entry">"Catalogue entry"</h2>
            <FormFailure refusal/>
            <CallForm action class="form">
                {fields}
                <div class="actions">
                    <Submit label="Save entry"/>
                    <Saved word="Saved."/>
                </div>
            </CallForm>
            <FormFailure refusal=delete.refusal()/>
            {remove}
        </section>
    }
}
