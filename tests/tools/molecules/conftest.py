"""What the tests of the molecules share."""

from __future__ import annotations

from typing import Any

import pytest

from labhand.tools.contract import Finding, ToolRegistry
from labhand.tools.molecules.name_index import NameIndex, default_path, shared_index


class Tools:
    """Calls tools by name: ``tools.value("molar_mass", smiles="O")``."""

    def __init__(self) -> None:
        self._registry = ToolRegistry()

    def run(self, tool: str, **arguments: Any) -> Finding:
        return self._registry[tool](**arguments)

    def values(self, tool: str, wanted: str, **arguments: Any) -> list[Any]:
        found = self.run(tool, **arguments).quantities
        return [q.value for q in found if q.property == wanted]

    def value(self, tool: str, wanted: str = "", **arguments: Any) -> Any:
        return self.values(tool, wanted or tool, **arguments)[0]


@pytest.fixture(scope="session")
def tools() -> Tools:
    return Tools()


@pytest.fixture(scope="session")
def names() -> NameIndex:
    """The real index, built once for the test run in its own home."""
    return shared_index(default_path())
