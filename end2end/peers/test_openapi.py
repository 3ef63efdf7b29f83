"""schemathesis against the OpenAPI document: what is documented is what is answered.

Its checks: no 5xx, no status, content type or shape that is not documented; what the document allows is accepted and
what it forbids is refused; a wrong or missing key is refused; a method that is not there is 405. It makes, reads,
changes and deletes things in chains of calls.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def known_keys(bellwether):
    """The ids of the keys that the tests ask with."""
    items = bellwether.client(bellwether.keys.admin).get("/api/v1/keys").json()["items"]
    names = vars(bellwether.keys)
    return {item["id"] for item in items if item["name"] in names}


# Who may only look needs fewer examples: most are refused before they are read.
@pytest.mark.parametrize(("who", "examples", "phases"), [("admin", 12, "coverage,fuzzing,stateful"), ("viewer", 5, "coverage,fuzzing")])
def test_answers_are_as_documented(demo, tmp_path, who, examples, phases):
    config = tmp_path / "schemathesis.toml"
    key = getattr(demo.keys, who)
    config.write_text((HERE / "schemathesis.toml").read_text() + f'\n[auth.openapi.api_key]\napi_key = "{key}"\n')
    environment = os.environ | {
        "PYTHONPATH": str(HERE),
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
        "BELLWETHER_KEPT_KEYS": ",".join(known_keys(demo)),
    }
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", f"{demo.url}/api/v1/openapi.json"]
    done = subprocess.run(
        [*command, "--phases", phases, "--max-examples", str(examples)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280, check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr[-2_000:]}"
    # It did ask: a document that could not be read would find nothing.
    assert "Operations:" in done.stdout and " 0 generated" not in done.stdout, done.stdout[-4_000:]
