"""A reply as text: the answer, its evidence, its warnings."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..agents.repl.blocks import print_markdown, print_trimmed
from ..agents.repl.chat import make_console
from ..agents.repl.evidence_table import evidence_table, warnings_of
from ..agents.repl.sanitise import clean, one_line
from ..agents.reply import Reply

#: Width where there is no terminal to ask: long values are folded, never cut.
PIPE_WIDTH = 160


def console_for(color: str) -> Console:
    """A console on standard output; wide and plain where that is no terminal."""
    console = make_console(color)
    if not sys.stdout.isatty():
        console.width = PIPE_WIDTH
    return console


def print_reply(reply: Reply, color: str = "auto", *, heading: str = "") -> None:
    """Print the answer, then a row of evidence a value, then warnings."""
    console = console_for(color)
    if heading:
        console.print(Text(f"── {one_line(heading)} ──", style="bold"))
    if reply.answer and sys.stdout.isatty():
        print_markdown(console, clean(reply.answer))
    elif reply.answer:
        print(clean(reply.answer))
    if reply.status == "failed":
        sys.stdout.flush()
        print(f"labhand: {one_line(reply.reason or 'the turn failed.', 1000)}", file=sys.stderr)
    elif reply.reason and reply.reason.strip() not in reply.answer:
        console.print(Text(one_line(reply.reason, 1000), style="yellow"))
    table = evidence_table(reply)
    if table is not None:
        console.print()
        print_trimmed(console, table)
    for warning in warnings_of(reply):
        console.print(Text(f"! {warning}", style="yellow"))
    if heading:
        console.print()


def print_agreement(verdict: dict[str, Any], color: str = "auto") -> None:
    """Print what the models agree on, and where they do not."""
    console = console_for(color)
    if verdict["agree"] is None:
        console.print("No two models gave the same quantity; there is nothing to compare.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("", "property", "of", "values"):
        table.add_column(column, overflow="fold")
    for record in verdict["compared"]:
        values = "; ".join(f"{m}: {v}" for m, v in record["values"].items())
        mark, style = ("=", "green") if record["agree"] else ("≠", "red")
        unit = f" {record['unit']}" if record["unit"] else ""
        table.add_row(
            Text(mark, style=style), record["property"], record["entity"] or "", values + unit
        )
    console.print("[green]The models agree.[/]" if verdict["agree"] else "[red]They disagree.[/]")
    print_trimmed(console, table)
