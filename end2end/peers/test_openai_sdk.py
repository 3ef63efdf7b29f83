"""OpenAI's own Python SDK against the gateway: the simulation, and a provider behind it."""

import openai
import pytest
import upstream
from gateway import HELLO, LOOK, add_provider, record_of
from pydantic import BaseModel


@pytest.fixture(scope="module")
def provider(quiet):
    with upstream.serving(upstream.openai) as fake:
        add_provider(quiet, "fake-openai", "openai", f"{fake.url}/v1")
        yield fake


@pytest.fixture
def sdk(quiet, provider):
    return openai.OpenAI(base_url=f"{quiet.url}/v1", api_key=quiet.keys.admin, max_retries=0, timeout=30)


def test_a_chat(quiet, sdk):
    raw = sdk.chat.completions.with_raw_response.create(model="simulated", messages=HELLO)
    answer = raw.parse()
    assert "simulated" in answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert raw.headers["x-bellwether-simulated"] == "true"
    record = record_of(quiet, raw.headers)
    assert record["is_simulated"]
    assert record["service"] == "OpenAI/Python"
    assert (record["tokens"]["input"], record["tokens"]["output"]) == (answer.usage.prompt_tokens, answer.usage.completion_tokens)


def test_a_streamed_chat_with_usage(sdk):
    stream = sdk.chat.completions.create(model="simulated", messages=HELLO, stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text.startswith("This is a simulated answer.")
    assert chunks[-1].usage.completion_tokens > 0


def test_tools(sdk):
    answer = sdk.chat.completions.create(model="simulated", messages=HELLO, tools=[LOOK], tool_choice="required")
    call = answer.choices[0].message.tool_calls[0]
    assert (answer.choices[0].finish_reason, call.function.name) == ("tool_calls", "look")
    again = [*HELLO, answer.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "a cat"}]
    assert sdk.chat.completions.create(model="simulated", messages=again, tools=[LOOK]).choices[0].message.content


def test_a_schema_is_kept_to(sdk):
    class Point(BaseModel):
        x: int
        label: str

    answer = sdk.chat.completions.parse(model="simulation/x-instant", messages=HELLO, response_format=Point)
    assert isinstance(answer.choices[0].message.parsed, Point)


def test_responses(sdk):
    answer = sdk.responses.create(model="simulated", input="Hello")
    assert answer.output_text.startswith("This is a simulated answer.")
    with sdk.responses.stream(model="simulation/x-instant", input="Hello") as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert (kinds[0], kinds[-1]) == ("response.created", "response.completed")
    assert final.output_text.startswith("This is a simulated answer.")


def test_completions_and_embeddings(sdk):
    assert sdk.completions.create(model="simulation/x-instant", prompt="Hello").choices[0].text
    answer = sdk.embeddings.create(model="simulation/x-instant", input=["one", "two"], dimensions=8)
    assert [len(item.embedding) for item in answer.data] == [8, 8]
    assert all(isinstance(number, float) for number in answer.data[0].embedding)
    assert sdk.embeddings.create(model="fake-openai/e", input=["one", "two"]).data[1].embedding == [0.5, -1.0]


def test_models(sdk):
    assert "simulated" in [model.id for model in sdk.models.list()]
    assert sdk.models.retrieve("simulated").id == "simulated"
    with pytest.raises(openai.NotFoundError):
        sdk.models.retrieve("nothing")


def test_a_provider_behind_it(quiet, sdk, provider):
    raw = sdk.chat.completions.with_raw_response.create(model="fake-openai/m", messages=HELLO, extra_body={"future": {"field": 1}})
    assert raw.parse().choices[0].message.content == "Hello there"
    assert raw.headers["x-bellwether-provider"] == "fake-openai"
    assert provider.got[-1][1]["future"] == {"field": 1}, "unknown fields are passed on"
    record = record_of(quiet, raw.headers)
    assert (record["provider"], record["model"], record["tokens"]["input"]) == ("fake-openai", "m", 9)
    chunks = list(sdk.chat.completions.create(model="fake-openai/m", messages=HELLO, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Hello there"
    with sdk.chat.completions.stream(model="fake-openai/m", messages=HELLO, tools=[LOOK]) as stream:
        call = stream.get_final_completion().choices[0].message.tool_calls[0]
    assert (call.function.name, call.function.arguments) == ("look", '{"deep":true}')


@pytest.mark.parametrize(
    ("model", "error"),
    [
        ("fake-openai/limited", openai.RateLimitError),
        ("fake-openai/bad", openai.BadRequestError),
        ("fake-openai/nowhere", openai.NotFoundError),
        ("fake-openai/broken", openai.InternalServerError),
        ("nothing", openai.NotFoundError),
    ],
)
def test_errors_have_the_type_that_the_sdk_knows(sdk, model, error):
    for stream in (False, True):
        with pytest.raises(error) as caught:
            sdk.chat.completions.create(model=model, messages=HELLO, stream=stream)
        assert caught.value.body["message"]


def test_a_wrong_key_and_one_that_may_not(quiet):
    for key, error in (("rp_wrong", openai.AuthenticationError), (quiet.keys.viewer, openai.PermissionDeniedError)):
        with pytest.raises(error):
            openai.OpenAI(base_url=f"{quiet.url}/v1", api_key=key, max_retries=0).chat.completions.create(model="simulated", messages=HELLO)


def test_a_stream_that_is_cut_is_an_error_and_no_answer(sdk):
    said = []
    with pytest.raises(openai.APIError, match="could not be completed"):
        for chunk in sdk.chat.completions.create(model="fake-openai/cut", messages=HELLO, stream=True):
            said.append(chunk.choices[0].delta.content or "")
    assert "".join(said) == "Hello there"
