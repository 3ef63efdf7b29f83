"""What the tests share: one quiet Bellwether and one with its demo fleet, each with an administrator and keys."""

from types import SimpleNamespace

import pytest
from bellwether import Bellwether

PASSWORD = "correct horse battery staple"
SCOPES = {"admin": "read,write,admin,ingest,gateway", "viewer": "read", "ingest": "ingest"}


def furnished(bellwether):
    """With a person and keys, made by the command line before the first start."""
    bellwether.create_user("admin@example.com", "admin", PASSWORD)
    bellwether.keys = SimpleNamespace(**{name: bellwether.create_key(name, scopes) for name, scopes in SCOPES.items()})
    bellwether.password = PASSWORD
    return bellwether


def running(folder, *arguments, **settings):
    bellwether = furnished(Bellwether(folder, *arguments, **settings))
    bellwether.start()
    try:
        yield bellwether
    finally:
        bellwether.stop()


@pytest.fixture(scope="session")
def quiet(tmp_path_factory):
    """Without data of its own, but that of this machine."""
    yield from running(tmp_path_factory.mktemp("quiet"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """With the demo fleet."""
    yield from running(tmp_path_factory.mktemp("demo"), "--demo")


@pytest.fixture
def own(tmp_path):
    """One of the test's own, that it may stop and start."""
    yield from running(tmp_path)
