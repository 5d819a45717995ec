"""Forbid every connection that leaves this machine, for tests.

::

    with no_network():
        session.ask("molar mass of caffeine")     # raises if anything is fetched

It listens to Python's audit events, so it also sees sockets that C code opens through
Python's socket module, whatever class they are of. It does not see sockets that native
code opens by itself, nor other processes. The audit hook stays for the life of the
process once it was used (Python has no way to remove one), but does nothing when off.
"""

from __future__ import annotations

import contextlib
import ipaddress
import sys
import threading
from collections.abc import Iterator
from typing import Any

from ..tools.contract.errors import ProgrammerMustFix

_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RESOLVES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})

_lock = threading.Lock()
_depth = 0
_installed = False


class NetworkForbiddenError(ProgrammerMustFix):
    """Something tried to leave this machine while that was forbidden."""


def forbid_network() -> None:
    """Forbid it from now on, in every thread; each call needs its ``allow_network``."""
    global _depth, _installed
    with _lock:
        _depth += 1
        if not _installed:
            sys.addaudithook(_watch)
            _installed = True


def allow_network() -> None:
    """Take back one ``forbid_network``."""
    global _depth
    with _lock:
        _depth = max(0, _depth - 1)


@contextlib.contextmanager
def no_network() -> Iterator[None]:
    """Forbid it for the length of a ``with`` block.

    Raises:
        NetworkForbiddenError: inside the block, from what tried to connect or to look
            a name up.
    """
    forbid_network()
    try:
        yield
    finally:
        allow_network()


def is_local(address: Any) -> bool:
    """True for an address on this machine: a path, loopback, or no host at all."""
    if not isinstance(address, tuple):
        return True  # a Unix socket, or a datagram on a socket that was connected
    host = address[0] if address else ""
    return isinstance(host, str | bytes) and _local_host(host)


def _local_host(host: str | bytes | None) -> bool:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host or ""
    if text in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_number(host: Any) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _depth or not event.startswith("socket."):
        return
    if event in _CONNECTS:
        if not is_local(arguments[1]):
            raise _forbidden(f"a connection to {arguments[1][0]}")
    elif event in _RESOLVES:
        host = arguments[0]
        # Reading a numeric address asks nobody.
        if not _local_host(host) and not _is_number(host):
            raise _forbidden(f"looking up {host!r}")


def _forbidden(what: str) -> NetworkForbiddenError:
    return NetworkForbiddenError(
        f"{what} was tried while the network is forbidden.",
        "Use a double from labhand.testing, or a server on 127.0.0.1.",
    )
