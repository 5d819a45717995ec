"""Wait for a model in such a way that the person, or the clock, can end the waiting.

A request to a server blocks its thread until the next bytes come or the client's time
limit passes. So it runs in a thread of its own; when the turn must end, that thread is left
behind, and what it still brings is dropped.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, TimeoutError
from typing import TypeVar

from ..context import TurnContext

T = TypeVar("T")

_TICK_SECONDS = 0.1


def wait_for(work: Callable[[], T], context: TurnContext) -> T:
    """The result of ``work``, or whatever it raises.

    Raises:
        TurnInterrupted: the person interrupted the turn first.
        BudgetExceeded: the turn's time was used up first.
    """
    outcome: Future[T] = Future()
    run = contextvars.copy_context().run

    def fulfil() -> None:
        try:
            outcome.set_result(run(work))
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=fulfil, name="labhand-model", daemon=True).start()
    while True:
        try:
            return outcome.result(timeout=_TICK_SECONDS)
        except TimeoutError:
            if outcome.done():  # the work itself raised a TimeoutError
                return outcome.result()
        context.check_cancelled()
        context.check_time()
