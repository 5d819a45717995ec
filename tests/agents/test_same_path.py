"""The same question through a scripted model and through an OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from labhand.agents.events import Event
from labhand.agents.session import Session
from labhand.testing.fake_openai import FakeOpenAI
from labhand.testing.scripted import ScriptedChatModel, call

from .tools_for_tests import TOOLS

Make = Callable[..., Session]
CALL = AIMessage("", tool_calls=[call("weigh", "c1", sample="A")])
ANSWER = "A weighs {o1.weighed_mass}."


def path_of(events: list[Event]) -> list[str]:
    return [type(e).__name__ for e in events]


@pytest.mark.parametrize("streamed", [True, False])
def test_both_models_take_the_same_path(session: Make, streamed: bool) -> None:
    scripted = ScriptedChatModel(script=[CALL, ANSWER])
    with FakeOpenAI([CALL, ANSWER]) as server:
        outcomes: list[Any] = []
        for model in (scripted, f"server:{server.url}"):
            with session([], model=model, tools=TOOLS) as s:
                if streamed:
                    outcomes.append(path_of(list(s.stream("How heavy is A?"))))
                    outcomes.append(s.turns()[0].answer)
                else:
                    outcomes.append(s.ask("How heavy is A?").quantities)
        half = len(outcomes) // 2
        assert outcomes[:half] == outcomes[half:]
        offered = {t["function"]["name"] for t in server.chats[0]["tools"]}
        assert offered == {"weigh", "tare", "crash"}


def test_usage_is_counted_while_streaming(session: Make) -> None:
    with (
        FakeOpenAI([CALL, ANSWER]) as server,
        session([], model=f"server:{server.url}", tools=TOOLS) as s,
    ):
        list(s.stream("How heavy is A?"))
        assert s.turns()[0].usage.input_tokens > 0


def test_a_server_that_goes_away_ends_the_turn_in_a_sentence(session: Make) -> None:
    with FakeOpenAI([CALL]) as server:
        s = session([], model=f"server:{server.url}", tools=TOOLS)
    reply = s.ask("How heavy is A?")
    assert reply.status == "failed"
    assert "server" in (reply.reason or "")
    assert "Traceback" not in (reply.reason or "")
