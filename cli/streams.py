"""Standard input, output and error: open, and able to take every text."""

from __future__ import annotations

import contextlib
import io
import os
import sys


def prepare_streams(*, as_json: bool) -> None:
    """Let nothing that is printed fail for its characters, or for a stream that is closed.

    JSON goes out as UTF-8 whatever the locale says (RFC 8259); half a surrogate pair, which
    UTF-8 cannot carry, goes out as JSON's own escape. Elsewhere a sign that the terminal
    cannot show is a question mark.
    """
    _reopen_closed()
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue  # somebody's own
        if as_json and stream is sys.stdout:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            stream.reconfigure(errors="replace")


def _reopen_closed() -> None:
    """Whoever starts us with closed streams (``<&-``) gets empty ones.

    The numbers 0 to 2 must be taken, or the pipe of a worker process would get one of them.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - until the program ends


def drop_output() -> None:
    """Nobody takes what is still to be written: Python must not complain when it ends."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - until the program ends
