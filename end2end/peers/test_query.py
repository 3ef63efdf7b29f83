"""The Prometheus HTTP API as its clients use it: a client library, promtool, and what Grafana asks."""

import json
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from bellwether import wait_for
from prometheus import promtool
from prometheus_api_client import PrometheusConnect

STEP = 15
POINTS = 20


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


@pytest.fixture(scope="module")
def told(quiet):
    """Twenty samples of two series, 15 s apart, at times that the tests know."""
    client = quiet.client(quiet.keys.admin)
    end = int(time.time()) // STEP * STEP - STEP
    times = [end - STEP * (POINTS - 1 - i) for i in range(POINTS)]
    client.push(
        *(
            {"service": "asked", "metric": "told_total", "value": i * 30 * factor, "timestamp": moment(at).isoformat(), "labels": {"shard": shard}}
            for i, at in enumerate(times)
            for shard, factor in (("a", 1), ("b", 2))
        )
    )
    wait_for("the samples", lambda: client.value("count(told_total)") == 2)
    return times


@pytest.fixture
def library(quiet):
    return PrometheusConnect(url=quiet.url, headers={"Authorization": f"Bearer {quiet.keys.viewer}"})


@pytest.fixture
def client(quiet):
    return quiet.client(quiet.keys.viewer)


def test_the_client_library_asks(library, told):
    assert "told_total" in library.all_metrics()
    assert set(library.get_label_names()) >= {"__name__", "service", "shard"}
    assert library.get_label_values("shard") == ["a", "b"]
    found = library.get_current_metric_value("told_total", label_config={"shard": "b"})
    assert [entry["value"][1] for entry in found] == [str((POINTS - 1) * 60)]
    rates = library.custom_query("sum by (service) (rate(told_total[1m]))", params={"time": str(told[-1])})
    assert rates == [{"metric": {"service": "asked"}, "value": [told[-1], "6"]}]


def test_the_client_library_reads_a_range(library, told):
    found = library.custom_query_range('told_total{shard="a"}', moment(told[0]), moment(told[-1]), str(STEP))
    assert [entry["metric"]["shard"] for entry in found] == ["a"]
    assert found[0]["values"] == [[at, str(i * 30)] for i, at in enumerate(told)]


@pytest.mark.parametrize("method", ["get", "post"])
def test_grafana_asks(client, told, method):
    """The health check, the query builder and a panel of Grafana's, in its two ways to ask."""
    send = "params" if method == "get" else "data"

    def ask(path, **values):
        response = client.request(method, path, **{send: values})
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"].startswith("application/json")
        return response.json()["data"]

    window = {"start": str(told[0]), "end": str(told[-1])}
    assert ask("/api/v1/query", query="1+1", time=str(told[-1])) == {"resultType": "scalar", "result": [told[-1], "2"]}
    assert ask("/api/v1/series", **{"match[]": "told_total"}, **window) == [
        {"__name__": "told_total", "service": "asked", "shard": "a"},
        {"__name__": "told_total", "service": "asked", "shard": "b"},
    ]
    assert set(ask("/api/v1/labels", **{"match[]": "told_total"}, **window)) == {"__name__", "service", "shard"}
    panel = ask("/api/v1/query_range", query="rate(told_total[1m])", step=str(STEP), **window)
    assert panel["resultType"] == "matrix"
    assert {series["metric"]["shard"]: series["values"][-1] for series in panel["result"]} == {"a": [told[-1], "2"], "b": [told[-1], "4"]}


def test_grafana_asks_what_is_only_read(client, told):
    assert client.data("/api/v1/status/buildinfo")["version"]
    assert isinstance(client.data("/api/v1/metadata", limit=5), dict)
    assert client.data("/api/v1/label/__name__/values", **{"match[]": '{service="asked"}'}) == ["told_total"]


@pytest.mark.parametrize("query", ["sum(", "rate(told_total)", "told_total[5m"])
def test_a_wrong_query_is_refused_in_the_words_of_prometheus(client, query):
    response = client.get("/api/v1/query", params={"query": query})
    assert response.status_code in (400, 422)
    answer = response.json()
    assert answer["status"] == "error" and answer["errorType"] == "bad_data"
    assert isinstance(answer["error"], str) and answer["error"]


class WithKey(BaseHTTPRequestHandler):
    """Passes calls on with the key: this promtool cannot show one."""

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {"Content-Type": self.headers.get("Content-Type", "")}
        answer = self.server.client.request(self.command, self.path, data=body, headers=headers)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = pass_on

    def log_message(self, *_):
        pass


@pytest.fixture
def ask_promtool(client):
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), WithKey)
    proxy.client = client
    threading.Thread(target=proxy.serve_forever, daemon=True).start()

    def ask(kind, *arguments, address=f"http://127.0.0.1:{proxy.server_port}"):
        *flags, last = arguments
        places = [address] if kind == "series" else [address, last]
        done = promtool("query", "--format=json", kind, *(arguments if kind == "series" else flags), *places)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    yield ask
    proxy.shutdown()
    proxy.server_close()


def test_promtool_asks(ask_promtool, told):
    first, last = told[0], told[-1]
    instant = ask_promtool("instant", f"--time={last}", "sum(told_total)")
    assert instant == [{"metric": {}, "value": [last, str((POINTS - 1) * 90)]}]
    ranged = ask_promtool("range", f"--start={first}", f"--end={last}", f"--step={STEP}s", 'told_total{shard="a"}')
    assert ranged[0]["values"] == [[at, str(i * 30)] for i, at in enumerate(told)]
    series = ask_promtool("series", '--match=told_total{shard="b"}')
    assert series == [{"__name__": "told_total", "service": "asked", "shard": "b"}]
    labels = ask_promtool("labels", "shard")
    assert labels == ["a", "b"]
