"""Bellwether's own /metrics, read by the official parsers and by promtool."""

import pytest
import requests
from prometheus import promtool
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def families(bellwether, accept):
    response = requests.get(f"{bellwether.url}/metrics", headers={"Accept": accept}, timeout=30)
    assert response.status_code == 200
    kind = response.headers["Content-Type"]
    parse = parse_openmetrics if kind.startswith("application/openmetrics-text") else parse_text
    return kind, {family.name: family for family in parse(response.text)}, response.text


@pytest.fixture(params=["quiet", "demo"])
def bellwether(request):
    return request.getfixturevalue(request.param)


MODELS = ("one", "another")


@pytest.fixture(scope="module", autouse=True)
def calls(quiet):
    """A call to each of two models, after which there are two histograms in one family."""
    for model in MODELS:
        call = {"service": "simulation", "model": model, "prompt": "Say something."}
        answer = quiet.client(quiet.keys.admin).post("/api/v1/ai", json=call)
        assert answer.status_code == 200, answer.text


def test_calls_to_models_are_counted(quiet):
    for accept in ("text/plain", OPENMETRICS):
        _, found, _ = families(quiet, accept)
        # Other tests call other models of this server.
        samples = [sample for sample in found["ai_response_time_ms"].samples if sample.labels["model"] in MODELS]
        buckets = [sample.labels["le"] for sample in samples if sample.name.endswith("_bucket")]
        assert buckets[-1] == "+Inf" and buckets.count("+Inf") == 2
        counted = [sample.value for sample in found["ai_requests"].samples if sample.labels["model"] in MODELS]
        assert counted == [1, 1]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("*/*", "text/plain; version=0.0.4"), ("text/plain; version=0.0.4", "text/plain; version=0.0.4"), (OPENMETRICS, OPENMETRICS)],
)
def test_the_official_parsers_read_it(bellwether, accept, kind):
    answered, found, _ = families(bellwether, accept)
    assert answered.startswith(kind)
    assert found["bellwether_samples_accepted"].type == "counter"
    assert found["bellwether_series"].type == "gauge"
    for family in found.values():
        assert family.documentation and family.type != "unknown", family


def test_both_formats_say_the_same(quiet):
    _, text, _ = families(quiet, "text/plain")
    _, openmetrics, _ = families(quiet, OPENMETRICS)
    assert {name: family.type for name, family in text.items()} == {name: family.type for name, family in openmetrics.items()}


def test_promtool_has_nothing_to_object_to(bellwether):
    _, _, text = families(bellwether, "text/plain")
    checked = promtool("check", "metrics", text=text)
    # The name is promised to those who read it, unit and all.
    objections = [line for line in checked.stderr.splitlines() if not line.startswith("ai_response_time_ms ")]
    assert objections == [] and checked.stdout == "", checked


def test_the_counters_count(quiet):
    def accepted():
        return families(quiet, "text/plain")[1]["bellwether_samples_accepted"].samples[0].value

    before = accepted()
    quiet.client(quiet.keys.admin).push(*({"service": "counted", "metric": f"m_{i}", "value": i} for i in range(50)))
    assert accepted() >= before + 50
