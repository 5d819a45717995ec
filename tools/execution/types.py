"""What the agent sees of tool execution."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..contract import Observation

ProgressCallback = Callable[[str, float | None], None]


class CancelToken:
    """Set from any thread to stop what is running; workers in use are killed."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._callbacks: list[Callable[[], None]] = []
        # Reentrant: a signal handler may cancel while this very thread holds it.
        self._lock = threading.RLock()

    def cancel(self) -> None:
        """Ask everything that holds this token to stop, now."""
        with self._lock:
            self._event.set()
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    @property
    def cancelled(self) -> bool:
        """True once ``cancel`` was called."""
        return self._event.is_set()

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back on cancellation (at once if it has happened); returns an unregister."""
        with self._lock:
            self._callbacks.append(callback)
            fire = self._event.is_set()
        if fire:
            callback()

        def remove() -> None:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

        return remove


class ToolExecutor(Protocol):
    """Runs tools: checks arguments, caches pure calls, limits time and memory, and
    writes each observation to the ledger before returning it."""

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        call_id: str = "",
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Observation:
        """Run one call. Raises ``ModelMayRetry`` or ``ModelMustAdapt`` subclasses for
        what went wrong with the call, ``StorageError`` when the ledger cannot be written."""
        ...

    def close(self) -> None:
        """Stop the workers."""
        ...
