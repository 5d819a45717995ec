"""Text that can be written: without halves of surrogate pairs.

A command line, a file name or the JSON of a server can hold code points that are no
characters (``\\ud800``). UTF-8 cannot carry them, so that no log, file or terminal
would take the text.
"""

from __future__ import annotations

from typing import Any


def is_well_formed(text: str) -> bool:
    """True if the text can be written as UTF-8."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def well_formed(value: Any) -> Any:
    """The same text, list or mapping, with ``�`` where a code point is no character.

    >>> from labhand.agents.wellformed import well_formed
    >>> well_formed({"a": ["x\\ud800"]}) == {"a": ["x\\ufffd"]}
    True
    """
    if isinstance(value, str):
        if is_well_formed(value):
            return value
        return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in value)
    if isinstance(value, dict):
        return {well_formed(key): well_formed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [well_formed(item) for item in value]
    return value
