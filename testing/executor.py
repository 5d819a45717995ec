"""An executor for tests of what stands above it: in process, without workers and files."""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
from collections.abc import Mapping
from typing import Any

from pydantic_core import to_jsonable_python

from ..tools.contract import Artifact, NewFile, Observation, ToolRegistry
from ..tools.contract.errors import ToolCancelledError
from ..tools.execution.calling import call_tool
from ..tools.execution.observe import observe
from ..tools.execution.types import CancelToken, ProgressCallback
from ..tools.ledger import Ledger


class InlineExecutor:
    """Runs every tool here and now (see ``ToolExecutor``); no time or memory limits.

    Files that tools make are hashed but not written; their path is their bare name.

    Args:
        registry: where tools are looked up.
        ledger: where observations go; without one they are kept in ``observations``.
    """

    def __init__(self, registry: ToolRegistry, ledger: Ledger | None = None) -> None:
        self.registry = registry
        self.ledger = ledger
        self.observations: list[Observation] = []
        self.closed = False
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        call_id: str = "",
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Observation:
        """Run one call; raises what ``LocalExecutor.run`` raises."""
        spec = self.registry[name]
        validated = spec.validated(arguments)
        plain: dict[str, Any] = to_jsonable_python(validated)
        done = self._done(call_id)
        if done is not None and (done.tool, done.arguments) == (name, plain):
            return done
        if cancel is not None and cancel.cancelled:
            raise ToolCancelledError(f"{name} was interrupted before it started.", tool=name)
        started = time.perf_counter()
        finding = call_tool(spec, validated)
        observation = observe(
            spec,
            finding,
            observation_id=self._next_id(),
            arguments=plain,
            artifacts=tuple(map(_unwritten, finding.files)),
            seconds=time.perf_counter() - started,
            call_id=call_id,
        )
        if self.ledger is not None:
            self.ledger.append(observation)
        with self._lock:
            self.observations.append(observation)
        return observation

    def close(self) -> None:
        """Nothing runs, so nothing is stopped; ``closed`` says that it was asked for."""
        self.closed = True

    def _next_id(self) -> str:
        return f"o{next(self._numbers)}" if self.ledger is None else self.ledger.reserve()

    def _done(self, call_id: str) -> Observation | None:
        if self.ledger is not None:
            return self.ledger.for_call(call_id)
        with self._lock:
            same = [o for o in self.observations if call_id and o.call_id == call_id]
        return same[-1] if same else None


def _unwritten(file: NewFile) -> Artifact:
    content = file.content.encode("utf-8") if isinstance(file.content, str) else file.content
    return Artifact(
        path=file.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        media_type=file.media_type,
        description=file.description,
    )
