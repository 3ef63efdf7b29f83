//! The background tasks and how their last run went.

use domain::system::TaskStatus;

use crate::components::{Items, Rows};
use crate::format;
use crate::now::MaybeAgo;
use crate::prelude::*;

/// The table.
#[component]
pub(super) fn Tasks(#[prop(into)] tasks: Items<TaskStatus>) -> impl IntoView {
    view! {
        <section aria-labelledby="tasks">
            <h2 id="tasks">"Background tasks"</h2>
            <div class="table-scroll" tabindex="0" role="group" aria-label="Background tasks">
                <table class="table">
                    <caption class="visually-hidden">"Background tasks"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Task"</th>
                            <th scope="col">"State"</th>
                            <th scope="col">"Last run"</th>
                            <th scope="col" class="number">"Took"</th>
                            <th scope="col" class="number">"Every"</th>
                            <th scope="col" class="number">"Runs"</th>
                            <th scope="col" class="number">"Failures"</th>
                            <th scope="col">"Last report"</th>
                        </tr>
                    </thead>
                    <tbody><Rows items=tasks row=line/></tbody>
                </table>
            </div>
        </section>
    }
}

fn line(task: TaskStatus) -> impl IntoView {
    let (class, shape, word) = match (&task.last_error, task.is_running) {
        (Some(_), _) => ("unhealthy", "▲", "failed"),
        (None, true) => ("healthy", "●", "running"),
        (None, false) => ("healthy", "●", "waiting"),
    };
    let name = task.name;
    let report = task.last_error.or(task.last_report);
    view! {
        <tr data-task=name>
            <th scope="row">{name.clone()} <p class="muted small">{task.about}</p></th>
            <td><span class=format!("mark mark-{class}")><span class="mark-shape" aria-hidden="true">{shape}</span>{word}</span></td>
            <td><MaybeAgo at=task.last_started_at/></td>
            <td class="number">{format::maybe(task.last_duration_ms, "ms")}</td>
            <td class="number">{format::maybe(Some(period(task.period_ms)), "ms")}</td>
            <td class="number">{format::count(task.runs)}</td>
            <td class="number">{format::count(task.failures)}</td>
            <td class="wrap">{report}</td>
        </tr>
    }
}

#[expect(clippy::cast_precision_loss, reason = "periods are far below 2^52 ms")]
const fn period(ms: u64) -> f64 {
    ms as f64
}
