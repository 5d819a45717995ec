"""Ask a session from the command line: Ctrl-C, approval, and a word on what is going on."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..agents.events import Notice, Progress, ToolStarted, TurnFinished
from ..agents.repl.sanitise import one_line
from ..agents.repl.state import approval_question
from ..agents.repl.turn import Ask, Channel
from ..agents.reply import Reply

if TYPE_CHECKING:
    from ..agents.context import Approver
    from ..agents.session import Session
    from .workbench import Workbench


class Asker:
    """Runs turns to their end.

    Args:
        quiet: standard output is for a program: nothing is asked, nothing is said.

    Attributes:
        interrupted: Ctrl-C was pressed; the last reply is what was done until then.
    """

    def __init__(self, bench: Workbench, *, quiet: bool) -> None:
        self._approvals = bench.settings.approvals
        self._tty = sys.stderr.isatty() and not quiet
        self._asks = self._tty and sys.stdin.isatty()
        self._channel = Channel()
        self.interrupted = False

    def approver(self) -> Approver | None:
        """Who says yes: everybody, the person, or nobody (``None``)."""
        if self._approvals == "all":
            return lambda _event: True
        return self._channel.approve if self._asks and self._approvals == "ask" else None

    def ask(self, session: Session, question: str, files: Sequence[Path]) -> Reply:
        """The reply; after Ctrl-C the partial one."""
        reply: Reply | None = None
        stream = lambda: session.stream(question, files)  # noqa: E731 - a thunk
        for event in self._channel.follow(stream, session.interrupt):
            if isinstance(event, Ask):
                self._decide(event)
            elif isinstance(event, TurnFinished):
                reply = Reply.model_validate(event.reply)
            elif isinstance(event, ToolStarted):
                self._say(f"{event.tool} …")
            elif isinstance(event, Progress):
                self._say(event.text)
            elif isinstance(event, Notice) and event.kind not in ("ungrounded", "repair"):
                self._say("")
                self._notice(event)
        self._say("")
        self.interrupted = self._channel.interrupted
        assert reply is not None, "a stream ends with TurnFinished"
        return reply

    def _notice(self, notice: Notice) -> None:
        if notice.kind != "crash":
            print(f"labhand: {one_line(notice.text, 400)}", file=sys.stderr)
        elif os.environ.get("LABHAND_DEBUG"):  # --debug
            print(notice.text, file=sys.stderr)

    def _say(self, text: str) -> None:
        """One changing line on a terminal's standard error; nothing elsewhere."""
        if self._tty:
            sys.stderr.write("\r\x1b[K" + one_line(text, 70))
            sys.stderr.flush()

    def _decide(self, ask: Ask) -> None:
        self._say("")
        sys.stderr.write(f"{approval_question(ask.event)} [y/N] ")
        sys.stderr.flush()
        answer = sys.stdin.readline().strip().lower()
        ask.answer.set_result(answer in ("y", "yes", "j", "ja"))
