"""The event stream as a WebSocket library sees it."""

import json
import threading

import pytest
from anomaly import provoke
from bellwether import wait_for
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode, Opcode
from websockets.sync.client import ClientConnection, connect

SECONDS = 30


def open_stream(bellwether, path="/stream/anomalies", headers=None, **options):
    headers = {"X-API-Key": bellwether.keys.viewer} if headers is None else headers
    return connect(f"ws://{bellwether.address}{path}", additional_headers=headers, open_timeout=SECONDS, **options)


def members(pairs):
    """An object none of whose members comes twice, of which a reader would lose one."""
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)


def frame(socket):
    return json.loads(socket.recv(timeout=SECONDS), object_pairs_hook=members)


def frame_of(socket, event, service):
    """The next frame of this event and service; others, of what else goes on, are passed over."""
    found = frame(socket)
    while (found["event"], found["service"]) != (event, service):
        found = frame(socket)
    return found


def test_the_first_frame_says_where_one_is(quiet):
    with open_stream(quiet) as socket:
        hello = frame(socket)
        assert hello["event"] == "connected"
        assert isinstance(hello["last_event_id"], int)
        assert "T" in hello["timestamp"]
        status = quiet.client(quiet.keys.viewer).get("/api/v1/stream/status").json()
        assert status["active_connections"] >= 1


def test_an_anomaly_comes_as_a_frame_that_says_what_the_list_says(quiet):
    client = quiet.client(quiet.keys.admin)
    with open_stream(quiet) as socket:
        hello = frame(socket)
        provoke(client, "stream-frame")
        found = frame_of(socket, "anomaly.detected", "stream-frame")
    anomaly = found["anomaly"]
    assert found["id"] > hello["last_event_id"]
    assert anomaly["metric"] == "queue_depth"
    assert anomaly["current_value"] == 5_000
    listed = client.get("/api/v1/anomalies", params={"service": "stream-frame"}).json()["anomalies"]
    assert [entry["id"] for entry in listed] == [anomaly["id"]]


def test_who_comes_back_gets_what_it_missed_once_and_in_order(quiet):
    client = quiet.client(quiet.keys.admin)
    with open_stream(quiet, "/stream/events") as socket:
        last = frame(socket)["last_event_id"]
    provoke(client, "stream-resume")
    wait_for("the anomaly", lambda: client.get("/api/v1/anomalies", params={"service": "stream-resume"}).json()["anomalies"])
    by_header = {"X-API-Key": quiet.keys.viewer, "Last-Event-ID": str(last)}
    for path, headers in [(f"/stream/events?after={last}", None), ("/stream/events", by_header)]:
        with open_stream(quiet, path, headers) as socket:
            assert frame(socket)["event"] == "connected"
            ids, events = [], []
            while "anomaly.detected" not in events:
                missed = frame(socket)
                ids.append(missed["id"])
                if missed["service"] == "stream-resume":
                    events.append(missed["event"])
        assert ids == sorted(set(ids)) and ids[0] > last
        assert events.count("service.discovered") == 1


def test_topics_choose_the_events(quiet):
    client = quiet.client(quiet.keys.admin)
    with open_stream(quiet, "/stream/events?topics=service") as socket:
        frame(socket)
        provoke(client, "stream-topics")
        provoke(client, "stream-topics-too")
        found = [frame(socket) for _ in range(2)]
    assert [(event["event"], event["service"]) for event in found] == [
        ("service.discovered", "stream-topics"),
        ("service.discovered", "stream-topics-too"),
    ]
    assert found[0]["discovered"]["name"] == "stream-topics"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "not_authenticated"),
        ({"X-API-Key": "rp_" + "0" * 64}, 401, "not_authenticated"),
        ({"Authorization": "Bearer nonsense"}, 401, "not_authenticated"),
        ("ingest", 403, "forbidden"),
    ],
    ids=["no key", "a wrong key", "a wrong token", "a key that may not look"],
)
def test_a_handshake_without_the_right_is_refused_with_the_reason(quiet, headers, status, code):
    headers = {"X-API-Key": quiet.keys.ingest} if headers == "ingest" else headers
    with pytest.raises(InvalidStatus) as refused, open_stream(quiet, headers=headers):
        pass
    assert refused.value.response.status_code == status
    error = json.loads(refused.value.response.body)["error"]
    assert error["code"] == code and error["message"]


class NotesPings(ClientConnection):
    """A client that notes when the server asks whether it is still there; answering is the library's."""

    def __init__(self, *arguments, **options):
        self.was_pinged = threading.Event()
        super().__init__(*arguments, **options)

    def process_event(self, event):
        if getattr(event, "opcode", None) is Opcode.PING:
            self.was_pinged.set()
        super().process_event(event)


def test_pings_go_both_ways(quiet):
    with open_stream(quiet, ping_interval=None, create_connection=NotesPings) as socket:
        frame(socket)
        assert socket.ping(b"are you there").wait(SECONDS)
        assert socket.was_pinged.wait(SECONDS)


def test_stopping_tells_the_client_to_come_back(own):
    with open_stream(own) as socket:
        frame(socket)
        own.stop()
        with pytest.raises(ConnectionClosed) as closed:
            frame(socket)
    assert closed.value.rcvd.code == CloseCode.GOING_AWAY
    assert "reconnect" in closed.value.rcvd.reason
    own.start()
    with open_stream(own) as socket:
        assert frame(socket)["event"] == "connected"
