"""Files that go with a message: ``@file`` in it names them."""

from __future__ import annotations

import re
from pathlib import Path

from ..attachments import expanded, read_attachment

_MENTION = re.compile(r'(?<!\S)@(?:"([^"\n]+)"|(\S+))')


def split_attachments(text: str) -> tuple[str, list[Path]]:
    """Take ``@file`` and ``@"a file"`` out of a message; the file's name stays in the text.

    A word such as ``@home`` that names no file and does not look like a path is left alone.

    Raises:
        UsageError: what looks like a path names no text file.
    """
    found: list[Path] = []

    def replace(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        path = expanded(Path(name))
        looks_like_path = match[1] is not None or "/" in name or "." in name.strip(".")
        if not looks_like_path and not path.is_file():
            return match[0]
        read_attachment(path)
        found.append(path.resolve())
        return path.name

    return _MENTION.sub(replace, text), found
