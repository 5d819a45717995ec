"""Turn a terminal's screen, colours included, into an SVG picture that fetches nothing.

tmux capture-pane -e -p -t chat | python docs/make_picture.py docs/terminal.svg
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text


def picture(screen: str, title: str = "labhand") -> str:
    """The SVG of a screen given as text with ANSI colours."""
    lines = screen.rstrip().splitlines()
    width = max((Text.from_ansi(line).cell_len for line in lines), default=80)
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True)
    drawn = console.export_svg(title=title)
    # rich links a web font; a picture of ours fetches nothing.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    return drawn.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(picture(sys.stdin.read()), "utf-8")
