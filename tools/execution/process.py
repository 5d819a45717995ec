"""One worker process as the program sees it: start, converse, kill."""

from __future__ import annotations

import collections
import contextlib
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from .environment import import_path, worker_environment
from .limits import MEGABYTE, resident_bytes
from .protocol import FrameReader, ProtocolError, encode, write_all
from .spawner import spawn
from .types import CancelToken, ProgressCallback

Reason = Literal["timeout", "cancelled", "memory", "died", "protocol"]
_TICK = 0.1
_LOG_BYTES = 64 * 1024
_FINAL = ("ready", "finding", "error")


class StoppedError(Exception):
    """A conversation ended without an answer; the worker must be thrown away."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class WorkerProcess:
    """A worker, used by one thread at a time; only cancelling comes from others.

    Args:
        folder: the working directory, where engines may leave their temporary files.
        modules: what to import while nobody is waiting yet.
    """

    def __init__(self, folder: Path, modules: Sequence[str] = ()) -> None:
        self.ready = False
        #: whether the worker has taken the latest call up
        self.started = False
        self.modules = tuple(modules)
        self._reader = FrameReader()
        self._frames: collections.deque[dict[str, Any]] = collections.deque()
        self._log = bytearray()
        self._lock = threading.RLock()
        self._ticket: object | None = None
        self._doomed = False
        self._start(folder)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._responses, selectors.EVENT_READ)
        self._selector.register(self._errors, selectors.EVENT_READ)
        with contextlib.suppress(BrokenPipeError):  # noticed when the answer is awaited
            self._send({"frame": "init", "path": import_path(), "modules": list(modules)})

    def _start(self, folder: Path) -> None:
        requests, self._requests = os.pipe()
        self._responses, responses = os.pipe()
        self._errors, errors = os.pipe()
        theirs = (requests, responses, errors)
        arguments = map(str, (requests, responses, os.getpid()))
        try:
            self._process = spawn(
                # -P: the working directory must not shadow modules.
                [sys.executable, "-P", "-m", f"{__package__}.worker", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                cwd=folder,
                env=worker_environment(os.environ),
                pass_fds=(requests, responses),
                start_new_session=True,
            )
        except BaseException:
            for descriptor in (self._requests, self._responses, self._errors):
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        os.set_blocking(self._responses, False)
        os.set_blocking(self._errors, False)

    @property
    def pid(self) -> int:
        """The process id; also that of its process group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once the process has ended, or is being killed."""
        return not self._doomed and not self._ended()

    @property
    def log(self) -> str:
        """The last 64 KiB that the engines printed since the last request."""
        return self._log.decode("utf-8", "replace")

    def await_ready(self, seconds: float, cancel: CancelToken | None) -> None:
        """Wait until the worker can take a call.

        Raises:
            StoppedError: it ended, took too long, or was cancelled.
        """
        if not self.ready:
            with self._cancellable(cancel):
                self._await(time.monotonic() + seconds, None, cancel, None)
            self.ready = True

    def converse(
        self,
        request: Mapping[str, Any],
        *,
        seconds: float,
        megabytes: int,
        cancel: CancelToken | None,
        progress: ProgressCallback | None,
    ) -> dict[str, Any]:
        """Send a request and wait for its answer.

        Raises:
            StoppedError: there is no answer, for the reason it gives.
        """
        self._drain_log()
        self._log.clear()
        self.started = False
        ceiling = resident_bytes(self.pid) + megabytes * MEGABYTE
        with self._cancellable(cancel):
            deadline = time.monotonic() + seconds
            with contextlib.suppress(BrokenPipeError):
                self._send(request)
            return self._await(deadline, ceiling, cancel, progress)

    def kill(self) -> None:
        """Kill the process and its children, from any thread; ``dispose`` must follow."""
        with self._lock:
            # Once only: after the first time it is going to be reaped, and its id reused.
            if self._doomed:
                return
            self._doomed = True
            if self._process.returncode is not None:
                return
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def dispose(self) -> int | None:
        """Kill, reap and close; returns the exit status (negative: the signal).

        The status is that of the first cause: a process that had crashed before it was
        killed keeps its own.
        """
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5.0)
        self._drain_log()
        with self._lock:
            self._selector.close()
            for descriptor in (self._requests, self._responses, self._errors):
                with contextlib.suppress(OSError):
                    os.close(descriptor)
        return self._process.returncode

    @contextlib.contextmanager
    def _cancellable(self, cancel: CancelToken | None) -> Iterator[None]:
        if cancel is None:
            yield
            return
        ticket = object()
        with self._lock:
            self._ticket = ticket

        def kill_if_mine() -> None:
            # A late callback must not hit the call that this worker has gone on to.
            with self._lock:
                if self._ticket is ticket:
                    self.kill()

        forget = cancel.on_cancel(kill_if_mine)
        try:
            yield
        finally:
            forget()
            with self._lock:
                self._ticket = None

    def _send(self, frame: Mapping[str, Any]) -> None:
        write_all(self._requests, encode(frame))

    def _await(
        self,
        deadline: float,
        ceiling: int | None,
        cancel: CancelToken | None,
        progress: ProgressCallback | None,
    ) -> dict[str, Any]:
        measured = time.monotonic()
        while True:
            now = time.monotonic()
            if cancel is not None and cancel.cancelled:
                raise StoppedError("cancelled")
            if now >= deadline:
                raise StoppedError("timeout")
            closed = self._receive(min(_TICK, deadline - now))
            while self._frames:
                frame = self._frames.popleft()
                if frame["frame"] in _FINAL:
                    self._drain_log()
                    return frame
                if frame["frame"] == "started":
                    self.started = True
                elif progress is not None:
                    progress(frame["text"], frame["fraction"])
            if closed or self._ended():
                raise StoppedError("cancelled" if cancel and cancel.cancelled else "died")
            if ceiling is not None and now - measured >= _TICK:
                measured = now
                if resident_bytes(self.pid) > ceiling:
                    raise StoppedError("memory")

    def _receive(self, timeout: float) -> bool:
        """Take in what has come; True if the worker closed its end."""
        for key, _ in self._selector.select(timeout):
            if key.fd == self._errors:
                if not self._drain_log():
                    self._selector.unregister(self._errors)
                continue
            try:
                data = os.read(self._responses, 1 << 20)
                self._frames.extend(self._reader.feed(data))
            except ProtocolError as error:
                raise StoppedError("protocol") from error
            if not data:
                return True
        return False

    def _drain_log(self) -> bool:
        """Read what the engines have printed; False at the end of it."""
        with contextlib.suppress(BlockingIOError, OSError):
            # Bounded, so that an engine that never stops printing cannot hold the caller.
            for _ in range(64):
                data = os.read(self._errors, 65536)
                if not data:
                    return False
                self._log += data
                del self._log[:-_LOG_BYTES]
        return True

    def _ended(self) -> bool:
        if self._process.returncode is not None:
            return True
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self._process.poll() is not None
        try:
            # WNOWAIT leaves the process to be reaped: until then its id is not reused.
            flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
            return os.waitid(os.P_PID, self.pid, flags) is not None
        except ChildProcessError:
            return True
