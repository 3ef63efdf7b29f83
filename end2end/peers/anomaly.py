"""Makes an anomaly without waiting for one: a calm past and a present that is not, pushed at once."""

from datetime import datetime, timedelta, timezone

CALM = 300
STRANGE = 10


def course(service, metric="queue_depth"):
    """A sample a second up to now: five minutes around 100, then ten seconds far off."""
    now = datetime.now(timezone.utc)
    for i in range(CALM + STRANGE):
        value = 100 + (i * 37 % 11) / 10 if i < CALM else 5_000
        at = now - timedelta(seconds=CALM + STRANGE - i)
        yield {"service": service, "metric": metric, "value": value, "timestamp": at.isoformat()}


def provoke(client, service):
    """Pushes it; the anomaly is there when this returns or soon after."""
    report = client.push(*course(service))
    assert report == {"accepted": CALM + STRANGE, "duplicate": 0, "late": 0, "over_limit": 0}, report
