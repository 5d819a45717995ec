"""The order in which the calls of one message are run.

Calls of one message run in parallel, and each takes the ledger's next number when it is
done; so the numbers would depend on chance, and with them the answer's text. Instant calls gain
nothing from running side by side: they run one after the other, in the message's order,
and the same question gives the same numbers every time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class CallOrder:
    """Lets the calls of a message pass in their order (those that ask for it)."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._condition = threading.Condition()

    def begin(self, identifiers: Sequence[str]) -> None:
        """A message with these calls has come."""
        with self._condition:
            self._waiting = list(identifiers)

    @contextmanager
    def turn_of(self, identifier: str, *, wait: bool) -> Iterator[None]:
        """Hold a call's place; with ``wait``, enter only when all calls before it are done."""
        try:
            if wait:
                with self._condition:
                    self._condition.wait_for(lambda: self._is_first(identifier))
            else:
                self._done(identifier)
            yield
        finally:
            self._done(identifier)

    def _is_first(self, identifier: str) -> bool:
        return identifier not in self._waiting or self._waiting[0] == identifier

    def _done(self, identifier: str) -> None:
        with self._condition:
            if identifier in self._waiting:
                self._waiting.remove(identifier)
            self._condition.notify_all()
