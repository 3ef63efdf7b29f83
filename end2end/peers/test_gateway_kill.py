"""What the gateway remembers when it is killed: what was spent, what was asked, and which experiment runs."""

import signal
import time

import upstream
from bellwether import wait_for
from gateway import HELLO, add_provider

# Nine tokens read at a dollar a million, two written at ten.
COST = 9e-6 + 2e-5


def ask(client, model="fake/m"):
    return client.post("/v1/chat/completions", json={"model": model, "messages": HELLO})


def test_a_killed_process_forgets_no_spending_and_no_experiment(own):
    client = own.client(own.keys.admin)
    with upstream.serving(upstream.openai) as fake:
        add_provider(own, "fake", "openai", f"{fake.url}/v1")
        price = {"provider": "fake", "model": "m", "input_usd": 1, "output_usd": 10}
        assert client.put("/api/v1/prices", json=price).status_code == 200
        budget = client.post("/api/v1/budgets", json={"name": "all", "limit_usd": 1, "window": "total"}).json()
        chaos = {"service": "simulation", "type": "unavailability", "duration": 5}
        experiment = client.post("/api/v1/chaos/inject", json=chaos).json()
        began = time.monotonic()
        for _ in range(20):
            assert ask(client).status_code == 200
        wait_for("all calls in the history", lambda: len(client.get("/api/v1/requests").json()["items"]) == 20)
        own.stop(signal.SIGKILL)
        own.start()
        client = own.client(own.keys.admin)

        spent = client.get(f"/api/v1/budgets/{budget['id']}").json()["spent_usd"]
        assert abs(spent - 20 * COST) < 1e-12
        total = client.get("/api/v1/costs").json()["total"]
        assert (total["calls"], round(total["cost_usd"], 9)) == (20, round(20 * COST, 9))
        assert ask(client).status_code == 200
        assert abs(client.get(f"/api/v1/budgets/{budget['id']}").json()["spent_usd"] - 21 * COST) < 1e-12

        if time.monotonic() - began < 4:
            assert ask(client, "simulated").status_code == 502, "it runs on"
        path = f"/api/v1/chaos/experiments/{experiment['id']}"
        ended = wait_for("its end", lambda: (found := client.get(path).json())["end"] and found)
        assert (ended["end"], ended["ended_at"]) == ("elapsed", experiment["ends_at"])
        assert ask(client, "simulated").status_code == 200
