"""``labhand chat``: the conversation in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..agents.repl.protocol import Approver, Conversation, Surroundings
    from .workbench import Workbench


def chat(
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model that answers.", metavar="NAME")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option("--strategy", "-s", help="The prompting strategy.", metavar="NAME")
    ] = None,
    go_on: Annotated[
        bool, typer.Option("--continue", "-c", help="Go on with the latest session.")
    ] = False,
    resume: Annotated[
        str | None, typer.Option("--resume", "-r", help="Go on with this session.", metavar="ID")
    ] = None,
) -> int:
    """Hold a conversation."""
    from ..agents.repl.chat import converse, make_console
    from ..agents.sessions import latest
    from ..tools.contract.errors import UsageError
    from .workbench import Workbench, prepare

    if go_on and resume:
        raise UsageError("--continue and --resume exclude each other.", "Give one of them.")
    loaded = prepare({"model": model, "strategy": strategy})
    if go_on:
        resume = latest(loaded.settings.home)
    with Workbench(loaded) as bench:
        console = make_console(loaded.settings.color)
        for notice in loaded.notices:
            console.print(f"[yellow]{notice}[/]")
        return converse(surroundings(bench), resume=resume, console=console)


def surroundings(bench: Workbench) -> Surroundings:
    """What the conversation may reach beside its session."""
    from ..agents.repl.protocol import Surroundings
    from ..agents.sessions import export_session, list_sessions

    home = bench.settings.home

    def open_session(resume: str | None, approve: Approver) -> Conversation:
        return bench.session(resume=resume, approve=approve)

    def export(identifier: str, form: str) -> str:
        return export_session(home, identifier, "json" if form == "json" else "markdown")

    def models() -> list:
        import os

        from ..local_models.names import describe_models

        return describe_models(os.environ)

    return Surroundings(
        home=home,
        open_session=open_session,
        list_sessions=lambda: list_sessions(home),
        export=export,
        models=models,
        tools=lambda: [(t.domain, t.name, t.summary) for t in by_domain(bench)],
        approvals=bench.settings.approvals,
    )


def by_domain(bench: Workbench) -> list:
    """The tools, those of a domain together."""
    return sorted(bench.registry, key=lambda t: (t.domain, t.name))
