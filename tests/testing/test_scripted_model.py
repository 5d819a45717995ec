"""The scripted chat model: LangChain's own standard tests, and the trap of dropped calls."""

from __future__ import annotations

import threading

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage
from langchain_tests.unit_tests import ChatModelUnitTests

from labhand.testing.scripted import BreaksOff, ScriptedChatModel, call
from labhand.tools.contract.errors import ConfigurationError


class TestScriptedStandard(ChatModelUnitTests):
    """langchain-tests for chat models."""

    @property
    def chat_model_class(self) -> type[ScriptedChatModel]:
        return ScriptedChatModel

    @property
    def chat_model_params(self) -> dict:
        return {"script": ["hello"]}


def whole(model, text: str = "hi") -> AIMessageChunk:
    chunks = list(model.stream(text))
    total = chunks[0]
    for chunk in chunks[1:]:
        total = total + chunk
    return total


MIXED = AIMessage(
    "Let me  see.\nFirst:",
    tool_calls=[call("molar_mass", "c1", smiles="CCO"), call("convert_unit", "c2", to="K")],
)


def test_streaming_gives_what_invoking_gives() -> None:
    # Trap: LangChain's own fake model loses the calls here.
    model = ScriptedChatModel(script=[MIXED], repeat_last=True)
    said, streamed = model.invoke("hi"), whole(model)
    assert streamed.content == said.content == MIXED.content
    assert streamed.tool_calls == said.tool_calls == MIXED.tool_calls
    assert streamed.usage_metadata == said.usage_metadata
    assert streamed.response_metadata["finish_reason"] == "tool_calls"


def test_arguments_of_a_call_come_in_fragments() -> None:
    model = ScriptedChatModel(script=[AIMessage("", tool_calls=[call("t", "c1", smiles="CCO")])])
    parts = [c["args"] for k in model.stream("hi") for c in k.tool_call_chunks]
    assert len(parts) > 1
    assert "".join(parts) == '{"smiles": "CCO"}'


def test_malformed_arguments_survive_streaming_as_invalid_calls() -> None:
    bad = {"name": "t", "args": "[not json", "id": "c1", "error": None, "type": "invalid_tool_call"}
    streamed = whole(ScriptedChatModel(script=[AIMessage("", invalid_tool_calls=[bad])]))
    assert streamed.tool_calls == []
    assert streamed.invalid_tool_calls[0]["args"] == "[not json"


def test_binding_is_recorded_and_shares_the_script() -> None:
    def weigh(smiles: str) -> str:
        """Weigh it."""
        return smiles

    model = ScriptedChatModel(script=["one", "two"])
    bound = model.bind_tools([weigh])
    assert bound.invoke("hi").text == "one"
    assert model.invoke("hi").text == "two"
    assert model.bound_names == ["weigh"]
    assert [m[0].text for m in model.seen] == ["hi", "hi"]


def test_a_script_that_ran_out_says_so() -> None:
    model = ScriptedChatModel(script=["only"])
    model.invoke("hi")
    with pytest.raises(ConfigurationError, match="has 1 turns and was called once more"):
        model.invoke("hi")


def test_turns_may_be_functions_and_errors() -> None:
    def echo(messages: list) -> AIMessage:
        return AIMessage(messages[-1].text.upper())

    model = ScriptedChatModel(script=[echo, RuntimeError("down")])
    assert model.invoke([HumanMessage("abc")]).text == "ABC"
    with pytest.raises(RuntimeError, match="down"):
        model.invoke("hi")


def test_it_can_break_off_in_the_middle() -> None:
    model = ScriptedChatModel(script=[BreaksOff("half an", ValueError("gone"))])
    seen: list[str] = []
    with pytest.raises(ValueError, match="gone"):
        seen.extend(chunk.text for chunk in model.stream("hi"))
    assert "".join(seen) == "half an"


def test_threads_each_get_their_own_turn() -> None:
    model = ScriptedChatModel(script=[str(n) for n in range(40)])
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.extend(model.invoke("x").text for _ in range(10)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, got)) == list(range(40))
