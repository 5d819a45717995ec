"""An OpenAI-compatible server in this process: scripted turns, streaming, and faults.

::

    with FakeOpenAI(["Hello.", Status(429, retry_after=0), Truncated(...)]) as server:
        model = make_model(f"server:{server.url}")

It listens on 127.0.0.1 at a free port and uses the standard library alone. Each chat
request takes the next turn; ``requests`` keeps what was asked. A turn is a text, an
``AIMessage`` with tool calls (so a script serves the scripted model and this server
alike), one of the faults below, or a function from the request's messages to a turn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

    Answer: TypeAlias = "str | AIMessage | Status | Garbage | Hang | Drop | Truncated"
    FakeTurn: TypeAlias = "Answer | Callable[[list[dict[str, Any]]], Answer]"


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with this HTTP status and an error in OpenAI's form."""

    code: int
    message: str = "scripted"
    error_code: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Garbage:
    """Answer 200 with this body."""

    body: str = "<html><body>It works!</body></html>"
    content_type: str = "text/html"


@dataclass(frozen=True, slots=True)
class Hang:
    """Accept the request and say nothing until the server stops, or for ``seconds``."""

    seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Drop:
    """Begin to stream this text and close the connection in the middle."""

    text: str = "The molar mass is"


@dataclass(frozen=True, slots=True)
class Truncated:
    """End at the length limit, ``keep`` characters into the arguments of the last call."""

    text: str = ""
    name: str = ""
    arguments: str = ""
    keep: int = 10_000


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request: method, path, headers (lower-case names) and JSON body."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)


class FakeOpenAI:
    """The server; use it in a ``with`` block, which starts and stops it.

    Args:
        script: the turns of ``/v1/chat/completions``. When none is left the server
            answers 500 and says so.
        models: what ``/v1/models`` lists, and nothing if empty.
        api_key: if given, any other key is answered with 401.
        embedding_size: length of the vectors of ``/v1/embeddings``.
        delay_s: pause before each streamed event, in seconds.
    """

    def __init__(
        self,
        script: Sequence[FakeTurn] = (),
        *,
        models: Sequence[str] = ("fake-model",),
        api_key: str | None = None,
        embedding_size: int = 8,
        delay_s: float = 0.0,
    ) -> None:
        self.script: list[FakeTurn] = list(script)
        self.models = tuple(models)
        self.api_key = api_key
        self.embedding_size = embedding_size
        self.delay_s = delay_s
        self.stopping = threading.Event()
        self._requests: list[RecordedRequest] = []
        self._lock = threading.Lock()
        self._http: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """The address, ending in ``/v1``."""
        if self._http is None:
            raise RuntimeError("the server runs only inside its with block")
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request so far, oldest first."""
        with self._lock:
            return list(self._requests)

    @property
    def chats(self) -> list[dict[str, Any]]:
        """The bodies of the chat requests so far."""
        return [r.body for r in self.requests if r.path.endswith("/chat/completions")]

    def record(self, request: RecordedRequest) -> None:
        """Keep a request (called by the handler)."""
        with self._lock:
            self._requests.append(request)

    def next_turn(self, body: dict[str, Any]) -> Any:
        """The turn that answers this request (called by the handler)."""
        with self._lock:
            turn: Any = self.script.pop(0) if self.script else Status(500, "the script ran out")
        while callable(turn):
            turn = turn(body.get("messages", []))
        return turn

    def __enter__(self) -> FakeOpenAI:
        from .fake_openai_handler import handler_for

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self._http.daemon_threads = True
        self._http.block_on_close = False
        threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
