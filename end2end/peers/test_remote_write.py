"""The real Prometheus scrapes a target and writes what it has to Bellwether, which is stopped meanwhile."""

import signal

import pytest
from bellwether import wait_for
from prometheus import NumberedTarget, Prometheus

WANTED = 40
NAMES = ("scrape_number", "half", "up", "scrape_samples_scraped")


@pytest.fixture
def target():
    server = NumberedTarget()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def prometheus(own, target, tmp_path):
    folder = tmp_path / "prometheus"
    folder.mkdir()
    config = {
        "global": {"scrape_interval": "250ms", "scrape_timeout": "250ms", "external_labels": {"site": "here"}},
        "scrape_configs": [{"job_name": "numbered", "static_configs": [{"targets": [target.address]}]}],
        "remote_write": [
            {
                "url": f"{own.url}/api/v1/write",
                "authorization": {"type": "Bearer", "credentials": own.keys.ingest},
                "queue_config": {"batch_send_deadline": "200ms", "min_backoff": "30ms", "max_backoff": "500ms"},
                # Help and types are sent in requests of their own, which must be taken as well.
                "metadata_config": {"send": True, "send_interval": "1s"},
            }
        ],
    }
    process = Prometheus(folder, config)
    process.start()
    yield process
    process.stop()


def samples(side, name):
    """All raw samples of a series on one side, by their times."""
    found = side.data("/api/v1/query", query=f'{name}{{job="numbered"}}[10m]')["result"]
    assert len(found) <= 1, found
    return {time: value for time, value in found[0]["values"]} if found else {}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["drained", "killed"])
def test_nothing_is_lost_over_a_restart(own, prometheus, target, how):
    client = own.client(own.keys.viewer)
    wait_for("the first samples", lambda: len(samples(client, "scrape_number")) >= 5)
    own.stop(how)
    missed_from = target.scrapes
    wait_for("scrapes that Bellwether does not hear of", lambda: target.scrapes >= missed_from + 8)
    own.start()
    client = own.client(own.keys.viewer)
    wait_for("enough scrapes", lambda: len(samples(prometheus, "scrape_number")) >= WANTED, 60)
    # What Prometheus has scraped by now must all arrive.
    there = {name: samples(prometheus, name) for name in NAMES}
    for name, expected in there.items():
        assert len(expected) >= WANTED - 1, (name, len(expected))
        wait_for(f"{name} up to {max(expected)}", lambda: max(samples(client, name), default=0) >= max(expected))
        here = samples(client, name)
        assert {time: here.get(time) for time in expected} == expected, name
    numbers = [int(value) for _, value in sorted(there["scrape_number"].items())]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    counters = prometheus.counters()
    assert counters["prometheus_remote_storage_samples_retried_total"] > 0
    assert counters["prometheus_remote_storage_samples_failed_total"] == 0
    assert counters["prometheus_remote_storage_samples_dropped_total"] == 0
    assert counters["prometheus_remote_storage_metadata_failed_total"] == 0
    labels = client.data("/api/v1/query", query="scrape_number")["result"][0]["metric"]
    assert labels["job"] == "numbered" and labels["instance"] == target.address and labels["site"] == "here"


def test_a_key_without_the_right_is_refused_and_said(own, target, tmp_path):
    """Prometheus does not send again what is refused with 401 or 403; the reason is in its log."""
    folder = tmp_path / "refused"
    folder.mkdir()
    config = {
        "global": {"scrape_interval": "250ms", "scrape_timeout": "250ms"},
        "scrape_configs": [{"job_name": "numbered", "static_configs": [{"targets": [target.address]}]}],
        "remote_write": [
            {"url": f"{own.url}/api/v1/write", "authorization": {"credentials": own.keys.viewer}, "queue_config": {"batch_send_deadline": "200ms"}}
        ],
    }
    process = Prometheus(folder, config)
    process.start()
    try:
        wait_for("the refusal in the log", lambda: "403 Forbidden" in process.log.read_text())
        assert "needs the permission" in process.log.read_text()
        assert own.client(own.keys.viewer).data("/api/v1/query", query="scrape_number")["result"] == []
    finally:
        process.stop()
