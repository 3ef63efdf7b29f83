//! Anomalies as a table: newest first, each leading to its page.

use domain::anomaly::Anomaly;

use super::{Items, Rows, SeverityMark, Simulated, StateMark};
use crate::format;
use crate::now::Ago;
use crate::prelude::*;

/// The table. `caption` is for screen readers.
#[component]
pub(crate) fn AnomalyTable(#[prop(into)] anomalies: Items<Anomaly>, caption: &'static str) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=caption>
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Severity"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Why"</th>
                        <th scope="col" class="number">"Score"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Seen"</th>
                    </tr>
                </thead>
                <tbody>
                    <Rows items=anomalies row=row/>
                </tbody>
            </table>
        </div>
    }
}

fn row(anomaly: Anomaly) -> impl IntoView {
    view! {
        <tr data-anomaly=anomaly.id.to_string() data-status=anomaly.status.as_str()>
            <td><SeverityMark severity=anomaly.severity/></td>
            <th scope="row">
                <a data-row href=format!("/anomalies/{}", anomaly.id)>{anomaly.service} " · " {anomaly.metric}</a>
                " "
                <Simulated is_simulated=anomaly.is_simulated/>
            </th>
            <td class="wrap">{anomaly.reason}</td>
            <td class="number">{format::number(anomaly.score)}</td>
            <td><StateMark status=anomaly.status/></td>
            <td><Ago at=anomaly.timestamp/></td>
        </tr>
    }
}
