"""The executor of one session on this machine."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from ..contract import Finding, Observation, ToolRegistry, ToolSpec, Touch
from ..contract.errors import ToolCancelledError
from ..ledger import Ledger, ToolCache, cache_key
from .artifacts import write_artifacts
from .calling import call_tool
from .engines import engine_versions, source_digest, source_file
from .observe import observe, shortened
from .pool import Job, WorkerPool
from .records import finding_from_dict, finding_to_dict
from .types import CancelToken, ProgressCallback

_log = logging.getLogger(__name__)


class LocalExecutor:
    """Runs tools on this machine, in warm worker processes or inline (see ``ToolExecutor``).

    Safe to use from several threads. Workers have a temporary folder for their working
    directory, so a tool that reads a file must be given an absolute path.

    Args:
        registry: where tools are looked up.
        ledger: where observations go; it and the cache stay open when this is closed.
        files: folder under which artifacts go, in one folder an observation.
        cache: results of pure tools; ``None`` computes everything anew.
        workers: how many calls may run in workers at the same time.
        pool: workers to share with other executors; they outlive this one.
    """

    def __init__(
        self,
        registry: ToolRegistry,
        ledger: Ledger,
        files: Path,
        *,
        cache: ToolCache | None = None,
        workers: int = 2,
        pool: WorkerPool | None = None,
    ) -> None:
        self.registry = registry
        self.ledger = ledger
        self.files = files
        self._cache = cache
        self._shared = pool is not None
        self._pool = pool or WorkerPool(workers)

    def prestart(self, modules: Sequence[str] = (), count: int = 1) -> None:
        """Start workers in the background and have them import engines; returns at once."""
        self._pool.prestart(modules, count)

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        call_id: str = "",
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Observation:
        """Run one call and write its observation to the ledger.

        A call whose ``call_id`` stands in the ledger with the same tool and arguments
        is not run again: its observation is returned.

        Raises:
            UnknownToolError, ToolInputError: the call is wrong.
            ModelMustAdapt: the tool gave up, or was stopped (see ``errors.py``).
            StorageError: the ledger or an artifact cannot be written.
            ProgrammerMustFix: the tool does not meet the contract.
        """
        spec = self.registry[name]
        validated = spec.validated(arguments)
        plain: dict[str, Any] = to_jsonable_python(validated)
        done = self.ledger.for_call(call_id)
        if done is not None and (done.tool, done.arguments) == (name, plain):
            return done
        if cancel is not None and cancel.cancelled:
            raise ToolCancelledError(f"{name} was interrupted before it started.", tool=name)
        finding, seconds, cached = self._find(spec, validated, plain, cancel, progress)
        return self._keep(spec, finding, plain, seconds, cached, call_id)

    def take_notice(self) -> str | None:
        """A warning for the person, once (the cache cannot be used); else ``None``."""
        return self._cache.take_notice() if self._cache is not None else None

    def close(self) -> None:
        """Stop the workers, unless they are shared; calls end in ``ToolCancelledError``."""
        if not self._shared:
            self._pool.close()
        if self._cache is not None:
            self._cache.flush()

    def _find(
        self,
        spec: ToolSpec,
        validated: Mapping[str, Any],
        plain: Mapping[str, Any],
        cancel: CancelToken | None,
        progress: ProgressCallback | None,
    ) -> tuple[Finding, float, bool]:
        """The finding, the seconds that the original run took, and whether it is cached."""
        cache = self._cache if spec.touches is Touch.PURE else None
        if cache is None:
            return *self._compute(spec, validated, plain, cancel, progress), False
        engines = {**engine_versions(), "source": source_digest(source_file(spec.function))}
        key = cache_key(spec.name, spec.version, plain, engines)
        entry = cache.get(key)
        if entry is not None:
            try:
                return finding_from_dict(entry.record), entry.seconds, True
            except (KeyError, TypeError, ValueError):
                _log.debug("the cached result of %s cannot be read", spec.name)
        finding, seconds = self._compute(spec, validated, plain, cancel, progress)
        cache.put(key, spec.name, finding_to_dict(finding), seconds)
        return finding, seconds, False

    def _compute(
        self,
        spec: ToolSpec,
        validated: Mapping[str, Any],
        plain: Mapping[str, Any],
        cancel: CancelToken | None,
        progress: ProgressCallback | None,
    ) -> tuple[Finding, float]:
        if spec.where == "inline":
            started = time.perf_counter()
            finding = call_tool(spec, validated)
            return finding, time.perf_counter() - started
        job = Job(
            tool=spec.name,
            location=spec.location,
            arguments=plain,
            source=source_file(spec.function),
            seconds=spec.seconds,
            megabytes=spec.megabytes,
        )
        outcome = self._pool.run(job, cancel=cancel, progress=progress)
        if outcome.log:
            _log.debug("%s printed: %s", spec.name, outcome.log)
        return finding_from_dict(outcome.record), outcome.seconds

    def _keep(
        self,
        spec: ToolSpec,
        finding: Finding,
        arguments: Mapping[str, Any],
        seconds: float,
        cached: bool,
        call_id: str,
    ) -> Observation:
        observation = observe(
            spec,
            finding,
            observation_id="",
            arguments=arguments,
            seconds=seconds,
            cached=cached,
            call_id=call_id,
        )
        # Only now, so that a finding that does not pass uses no id up.
        observation = observation.model_copy(update={"id": self.ledger.reserve()})
        folder = self.files / observation.id
        artifacts = write_artifacts(folder, finding.files)
        observation, more = shortened(observation.model_copy(update={"artifacts": artifacts}))
        if more:
            artifacts += write_artifacts(folder, more)
            observation = observation.model_copy(update={"artifacts": artifacts})
        self.ledger.append(observation)
        return observation
