"""Every worked value in a docstring is executed."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"tests", "docs", "examples", "benchmarks", "build"}
MODULES = [
    ".".join(("labhand", *path.relative_to(ROOT).with_suffix("").parts))
    for path in sorted(ROOT.rglob("*.py"))
    if path.relative_to(ROOT).parts[0] not in SKIPPED
    and not path.relative_to(ROOT).parts[0].startswith(".")
    and ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    module = importlib.import_module(name.removesuffix(".__init__"))
    result = doctest.testmod(module)
    assert result.failed == 0


def test_there_are_examples() -> None:
    assert len(MODULES) > 20
