"""Text that a model or a tool wrote, made harmless for a terminal.

An escape sequence in such a text could recolour the screen, set the window's title,
write to the clipboard or hide what was said. What is taken out: ANSI and C1 control
sequences with their parameters, all other control characters but line feed and tab, and
the signs that reverse the direction of text.
"""

from __future__ import annotations

import re

_SEQUENCES = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC: title, clipboard, links
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, screen
    r"|\x1b[ -/]*[0-~]?"  # any other escape
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def clean(text: str) -> str:
    """The text without anything that steers a terminal; line ends become ``\\n``.

    >>> from labhand.agents.repl.sanitise import clean
    >>> clean("a\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07b\\r\\nc")
    'ared b\\nc'
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _SEQUENCES.sub("", unified))


def one_line(text: str, most: int = 100) -> str:
    """The text on one line, cut to so many characters.

    >>> from labhand.agents.repl.sanitise import one_line
    >>> one_line("a\\n  b", 10), one_line("abcdefghij", 5)
    ('a b', 'abcd…')
    """
    flat = re.sub(r"\s+", " ", clean(text)).strip()
    return flat if len(flat) <= most else flat[: most - 1] + "…"
