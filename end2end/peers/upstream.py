"""Providers of models for tests, as small HTTP servers in this process, written from the providers' own documentation.

Always true: what a provider does is decided by the model it is asked for; it listens on a port that the system chose; it remembers what it
was sent.
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Fake:
    """What was asked of a provider, newest last: path and document."""

    def __init__(self, url):
        self.url = url
        self.got = []


@contextmanager
def serving(answer):
    """A provider; `answer(handler, path, document)` does what it does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            document = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fake.got.append((self.path, document))
            answer(self, self.path, document)

        def log_message(self, *_):
            pass

        def document(self, status, document, **headers):
            body = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {"content-type": "application/json", "content-length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def stream(self, frames, is_whole=True):
            """Sends frames; a stream that is not whole ends with the connection."""
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for frame in frames:
                data = frame.encode()
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()
            if is_whole:
                self.wfile.write(b"0\r\n\r\n")
            else:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake = Fake(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


ERRORS = {
    "limited": (429, {"error": {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}}),
    "bad": (400, {"error": {"message": "temperature is too high", "type": "invalid_request_error", "code": None, "param": "temperature"}}),
    "nowhere": (404, {"error": {"message": "no such model", "type": "invalid_request_error", "code": "model_not_found"}}),
    "broken": (500, {"error": {"message": "boom", "type": "server_error", "code": None}}),
}
USAGE = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}


def openai(handler, path, document):
    """OpenAI's chat and embeddings."""
    model, asked = document["model"], document
    if model in ERRORS:
        return handler.document(*ERRORS[model])
    if path.endswith("/embeddings"):
        data = [{"object": "embedding", "index": i, "embedding": [0.5, -1.0]} for i in range(len(asked["input"]))]
        return handler.document(200, {"object": "list", "model": model, "data": data, "usage": {"prompt_tokens": 2, "total_tokens": 2}})
    tools = asked.get("tools")
    if not asked.get("stream"):
        call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"deep":true}'}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]} if tools else {"role": "assistant", "content": "Hello there"}
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if tools else "stop"}
        return handler.document(200, {"id": "1", "object": "chat.completion", "created": 1, "model": model, "choices": [choice], "usage": USAGE})
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": model}

    def chunk(delta, finish=None):
        return f"data: {json.dumps(head | {'choices': [{'index': 0, 'delta': delta, 'finish_reason': finish}]})}\n\n"

    if tools:
        start = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "look", "arguments": ""}}
        said = [chunk({"role": "assistant", "tool_calls": [start]})]
        said += [chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in ('{"deep":', "true}")]
    else:
        said = [chunk({"role": "assistant", "content": ""}), chunk({"content": "Hello"}), chunk({"content": " there"})]
    if model == "cut":
        return handler.stream(said, is_whole=False)
    usage = [f"data: {json.dumps(head | {'choices': [], 'usage': USAGE})}\n\n"] if asked.get("stream_options", {}).get("include_usage") else []
    return handler.stream([*said, chunk({}, "tool_calls" if tools else "stop"), *usage, "data: [DONE]\n\n"])


def gemini(handler, path, document):
    """Google's `generateContent`, `streamGenerateContent` and `batchEmbedContents`."""
    if path.endswith(":batchEmbedContents"):
        return handler.document(200, {"embeddings": [{"values": [0.5, -1.0]} for _ in document["requests"]]})
    if "/limited:" in path:
        return handler.document(429, {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED"}})

    def said(parts, finish=None):
        usage = {"promptTokenCount": 9, "candidatesTokenCount": 2, "totalTokenCount": 11}
        candidate = {"content": {"role": "model", "parts": parts}, "index": 0} | ({"finishReason": finish} if finish else {})
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "m", "responseId": "r1"}

    if document.get("tools"):
        answer = [said([{"functionCall": {"name": "look", "args": {"deep": True}}}], "STOP")]
    else:
        answer = [said([{"text": "Hello"}]), said([{"text": " there"}], "STOP")]
    if ":streamGenerateContent" in path:
        return handler.stream([f"data: {json.dumps(part)}\r\n\r\n" for part in answer])
    if not document.get("tools"):
        answer = [said([{"text": "Hello there"}], "STOP")]
    return handler.document(200, answer[0])


def cohere(handler, path, document):
    """Cohere's v2 chat and embed."""
    if path.endswith("/embed"):
        vectors = [[0.5, -1.0] for _ in document["texts"]]
        meta = {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 2}}
        return handler.document(200, {"id": "e1", "embeddings": {"float": vectors}, "texts": document["texts"], "meta": meta, "response_type": "embeddings_by_type"})
    if document["model"] == "limited":
        return handler.document(429, {"id": "x", "message": "slow down"})
    usage = {"billed_units": {"input_tokens": 9, "output_tokens": 2}, "tokens": {"input_tokens": 9, "output_tokens": 2}}
    call = {"id": "look_1", "type": "function", "function": {"name": "look", "arguments": '{"deep":true}'}}
    tools = document.get("tools")
    finish = "TOOL_CALL" if tools else "COMPLETE"
    if not document.get("stream"):
        content = {"tool_plan": "I will look.", "tool_calls": [call]} if tools else {"content": [{"type": "text", "text": "Hello there"}]}
        return handler.document(200, {"id": "c1", "finish_reason": finish, "message": {"role": "assistant"} | content, "usage": usage})
    events = [{"type": "message-start", "id": "c1", "delta": {"message": {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}}}]
    if tools:
        begun = call | {"function": {"name": "look", "arguments": ""}}
        events.append({"type": "tool-call-start", "index": 0, "delta": {"message": {"tool_calls": begun}}})
        events += [{"type": "tool-call-delta", "index": 0, "delta": {"message": {"tool_calls": {"function": {"arguments": piece}}}}} for piece in ('{"deep":', "true}")]
        events.append({"type": "tool-call-end", "index": 0})
    else:
        events.append({"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}})
        events += [{"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": text}}}} for text in ("Hello", " there")]
        events.append({"type": "content-end", "index": 0})
    events.append({"type": "message-end", "id": "c1", "delta": {"finish_reason": finish, "usage": usage}})
    return handler.stream([f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events])
