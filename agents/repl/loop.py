"""The conversation: lines in, turns out, one after the other.

The prompt stays open while a turn runs in its thread, so that a message can be queued and
Ctrl-C is seen at once; what the turn prints goes above the prompt.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from prompt_toolkit import PromptSession
from rich.text import Text

from ...tools.contract import LabhandError
from ..events import ApprovalNeeded, Event
from .attachments import split_attachments
from .commands import print_error, run_command
from .prompt import make_prompt
from .state import State, approval_question
from .turn import Ask, Ended, Item, start_turn
from .view import TurnView

TWICE_SECONDS = 2.0


class Repl:
    """The loop with prompt_toolkit.

    Args:
        state: the session and what is around it; the session asks through ``approve``.
        terminal: ``input`` and ``output`` of prompt_toolkit, for tests.
    """

    def __init__(self, state: State, **terminal: object) -> None:
        self.state = state
        self._pending: Ask | None = None
        self._items: asyncio.Queue[Item] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn: asyncio.Task[None] | None = None
        self._armed = float("-inf")
        self._prompt: PromptSession[str] = make_prompt(
            state, self.interrupt, self._message, **terminal
        )

    def _message(self) -> str:
        return "yes or no? › " if self._pending else "› "

    # --- from other threads -----------------------------------------------------------

    def _deliver(self, item: Item) -> None:
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop is closed: nobody reads any more
            self._loop.call_soon_threadsafe(self._items.put_nowait, item)

    def approve(self, event: ApprovalNeeded) -> bool:
        """Ask the person at the prompt; called in the turn's thread."""
        decided = self.state.decided()
        if decided is not None:
            return decided
        ask = Ask(event)
        self._deliver(ask)
        return ask.answer.result()

    # --- the loop -----------------------------------------------------------------------

    async def run(self) -> None:
        """Read lines until the person leaves."""
        self._loop = asyncio.get_running_loop()
        while not self.state.leaving:
            default, self.state.prefill = self.state.prefill, ""
            try:
                line = await self._prompt.prompt_async(default=default)
            except EOFError:
                break
            except KeyboardInterrupt:
                if time.monotonic() - self._armed < TWICE_SECONDS:
                    break
                self._armed = time.monotonic()
                self.state.console.print("[dim]Ctrl-C again leaves[/]")
                continue
            await self._take(line.strip())
        await self._stop()

    async def _take(self, line: str) -> None:
        if self._pending is not None:
            self._answer(line.lower() in ("y", "yes", "j", "ja"))
        elif line.startswith("/"):
            await asyncio.to_thread(run_command, self.state, line)
            self.state.forget_usage()
            if self.state.go_on:
                self.state.go_on = False
                self._start(self.state.session.resume_turn)
        elif line and self.state.running:
            self.state.queued.append(line)
            self.state.console.print("[dim]Queued: it is asked when this turn is over.[/]")
        elif line:
            self._ask(line)

    def _ask(self, line: str) -> None:
        try:
            question, files = split_attachments(line)
        except LabhandError as error:
            print_error(self.state.console, error)
            return
        session = self.state.session
        self._start(lambda: session.stream(question, files))

    def _start(self, stream: Callable[[], Iterator[Event]]) -> None:
        self.state.running = True
        self._turn = asyncio.ensure_future(self._follow(stream))

    async def _follow(self, stream: Callable[[], Iterator[Event]]) -> None:
        state = self.state
        view = TurnView(state.console, state.session.ledger, state.status)
        start_turn(stream, self._deliver)
        while not isinstance(item := await self._items.get(), Ended):
            try:
                self._put(item) if isinstance(item, Ask) else view.show(item)
            except Exception as error:
                # A fault of the display must end neither the turn nor the conversation.
                print_error(state.console, error)
        if item.error is not None:
            print_error(state.console, item.error)
        state.running = False
        state.status.end()
        state.forget_usage()
        if state.queued and not state.leaving:
            question = state.queued.pop(0)
            state.console.print(Text(f"› {question}", style="bold"))
            self._ask(question)

    # --- approval and interruption ----------------------------------------------------

    def _put(self, ask: Ask) -> None:
        self._pending = ask
        self.state.status.begin("waiting for your yes")
        self.state.console.print(Text(approval_question(ask.event), style="yellow"))

    def _answer(self, granted: bool) -> None:
        ask, self._pending = self._pending, None
        if ask is not None and not ask.answer.done():
            ask.answer.set_result(granted)

    def interrupt(self) -> None:
        """End the running turn with what it has; a waiting step is not taken."""
        if self.state.running:
            self.state.status.begin("stopping")
            self.state.session.interrupt()
            self._answer(False)

    async def _stop(self) -> None:
        self.state.leaving = True
        if self._turn is not None and not self._turn.done():
            self.interrupt()
            await asyncio.wait([self._turn], timeout=10)
