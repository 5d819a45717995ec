"""After ``kill -9`` in the middle of a tool, resuming repeats only the unfinished tool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from labhand.agents.events import ToolStarted
from labhand.agents.session import Session
from labhand.agents.sessions import list_sessions
from labhand.testing.scripted import ScriptedChatModel, call
from labhand.testing.tools import pure_length, slow_length
from labhand.tools.contract import ToolRegistry

PROGRAM = """
import sys
from pathlib import Path
from langchain_core.messages import AIMessage
from labhand.agents.session import Session
from labhand.testing.scripted import ScriptedChatModel, call
from labhand.testing.tools import pure_length, slow_length
from labhand.tools.contract import ToolRegistry

calls = [call("pure_length", "a", text="fast"), call("slow_length", "b", text="slow", seconds=60)]
model = ScriptedChatModel(script=[AIMessage("", tool_calls=calls)])
registry = ToolRegistry([pure_length, slow_length], builtin=False)
session = Session(model=model, home=Path(sys.argv[1]), registry=registry)
for event in session.stream("How long are they?"):
    print(type(event).__name__, flush=True)
"""


@pytest.mark.heavy
def test_only_the_unfinished_tool_runs_again(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    seen: list[str] = []
    deadline = time.monotonic() + 60
    while "ToolFinished" not in seen and time.monotonic() < deadline:
        seen.append(run.stdout.readline().strip())
    assert seen.count("ToolFinished") == 1
    time.sleep(0.2)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()

    (info,) = list_sessions(tmp_path)
    registry = ToolRegistry([pure_length, slow_length], builtin=False)
    done = "The texts have {o1.text_length} and {o2.text_length} characters."
    model = ScriptedChatModel(script=[done])
    with Session(model=model, home=tmp_path, registry=registry, resume=info.id) as session:
        assert session.unfinished() == "How long are they?"
        before = [o.tool for o in session.ledger.all()]
        assert before == ["pure_length"]
        started = []
        for event in session.resume_turn():
            if isinstance(event, ToolStarted):
                started.append(event.tool)
                if event.tool == "slow_length":
                    session.interrupt()
        assert started == ["slow_length"]
        assert session.unfinished() is None
        assert session.turns()[0].reason == "interrupted by the user"


def test_a_turn_cut_off_before_its_tools_is_carried_to_its_end(tmp_path: Path) -> None:
    from labhand.agents.events import ModelFinished, TurnStarted
    from labhand.agents.projection import ai_message_to_dict

    registry = ToolRegistry([pure_length], builtin=False)
    first = Session(model=ScriptedChatModel(script=[]), home=tmp_path, registry=registry)
    message = AIMessage("", tool_calls=[call("pure_length", "a", text="four")])
    first.store.log.append(1, TurnStarted(1, "How long is it?", "scripted", "zero_shot"))
    first.store.log.append(1, ModelFinished(ai_message_to_dict(message)))
    identifier = first.id
    first.close()
    model = ScriptedChatModel(script=["It has {o1.text_length} characters."])
    with Session(model=model, home=tmp_path, registry=registry, resume=identifier) as session:
        list(session.resume_turn())
        assert session.turns()[0].answer == "It has 4 [o1] characters."
