"""A few warm worker processes, in which tools may hang, crash and eat memory."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..contract.errors import (
    LabhandError,
    StorageError,
    ToolCancelledError,
    ToolCrashedError,
    ToolFailedError,
    ToolMemoryError,
    ToolTimeoutError,
    error_from_dict,
)
from .calling import memory_error
from .limits import MEGABYTE, resident_bytes
from .process import StoppedError, WorkerProcess
from .scratch import scratch_folder
from .types import CancelToken, ProgressCallback

_OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "OutOfMemory", "Cannot allocate memory")
_ATTEMPTS = 3
#: A worker that has grown beyond this is replaced between two calls: engines leak.
RETIRE_ABOVE_MEGABYTES = 4096


@dataclass(frozen=True, slots=True)
class Job:
    """One call for a worker: where the tool is found, its arguments (JSON data), its limits."""

    tool: str
    location: str
    arguments: Mapping[str, Any]
    source: str | None = None
    seconds: float = 20.0
    megabytes: int = 2048


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: the finding's record, seconds in the worker, what engines printed."""

    record: dict[str, Any]
    seconds: float
    log: str = ""


class _NotTakenError(Exception):
    """A worker that was idle had died before it took the call up; another one may."""


class WorkerPool:
    """At most ``size`` worker processes, started when needed and kept warm.

    Safe to use from several threads; each call takes a worker of its own. Workers end
    with the program, however it ends.

    Args:
        size: how many calls may run at the same time.
        startup_seconds: how long a worker may take to start.
    """

    def __init__(self, size: int = 2, *, startup_seconds: float = 60.0) -> None:
        self._size = max(1, size)
        self._startup_seconds = startup_seconds
        self._owner = os.getpid()
        self._condition = threading.Condition()
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._modules: tuple[str, ...] = ()
        self._folder: Path | None = None
        self._closed = False
        _pools.add(self)

    def prestart(self, modules: Sequence[str] = (), count: int = 1) -> None:
        """Start workers in the background and have them import engines; returns at once.

        Raises:
            ToolCrashedError: the system refuses to start a process.
        """
        with self._condition:
            self._modules = tuple(modules)
            while not self._closed and len(self._idle) + len(self._busy) < min(count, self._size):
                self._idle.append(self._start())

    def run(
        self,
        job: Job,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Outcome:
        """Run one call in a worker; waits for one while all are busy.

        Raises:
            LabhandError: what the tool raised.
            ToolTimeoutError, ToolMemoryError, ToolCrashedError, ToolCancelledError: the
                worker was stopped or went down; it is replaced by a fresh one.
        """
        for _ in range(_ATTEMPTS):
            with contextlib.suppress(_NotTakenError):
                return self._run(job, cancel, progress)
        raise ToolCrashedError(
            f"every worker for {job.tool} was killed before it began.",
            "Look whether the machine is out of memory, then try again.",
            tool=job.tool,
        )

    def _run(
        self, job: Job, cancel: CancelToken | None, progress: ProgressCallback | None
    ) -> Outcome:
        with self._borrowed(job, cancel) as worker:
            worker.await_ready(self._startup_seconds, cancel)
            request = {
                "frame": "call",
                "tool": job.tool,
                "location": job.location,
                "source": job.source,
                "arguments": dict(job.arguments),
                "megabytes": job.megabytes,
            }
            answer = worker.converse(
                request,
                seconds=job.seconds,
                megabytes=job.megabytes,
                cancel=cancel,
                progress=progress,
            )
            log = worker.log
            if answer["frame"] == "error":
                raise _with_log(error_from_dict(answer["record"]), log)
        return Outcome(answer["record"], float(answer["seconds"]), log)

    def processes(self) -> list[int]:
        """The process ids of the workers that live now."""
        with self._condition:
            return [w.pid for w in (*self._idle, *self._busy) if w.alive]

    def close(self) -> None:
        """Kill the workers; calls in progress end in ``ToolCancelledError``."""
        # A fork of the program must not kill its parent's workers.
        if os.getpid() != self._owner:
            return
        with self._condition:
            self._closed = True
            idle, self._idle = self._idle, []
            for worker in (*idle, *self._busy):
                worker.kill()
            self._condition.notify_all()
            folder, self._folder = self._folder, None
        for worker in idle:
            worker.dispose()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def _borrowed(self, job: Job, cancel: CancelToken | None) -> Iterator[WorkerProcess]:
        worker = self._acquire(job, cancel)
        try:
            yield worker
        except StoppedError as stop:
            status = self._discard(worker)
            if stop.reason == "died" and worker.ready and not (worker.started or self._closed):
                raise _NotTakenError from stop
            raise self._stopped(stop, job, worker, status) from stop
        except ToolMemoryError:
            # The heap may be in pieces, or what filled it still be held by the engine.
            self._discard(worker)
            raise
        except LabhandError:
            self._release(worker)
            raise
        except BaseException:
            # An interrupt, or a callback's mistake: nobody knows what the worker is at.
            self._discard(worker)
            raise
        else:
            self._release(worker)

    def _acquire(self, job: Job, cancel: CancelToken | None) -> WorkerProcess:
        forget = cancel.on_cancel(self._wake) if cancel is not None else None
        try:
            with self._condition:
                while True:
                    if self._closed or (cancel is not None and cancel.cancelled):
                        raise _cancelled(job)
                    worker = self._free()
                    if worker is not None:
                        self._busy.add(worker)
                        return worker
                    self._condition.wait()
        finally:
            if forget is not None:
                forget()

    def _wake(self) -> None:
        with self._condition:
            self._condition.notify_all()

    def _free(self) -> WorkerProcess | None:
        """A worker that can take a call: a warm one, one that is starting, or a new one."""
        for worker in [w for w in self._idle if not w.alive]:
            self._idle.remove(worker)
            worker.dispose()
        if self._idle:
            worker = next((w for w in reversed(self._idle) if w.ready), self._idle[-1])
            self._idle.remove(worker)
            return worker
        return self._start() if len(self._busy) < self._size else None

    def _start(self) -> WorkerProcess:
        try:
            if self._folder is None:
                self._folder = scratch_folder()
            return WorkerProcess(self._folder, self._modules)
        except OSError as error:
            if self._folder is None:
                raise StorageError(
                    f"no temporary folder can be made: {error.strerror or error}.",
                    "Free some space, or name another folder in TMPDIR.",
                ) from error
            raise ToolCrashedError(
                f"a worker process cannot be started: {error.strerror or error}.",
                "Close other programs, then try again.",
            ) from error

    def _release(self, worker: WorkerProcess) -> None:
        grown = resident_bytes(worker.pid) > RETIRE_ABOVE_MEGABYTES * MEGABYTE
        if grown or self._closed or not worker.alive:
            self._discard(worker)
            return
        with self._condition:
            self._busy.discard(worker)
            self._idle.append(worker)
            self._condition.notify()

    def _discard(self, worker: WorkerProcess) -> int | None:
        status = worker.dispose()
        with self._condition:
            self._busy.discard(worker)
            self._condition.notify()
        return status

    def _stopped(
        self, stop: StoppedError, job: Job, worker: WorkerProcess, status: int | None
    ) -> LabhandError:
        if self._closed or stop.reason == "cancelled":
            return _cancelled(job)
        if not worker.ready:
            # What was to be imported ahead may be the cause.
            self._modules = ()
            return ToolCrashedError(
                f"the worker process for {job.tool} did not start.",
                "Try again; if it stays so, 'labhand doctor' says what is missing.",
                tool=job.tool,
                engine_message=worker.log,
            )
        if stop.reason == "timeout":
            return ToolTimeoutError(
                f"{job.tool} was stopped at its time limit of {job.seconds:g} s.",
                "Try a smaller input or a cheaper method.",
                tool=job.tool,
                seconds=job.seconds,
                engine_message=worker.log,
            )
        if stop.reason == "memory":
            return memory_error(job.tool, job.megabytes, engine_message=worker.log)
        if stop.reason == "protocol":
            return ToolFailedError(
                f"{job.tool} gave a result that cannot be read.",
                "Reach the answer with another tool.",
                tool=job.tool,
                engine_message=worker.log,
            )
        return _crashed(job, worker.log, status)


def _cancelled(job: Job) -> ToolCancelledError:
    return ToolCancelledError(
        f"{job.tool} was interrupted before it had a result.",
        "Call it again if the result is still wanted.",
        tool=job.tool,
    )


def _crashed(job: Job, log: str, status: int | None) -> LabhandError:
    if any(words in log for words in _OUT_OF_MEMORY):
        return memory_error(job.tool, job.megabytes, engine_message=log)
    if status is not None and status < 0:
        try:
            how = signal.Signals(-status).name
        except ValueError:
            how = f"signal {-status}"
    else:
        how = f"exit status {status}"
    return ToolCrashedError(
        f"{job.tool} crashed: the engine ended its process ({how}).",
        "Try another input, or reach the answer with another tool.",
        tool=job.tool,
        signal=how,
        engine_message=log,
    )


def _with_log(error: LabhandError, log: str) -> LabhandError:
    if log:
        error.data = {**error.data, "engine_log": log}
    return error


_pools: weakref.WeakSet[WorkerPool] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for pool in list(_pools):
        pool.close()
