"""The slash commands: one ordered table, from which help, menu and dispatch derive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...tools.contract import LabhandError, Observation
from ...tools.contract.errors import StorageError, UsageError
from ..attachments import expanded
from .blocks import print_trimmed
from .evidence_table import ledger_table, print_drawings, print_observation
from .sanitise import clean, one_line
from .state import State

Handler = Callable[[State, str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it is called, what it takes, what it does, and when."""

    name: str
    takes: str
    description: str
    during_task: bool
    run: Handler

    @property
    def usage(self) -> str:
        """As it is typed."""
        return f"/{self.name} {self.takes}".strip()


def run_command(state: State, line: str) -> None:
    """Run a line that begins with a slash; what is wrong with it is printed, never raised."""
    name, _, rest = line[1:].strip().partition(" ")
    command = find(name)
    try:
        if command is None:
            raise UsageError(f"There is no command /{name}.", "/help lists them.")
        if state.running and not command.during_task:
            raise UsageError(f"/{command.name} has to wait until the turn is over.")
        command.run(state, rest.strip())
    except Exception as error:
        # Whatever went wrong with a command, the conversation goes on.
        print_error(state.console, error)


def find(name: str) -> Command | None:
    """The command of this name, or the only one that begins so."""
    exact = [c for c in COMMANDS if c.name == name]
    fitting = exact or [c for c in COMMANDS if name and c.name.startswith(name)]
    return fitting[0] if len(fitting) == 1 else None


def print_error(console: Console, error: BaseException) -> None:
    """One sentence and the remedy, in red."""
    text = str(error) if isinstance(error, LabhandError) else f"{type(error).__name__}: {error}"
    console.print(Text(one_line(text, 600), style="red"))


def _grid(*headers: str) -> Table:
    table = Table(*headers, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    return table


def _help(state: State, _rest: str) -> None:
    table = Table.grid(padding=(0, 2))
    for command in COMMANDS:
        table.add_row(Text(command.usage, style="cyan"), command.description)
    print_trimmed(state.console, table)
    state.console.print(
        "[dim]@file attaches a text file · Alt-Enter or a trailing \\ begins a new line · "
        "Ctrl-C interrupts · Ctrl-R searches the history · Ctrl-D leaves[/]"
    )


def _tools(state: State, rest: str) -> None:
    table, seen = _grid("tool", "what it does"), ""
    rows = [r for r in state.house.tools() if not rest or rest in r[0] or rest in r[1]]
    if not rows:
        raise UsageError(f"No tool and no domain is called {rest!r}.", "/tools lists them.")
    for domain, name, summary in rows:
        if domain != seen:
            table.add_row(Text(domain, style="bold"), "")
            seen = domain
        table.add_row(Text(f"  {name}", style="cyan"), Text(one_line(summary, 300)))
    print_trimmed(state.console, table)


def _model(state: State, rest: str) -> None:
    if rest:
        state.session.switch_model(rest)
        state.console.print(f"The next turns are answered by {one_line(state.session.model_name)}.")
        return
    table = _grid("", "model", "")
    current = state.session.model_name
    for row in state.house.models():
        mark = "●" if row.available else "·"
        style = "" if row.available else "dim"
        table.add_row(mark, Text(row.name, style=style), Text(one_line(row.why, 200), style="dim"))
    state.console.print(f"Now: [bold]{one_line(current)}[/]. Switch with /model NAME.")
    print_trimmed(state.console, table)


def _cost(state: State, _rest: str) -> None:
    usage, turns = state.session.usage(), state.session.turns()
    money = f"${usage.cost_usd:.4f}" if usage.cost_usd is not None else "no price is known"
    seconds = sum(r.seconds for r in turns)
    tools = len(state.session.ledger.all())
    state.console.print(
        f"{len(turns)} turns · {usage.calls} model calls · {usage.input_tokens:,} tokens in · "
        f"{usage.output_tokens:,} out · {money} · {tools} observations · {seconds:.1f} s"
    )


def _evidence(state: State, rest: str) -> None:
    if rest:
        print_observation(state.console, state.session.ledger.get(rest.strip("[]{}")))
        return
    observations = list(state.session.ledger.all())
    if not observations:
        state.console.print("No tool has run in this session yet.")
        return
    print_trimmed(state.console, ledger_table(observations))


def _draw(state: State, rest: str) -> None:
    smiles = _structure(state, rest) if rest else _last_smiles(state)
    if not smiles:
        raise UsageError("There is no molecule to draw yet.", "Give a name or SMILES: /draw X")
    observation = state.session.call("depict_molecule", smiles=smiles)
    print_drawings(state.console, observation)
    state.console.print(Text(f"{clean(smiles)} [{observation.id}]", style="dim"))
    state.console.print()


def _structure(state: State, text: str) -> str:
    """The SMILES of the likeliest reading; which one it is, and that there are others, is said."""
    observation = state.session.call("resolve_compound", compound=text)
    readings = observation.named("smiles")
    said = [
        f"Reading: {q.conditions['reading']}" for q in readings[:1] if "reading" in q.conditions
    ]
    for line in (*said, *observation.warnings):
        state.console.print(Text(f"{one_line(line, 600)} [{observation.id}]", style="yellow"))
    return str(readings[0].value) if readings else ""


def _last_smiles(state: State) -> str:
    observations: list[Observation] = list(state.session.ledger.all())
    for observation in reversed(observations):
        for quantity in observation.named("smiles"):
            return str(quantity.value)
        if smiles := observation.arguments.get("smiles"):
            return str(smiles)
    return ""


def _resume(state: State, rest: str) -> None:
    if not rest:
        table = _grid("session", "begun", "turns", "model", "first question")
        for row in list(state.house.list_sessions())[:15]:
            table.add_row(
                Text(row.id, style="cyan"),
                when(row.started),
                str(row.turns),
                one_line(row.model, 30),
                Text(one_line(row.first_question, 80)),
            )
        if not print_trimmed(state.console, table if table.row_count else ""):
            state.console.print("There is no earlier session.")
        state.console.print("[dim]/resume ID opens one[/]")
        return
    if rest == state.session.id:
        raise UsageError(f"The session {rest} is the one that is open.")
    opened = state.house.open_session(rest, state.approve)
    state.session.close()
    state.session = opened
    turns = opened.turns()
    state.console.print(f"Session {opened.id}, {len(turns)} turns, {one_line(opened.model_name)}.")
    if turns:
        state.console.print(Text(f"Last: {one_line(turns[-1].question, 200)}", style="dim"))
    offer_unfinished(state)


def offer_unfinished(state: State) -> None:
    """Say that a turn was cut off, and how to finish it."""
    question = state.session.unfinished()
    if question is not None:
        state.console.print(
            Text(
                f"A turn was cut off: “{one_line(question, 200)}”. /continue finishes it.", "yellow"
            )
        )


def _continue(state: State, _rest: str) -> None:
    if state.session.unfinished() is None:
        raise UsageError("No turn of this session was cut off.")
    state.go_on = True


def _export(state: State, rest: str) -> None:
    path = expanded(Path(rest)) if rest else state.session.folder / "transcript.md"
    form = "json" if path.suffix.lower() == ".json" else "markdown"
    text = state.house.export(state.session.id, form)
    try:
        path.write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        raise StorageError(f"{path} cannot be written ({error}).", "Name another file.") from error
    state.console.print(Text(f"Written to {path}"))


def _clear(state: State, _rest: str) -> None:
    state.session.clear()
    state.console.print("The conversation begins anew; the evidence is kept.")


def _undo(state: State, _rest: str) -> None:
    question = state.session.undo()
    if question is None:
        raise UsageError("There is no turn to take back.")
    state.prefill = clean(question)
    state.console.print(Text(f"Taken back: {one_line(question, 200)}"))


def _approvals(state: State, rest: str) -> None:
    if rest == "ask" or rest == "all" or rest == "never":
        state.approvals = rest
    elif rest:
        raise UsageError(f"{rest!r} is no way of approving.", "Say ask, all or never.")
    meaning = {
        "ask": "you are asked before a step that is dear or changes something",
        "all": "every step is taken without asking",
        "never": "a step that needs a yes is not taken",
    }
    state.console.print(f"[bold]{state.approvals}[/]: {meaning[state.approvals]}.")


def _quit(state: State, _rest: str) -> None:
    state.leaving = True


def when(started: datetime | float | str) -> str:
    """A time as ``2026-11-21 07:12``, in local time."""
    if isinstance(started, str):
        return started[:16].replace("T", " ")
    at = datetime.fromtimestamp(started) if isinstance(started, int | float) else started
    return at.strftime("%Y-%m-%d %H:%M")


COMMANDS: tuple[Command, ...] = (
    Command("help", "", "This list", True, _help),
    Command("tools", "[DOMAIN]", "What it can work with", True, _tools),
    Command("model", "[NAME]", "Show the models, or switch to one", False, _model),
    Command("cost", "", "What this session has used", True, _cost),
    Command("evidence", "[oN]", "The evidence, or all of one observation", True, _evidence),
    Command("draw", "[X]", "Draw a molecule (name, SMILES, or the last one)", False, _draw),
    Command("resume", "[ID]", "Earlier sessions, or go on with one", False, _resume),
    Command("continue", "", "Finish a turn that was cut off", False, _continue),
    Command("export", "[FILE]", "Write the session as Markdown or .json", True, _export),
    Command("undo", "", "Take back the last question", False, _undo),
    Command("clear", "", "Begin the conversation anew", False, _clear),
    Command("approvals", "[ask|all|never]", "What happens before a dear step", True, _approvals),
    Command("quit", "", "Leave (also Ctrl-D)", True, _quit),
)
