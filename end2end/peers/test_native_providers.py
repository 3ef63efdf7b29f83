"""Google's and Cohere's own SDKs prove the fakes of their services right; then the gateway calls the same fakes for OpenAI's SDK."""

import cohere
import openai
import pytest
import upstream
from gateway import HELLO, LOOK, add_provider
from google import genai


@pytest.fixture(scope="module")
def google():
    with upstream.serving(upstream.gemini) as fake:
        yield fake


@pytest.fixture(scope="module")
def coherent():
    with upstream.serving(upstream.cohere) as fake:
        yield fake


@pytest.fixture(scope="module")
def sdk(quiet, google, coherent):
    add_provider(quiet, "fake-gemini", "gemini", f"{google.url}/v1beta")
    add_provider(quiet, "fake-cohere", "cohere", f"{coherent.url}/v2")
    return openai.OpenAI(base_url=f"{quiet.url}/v1", api_key=quiet.keys.admin, max_retries=0, timeout=30)


def test_googles_sdk_takes_the_fake_for_google(google):
    client = genai.Client(api_key="x", http_options=genai.types.HttpOptions(base_url=google.url))
    answer = client.models.generate_content(model="m", contents="Hello")
    assert (answer.text, answer.usage_metadata.prompt_token_count) == ("Hello there", 9)
    assert "".join(part.text for part in client.models.generate_content_stream(model="m", contents="Hello")) == "Hello there"
    declaration = genai.types.FunctionDeclaration(name="look", description="Looks.", parameters_json_schema=LOOK["function"]["parameters"])
    config = genai.types.GenerateContentConfig(tools=[genai.types.Tool(function_declarations=[declaration])], max_output_tokens=50, temperature=0.5)
    answer = client.models.generate_content(model="m", contents="Hello", config=config)
    assert (answer.function_calls[0].name, answer.function_calls[0].args) == ("look", {"deep": True})
    with pytest.raises(genai.errors.ClientError) as caught:
        client.models.generate_content(model="limited", contents="Hello")
    assert caught.value.code == 429


def test_the_gateway_says_to_google_what_its_sdk_says(google, sdk):
    client = genai.Client(api_key="x", http_options=genai.types.HttpOptions(base_url=google.url))
    declaration = genai.types.FunctionDeclaration(name="look", description="Looks.", parameters_json_schema=LOOK["function"]["parameters"])
    config = genai.types.GenerateContentConfig(
        tools=[genai.types.Tool(function_declarations=[declaration])], max_output_tokens=50, temperature=0.5, system_instruction="Be brief."
    )
    client.models.generate_content(model="m", contents="Hello", config=config)
    said = google.got[-1]
    messages = [{"role": "system", "content": "Be brief."}, *HELLO]
    sdk.chat.completions.create(model="fake-gemini/m", messages=messages, tools=[LOOK], max_tokens=50, temperature=0.5)
    path, document = google.got[-1]
    # The SDK asks the version `v1` of today; both have this endpoint.
    assert path.removeprefix("/v1beta") == said[0].removeprefix("/v1beta").removeprefix("/v1")
    expected = said[1]
    # The SDK names the role of instructions, which have none.
    expected["systemInstruction"].pop("role", None)
    # It writes this one as protocol buffers have it; Google's JSON takes both.
    declared = expected["tools"][0]["functionDeclarations"][0]
    declared["parametersJsonSchema"] = declared.pop("parameters_json_schema")
    assert document == expected


def test_coheres_sdk_takes_the_fake_for_cohere(coherent):
    client = cohere.ClientV2(api_key="x", base_url=coherent.url)
    answer = client.chat(model="m", messages=HELLO)
    assert (answer.message.content[0].text, answer.finish_reason, answer.usage.billed_units.input_tokens) == ("Hello there", "COMPLETE", 9)
    events = list(client.chat_stream(model="m", messages=HELLO))
    assert "".join(event.delta.message.content.text for event in events if event.type == "content-delta") == "Hello there"
    assert client.chat(model="m", messages=HELLO, tools=[LOOK]).message.tool_calls[0].function.arguments == '{"deep":true}'
    assert client.embed(model="m", texts=["one"], input_type="search_document", embedding_types=["float"]).embeddings.float_ == [[0.5, -1.0]]
    with pytest.raises(cohere.errors.TooManyRequestsError):
        client.chat(model="limited", messages=HELLO, request_options={"max_retries": 0})


def test_the_gateway_says_to_cohere_what_its_sdk_says(coherent, sdk):
    client = cohere.ClientV2(api_key="x", base_url=coherent.url)
    messages = [{"role": "system", "content": "Be brief."}, *HELLO]
    client.chat(model="m", messages=messages, tools=[LOOK], max_tokens=50, temperature=0.5)
    said = coherent.got[-1]
    sdk.chat.completions.create(model="fake-cohere/m", messages=messages, tools=[LOOK], max_tokens=50, temperature=0.5)
    assert coherent.got[-1] == said


@pytest.mark.parametrize("provider", ["fake-gemini", "fake-cohere"])
def test_openais_sdk_gets_their_answers(sdk, provider):
    model = f"{provider}/m"
    answer = sdk.chat.completions.create(model=model, messages=HELLO)
    assert (answer.choices[0].message.content, answer.usage.prompt_tokens, answer.usage.completion_tokens) == ("Hello there", 9, 2)
    chunks = list(sdk.chat.completions.create(model=model, messages=HELLO, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Hello there"
    call = sdk.chat.completions.create(model=model, messages=HELLO, tools=[LOOK]).choices[0].message.tool_calls[0]
    assert (call.function.name, call.function.arguments) == ("look", '{"deep":true}')
    with sdk.chat.completions.stream(model=model, messages=HELLO, tools=[LOOK]) as stream:
        assert stream.get_final_completion().choices[0].message.tool_calls[0].function.arguments == '{"deep":true}'
    assert sdk.embeddings.create(model=model, input=["one", "two"]).data[1].embedding == [0.5, -1.0]
    with pytest.raises(openai.RateLimitError):
        sdk.chat.completions.create(model=f"{provider}/limited", messages=HELLO)
