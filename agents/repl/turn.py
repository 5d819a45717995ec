"""A turn in a thread of its own, its events handed to whoever prints them."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from ..events import ApprovalNeeded, Event


@dataclass(frozen=True, slots=True)
class Ask:
    """The turn waits for a yes; whoever reads the events sets the answer."""

    event: ApprovalNeeded
    answer: Future[bool] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class Ended:
    """The turn's thread is done; ``error`` is what it ended with."""

    error: BaseException | None = None


Item = Event | Ask | Ended
Deliver = Callable[[Item], None]


def start_turn(stream: Callable[[], Iterator[Event]], deliver: Deliver) -> threading.Thread:
    """Run a turn in a thread; every event is delivered, and at last an ``Ended``."""

    def work() -> None:
        try:
            for event in stream():
                deliver(event)
        except BaseException as error:
            deliver(Ended(error))
        else:
            deliver(Ended())

    thread = threading.Thread(target=work, name="labhand-turn", daemon=True)
    thread.start()
    return thread


class Channel:
    """Events of turns for a reader that blocks (``ask``, the plain loop)."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Item] = queue.Queue()
        self.interrupted = False

    def approve(self, event: ApprovalNeeded) -> bool:
        """Ask whoever follows this channel; called in the turn's thread."""
        ask = Ask(event)
        self._queue.put(ask)
        return ask.answer.result()

    def follow(
        self, stream: Callable[[], Iterator[Event]], interrupt: Callable[[], None]
    ) -> Iterator[Event | Ask]:
        """Run a turn and yield its events in this thread.

        Ctrl-C calls ``interrupt`` and the turn ends with what it has; a second one
        raises ``KeyboardInterrupt`` here. What the turn raised is raised here too.
        """
        self.interrupted = False
        with self._on_ctrl_c(interrupt):
            start_turn(stream, self._queue.put)
            while not isinstance(item := self._queue.get(), Ended):
                yield item
            if item.error is not None:
                raise item.error

    @contextlib.contextmanager
    def _on_ctrl_c(self, interrupt: Callable[[], None]) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread receives signals
            return

        def handle(_number: int, _frame: object) -> None:
            if self.interrupted:
                raise KeyboardInterrupt
            self.interrupted = True
            # In a thread: the main thread may hold a lock that interrupting needs.
            threading.Thread(target=interrupt, daemon=True).start()

        before = signal.signal(signal.SIGINT, handle)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
