//! The facts of the System page, part by part.

use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::system::SystemView;

fn fact(label: &'static str, value: String) -> impl IntoView {
    view! { <div><dt>{label}</dt><dd>{value}</dd></div> }
}

fn up(is_up: bool) -> impl IntoView {
    let (class, shape, word) = if is_up { ("healthy", "●", "up") } else { ("unhealthy", "▲", "down") };
    view! { <span class=format!("mark mark-{class}")><span class="mark-shape" aria-hidden="true">{shape}</span>{word}</span> }
}

/// Version, uptime, memory and the lines of readiness.
pub(super) fn process(data: &SystemView) -> impl IntoView + use<> {
    let status = &data.status;
    let memory = status.resident_bytes.map_or_else(|| format::NONE.to_owned(), |bytes| format::bytes(wide(bytes)));
    let lines = data.readiness.iter().map(|line| {
        view! {
            <tr><th scope="row">{line.name.clone()}</th><td>{up(line.is_ok)}</td><td class="wrap">{line.detail.clone()}</td></tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <section class="card" aria-labelledby="process">
            <h2 id="process">"Process"</h2>
            <dl class="facts">
                {fact("Version", status.version.clone())}
                <div><dt>"Started"</dt><dd><Ago at=status.started_at/></dd></div>
                {fact("Memory", memory)}
            </dl>
            <table class="table compact">
                <caption>"Readiness"</caption>
                <thead><tr><th scope="col">"Part"</th><th scope="col">"State"</th><th scope="col">"Detail"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
}

/// Counters far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
const fn wide(value: u64) -> f64 {
    value as f64
}

/// The database.
pub(super) fn database(data: &SystemView) -> impl IntoView + use<> {
    let database = &data.status.database;
    let size = database.size_bytes.and_then(|bytes| u64::try_from(bytes).ok());
    view! {
        <section class="card" aria-labelledby="database">
            <h2 id="database">"Database"</h2>
            <p>{up(database.is_reachable)}</p>
            {database.error.clone().map(|error| view! { <p class="field-error wrap">{error}</p> })}
            <dl class="facts">
                {fact("Kind", database.backend.clone())}
                {fact("Round trip", format::maybe(database.latency_ms, "ms"))}
                {fact("Size", size.map_or_else(|| format::NONE.to_owned(), |bytes| format::bytes(wide(bytes))))}
                {fact("Newest migration", database.migration.clone().unwrap_or_else(|| format::NONE.to_owned()))}
            </dl>
        </section>
    }
}

/// The metric store.
pub(super) fn store(data: &SystemView) -> impl IntoView + use<> {
    let store = &data.status.metrics;
    let per_sample = (store.chunk_samples > 0).then(|| wide(store.chunk_bytes) / wide(store.chunk_samples));
    view! {
        <section class="card" aria-labelledby="store">
            <h2 id="store">"Metric store"</h2>
            <dl class="facts">
                {fact("Series", format::count(store.series))}
                {fact("Samples accepted", format::count(store.samples_accepted))}
                {fact("Duplicate", format::count(store.samples_duplicate))}
                {fact("Late", format::count(store.samples_late))}
                {fact("Over a limit", format::count(store.samples_over_limit))}
                {fact("Chunks", format::count(store.chunks))}
                {fact("On disk", format::bytes(wide(store.chunk_bytes)))}
                {fact("Bytes a sample", per_sample.map_or_else(|| format::NONE.to_owned(), format::number))}
                {fact("Batches not yet in a chunk", format::count(store.pending_batches))}
            </dl>
        </section>
    }
}

/// The event stream.
pub(super) fn stream(data: &SystemView) -> impl IntoView + use<> {
    let stream = &data.status.stream;
    view! {
        <section class="card" aria-labelledby="stream">
            <h2 id="stream">"Stream"</h2>
            <dl class="facts">
                {fact("Open connections", stream.active_connections.to_string())}
                {fact("Newest event", stream.last_event_id.to_string())}
                {fact("Dropped for being slow", format::count(stream.dropped_slow))}
            </dl>
            <p class="muted small"><code class="wrap">{stream.websocket_url.clone()}</code></p>
        </section>
    }
}

/// The settings in force.
pub(super) fn config(data: &SystemView) -> impl IntoView + use<> {
    let lines = data.config.iter().map(|line| {
        view! { <tr><th scope="row"><code>{line.key.clone()}</code></th><td class="wrap"><code>{line.value.clone()}</code></td></tr> }
    });
    let lines = lines.collect_view();
    view! {
        <details class="fold card">
            <summary>"Configuration in force"</summary>
            <table class="table compact">
                <caption class="visually-hidden">"Settings; secrets are masked"</caption>
                <thead><tr><th scope="col">"Setting"</th><th scope="col">"Value"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </details>
    }
}
