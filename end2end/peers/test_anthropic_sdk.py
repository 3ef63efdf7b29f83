"""Anthropic's own Python SDK against the gateway: the simulation, and an OpenAI provider behind Anthropic's door."""

import anthropic
import pytest
import upstream
from gateway import HELLO, add_provider, record_of

LOOK = {"name": "look", "description": "Looks.", "input_schema": {"type": "object", "properties": {"deep": {"type": "boolean"}}, "required": ["deep"]}}


@pytest.fixture(scope="module")
def provider(quiet):
    with upstream.serving(upstream.openai) as fake:
        add_provider(quiet, "other-openai", "openai", f"{fake.url}/v1")
        yield fake


@pytest.fixture
def sdk(quiet, provider):
    return anthropic.Anthropic(base_url=quiet.url, api_key=quiet.keys.admin, max_retries=0, timeout=30)


def test_a_message(quiet, sdk):
    raw = sdk.messages.with_raw_response.create(model="simulated", max_tokens=200, messages=HELLO)
    message = raw.parse()
    assert message.content[0].text.startswith("This is a simulated answer.")
    assert message.stop_reason == "end_turn"
    assert record_of(quiet, raw.headers)["door"] == "messages"


@pytest.mark.parametrize(("model", "text"), [("simulation/x-instant", "This is a simulated answer."), ("other-openai/m", "Hello there")])
def test_a_streamed_message(sdk, model, text):
    with sdk.messages.stream(model=model, max_tokens=200, messages=HELLO) as stream:
        said = "".join(stream.text_stream)
        message = stream.get_final_message()
    assert said.startswith(text)
    assert (message.content[0].text, message.stop_reason) == (said, "end_turn")
    assert message.usage.output_tokens > 0


def test_tools_of_an_openai_provider(sdk, provider):
    message = sdk.messages.create(model="other-openai/m", max_tokens=200, messages=HELLO, tools=[LOOK], system="Be brief.")
    call = message.content[0]
    assert (message.stop_reason, call.type, call.name, call.input) == ("tool_use", "tool_use", "look", {"deep": True})
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "a cat"}
    sdk.messages.create(model="other-openai/m", max_tokens=200, messages=[*HELLO, {"role": "assistant", "content": message.content}, {"role": "user", "content": [result]}])
    sent = provider.got[-1][1]["messages"]
    assert sent[1]["tool_calls"][0]["id"] == call.id
    assert sent[2] == {"role": "tool", "tool_call_id": call.id, "content": "a cat"}
    with sdk.messages.stream(model="other-openai/m", max_tokens=200, messages=HELLO, tools=[LOOK]) as stream:
        assert stream.get_final_message().content[0].input == {"deep": True}


def test_models(sdk):
    assert "simulated" in [model.id for model in sdk.models.list()]
    assert sdk.models.retrieve("simulated").id == "simulated"


@pytest.mark.parametrize(
    ("model", "error"),
    [
        ("other-openai/limited", anthropic.RateLimitError),
        ("other-openai/bad", anthropic.BadRequestError),
        ("other-openai/nowhere", anthropic.NotFoundError),
        ("other-openai/broken", anthropic.InternalServerError),
        ("nothing", anthropic.NotFoundError),
    ],
)
def test_errors_have_the_type_that_the_sdk_knows(sdk, model, error):
    with pytest.raises(error) as caught:
        sdk.messages.create(model=model, max_tokens=200, messages=HELLO)
    assert caught.value.body["type"] == "error"


def test_a_wrong_key(quiet):
    with pytest.raises(anthropic.AuthenticationError):
        anthropic.Anthropic(base_url=quiet.url, api_key="rp_wrong", max_retries=0).messages.create(model="simulated", max_tokens=9, messages=HELLO)


def test_a_stream_that_is_cut_is_an_error_and_no_answer(sdk):
    said = []
    with pytest.raises(anthropic.APIError, match="could not be completed"):
        with sdk.messages.stream(model="other-openai/cut", max_tokens=200, messages=HELLO) as stream:
            said.extend(stream.text_stream)
    assert "".join(said) == "Hello there"
