"""Files that a person attaches to a question: text only, fenced as data."""

from __future__ import annotations

from pathlib import Path

from ..tools.contract.errors import UsageError
from .projection import fence

MAXIMUM_BYTES = 200_000


def read_attachment(path: Path) -> str:
    """The text of a file, fenced and named.

    Raises:
        UsageError: the file is missing, too large, or not text.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAXIMUM_BYTES else b""
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}.",
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
