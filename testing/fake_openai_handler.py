"""How ``FakeOpenAI`` speaks: the bodies and events of OpenAI's chat interface.

What is made here follows the published reference of ``POST /v1/chat/completions``
(objects ``chat.completion`` and ``chat.completion.chunk``), ``GET /v1/models`` and
``POST /v1/embeddings``, as far as clients look at them.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from .fake_openai import Drop, FakeOpenAI, Garbage, Hang, RecordedRequest, Status, Truncated

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
FRAGMENT = 9  # characters of a call's arguments in one event


@dataclass(frozen=True, slots=True)
class _Answer:
    """A turn in the shape that both ways of sending need."""

    text: str
    calls: tuple[dict[str, Any], ...]
    finish: str
    dropped: bool = False


def handler_for(server: FakeOpenAI) -> type[BaseHTTPRequestHandler]:
    """The request handler of one server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: tests read ``requests``."""

        def do_GET(self) -> None:
            if self._taken({}):
                listing = [_model(m) for m in server.models]
                self._json({"object": "list", "data": listing})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if not self._taken(body):
                return
            if self.path.endswith("/embeddings"):
                self._json(_embeddings(body, server.embedding_size))
                return
            turn = server.next_turn(body)
            match turn:
                case Status():
                    self._status(turn)
                case Garbage(text, content_type):
                    self._send(text.encode(), 200, {"content-type": content_type})
                case Hang(seconds):
                    server.stopping.wait(seconds)
                    self.close_connection = True
                case _:
                    self._answer(_answer(turn, len(server.requests)), body)

        def _taken(self, body: dict[str, Any]) -> bool:
            headers = {k.lower(): v for k, v in self.headers.items()}
            server.record(RecordedRequest(self.command, self.path, headers, body))
            given = headers.get("authorization", "").removeprefix("Bearer ")
            if server.api_key is not None and given != server.api_key:
                message = f"Incorrect API key provided: {given}."
                self._status(Status(401, message, "invalid_api_key"))
                return False
            return True

        def _answer(self, answer: _Answer, body: dict[str, Any]) -> None:
            base = {"id": "chatcmpl-1", "created": 0, "model": body.get("model", "")}
            if not body.get("stream") and not answer.dropped:
                self._json({**base, **_completion(answer)})
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            wants_usage = bool((body.get("stream_options") or {}).get("include_usage"))
            for event in _events(answer, wants_usage):
                time.sleep(server.delay_s)
                line = json.dumps({**base, "object": "chat.completion.chunk", **event})
                self._chunk(f"data: {line}\n\n".encode())
            self.close_connection = True
            if not answer.dropped:
                self._chunk(b"data: [DONE]\n\n")
                self._chunk(b"")

        def _chunk(self, data: bytes) -> None:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def _status(self, turn: Status) -> None:
            headers = {"content-type": "application/json"}
            if turn.retry_after is not None:
                headers["retry-after"] = f"{turn.retry_after:g}"
            error = {"message": turn.message, "type": "scripted", "code": turn.error_code}
            self._send(json.dumps({"error": error}).encode(), turn.code, headers)

        def _json(self, content: dict[str, Any]) -> None:
            self._send(json.dumps(content).encode(), 200, {"content-type": "application/json"})

        def _send(self, data: bytes, code: int, headers: dict[str, str]) -> None:
            self.send_response(code)
            for name, value in {**headers, "content-length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def handle(self) -> None:
            """Clients hang up when their time limit passes; that is not an error here."""
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    return Handler


def _answer(turn: Any, number: int) -> _Answer:
    match turn:
        case str():
            return _Answer(turn, (), "stop")
        case Drop(text):
            return _Answer(text, (), "stop", dropped=True)
        case Truncated(text, name, arguments, keep):
            calls = (_call(name, arguments[:keep], f"call_{number}_1"),) if name else ()
            return _Answer(text, calls, "length")
    calls = tuple(_call(c["name"], json.dumps(c["args"]), c["id"]) for c in turn.tool_calls)
    calls += tuple(_call(c["name"], c["args"], c["id"]) for c in turn.invalid_tool_calls)
    finish = turn.response_metadata.get("finish_reason") or ("tool_calls" if calls else "stop")
    return _Answer(str(turn.text), calls, finish)


def _call(name: str, arguments: str, id_: str) -> dict[str, Any]:
    return {"id": id_, "type": "function", "function": {"name": name, "arguments": arguments}}


def _completion(answer: _Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None}
    if answer.calls:
        message["tool_calls"] = list(answer.calls)
    choice = {"index": 0, "message": message, "finish_reason": answer.finish, "logprobs": None}
    return {"object": "chat.completion", "usage": USAGE, "choices": [choice]}


def _events(answer: _Answer, wants_usage: bool) -> Iterator[dict[str, Any]]:
    def event(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    yield event({"role": "assistant", "content": ""})
    for word in re.findall(r"\S+\s*|\s+", answer.text):
        yield event({"content": word})
    if answer.dropped:
        return
    for index, call in enumerate(answer.calls):
        arguments = call["function"]["arguments"]
        opened = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        yield event({"tool_calls": [opened]})
        for start in range(0, len(arguments), FRAGMENT):
            part = {"arguments": arguments[start : start + FRAGMENT]}
            yield event({"tool_calls": [{"index": index, "function": part}]})
    yield event({}, answer.finish)
    if wants_usage:
        yield {"choices": [], "usage": USAGE}


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "labhand"}


def _embeddings(body: dict[str, Any], size: int) -> dict[str, Any]:
    given = body.get("input", "")
    texts = given if isinstance(given, list) else [given]
    data = [
        {"object": "embedding", "index": i, "embedding": _vector(str(t), size)}
        for i, t in enumerate(texts)
    ]
    return {"object": "list", "model": "fake", "data": data, "usage": USAGE}


def _vector(text: str, size: int) -> list[float]:
    # The same text gives the same vector in every process, which hash() does not.
    digest = hashlib.shake_256(text.encode()).digest(size)
    return [byte / 255 for byte in digest]
