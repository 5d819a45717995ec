"""The traps of agent loops that were met elsewhere, each as a test of ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.messages import AIMessage, ToolMessage

from labhand.agents.session import Session
from labhand.testing.scripted import ScriptedChatModel, call

from .tools_for_tests import TOOLS

Make = Callable[..., Session]
WEIGH_A = AIMessage("", tool_calls=[call("weigh", "c1", sample="A")])
ANSWER = "A weighs {o1.weighed_mass}."


def test_calls_cut_off_by_the_length_limit_are_not_run(session: Make) -> None:
    cut = AIMessage(
        "",
        tool_calls=[call("weigh", "c0", sample="B")],
        response_metadata={"finish_reason": "length"},
    )
    with session([cut, WEIGH_A, ANSWER], tools=TOOLS) as s:
        reply = s.ask("How heavy is A?")
    assert reply.answer == "A weighs 12.345 g [o1]."
    assert [o.arguments for o in reply.observations] == [{"sample": "A"}]


def test_a_message_of_malformed_calls_is_repaired(session: Make) -> None:
    broken = AIMessage(
        "",
        invalid_tool_calls=[
            {"type": "invalid_tool_call", "name": "weigh", "args": '{"sam', "id": "x", "error": ""}
        ],
    )
    with session([broken, WEIGH_A, ANSWER], tools=TOOLS) as s:
        assert s.ask("How heavy is A?").status == "answered"


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "weigh", "arguments": {"sample": "A"}}',
        '<tool_call>{"name": "weigh"}</tool_call>',
        '```json\n{"tool": "weigh", "args": {}}\n```',
        "",
        "   ",
    ],
)
def test_calls_written_as_text_and_empty_replies_are_repaired(session: Make, text: str) -> None:
    with session([text, WEIGH_A, ANSWER], tools=TOOLS) as s:
        assert s.ask("How heavy is A?").answer == "A weighs 12.345 g [o1]."


def test_a_model_that_only_produces_garbage_ends_in_a_sentence(session: Make) -> None:
    with session([""] * 10, tools=TOOLS) as s:
        reply = s.ask("How heavy is A?")
    assert reply.status == "abstained"
    assert reply.reason == "the model produced 3 malformed replies in a row"


def test_an_interrupt_keeps_what_is_done_and_the_next_turn_works(session: Make) -> None:
    seen: list[Any] = []

    def interrupt(_: list[Any]) -> AIMessage:
        s.interrupt()
        return AIMessage("", tool_calls=[call("weigh", "c2", sample="B")])

    def look(messages: list[Any]) -> AIMessage:
        seen.extend(messages)
        return AIMessage("Yes.")

    with session([WEIGH_A, interrupt, look], tools=TOOLS) as s:
        reply = s.ask("How heavy are A and B?")
        assert reply.reason == "interrupted by the user"
        assert "12.345 g [o1]" in reply.answer
        assert s.ask("Are you there?").answer == "Yes."
    calls = {c["id"] for m in seen if isinstance(m, AIMessage) for c in m.tool_calls}
    answered = {m.tool_call_id for m in seen if isinstance(m, ToolMessage)}
    assert calls == answered
    assert any(m.text == "interrupted by the user" for m in seen if isinstance(m, ToolMessage))


def test_leaving_the_stream_early_ends_the_turn(session: Make) -> None:
    with session([WEIGH_A, ANSWER, "Yes."], tools=TOOLS) as s:
        stream = s.stream("How heavy is A?")
        next(stream)
        stream.close()
        started = time.monotonic()
        s.ask("Are you there?")
        assert time.monotonic() - started < 5
    assert not [t for t in threading.enumerate() if t.name == "labhand-turn"]


def test_a_busy_session_says_so(session: Make) -> None:
    with session([WEIGH_A, ANSWER], tools=TOOLS) as s:
        stream = s.stream("How heavy is A?")
        next(stream)
        with pytest.raises(Exception, match="busy"):
            s.ask("And B?")
        list(stream)


def test_a_cached_model_reply_costs_nothing(session: Make) -> None:
    model = ScriptedChatModel(script=["Yes.", "never"], cache=InMemoryCache())
    with session([], model=model, tools=TOOLS) as s:
        assert s.ask("Is it?").usage.input_tokens == 10
        s.clear()
        again = s.ask("Is it?")
    assert (again.answer, again.usage.input_tokens) == ("Yes.", 0)


def test_calls_with_the_same_id_in_two_turns_are_both_run(session: Make) -> None:
    again = AIMessage("", tool_calls=[call("weigh", "c1", sample="B")])
    script = [WEIGH_A, ANSWER, again, "B weighs {o2.weighed_mass}."]
    with session(script, tools=TOOLS) as s:
        s.ask("How heavy is A?")
        assert s.ask("How heavy is B?").answer == "B weighs 67.890 g [o2]."


def test_parallel_calls_give_unique_observations(session: Make) -> None:
    calls = [call("weigh", f"c{i}", sample="AB"[i % 2]) for i in range(8)]
    with session([AIMessage("", tool_calls=calls), "Done."], tools=TOOLS) as s:
        reply = s.ask("Weigh them all")
    assert sorted(o.id for o in reply.observations) == sorted(f"o{i}" for i in range(1, 9))
