"""What the conversation in the terminal knows beside the session itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console

from ..events import ApprovalNeeded
from ..reply import Usage
from .protocol import ApprovalMode, Approver, Conversation, Surroundings
from .sanitise import one_line
from .view import Status


@dataclass(slots=True)
class State:
    """The state that commands read and change.

    Attributes:
        session: the open session; a command may replace it.
        approvals: what happens with a step that needs a yes.
        prefill: text to put into the next prompt (after ``/undo``).
        leaving: set when the conversation is to end.
        go_on: set when the turn that a crash cut off is to be finished.
    """

    console: Console
    house: Surroundings
    session: Conversation
    approve: Approver
    approvals: ApprovalMode = "ask"
    status: Status = field(default_factory=Status)
    prefill: str = ""
    leaving: bool = False
    go_on: bool = False
    running: bool = False
    queued: list[str] = field(default_factory=list)
    _usage: Usage | None = None

    def forget_usage(self) -> None:
        """Something was spent or another session opened: count anew at the next look."""
        self._usage = None

    def decided(self) -> bool | None:
        """The answer to a step that needs a yes, if it needs no asking."""
        return {"all": True, "never": False}.get(self.approvals)

    def status_line(self) -> str:
        """Model, session, tokens, cost, what is going on."""
        # Counting reads the whole log, and this line is drawn twice a second.
        usage = self._usage = self._usage or self.session.usage()
        tokens = usage.input_tokens + usage.output_tokens
        parts = [self.session.model_name, self.session.id]
        parts += [f"{tokens:,} tokens"] if tokens else []
        parts += [f"${usage.cost_usd:.4f}"] if usage.cost_usd is not None else []
        if self.running:
            parts.append(self.status.text() or "working")
            parts.append("Ctrl-C interrupts")
        if self.queued:
            parts.append(f"{len(self.queued)} queued")
        return " · ".join(parts)


def approval_question(event: ApprovalNeeded) -> str:
    """One line: what is about to be run, and why it asks."""
    arguments = ", ".join(f"{k}={v}" for k, v in event.arguments.items())
    return one_line(f"{event.tool}({arguments}) {event.reason}. Run it?", 300)
