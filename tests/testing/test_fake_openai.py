"""The fake server, seen through the plain client: its form is the one that clients read."""

from __future__ import annotations

import openai
import pytest
from langchain_core.messages import AIMessage

from labhand.testing.fake_openai import Drop, FakeOpenAI, Status
from labhand.testing.scripted import call

ASK = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def client(server: FakeOpenAI, key: str = "k") -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key=key, max_retries=0, timeout=5)


def test_models_chat_and_embeddings() -> None:
    with FakeOpenAI(["Hello  there."], models=["a", "b"]) as server:
        asked = client(server)
        assert [m.id for m in asked.models.list()] == ["a", "b"]
        reply = asked.chat.completions.create(**ASK)
        assert reply.choices[0].message.content == "Hello  there."
        assert reply.usage is not None
        assert reply.usage.total_tokens == 18
        vectors = asked.embeddings.create(model="m", input=["x", "y", "x"]).data
        assert vectors[0].embedding == vectors[2].embedding != vectors[1].embedding
        assert [r.path for r in server.requests] == [
            "/v1/models",
            "/v1/chat/completions",
            "/v1/embeddings",
        ]


def test_streaming_fragments_and_the_usage_chunk() -> None:
    turn = AIMessage("Wait.", tool_calls=[call("molar_mass", "c1", smiles="CC(=O)Oc1ccccc1")])
    with FakeOpenAI([turn]) as server:
        stream = client(server).chat.completions.create(
            **ASK, stream=True, stream_options={"include_usage": True}
        )
        parts, finish, usage = [], None, None
        for event in stream:
            usage = event.usage or usage
            for choice in event.choices:
                finish = choice.finish_reason or finish
                for piece in choice.delta.tool_calls or []:
                    parts.append(piece.function.arguments)
    assert len(parts) > 3
    assert "".join(parts) == '{"smiles": "CC(=O)Oc1ccccc1"}'
    assert finish == "tool_calls"
    assert usage.total_tokens == 18


def test_keys_and_faults() -> None:
    with FakeOpenAI(
        [Status(429, retry_after=7), Drop("half an answer")], api_key="right"
    ) as server:
        with pytest.raises(openai.AuthenticationError):
            client(server, "wrong").chat.completions.create(**ASK)
        with pytest.raises(openai.RateLimitError) as caught:
            client(server, "right").chat.completions.create(**ASK)
        assert caught.value.response.headers["retry-after"] == "7"
        words: list[str] = []
        stream = client(server, "right").chat.completions.create(**ASK, stream=True)
        with pytest.raises(openai.APIConnectionError):
            words.extend(event.choices[0].delta.content for event in stream)
        assert "".join(words) == "half an answer"


def test_turns_may_be_functions_of_the_messages() -> None:
    with FakeOpenAI([lambda messages: messages[-1]["content"].upper()]) as server:
        reply = client(server).chat.completions.create(**ASK)
        assert reply.choices[0].message.content == "HI"
        with pytest.raises(openai.InternalServerError, match="ran out"):
            client(server).chat.completions.create(**ASK)


def test_the_address_exists_only_while_it_runs() -> None:
    with pytest.raises(RuntimeError):
        _ = FakeOpenAI([]).url
