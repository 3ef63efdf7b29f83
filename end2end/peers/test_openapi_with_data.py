"""What generated calls seldom reach: operations on things that exist, and those of a person's own log-in.

The calls are written here, their answers are judged by schemathesis: the status, the content type and the shape must be
those of the document.
"""

import pytest
import requests
import schemathesis
from anomaly import provoke
from bellwether import wait_for
from conftest import PASSWORD
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CONFORMS = [status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]


class Judged:
    """A caller whose every answer is compared with the document."""

    def __init__(self, bellwether, headers):
        self.headers = headers
        self.schema = schemathesis.openapi.from_url(f"{bellwether.url}/api/v1/openapi.json")

    def call(self, status, method, path, body=None, query=None, **parameters):
        operation = self.schema[path][method]
        options = {"body": body, "media_type": "application/json"} if body is not None else {}
        case = operation.Case(path_parameters=parameters or {}, query=query or {}, **options)
        response = case.call(headers=self.headers)
        assert response.status_code == status, response.text
        case.validate_response(response, checks=CONFORMS)
        return response.json() if response.content and "json" in response.headers.get("content-type", [""])[0] else None


@pytest.fixture
def admin(demo):
    return Judged(demo, {"X-API-Key": demo.keys.admin})


def test_the_ways_of_a_persons_log_in(quiet):
    nobody = Judged(quiet, {})
    nobody.call(401, "GET", "/api/v1/auth/me")
    nobody.call(401, "POST", "/api/v1/auth/login", {"email": "admin@example.com", "password": "not the password"})
    nobody.call(409, "POST", "/api/v1/auth/setup", {"email": "other@example.com", "password": PASSWORD})
    person = {"email": "own@example.com", "role": "operator"}
    made = Judged(quiet, {"X-API-Key": quiet.keys.admin}).call(201, "POST", "/api/v1/users", person)
    token = made["reset_link"]["url"].rsplit("=", 1)[-1].rsplit("/", 1)[-1]
    nobody.call(204, "POST", "/api/v1/auth/reset", {"token": token, "new_password": PASSWORD})
    nobody.call(422, "POST", "/api/v1/auth/reset", {"token": token, "new_password": PASSWORD})

    def log_in(password=PASSWORD):
        logged_in = nobody.call(200, "POST", "/api/v1/auth/login", {"email": "own@example.com", "password": password})
        return Judged(quiet, {"Authorization": f"Bearer {logged_in['token']}"})

    first = log_in()
    assert first.call(200, "GET", "/api/v1/auth/me")["email"] == "own@example.com"
    fresh = first.call(200, "POST", "/api/v1/auth/refresh")
    person = Judged(quiet, {"Authorization": f"Bearer {fresh['token']}"})
    changed = person.call(200, "POST", "/api/v1/auth/password", {"current_password": PASSWORD, "new_password": PASSWORD + "!"})
    person = Judged(quiet, {"Authorization": f"Bearer {changed['token']}"})
    person.call(403, "GET", "/api/v1/users")
    person.call(204, "POST", "/api/v1/auth/logout")
    person.call(401, "GET", "/api/v1/auth/me")
    again = log_in(PASSWORD + "!")
    again.call(204, "POST", "/api/v1/auth/logout-everywhere")
    again.call(401, "GET", "/api/v1/auth/me")
    # A program has no log-in of its own.
    Judged(quiet, {"X-API-Key": quiet.keys.viewer}).call(403, "GET", "/api/v1/auth/me")


def test_anomalies(demo, admin):
    provoke(demo.client(demo.keys.admin), "judged")
    found = wait_for("the anomaly", lambda: admin.call(200, "GET", "/api/v1/anomalies", query={"service": "judged"})["anomalies"])
    there = {"id": found[0]["id"]}
    assert admin.call(200, "GET", "/api/v1/anomalies/{id}", **there)["metric"] == "queue_depth"
    judged = admin.call(200, "POST", "/api/v1/anomalies/{id}/feedback", {"verdict": "noise"}, **there)
    assert judged["feedback"] == "noise" and judged["threshold_factor"] > 1
    assert admin.call(200, "GET", "/api/v1/services/{id}/detail", id="judged")["anomalies"]
    assert admin.call(200, "GET", "/api/v1/services/{id}", id="judged")["name"] == "judged"
    assert admin.call(200, "GET", "/api/v1/overview", query={"range": "15m"})["anomalies"]


def test_the_demo_fleet(admin):
    fleet = admin.call(200, "GET", "/api/v1/demo")["services"]
    name = next(service["name"] for service in fleet if "latency" in service["supported"])
    fault = {"service": name, "fault": "latency", "intensity": 0.2, "duration_secs": 60}
    wait_for("the service", lambda: any(s["name"] == name and s["is_running"] for s in admin.call(200, "GET", "/api/v1/demo")["services"]))
    injected = admin.call(200, "POST", "/api/v1/demo/inject", fault)
    assert [entry["fault"] for entry in injected["faults"]] == ["latency"]
    assert admin.call(200, "POST", "/api/v1/demo/clear", {"service": name})["faults"] == []


def test_calls_to_models(quiet):
    # Not where generated calls have left budgets and experiments.
    admin = Judged(quiet, {"X-API-Key": quiet.keys.admin})
    answer = admin.call(200, "POST", "/api/v1/ai", {"service": "simulation", "prompt": "Say something."})
    assert answer["simulated"]

    def is_listed():
        listed = admin.call(200, "GET", "/api/v1/requests", query={"provider": "simulation"})["items"]
        return answer["request_id"] in [entry["id"] for entry in listed]

    wait_for("the record", is_listed)
    assert admin.call(200, "GET", "/api/v1/requests/{id}", id=answer["request_id"])["tries"]
    admin.call(200, "GET", "/api/v1/requests/export.json", query={"provider": "simulation"})
    assert admin.call(200, "GET", "/api/v1/costs", query={"by": "provider"})["groups"]


def test_budgets_and_experiments(quiet):
    admin = Judged(quiet, {"X-API-Key": quiet.keys.admin})
    budget = {"name": "judged", "limit_usd": 1, "window": "month", "scope": {"service": "judged"}}
    there = {"id": admin.call(201, "POST", "/api/v1/budgets", budget)["id"]}
    assert admin.call(200, "GET", "/api/v1/budgets/{id}", **there)["remaining_usd"] == 1
    admin.call(200, "PUT", "/api/v1/budgets/{id}", budget | {"window": "total"}, **there)
    admin.call(204, "DELETE", "/api/v1/budgets/{id}", **there)
    limit = {"name": "judged", "requests_per_minute": 5, "scope": {"service": "judged"}}
    there = {"id": admin.call(201, "POST", "/api/v1/rate-limits", limit)["id"]}
    admin.call(200, "PUT", "/api/v1/rate-limits/{id}", limit | {"tokens_per_minute": 7}, **there)
    admin.call(204, "DELETE", "/api/v1/rate-limits/{id}", **there)
    chaos = {"type": "latency", "intensity": 0.1, "duration": 60, "scope": {"service": "judged"}}
    there = {"id": admin.call(201, "POST", "/api/v1/chaos/inject", chaos)["id"]}
    assert admin.call(200, "GET", "/api/v1/chaos/experiments/{id}", **there)["end"] is None
    assert admin.call(200, "POST", "/api/v1/chaos/stop", there)["stopped"][0]["end"] == "stopped"
    asked = {"service": "simulation", "model": "x-instant", "prompt": "Hello", "interval": 60, "count": 2}
    there = {"id": admin.call(201, "POST", "/api/v1/automation", asked)["id"]}
    assert len(admin.call(200, "POST", "/api/v1/automation/stop", there)["stopped"]) == 1


def test_a_key_over_its_limit_is_told_when_to_come_back(quiet):
    key = quiet.client(quiet.keys.admin).post("/api/v1/keys", json={"name": "slow", "scopes": ["read"], "rate_limit": 1}).json()["key"]
    caller = Judged(quiet, {"X-API-Key": key})
    caller.call(200, "GET", "/api/v1/services")
    caller.call(429, "GET", "/api/v1/services")
    response = requests.get(f"{quiet.url}/api/v1/services", headers={"X-API-Key": key}, timeout=30)
    assert int(response.headers["Retry-After"]) > 0
