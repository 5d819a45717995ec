"""Sessions for tests: a scripted model, tools in process, state in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labhand.agents.budget import Budget
from labhand.agents.session import Session
from labhand.testing.executor import InlineExecutor
from labhand.testing.scripted import ScriptedChatModel
from labhand.tools.contract import ToolRegistry

Ask = Callable[..., Session]


@pytest.fixture
def session(tmp_path: Path) -> Any:
    """``session(script, **keywords)`` makes a session; all are closed at the end."""
    made: list[Session] = []

    def make(script: list[Any], **keywords: Any) -> Session:
        model = keywords.pop("model", None) or ScriptedChatModel(script=script)
        extra = keywords.pop("tools", ())
        new = Session(
            model=model,
            home=keywords.pop("home", tmp_path),
            registry=ToolRegistry(extra, builtin=keywords.pop("builtin", not extra)),
            executor=lambda store, registry: InlineExecutor(registry, store.ledger),
            budget=keywords.pop("budget", Budget()),
            **keywords,
        )
        made.append(new)
        return new

    yield make
    for one in made:
        one.close()
