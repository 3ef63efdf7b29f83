"""The real binary as a process with a folder of its own.

Always true: it listens on a port that the system chose, which it keeps over a restart; it is stopped by its process id;
what it logs is in a file of its folder and at hand when something fails.
"""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import requests

BINARY = os.environ.get("BELLWETHER_BIN", "target/debug/bellwether")
# Nobody is slowed down by the limit of a key here; what it does is tested elsewhere.
RATE_LIMIT = "10000000"


def wait_for(what, probe, seconds=30.0):
    """Asks again and again until the answer is truthy, and returns it."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


class Bellwether:
    def __init__(self, folder: Path, *arguments: str, **settings: str):
        self.folder = folder
        self.arguments = arguments
        self.log = folder / "bellwether.log"
        self.address = "127.0.0.1:0"
        self.process = None
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BELLWETHER__")}
        self.environment = inherited | {"BELLWETHER__DATABASE__URL": f"sqlite:{folder}/bellwether.db"} | settings

    @property
    def url(self):
        return f"http://{self.address}"

    def command(self, *arguments: str, text=""):
        """Runs a command of the binary to its end and returns what it printed."""
        done = subprocess.run(
            [BINARY, *arguments], env=self.environment, input=text, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout.strip()

    def create_user(self, email, role, password):
        self.command("user", "create", "--email", email, "--role", role, text=password)

    def create_key(self, name, scopes):
        return self.command("key", "create", "--name", name, "--scopes", scopes, "--rate-limit", RATE_LIMIT)

    def start(self):
        environment = self.environment | {"BELLWETHER__SERVER__ADDRESS": self.address}
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([BINARY, "serve", *self.arguments], env=environment, stdout=log, stderr=log)

        def ready():
            assert self.process.poll() is None, f"it ended:\n{self.tail()}"
            text = self.log.read_bytes()[before:].decode(errors="replace")
            return re.search(r"listening on (\S+?)\)", text)

        self.address = wait_for(f"the line with the URL in {self.log}", ready, 60)[1]

    def stop(self, how=signal.SIGTERM):
        """Ends it; SIGTERM drains."""
        if self.process is None:
            return
        self.process.send_signal(how)
        code = self.process.wait(60)
        self.process = None
        assert how != signal.SIGTERM or code == 0, f"exit code {code}:\n{self.tail()}"

    def tail(self):
        return self.log.read_text(errors="replace")[-4_000:]

    def client(self, key=None, headers=None):
        """A session that knows the address and shows the key."""
        return Client(self.url, {"X-API-Key": key} if key else headers or {})


class Client(requests.Session):
    def __init__(self, base, headers):
        super().__init__()
        self.base = base
        self.headers.update(headers)

    def request(self, method, url, **options):
        return super().request(method, self.base + url, timeout=30, **options)

    def data(self, path, **parameters):
        """What a route of the Prometheus API answers."""
        response = self.get(path, params=parameters)
        assert response.status_code == 200, response.text
        answer = response.json()
        assert answer["status"] == "success", answer
        return answer["data"]

    def value(self, query):
        """The one value a query has now, or nothing while there is none."""
        found = self.data("/api/v1/query", query=query)["result"]
        assert len(found) <= 1, found
        return float(found[0]["value"][1]) if found else None

    def push(self, *samples):
        response = self.post("/api/v1/ingest/samples", json={"samples": list(samples)})
        assert response.status_code == 200, response.text
        return response.json()
