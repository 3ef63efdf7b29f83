"""A program that exposes its metrics with the official client library is scraped, in both formats."""

import math

import pytest
from bellwether import wait_for
from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, Info, Summary, start_http_server

BUCKETS = (0.1, 0.5, 1.0, 5.0)


def registry():
    """One of every kind, with what is hard to read: escapes, a unit, an exemplar, values that are no numbers."""
    made = CollectorRegistry()
    requests = Counter("peer_requests", "Requests.\nSecond line.", ["route", "code"], registry=made)
    requests.labels("/a", "200").inc(41, exemplar={"trace_id": "4bf92f3577b34da6"})
    requests.labels('/with "quotes"\\and\nlines', "500").inc(2.5)
    gauge = Gauge("peer_temperature", "Temperature.", ["place"], registry=made)
    for place, value in {"below": -3.25, "tiny": 1e-300, "huge": 1.7976931348623157e308, "up": math.inf, "down": -math.inf, "none": math.nan}.items():
        gauge.labels(place).set(value)
    histogram = Histogram("peer_duration", "Durations.", buckets=BUCKETS, unit="seconds", registry=made)
    for value in (0.05, 0.3, 0.3, 2, 20):
        histogram.observe(value, exemplar={"trace_id": "0af7651916cd43dd"})
    summary = Summary("peer_size", "Sizes.", registry=made)
    for value in (1, 2, 3.5):
        summary.observe(value)
    Info("peer_build", "What it is.", registry=made).info({"version": "1.2.3", "commit": "äöü"})
    Enum("peer_state", "How it is.", states=["starting", "running"], registry=made).state("running")
    return made


def expected(made):
    """Every series and its value as the library itself has it, but for the times of creation."""
    found = {}
    for family in made.collect():
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                found[frozenset({"__name__": sample.name, **sample.labels}.items())] = float(sample.value)
    return found


class Target:
    """The registry on a port, which notes what is asked for and answers in one format only if told so."""

    def __init__(self, formats):
        self.registry = registry()
        self.server, self.thread = start_http_server(0, "127.0.0.1", self.registry)
        self.accepted = []
        inner = self.server.get_app()

        def app(environ, start_response):
            self.accepted.append(environ.get("HTTP_ACCEPT", ""))
            if formats == "text":
                environ["HTTP_ACCEPT"] = "text/plain; version=0.0.4"
            return inner(environ, start_response)

        self.server.set_app(app)
        self.url = f"http://127.0.0.1:{self.server.server_port}/metrics"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(params=["openmetrics", "text"])
def target(request):
    made = Target(request.param)
    yield made, request.param
    made.stop()


def test_every_kind_of_metric_comes_out_of_a_query_as_it_went_in(quiet, target):
    made, service = target
    client = quiet.client(quiet.keys.admin)
    body = {"service": service, "url": made.url, "interval_ms": 500, "timeout_ms": 500, "labels": {"zone": "z1"}}
    added = client.post("/api/v1/targets", json=body)
    assert added.status_code == 201, added.text
    there = f"/api/v1/targets/{added.json()['id']}"
    report = wait_for("a scrape", lambda: client.get(there).json()["last_scrape"])
    assert report["is_up"] and report["error"] is None, report
    assert "application/openmetrics-text" in made.accepted[0] and "text/plain" in made.accepted[0]

    found = {}
    for series in client.data("/api/v1/query", query=f'{{__name__=~"peer_.+",service="{service}"}}')["result"]:
        labels = series["metric"]
        assert labels.pop("service") == service
        assert labels.pop("zone") == "z1"
        labels.pop("instance", None)
        labels.pop("job", None)
        if not labels["__name__"].endswith("_created"):
            found[frozenset(labels.items())] = float(series["value"][1])
    wanted = expected(made.registry)
    assert found.keys() == wanted.keys()
    for labels, value in wanted.items():
        assert found[labels] == value or (math.isnan(value) and math.isnan(found[labels])), (dict(labels), found[labels])

    assert client.value(f'up{{service="{service}"}}') == 1
    assert client.value(f'scrape_samples_scraped{{service="{service}"}}') >= len(wanted)
    assert client.value(f'histogram_quantile(0.5, peer_duration_seconds_bucket{{service="{service}"}})') == pytest.approx(0.4)
    assert client.delete(there).status_code == 204


def test_a_target_that_goes_away_is_down(quiet):
    made = Target("openmetrics")
    client = quiet.client(quiet.keys.admin)
    added = client.post("/api/v1/targets", json={"service": "leaving", "url": made.url, "interval_ms": 500, "timeout_ms": 500}).json()
    wait_for("up", lambda: client.value('up{service="leaving"}') == 1)
    made.stop()
    wait_for("down", lambda: client.value('up{service="leaving"}') == 0)
    # What is gone is stale at once, not after five minutes.
    assert client.data("/api/v1/query", query='peer_state{service="leaving"}')["result"] == []
    report = client.get(f"/api/v1/targets/{added['id']}").json()["last_scrape"]
    assert not report["is_up"] and report["error"]
    client.delete(f"/api/v1/targets/{added['id']}")
