"""The worked examples that the planner compares a request with, read once a process."""

from __future__ import annotations

import functools
from pathlib import Path

from ...tools.contract import ToolRegistry
from ...tools.contract.frames import load_frames
from .index import ExampleIndex

#: The name under which examples that no tool answers stand in the index.
OUT_OF_SCOPE = "out_of_scope"


def example_index(registry: ToolRegistry) -> ExampleIndex:
    """The examples of every tool, and those that no tool answers (``out_of_scope.toml``).

    Sessions over the same tools share one index: to build it takes a fifth of a second.
    """
    files = tuple((spec.name, spec.frames_path) for spec in registry)
    return _index_of(files)


@functools.lru_cache(maxsize=4)
def _index_of(files: tuple[tuple[str, Path], ...]) -> ExampleIndex:
    beyond = load_frames(Path(__file__).with_name("out_of_scope.toml"), OUT_OF_SCOPE)
    frames = [load_frames(path, name) for name, path in files if path.is_file()]
    return ExampleIndex([*frames, beyond])
