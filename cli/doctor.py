"""``labhand doctor``: what works here, what does not, and how to mend it."""

from __future__ import annotations

from typing import Annotated

import typer

from .report import ANSWERED, FAILED, print_json


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Check the installation; exit code 1 if something that is needed does not work."""
    import dataclasses

    from .checks import run_checks

    checks = run_checks()
    good = all(check.status != "fail" for check in checks)
    if as_json:
        print_json({"ok": good, "checks": [dataclasses.asdict(check) for check in checks]})
        return ANSWERED if good else FAILED
    from rich.table import Table
    from rich.text import Text

    from ..agents.repl.blocks import print_trimmed
    from .printing import console_for

    table = Table(box=None, pad_edge=False)
    for column in ("", "check", "", ""):
        table.add_column(column, overflow="fold")
    marks = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}
    for check in checks:
        mark, style = marks[check.status]
        table.add_row(
            Text(mark, style=style),
            check.name,
            Text(check.detail),
            Text(f"→ {check.remedy}" if check.remedy else "", style="dim"),
        )
    console = console_for("auto")
    print_trimmed(console, table)
    console.print("All that is needed works." if good else "Something that is needed fails.")
    return ANSWERED if good else FAILED
