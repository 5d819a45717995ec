"""Markdown printed block by block: each one once, when it is complete.

Markdown has rules that ruin chemistry: ``C[C@H](N)C(=O)O`` reads as a link, ``\\[`` as an
escaped bracket and ``[*]CC[*]`` as emphasis. Links, images, HTML, escapes and entities are
therefore not rules here (which also keeps remote content out), and a ``*`` inside a SMILES
is protected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markdown import Heading, Markdown, TableElement
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from .sanitise import clean

_RULES_OFF = ["link", "image", "autolink", "html_inline", "html_block", "reference", "escape"]
_STAR = "\ue000"
_BRACKETED_STAR = re.compile(r"\[\d*\*[^\]\s]*\]")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def protect_stars(markup: str) -> str:
    """Replace each ``*`` of a bracket atom by a private sign that is no markup."""
    return _BRACKETED_STAR.sub(lambda m: m[0].replace("*", _STAR), markup)


def _restore(tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type == "softbreak":  # a line end that was written is meant
            token.type = "hardbreak"
        token.content = token.content.replace(_STAR, "*")
        _restore(token.children or ())


class _Table(TableElement):
    """Rich's table, whose long cells (SMILES) fold instead of being cut."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in super().__rich_console__(console, options):
            if isinstance(part, Table):
                for column in part.columns:
                    column.overflow = "fold"
            yield part


class _Heading(Heading):
    """A heading where reading begins: on the left, bold, in no box."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.text.plain, style="bold underline" if self.tag == "h1" else "bold")


class ChemistryMarkdown(Markdown):
    """Markdown as ``rich`` prints it, without the rules that ruin SMILES."""

    elements = {**Markdown.elements, "table_open": _Table, "heading_open": _Heading}  # noqa: RUF012 - as in rich

    def __init__(self, markup: str) -> None:
        # "default", because "left" fills every line with blanks up to the margin.
        super().__init__("", justify="default", hyperlinks=False)
        parser = MarkdownIt().enable("strikethrough").enable("table").disable(_RULES_OFF)
        parser.disable("entity")
        self.markup = markup
        self.parsed = parser.parse(protect_stars(markup))
        _restore(self.parsed)


def complete_blocks(text: str) -> tuple[list[str], str]:
    """Split a text that is still growing into complete blocks and the rest.

    A block ends at an empty line outside of a code fence.

    >>> from labhand.agents.repl.blocks import complete_blocks
    >>> complete_blocks("one\\n\\n```\\na\\n\\nb\\n```\\n\\ntw")
    (['one', '```\\na\\n\\nb\\n```'], 'tw')
    """
    blocks: list[str] = []
    start = position = 0
    fence = ""
    for line in text.splitlines(keepends=True):
        position += len(line)
        if mark := _FENCE.match(line):
            fence = "" if fence == mark[1] else (fence or mark[1])
        if not fence and line.endswith("\n") and not line.strip():
            if block := text[start:position].strip("\n"):
                blocks.append(block)
            start = position
    return blocks, text[start:]


class BlockPrinter:
    """Prints an answer as it comes, and in the end what is still missing of it.

    Attributes:
        shown: the text that was printed so far.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rest = ""
        self.shown = ""

    def feed(self, text: str) -> None:
        """Take a piece of text; print the blocks that it completes."""
        blocks, self._rest = complete_blocks(self._rest + clean(text))
        for block in blocks:
            self._print(block)

    def flush(self) -> None:
        """Print what is left: the model has stopped writing."""
        rest, self._rest = self._rest, ""
        if rest.strip():
            self._print(rest.strip("\n"))

    def restart(self) -> None:
        """What was printed was not the answer (a remark before a tool call)."""
        self.flush()
        self.shown = ""

    def finish(self, answer: str) -> None:
        """Print what of the final answer was not shown; all of it if it was revised."""
        answer = clean(answer).strip()
        missing = _missing(answer, self.shown + self._rest)
        if missing is None:
            self._rest = ""
            if self.shown:
                self._console.print("[dim]The answer was revised:[/]")
            missing = answer
        else:
            missing = _missing(answer, self.shown) or ""
        self._rest = ""
        for block in _all_blocks(missing):
            self._print(block)

    def _print(self, block: str) -> None:
        print_markdown(self._console, block)
        self.shown += block + "\n\n"


def print_markdown(console: Console, markup: str) -> None:
    """Print Markdown and one empty line, whatever margins its parts would have."""
    if print_trimmed(console, ChemistryMarkdown(markup)):
        console.print()


def print_trimmed(console: Console, renderable: RenderableType) -> bool:
    """Print without empty lines around it and blanks at the ends of lines; True if any."""
    lines = [_trimmed(line) for line in console.render_lines(renderable, pad=False)]
    filled = [number for number, line in enumerate(lines) if line]
    if not filled:
        return False
    for line in lines[filled[0] : filled[-1] + 1]:
        console.print(Segments([*line, Segment.line()]), end="")
    return True


def _trimmed(line: list[Segment]) -> list[Segment]:
    kept = list(line)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[-1] = Segment(kept[-1].text.rstrip(), kept[-1].style)
    return kept


def _all_blocks(text: str) -> Iterator[str]:
    blocks, rest = complete_blocks(text)
    yield from blocks
    if rest.strip():
        yield rest.strip("\n")


def _missing(answer: str, shown: str) -> str | None:
    """What follows the shown text in the answer, blanks aside; ``None`` if it is no beginning."""
    position = 0
    for sign in shown:
        if sign.isspace():
            continue
        while position < len(answer) and answer[position].isspace():
            position += 1
        if position >= len(answer) or answer[position] != sign:
            return None
        position += 1
    return answer[position:].lstrip("\n")
