"""The texts that all strategies share, read from the files beside this one."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


@functools.cache
def rules_text() -> str:
    """The rules that every strategy teaches: tools, evidence, honesty."""
    return (_FOLDER / "rules.md").read_text("utf-8").strip()


@functools.cache
def reasoning_text(style: str) -> str:
    """How the model is asked to reason in this style (a key of ``reasoning.toml``)."""
    return str(tomllib.loads((_FOLDER / "reasoning.toml").read_text("utf-8"))[style]).strip()
