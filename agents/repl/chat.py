"""Open the conversation: choose the loop that this terminal can carry, greet, say goodbye."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from ..events import ApprovalNeeded
from .commands import offer_unfinished
from .loop import Repl
from .plain import PlainRepl
from .protocol import Surroundings
from .sanitise import one_line
from .state import State

EXAMPLES = (
    "molar mass of caffeine",
    "is ibuprofen drug-like, and what is its TPSA?",
    "boiling point of toluene in K",
)


class Approvals:
    """Passes a step that needs a yes to whoever asks; a no while nobody does."""

    def __init__(self) -> None:
        self.ask: Callable[[ApprovalNeeded], bool] | None = None

    def __call__(self, event: ApprovalNeeded) -> bool:
        """True if the step may be taken."""
        return self.ask is not None and self.ask(event)


def is_dumb() -> bool:
    """True if this is no terminal that prompt_toolkit can work with."""
    tty = sys.stdin.isatty() and sys.stdout.isatty()
    return not tty or os.environ.get("TERM", "") in ("", "dumb", "unknown")


class _Console(Console):
    """A console that leaves a closed pipe to the caller, where rich would end the program."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def make_console(color: str = "auto") -> Console:
    """A console on standard output; ``NO_COLOR`` and ``color="never"`` leave colours out."""
    no_color = color == "never" or bool(os.environ.get("NO_COLOR"))
    if color == "always" and not no_color:
        return _Console(force_terminal=True, highlight=False)
    tty = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    # Above an open prompt standard output is a proxy, so what it is must be told here.
    return _Console(force_terminal=tty or None, no_color=no_color or None, highlight=False)


def converse(
    house: Surroundings, *, resume: str | None = None, console: Console | None = None
) -> int:
    """Hold the conversation until the person leaves; returns the exit code.

    Raises:
        LabhandError: the session cannot be opened.
    """
    console = console or make_console()
    approvals = Approvals()
    first_time = not (house.home / "history").exists()
    session = house.open_session(resume, approvals)
    state = State(console, house, session, approvals, approvals=house.approvals)
    try:
        if is_dumb():
            _plain(state, approvals, first_time)
        else:
            _full(state, approvals, first_time)
    finally:
        hint = state.session.id if state.session.turns() or state.session.unfinished() else ""
        state.session.close()
    if hint:
        console.print(Text(f"Go on later with: labhand chat --resume {hint}", style="dim"))
    return 0


def _plain(state: State, approvals: Approvals, first_time: bool) -> None:
    people = sys.stdin.isatty()
    plain = PlainRepl(state, input if people else _silent_input, asks=people)
    approvals.ask = plain.approve
    if people:
        greet(state, first_time)
    offer_unfinished(state)
    plain.run()


def _silent_input(_prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _full(state: State, approvals: Approvals, first_time: bool) -> None:
    from prompt_toolkit.patch_stdout import patch_stdout

    repl = Repl(state)
    approvals.ask = repl.approve
    greet(state, first_time)
    offer_unfinished(state)

    async def hold() -> None:
        with patch_stdout(raw=True):
            await repl.run()

    asyncio.run(hold())


def greet(state: State, first_time: bool) -> None:
    """Who is there and what one may ask; longer the first time."""
    console, session = state.console, state.session
    console.print(f"[bold]labhand[/] · model [bold]{one_line(session.model_name, 60)}[/]")
    if first_time:
        console.print(
            "I answer questions of chemistry with real engines and show the evidence for every\n"
            "number. Ask in your own words, for example:"
        )
        for example in EXAMPLES:
            console.print(Text(f"  {example}", style="cyan"))
    console.print("[dim]/help lists the commands · Ctrl-C interrupts · Ctrl-D leaves[/]")
    console.print()
