"""A server that never answers, and a model that says a megabyte: the turn ends in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labhand.agents.budget import Budget
from labhand.agents.session import Session
from labhand.testing.executor import InlineExecutor
from labhand.testing.fake_openai import FakeOpenAI, Hang
from labhand.testing.scripted import ScriptedChatModel
from labhand.testing.tools import pure_length
from labhand.tools.contract import ToolRegistry

Open = Callable[..., Session]


@pytest.fixture
def open_session(tmp_path: Path) -> Iterator[Open]:
    made: list[Session] = []

    def make(model: object, **keywords: object) -> Session:
        session = Session(
            model,  # type: ignore[arg-type]
            home=tmp_path,
            registry=ToolRegistry([pure_length], builtin=False),
            executor=lambda store, registry: InlineExecutor(registry, store.ledger),
            **keywords,  # type: ignore[arg-type]
        )
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


def test_a_server_that_hangs_is_left_when_the_time_is_up(open_session: Open):
    with FakeOpenAI([Hang()] * 5) as server:
        session = open_session(f"server:{server.url}", budget=Budget(seconds=0.5))
        started = time.monotonic()
        reply = session.ask("How long?")
    assert time.monotonic() - started < 5
    assert reply.status == "abstained"
    assert "0.5 seconds was used up" in (reply.reason or "")


def test_a_server_that_hangs_is_left_when_the_person_interrupts(open_session: Open):
    with FakeOpenAI([Hang()] * 5) as server:
        session = open_session(f"server:{server.url}")
        threading.Timer(0.3, session.interrupt).start()
        started = time.monotonic()
        reply = session.ask("How long?")
    assert time.monotonic() - started < 5
    assert reply.reason == "interrupted by the user"


@pytest.mark.heavy
def test_a_megabyte_of_text_ends_in_time(open_session: Open):
    text = "lorem ipsum dolor 5 kg sit amet\n\n" * 30_000
    session = open_session(ScriptedChatModel(script=[text] * 3))
    started = time.monotonic()
    reply = session.ask("How long?")
    assert time.monotonic() - started < 20
    assert reply.status == "abstained"
    assert len(reply.answer) < 200_000
