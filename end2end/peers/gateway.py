"""What the tests of the gateway share."""

from bellwether import wait_for

# A tool as OpenAI's SDK sends it.
LOOK = {
    "type": "function",
    "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {"deep": {"type": "boolean"}}, "required": ["deep"]}},
}
HELLO = [{"role": "user", "content": "Hello"}]


def add_provider(bellwether, name, kind, url):
    """Adds a provider; it is called without a key."""
    provider = {"name": name, "kind": kind, "base_url": url, "keyless": True}
    response = bellwether.client(bellwether.keys.admin).post("/api/v1/providers", json=provider)
    assert response.status_code == 201, response.text


def record_of(bellwether, headers):
    """The record of the call that was answered with these headers."""
    path = f"/api/v1/requests/{headers['x-bellwether-request-id']}"
    client = bellwether.client(bellwether.keys.viewer)

    def found():
        response = client.get(path)
        return response.json() if response.status_code == 200 else None

    return wait_for(f"the record {path}", found)
