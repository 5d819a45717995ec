"""A worker process: ``python -m labhand.tools.execution.worker REQUESTS RESPONSES PARENT``.

The main thread runs calls, one at a time; a second thread reads requests and ends the
process group when the pipe closes, which it does when the program is gone.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from ..contract import LabhandError, ToolSpec
from . import progress
from .calling import call_tool, find_tool, memory_error, tool_failed
from .limits import data_limit, die_with_parent, no_core_dumps
from .protocol import FrameReader, ProtocolError, encode, write_all
from .records import finding_to_dict


class Worker:
    """Reads requests from one file descriptor and answers on another."""

    def __init__(self, requests: int, responses: int) -> None:
        self._requests = requests
        self._responses = responses
        self._waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._tools: dict[tuple[str, str | None], ToolSpec] = {}

    def serve(self) -> None:
        """Answer until the program closes the pipe; never returns."""
        threading.Thread(target=self._read, daemon=True).start()
        progress.send_to(self._report)
        while True:
            request = self._waiting.get()
            if request["frame"] == "init":
                self._initialise(request)
            else:
                self._call(request)

    def _read(self) -> None:
        reader = FrameReader()
        while data := os.read(self._requests, 65536):
            for frame in reader.feed(data):
                self._waiting.put(frame)
        # Engines may have children of their own (Java): all of the group goes.
        os.killpg(0, signal.SIGKILL)

    def _send(self, frame: Mapping[str, Any]) -> None:
        data = encode(frame)
        with self._lock:
            write_all(self._responses, data)

    def _report(self, text: str, fraction: float | None) -> None:
        self._send({"frame": "progress", "text": text, "fraction": fraction})

    def _initialise(self, request: Mapping[str, Any]) -> None:
        sys.path += [p for p in request["path"] if p not in sys.path]
        notes: list[str] = []
        for name in request["modules"]:
            try:
                importlib.import_module(name)
            except Exception as error:  # warming up is a favour; the call will say it
                notes.append(f"{name}: {error}")
        self._send({"frame": "ready", "notes": notes})

    def _call(self, request: Mapping[str, Any]) -> None:
        self._send({"frame": "started"})
        try:
            answer = self._answer(request)
        except LabhandError as error:
            answer = {"frame": "error", "record": error.to_dict()}
        except Exception as error:
            failed = tool_failed(request["tool"], error)
            answer = {"frame": "error", "record": failed.to_dict()}
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        try:
            self._send(answer)
        except ProtocolError as error:
            too_long = tool_failed(request["tool"], ValueError(f"its result is {error}"))
            self._send({"frame": "error", "record": too_long.to_dict()})

    def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        key = (request["location"], request["source"])
        started = time.perf_counter()
        try:
            with data_limit(request["megabytes"]):
                if key not in self._tools:
                    self._tools[key] = find_tool(*key)
                spec = self._tools[key]
                finding = call_tool(spec, spec.validated(request["arguments"]))
                record = finding_to_dict(finding)
        except MemoryError:
            raise memory_error(request["tool"], request["megabytes"]) from None
        return {"frame": "finding", "record": record, "seconds": time.perf_counter() - started}


def main(arguments: list[str]) -> None:
    """Set the process up and serve."""
    requests, responses, parent = map(int, arguments)
    die_with_parent(parent)
    no_core_dumps()
    for descriptor in (requests, responses):
        os.set_inheritable(descriptor, False)
    # Engines print; whatever goes to standard output goes where errors go.
    os.dup2(2, 1)
    faulthandler.enable()
    Worker(requests, responses).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
