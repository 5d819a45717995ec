"""``server:URL`` against the fake server: what works, and every way in which it may not."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_tests.unit_tests import ChatModelUnitTests
from pydantic import SecretStr

from labhand.local_models.endpoint import http_client, is_loopback, served_models
from labhand.local_models.factory import make_model
from labhand.local_models.resilient import ANSWERED_BY, ResilientChatModel
from labhand.local_models.settings import ModelSettings
from labhand.testing.fake_openai import Drop, FakeOpenAI, Garbage, Hang, Status, Truncated
from labhand.testing.no_network import no_network
from labhand.testing.scripted import ScriptedChatModel, call
from labhand.tools.contract.errors import (
    ConfigurationError,
    LabhandError,
    MissingKeyError,
    ModelUnavailableError,
)

QUICK = ModelSettings(timeout_s=5, max_retries=0)
TOOL = {
    "type": "function",
    "function": {
        "name": "molar_mass",
        "description": "Molar mass.",
        "parameters": {"type": "object", "properties": {"smiles": {"type": "string"}}},
    },
}
CALLS = AIMessage("Let me see.", tool_calls=[call("molar_mass", "c1", smiles="CC(=O)O")])


def whole(model, text: str = "hi") -> AIMessageChunk:
    total = None
    for chunk in model.stream(text):
        total = chunk if total is None else total + chunk
    assert total is not None
    return total


def at(server: FakeOpenAI, settings: ModelSettings = QUICK):
    return make_model(f"server:{server.url}", settings=settings, environment={})


class TestResilientStandard(ChatModelUnitTests):
    """langchain-tests for the wrapper around a provider's model."""

    @property
    def chat_model_class(self) -> type[ResilientChatModel]:
        return ResilientChatModel

    @property
    def chat_model_params(self) -> dict:
        return {"inner": ScriptedChatModel(script=["hello"]), "label": "scripted"}


def test_text_calls_usage_streamed_or_not() -> None:
    with no_network(), FakeOpenAI([CALLS, CALLS, "Done."]) as server:
        model = at(server).bind_tools([TOOL])
        said, streamed = model.invoke("hi"), whole(model)
        assert streamed.text == said.text == "Let me see."
        assert streamed.tool_calls == said.tool_calls == CALLS.tool_calls
        assert streamed.usage_metadata == said.usage_metadata
        assert said.usage_metadata is not None
        assert said.usage_metadata["output_tokens"] == 7
        for message in (said, streamed):
            assert message.response_metadata[ANSWERED_BY] == f"server:{server.url}"
        assert server.chats[0]["tools"] == [TOOL]
        assert server.chats[0]["model"] == "fake-model"
        assert model.invoke("hi").text == "Done."


def test_text_arrives_piece_by_piece() -> None:
    with FakeOpenAI(["one two three"]) as server:
        pieces = [c.text for c in at(server).stream("hi") if c.text]
    assert pieces == ["one ", "two ", "three"]


def test_settings_reach_the_server_and_the_persons_key_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The OpenAI client reads this variable by itself, so no parameter can stand in for it.
    monkeypatch.setenv("OPENAI_API_KEY", "sk-personal-key-123456")
    settings = ModelSettings(temperature=0.5, max_tokens=77, seed=3, max_retries=0)
    with FakeOpenAI(["ok"]) as server:
        make_model(f"server:{server.url}#other", settings=settings).invoke("hi")
        body = server.chats[0]
        assert all("sk-personal" not in str(r.headers) for r in server.requests)
    assert (body["model"], body["temperature"], body["seed"]) == ("other", 0.5, 3)
    assert 77 in (body.get("max_tokens"), body.get("max_completion_tokens"))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("keep", [20, 10_000])
def test_calls_cut_by_the_length_limit_are_no_calls(stream: bool, keep: int) -> None:
    # Trap: LangChain completes '{"smiles": "CC(=O)Oc' into a valid call of a wrong molecule.
    cut = Truncated("", "molar_mass", '{"smiles": "CC(=O)Oc1ccccc1C(=O)O"}', keep)
    with FakeOpenAI([cut]) as server:
        model = at(server).bind_tools([TOOL])
        message = whole(model) if stream else model.invoke("hi")
    assert message.tool_calls == []
    assert message.invalid_tool_calls[0]["name"] == "molar_mass"
    assert message.invalid_tool_calls[0]["id"]
    assert message.response_metadata["finish_reason"] == "length"


def test_text_cut_by_the_length_limit_is_kept() -> None:
    with FakeOpenAI([Truncated("The molar mass")]) as server:
        assert at(server).invoke("hi").text == "The molar mass"


def test_a_busy_server_is_asked_again_after_what_it_says() -> None:
    with FakeOpenAI([Status(429, retry_after=0), Status(503, retry_after=0), "ok"]) as server:
        model = at(server, ModelSettings(max_retries=2))
        assert whole(model).text == "ok"
        assert len(server.chats) == 3


def test_retries_end() -> None:
    with FakeOpenAI([Status(500, retry_after=0)] * 9) as server:
        with pytest.raises(ModelUnavailableError, match="failed on its side"):
            at(server, ModelSettings(max_retries=2)).invoke("hi")
        assert len(server.chats) == 3


def test_a_wait_beyond_the_total_time_is_not_begun() -> None:
    started = time.monotonic()
    with FakeOpenAI([Status(429, retry_after=500), "ok"]) as server:
        model = at(server, ModelSettings(max_retries=5, total_timeout_s=10))
        with pytest.raises(ModelUnavailableError) as caught:
            model.invoke("hi")
    assert "in 500 s" in caught.value.remedy
    assert time.monotonic() - started < 5


def test_a_dead_port_is_one_sentence_within_seconds() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        port = taken.getsockname()[1]
        started = time.monotonic()
        for name in (f"server:http://127.0.0.1:{port}/v1", f"server:http://127.0.0.1:{port}#m"):
            with pytest.raises(ModelUnavailableError, match="nothing listens there"):
                make_model(name)
        assert time.monotonic() - started < 3


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"server:http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(ModelUnavailableError, match="did not answer in time"):
            make_model(url, settings=ModelSettings(connect_timeout_s=0.3))


def test_a_model_that_hangs_is_given_up() -> None:
    with FakeOpenAI([Hang(), Hang()]) as server:
        model = at(server, ModelSettings(timeout_s=0.3, max_retries=0))
        with pytest.raises(ModelUnavailableError, match="did not answer in time"):
            model.invoke("hi")
        with pytest.raises(ModelUnavailableError, match="did not answer in time"):
            whole(model)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "garbage",
    [
        Garbage(),
        Garbage("", "text/plain"),
        Garbage("not json", "application/json"),
        Garbage("[1, 2]", "application/json"),
        Garbage('{"choices": null}', "application/json"),
        Garbage('{"choices": [{"nonsense": 1}]}', "application/json"),
        Garbage("data: {oops\n\n", "text/event-stream"),
    ],
)
def test_garbage_is_one_sentence(garbage: Garbage, stream: bool) -> None:
    with FakeOpenAI([garbage]) as server:
        model = at(server)
        with pytest.raises(ModelUnavailableError) as caught:
            whole(model) if stream else model.invoke("hi")
    assert caught.value.data["reason"] == "garbage"
    assert "\n" not in str(caught.value)


def test_a_connection_that_breaks_is_not_tried_again_after_text_was_seen() -> None:
    seen: list[str] = []
    with FakeOpenAI([Drop("The molar mass is"), "ok"]) as server:
        stream = at(server, ModelSettings(max_retries=3)).stream("hi")
        with pytest.raises(ModelUnavailableError, match="broke off") as caught:
            seen.extend(c.text for c in stream)
        assert len(server.chats) == 1
    assert "".join(seen) == "The molar mass is"
    assert caught.value.data["streamed"]


@pytest.mark.parametrize(
    ("turn", "kind", "reason"),
    [
        (Status(401), MissingKeyError, "auth"),
        (Status(403), MissingKeyError, "auth"),
        (Status(404), ConfigurationError, "not_found"),
        (Status(400, "bad"), ModelUnavailableError, "bad_request"),
        (
            Status(400, "maximum context length is 4096 tokens", "context_length_exceeded"),
            ModelUnavailableError,
            "context_length",
        ),
        (Status(429, "quota", "insufficient_quota"), ModelUnavailableError, "quota"),
    ],
)
def test_refusals_are_told_apart_and_not_repeated(
    turn: Status, kind: type[LabhandError], reason: str
) -> None:
    with FakeOpenAI([turn]) as server:
        with pytest.raises(kind) as caught:
            at(server, ModelSettings(max_retries=3)).invoke("hi")
        assert len(server.chats) == 1
    assert caught.value.data["reason"] == reason
    # The provider's exception holds the request with its key.
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_server_without_models_wants_a_name() -> None:
    with FakeOpenAI(["ok"], models=[]) as server:
        with pytest.raises(ConfigurationError, match="does not say which models"):
            at(server)
        assert make_model(f"server:{server.url}#m", environment={}).invoke("hi").text == "ok"


def test_the_client_is_of_the_library_that_openai_uses() -> None:
    # Trap: openai 3 moved to httpx2 and refuses a client of httpx.
    import openai

    for url in ("http://127.0.0.1:1/v1", None):
        client = http_client(QUICK, url)
        openai.OpenAI(api_key="k", base_url=url, http_client=client)
        assert client.timeout.connect == QUICK.connect_timeout_s
        # A proxy of the environment must not stand between us and this machine.
        assert client.trust_env is (url is None)


def test_a_redirect_is_not_followed_with_the_key() -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("location", f"{target.url}/models")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    with FakeOpenAI() as target, HTTPServer(("127.0.0.1", 0), Elsewhere) as http:
        threading.Thread(target=http.handle_request, daemon=True).start()
        url = f"http://127.0.0.1:{http.server_port}/v1"
        assert served_models(url, SecretStr("secret"), 3) == []
        assert target.requests == []


def test_the_agent_loop_streams_each_word_once() -> None:
    from langchain.agents import create_agent

    def molar_mass(smiles: str) -> str:
        """Molar mass of a molecule."""
        return f"mass of {smiles}"

    with FakeOpenAI([CALLS, "It is done."]) as server:
        agent = create_agent(at(server), [molar_mass])
        question = {"messages": [{"role": "user", "content": "weigh it"}]}
        pieces = [
            message.text
            for message, _ in agent.stream(question, stream_mode="messages")
            if isinstance(message, AIMessageChunk)
        ]
        sent = server.chats[1]["messages"]
    assert "".join(pieces) == "Let me see.It is done."
    assert sent[-1]["content"] == "mass of CC(=O)O"
    assert sent[-1]["tool_call_id"] == "c1"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://[::1]:8080", True),
        ("http://localhost/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://localhost.example.org/v1", False),
    ],
)
def test_loopback(url: str, local: bool) -> None:
    assert is_loopback(url) is local


def test_a_server_that_wants_a_key_gets_it_from_the_environment() -> None:
    with FakeOpenAI(["fine"], api_key="s3cret-key") as server:
        environment = {"SERVER_API_KEY": "s3cret-key"}
        model = make_model(f"server:{server.url}", environment=environment)
        assert model.invoke("hi").text == "fine"
