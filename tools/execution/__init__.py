"""Tool execution: calls run in warm worker processes under limits, or inline when they are cheap.

The names are loaded on first use: a worker process imports this package too, and needs
neither the pool nor the ledger.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .executor import LocalExecutor
    from .pool import Job, Outcome, WorkerPool
    from .types import CancelToken, ProgressCallback, ToolExecutor

__all__ = [
    "CancelToken",
    "Job",
    "LocalExecutor",
    "Outcome",
    "ProgressCallback",
    "ToolExecutor",
    "WorkerPool",
]

_HOMES = {
    "LocalExecutor": "executor",
    "Job": "pool",
    "Outcome": "pool",
    "WorkerPool": "pool",
    "CancelToken": "types",
    "ProgressCallback": "types",
    "ToolExecutor": "types",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
