"""Starts worker processes from one thread that lives as long as the program.

Linux tells a child that its parent died when the *thread* that forked it ends. A worker
started from a short-lived thread (a web server's, an executor's) would be killed with it.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from concurrent.futures import Future
from typing import Any


class _Spawner:
    def __init__(self) -> None:
        self.process = os.getpid()
        self._orders: queue.SimpleQueue[tuple[Future[Any], list[str], dict[str, Any]]]
        self._orders = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="labhand-spawner", daemon=True).start()

    def _serve(self) -> None:
        while True:
            future, command, options = self._orders.get()
            try:
                future.set_result(subprocess.Popen(command, **options))
            except BaseException as error:
                future.set_exception(error)
            del future

    def start(self, command: list[str], options: dict[str, Any]) -> subprocess.Popen[bytes]:
        future: Future[subprocess.Popen[bytes]] = Future()
        self._orders.put((future, command, options))
        return future.result()


_spawner: _Spawner | None = None
_lock = threading.Lock()


def spawn(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """``subprocess.Popen`` from the spawner's thread; raises what ``Popen`` raises."""
    global _spawner
    with _lock:
        # Threads do not survive a fork of the program.
        if _spawner is None or _spawner.process != os.getpid():
            _spawner = _Spawner()
        spawner = _spawner
    return spawner.start(command, options)
