"""The frames between the program and a worker: a length, then that many bytes of JSON.

::

    program → worker   {"frame": "init", "path": […], "modules": […]}
                       {"frame": "call", "tool": …, "location": "module:function",
                        "source": path or null, "arguments": {…}, "megabytes": 2048}
    worker → program   {"frame": "ready", "notes": […]}
                       {"frame": "started"}
                       {"frame": "progress", "text": …, "fraction": 0.5}
                       {"frame": "finding", "record": {…}, "seconds": 0.01}
                       {"frame": "error", "record": {…}}

The length is four bytes, big-endian. The pipes are file descriptors of their own, so
that engines may print to standard output as they like.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from typing import Any

_HEADER = struct.Struct(">I")
#: A result longer than this is a mistake of the tool, not a result (512 MiB).
MAXIMUM_BYTES = 512 * 1024 * 1024


class ProtocolError(Exception):
    """What came through the pipe is not a frame."""


def encode(frame: Mapping[str, Any]) -> bytes:
    """One frame as bytes. Values that JSON does not know are written as their ``str``.

    Raises:
        ProtocolError: the frame is longer than ``MAXIMUM_BYTES``.
    """
    body = json.dumps(frame, default=str, separators=(",", ":")).encode()
    if len(body) > MAXIMUM_BYTES:
        raise ProtocolError(f"a frame of {len(body)} bytes")
    return _HEADER.pack(len(body)) + body


class FrameReader:
    """Puts frames together from bytes as they arrive, in pieces of any size."""

    def __init__(self, maximum: int = MAXIMUM_BYTES) -> None:
        self._buffer = bytearray()
        self._maximum = maximum

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """The frames that these bytes complete.

        Raises:
            ProtocolError: the bytes are not frames.
        """
        self._buffer += data
        frames: list[dict[str, Any]] = []
        while len(self._buffer) >= _HEADER.size:
            (length,) = _HEADER.unpack_from(self._buffer)
            if length > self._maximum:
                raise ProtocolError(f"a frame of {length} bytes")
            end = _HEADER.size + length
            if len(self._buffer) < end:
                break
            body = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            frames.append(_decode(body))
        return frames


def _decode(body: bytes) -> dict[str, Any]:
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"a frame that is not JSON: {error}") from error
    if not isinstance(frame, dict):
        raise ProtocolError("a frame that is not an object")
    return frame


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte, however small the pipe is."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
