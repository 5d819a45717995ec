"""What a person sees of a turn: every event of the stream, printed once."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from ...tools.contract import LabhandError
from ..events import (
    ApprovalNeeded,
    BudgetHit,
    Event,
    ModelFinished,
    Notice,
    Progress,
    Token,
    ToolFailed,
    ToolFinished,
    ToolStarted,
    TurnFinished,
)
from ..reply import Reply
from .blocks import BlockPrinter
from .evidence_table import DRAWING, duration, failure_panel, print_drawings, tool_panel
from .protocol import LedgerView
from .sanitise import clean, one_line


@dataclass(slots=True)
class Status:
    """What is going on right now, for the status line; written by the turn's view."""

    doing: str = ""
    since: float = 0.0

    def begin(self, doing: str) -> None:
        """Something has begun."""
        self.doing, self.since = doing, time.monotonic()

    def end(self) -> None:
        """Nothing is going on."""
        self.doing = ""

    def text(self) -> str:
        """What is going on and for how long, or nothing."""
        if not self.doing:
            return ""
        return f"{self.doing} {duration(max(time.monotonic() - self.since, 0.0))}"


class TurnView:
    """Prints one turn.

    Attributes:
        reply: the reply, once the turn is over.
    """

    def __init__(self, console: Console, ledger: LedgerView, status: Status) -> None:
        self._console, self._ledger, self._status = console, ledger, status
        self._answer = BlockPrinter(console)
        self._started: dict[str, ToolStarted] = {}
        self._warned: set[str] = set()
        self.reply: Reply | None = None
        status.begin("thinking")

    def show(self, event: Event) -> None:
        """Print what this event means for a person (many mean nothing)."""
        if isinstance(event, Token):
            self._answer.feed(event.text)
        elif isinstance(event, ModelFinished):
            self._model_finished(event)
        elif isinstance(event, ToolStarted):
            self._started[event.call_id] = event
            self._status.begin(one_line(event.tool, 40))
        elif isinstance(event, Progress):
            share = f" {event.fraction:.0%}" if event.fraction is not None else ""
            self._status.doing = one_line(event.text, 50) + share
        elif isinstance(event, ToolFinished):
            self._tool_finished(event)
        elif isinstance(event, ToolFailed):
            self._tool_failed(event)
        elif isinstance(event, ApprovalNeeded):
            self._approval(event)
        elif isinstance(event, BudgetHit):
            self._line(f"The limit of {event.maximum:g} {event.limit} was reached.", "yellow")
        elif isinstance(event, Notice):
            self._notice(event)
        elif isinstance(event, TurnFinished):
            self._turn_finished(Reply.model_validate(event.reply))

    def _line(self, text: str, style: str) -> None:
        self._console.print(Text(one_line(text, 600), style=style))

    def _model_finished(self, event: ModelFinished) -> None:
        if event.message.get("tool_calls"):
            self._answer.restart()
        else:
            self._answer.flush()

    def _tool_finished(self, event: ToolFinished) -> None:
        self._status.begin("thinking")
        try:
            observation = self._ledger.get(event.observation)
        except LabhandError as error:
            self._line(f"{event.tool}: {error}", "red")
            return
        fresh = [w for w in observation.warnings if w not in self._warned]
        self._warned.update(fresh)
        self._console.print(tool_panel(observation, event.seconds, event.cached, fresh))

    def _tool_failed(self, event: ToolFailed) -> None:
        self._status.begin("thinking")
        started = self._started.get(event.call_id)
        arguments = started.arguments if started else {}
        self._console.print(failure_panel(event.tool, arguments, event.error, event.message))

    def _approval(self, event: ApprovalNeeded) -> None:
        if event.granted is None:
            self._status.begin("waiting for your yes")
        elif event.granted:
            self._status.begin(event.tool)
        else:
            self._line(f"{event.tool} was not run: nobody agreed to it.", "yellow")

    def _notice(self, event: Notice) -> None:
        if event.kind == "ungrounded":
            self._answer.restart()
            self._line("Statements without evidence; the model is asked again.", "dim")
        elif event.kind == "repair":
            self._line("A malformed reply of the model; it is asked again.", "dim")
        elif event.kind == "crash":
            # The reply says it in a sentence, and the log has the traceback.
            if os.environ.get("LABHAND_DEBUG"):
                self._console.print(Text(clean(event.text), style="dim"))
        else:
            self._line(event.text, "dim")

    def _turn_finished(self, reply: Reply) -> None:
        self._status.end()
        self.reply = reply
        self._answer.finish(reply.answer)
        shown = {q.evidence for q in reply.quantities if q.property == DRAWING}
        for observation in reply.observations:
            if observation.id not in shown:  # the answer itself did not draw it
                print_drawings(self._console, observation)
        if reply.reason and reply.reason.strip() not in reply.answer:
            self._line(reply.reason, "red" if reply.status == "failed" else "yellow")
        tokens = reply.usage.input_tokens + reply.usage.output_tokens
        parts = [duration(reply.seconds)]
        parts += [f"{tokens:,} tokens"] if tokens else []
        parts += [f"${reply.usage.cost_usd:.4f}"] if reply.usage.cost_usd is not None else []
        parts += [reply.status] if reply.status != "answered" else []
        self._line(" · ".join(parts), "dim")
        self._console.print()
