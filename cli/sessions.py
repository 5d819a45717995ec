"""``labhand sessions``: earlier conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .report import ANSWERED, print_json

app = typer.Typer(
    help="List, show and export earlier sessions.", rich_markup_mode=None, no_args_is_help=True
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Identifier = Annotated[str, typer.Argument(help="The session, or how it begins.", metavar="ID")]


@app.command("list")
def list_all(as_json: Json = False) -> int:
    """List the sessions, the latest first."""
    import dataclasses

    from ..agents.sessions import list_sessions
    from .workbench import prepare

    settings = prepare().settings
    rows = list_sessions(settings.home)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows])
        return ANSWERED
    if not rows:
        print("There is no session yet. Begin one: labhand")
        return ANSWERED
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from ..agents.repl.blocks import print_trimmed
    from ..agents.repl.commands import when
    from ..agents.repl.sanitise import one_line
    from .printing import console_for

    table = Table("session", "begun", "turns", "kB", "model", "first question", box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(
            row.id,
            when(row.started),
            str(row.turns),
            f"{row.bytes / 1000:.0f}",
            one_line(row.model, 30),
            Text(one_line(row.problem or row.first_question, 80)),
        )
    print_trimmed(console_for(settings.color), table)
    return ANSWERED


@app.command("show")
def show(identifier: Identifier, as_json: Json = False) -> int:
    """Show a session: its questions, answers and evidence."""
    from ..agents.repl.sanitise import clean
    from ..agents.sessions import export_session
    from .workbench import prepare

    home = prepare().settings.home
    text = export_session(home, identifier, "json" if as_json else "markdown")
    print(text if as_json else clean(text), end="")
    return ANSWERED


@app.command("export")
def export(
    identifier: Identifier,
    form: Annotated[
        Literal["json", "markdown"], typer.Option("--format", help="What to write.")
    ] = "json",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to; else printed.", metavar="FILE")
    ] = None,
) -> int:
    """Write a whole session as JSON or Markdown."""
    from ..agents.attachments import expanded
    from ..agents.sessions import export_session
    from ..tools.contract.errors import StorageError
    from .workbench import prepare

    text = export_session(prepare().settings.home, identifier, form)
    if out is None:
        print(text, end="")
        return ANSWERED
    try:
        expanded(out).write_text(text, "utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"{out} cannot be written: {reason}.", "Name another file.") from error
    print(f"Written to {out}")
    return ANSWERED
