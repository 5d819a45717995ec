"""Questions, files and models that no decent person would hand in: one sentence, no hang."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from labhand.agents.attachments import read_attachment
from labhand.agents.events import TurnFinished
from labhand.agents.outcome import Outcome
from labhand.agents.reply import Reply
from labhand.agents.session import Session
from labhand.cli.batch import run_batch
from labhand.testing.executor import InlineExecutor
from labhand.testing.scripted import ScriptedChatModel, call
from labhand.testing.tools import pure_length
from labhand.tools.contract import ToolRegistry
from labhand.tools.contract.errors import UsageError

Open = Callable[..., Session]


@pytest.fixture
def open_session(tmp_path: Path) -> Any:
    made: list[Session] = []

    def make(*script: Any, kind: type[Session] = Session) -> Session:
        session = kind(
            model=ScriptedChatModel(script=list(script)),
            home=tmp_path,
            registry=ToolRegistry([pure_length], builtin=False),
            executor=lambda store, registry: InlineExecutor(registry, store.ledger),
        )
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


def test_a_question_that_is_no_text_is_refused_and_the_session_lives_on(open_session: Open):
    session = open_session("Fine.")
    reply = session.ask("molar mass of \udcff\udcfe caffeine")
    assert reply.status == "failed"
    assert "not UTF-8" in (reply.reason or "")
    reply.to_json().encode("utf-8")
    assert session.ask("and now?").answer == "Fine."


def test_code_points_that_are_no_characters_are_replaced_in_what_a_model_says(open_session: Open):
    calls = [call("pure_length", "a", text="x\ud800y")]
    session = open_session(AIMessage("", tool_calls=calls), "It\ud800 has {o1.text_length}.")
    events = list(session.stream("How long?"))
    assert isinstance(events[-1], TurnFinished)
    reply = Reply.model_validate(events[-1].reply)
    assert reply.answer == "It\ufffd has 3 [o1]."
    reply.to_json().encode("utf-8")


class Broken(Session):
    """A session whose replies cannot be put together."""

    def _finish(self, question: str, outcome: Outcome, *rest: Any) -> None:
        raise RuntimeError("this must not be waited for")


def test_whoever_waits_gets_a_reply_even_when_none_can_be_made(open_session: Open):
    reply = open_session("Fine.", kind=Broken).ask("anything")
    assert reply.status == "failed"
    assert "RuntimeError" in (reply.reason or "")


def test_a_pipe_and_an_endless_device_are_no_attachments(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            read_attachment(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_attachment(Path("a\0b"))


def test_other_keys_are_handed_back_even_without_a_question():
    lines = [b'{"id": 7}\n', b'{"id": 8, "question": 5}\n', b"[1]\n", b"\n", b"\xff\n"]
    replies = [
        json.loads(line)
        for line in run_batch(lines, lambda q: Reply(question=q, status="answered"))
    ]
    assert [r["status"] for r in replies] == ["failed"] * 5
    assert [r.get("id") for r in replies] == [7, 8, None, None, None]


def ascii_terminal(tmp_path: Path) -> dict[str, str]:
    """The environment of a terminal that knows ASCII alone."""
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LABHAND_HOME": str(tmp_path / "home"),
    }


def labhand(*arguments: str | bytes, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "labhand", *arguments]
    return subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)


def test_an_ascii_terminal_gets_an_answer_and_a_program_gets_utf_8(tmp_path: Path):
    script = tmp_path / "turns.jsonl"
    script.write_text('{"text": "µ and Å are units\\ud800."}\n')
    model = f"scripted:{script}"
    plain = labhand("ask", "which?", "-m", model, env=ascii_terminal(tmp_path))
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.startswith(b"? and ? are units")
    done = labhand("ask", "which?", "-m", model, "--json", env=ascii_terminal(tmp_path))
    assert json.loads(done.stdout.decode("utf-8"))["answer"] == "µ and Å are units\ufffd."


@pytest.mark.parametrize("arguments", [("--json",), ()])
def test_bytes_that_are_no_text_are_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]):
    done = labhand(
        "ask", b"mass of \xff\xfe", *arguments, env=ascii_terminal(tmp_path) | {"LC_ALL": "C.UTF-8"}
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"not UTF-8" in done.stderr
    if arguments:
        assert json.loads(done.stdout)["status"] == "failed"
