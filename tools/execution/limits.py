"""Limits and measures of memory, by the means that the operating system has."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

MEGABYTE = 1024 * 1024
_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")


@contextlib.contextmanager
def data_limit(megabytes: int) -> Iterator[None]:
    """Let this process grow by so many MB of data; more is refused (``MemoryError``).

    RLIMIT_DATA counts the heap and private writable maps, but not address space that is
    only reserved, which RLIMIT_AS would count and which a JVM or CUDA reserves by the
    terabyte. Linux only; elsewhere it limits nothing.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _own_data_bytes() + megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (_at_most(wanted, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard < 0 else min(wanted, hard)


def _own_data_bytes() -> int:
    fields = (_PROC / "self" / "statm").read_text("ascii").split()
    return int(fields[5]) * os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and its descendants; 0 where it cannot be known."""
    total = 0
    waiting = [pid]
    while waiting:
        folder = _PROC / str(waiting.pop())
        try:
            total += int((folder / "statm").read_text("ascii").split()[1])
            for task in (folder / "task").iterdir():
                waiting += map(int, (task / "children").read_text("ascii").split())
        except (OSError, IndexError, ValueError):
            continue
    return total * os.sysconf("SC_PAGE_SIZE")


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, however it dies (Linux).

    The signal comes when the *thread* that started this process ends: see ``spawner.py``.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The parent may have died before the line above.
    if os.getppid() != parent:
        os._exit(1)


def no_core_dumps() -> None:
    """A crash of an engine is reported in a sentence, not in a file of gigabytes."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
