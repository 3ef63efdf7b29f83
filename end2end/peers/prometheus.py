"""The real Prometheus as a process of its own folder, and promtool.

Always true: it listens on a port found free a moment before; it is stopped by its process id.
"""

import json
import shutil
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from bellwether import wait_for
from prometheus_client.parser import text_string_to_metric_families


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus:
    def __init__(self, folder, config):
        self.folder = folder
        self.config = folder / "prometheus.yml"
        # JSON is YAML.
        self.config.write_text(json.dumps(config))
        self.log = folder / "prometheus.log"
        self.address = f"127.0.0.1:{free_port()}"
        self.process = None

    def start(self):
        binary = shutil.which("prometheus")
        assert binary, "install the package prometheus"
        arguments = [f"--config.file={self.config}", f"--storage.tsdb.path={self.folder}/tsdb", f"--web.listen-address={self.address}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([binary, *arguments], stdout=log, stderr=log)
        wait_for("Prometheus", self.is_ready, 60)

    def is_ready(self):
        assert self.process.poll() is None, self.log.read_text()[-4_000:]
        try:
            return requests.get(f"http://{self.address}/-/ready", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def data(self, path, **parameters):
        response = requests.get(f"http://{self.address}{path}", params=parameters, timeout=30)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def counters(self):
        """Its own metrics, each summed over its labels."""
        sums = {}
        for family in text_string_to_metric_families(requests.get(f"http://{self.address}/metrics", timeout=30).text):
            for sample in family.samples:
                sums[sample.name] = sums.get(sample.name, 0) + sample.value
        return sums


def promtool(*arguments, text=None):
    binary = shutil.which("promtool")
    assert binary, "install the package prometheus"
    return subprocess.run([binary, *arguments], input=text, capture_output=True, text=True, timeout=60, check=False)


class Numbered(BaseHTTPRequestHandler):
    """A target whose counter says which scrape this is, so that a lost sample is a missing number."""

    def do_GET(self):
        with self.server.lock:
            self.server.scrapes += 1
            number = self.server.scrapes
        lines = ["# TYPE scrape_number counter", f"scrape_number {number}", "# TYPE half gauge", f"half {number / 2}"]
        body = "\n".join([*lines, ""]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class NumberedTarget(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Numbered)
        self.lock = threading.Lock()
        self.scrapes = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"
