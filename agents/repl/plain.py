"""The conversation without a terminal's graces: ``TERM=dumb``, a pipe, an editor's shell.

The same commands and the same output, line by line; ``input()`` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...tools.contract import LabhandError
from ..events import ApprovalNeeded, Event
from .attachments import split_attachments
from .commands import print_error, run_command
from .state import State, approval_question
from .turn import Ask, Channel
from .view import TurnView


class PlainRepl:
    """The loop with a plain reader.

    Args:
        read: gives the next line for a prompt; raises ``EOFError`` at the end.
        asks: whether a person is there to say yes.
    """

    def __init__(self, state: State, read: Callable[[str], str] = input, asks: bool = True) -> None:
        self.state, self._read, self._asks = state, read, asks
        self._channel = Channel()

    def approve(self, event: ApprovalNeeded) -> bool:
        """Ask the person, if there is one; called in the turn's thread."""
        decided = self.state.decided()
        if decided is None and not self._asks:
            decided = False
        return self._channel.approve(event) if decided is None else decided

    def run(self) -> None:
        """Read lines until there are no more or the person leaves."""
        while not self.state.leaving:
            try:
                line = self._line("› " if self._asks else "").strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line.startswith("/"):
                self._command(line)
                if self.state.go_on:
                    self.state.go_on = False
                    self._turn(self.state.session.resume_turn)
            elif line:
                self._ask(line)

    def _command(self, line: str) -> None:
        try:
            run_command(self.state, line)
        except KeyboardInterrupt:
            self.state.console.print("[dim]interrupted[/]")

    def _line(self, prompt: str) -> str:
        """One message: a trailing backslash goes on in the next line."""
        lines = [self._read(prompt)]
        while lines[-1].endswith("\\"):
            lines[-1] = lines[-1][:-1]
            try:
                lines.append(self._read("  " if prompt else ""))
            except EOFError:
                break
        return "\n".join(lines)

    def _ask(self, line: str) -> None:
        try:
            question, files = split_attachments(line)
        except LabhandError as error:
            print_error(self.state.console, error)
            return
        session = self.state.session
        self._turn(lambda: session.stream(question, files))

    def _turn(self, stream: Callable[[], Iterator[Event]]) -> None:
        state = self.state
        view = TurnView(state.console, state.session.ledger, state.status)
        state.running = True
        try:
            for item in self._channel.follow(stream, state.session.interrupt):
                if isinstance(item, Ask):
                    self._decide(item)
                else:
                    view.show(item)
        except KeyboardInterrupt:
            state.console.print("[dim]interrupted[/]")
        except Exception as error:
            # As in the other loop: the conversation goes on.
            print_error(state.console, error)
        finally:
            state.running = False
            state.status.end()

    def _decide(self, ask: Ask) -> None:
        try:
            answer = self._read(f"{approval_question(ask.event)} [y/N] ")
        except (EOFError, KeyboardInterrupt):
            answer = ""
        ask.answer.set_result(answer.strip().lower() in ("y", "yes", "j", "ja"))
