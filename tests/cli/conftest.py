"""The command line, run in this process, with a home of its own and scripted models."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from labhand.cli.app import run


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home and working folder; no setting of the person's comes in."""
    for name in list(os.environ):
        if name.startswith("LABHAND_") and name != "LABHAND_TEST_DATA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("LABHAND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "home"


@pytest.fixture
def labhand(home, capsys, monkeypatch) -> Callable[..., Result]:
    """``labhand("ask", "…", stdin=b"")`` runs a command."""

    def call(*arguments: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def scripted(tmp_path) -> Callable[..., str]:
    """``scripted(turn, turn, …)`` gives the name of a model that says these turns."""
    count = iter(range(1000))

    def make(*turns: dict) -> str:
        path = tmp_path / f"turns-{next(count)}.jsonl"
        path.write_text("".join(json.dumps(t) + "\n" for t in turns))
        return f"scripted:{path}"

    return make


@pytest.fixture
def ethanol(scripted) -> str:
    """A model that has ethanol weighed and reports it."""
    return scripted(
        {"calls": [{"name": "molar_mass", "args": {"smiles": "CCO"}}]},
        {"text": "Ethanol weighs {o1.molar_mass}."},
    )
