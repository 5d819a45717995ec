"""Standard output and error take every text, whatever the terminal's encoding."""

from __future__ import annotations

import io
import sys


def prepare_streams(*, as_json: bool) -> None:
    """Let nothing that is printed fail for its characters.

    JSON goes out as UTF-8 whatever the locale says (RFC 8259); half a surrogate pair, which
    UTF-8 cannot carry, goes out as JSON's own escape. Elsewhere a sign that the terminal
    cannot show is a question mark.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue  # closed, or somebody's own
        if as_json and stream is sys.stdout:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            stream.reconfigure(errors="replace")
