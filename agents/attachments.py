"""Files that a person attaches to a question: text only, fenced as data."""

from __future__ import annotations

import stat
from pathlib import Path

from ..tools.contract.errors import UsageError
from .projection import fence

MAXIMUM_BYTES = 200_000


def expanded(path: Path) -> Path:
    """The path with ``~`` replaced; as it is where there is no such home."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def read_attachment(path: Path) -> str:
    """The text of a file, fenced and named.

    Raises:
        UsageError: the file is missing, too large, or not text.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # A pipe or a device may never end.
            what = "Is a directory" if stat.S_ISDIR(status.st_mode) else "it is no regular file"
            raise OSError(0, what)
        size = status.st_size
        with path.open("rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
        size = max(size, len(content))  # /proc says 0, and a file may grow
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            "Check the path.",
            path=str(path),
        ) from error
    if size > MAXIMUM_BYTES:
        raise UsageError(
            f"{path} has {size:,} bytes; at most {MAXIMUM_BYTES:,} can be attached.",
            "Attach the part that matters.",
            path=str(path),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(
            f"{path} is not a text file.",
            "Attach plain text (UTF-8), such as .txt, .csv, .smi, .cif or .md.",
            path=str(path),
        )
    return fence(text, path.name)
