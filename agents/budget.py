"""What a turn may spend, and the meter that watches it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Literal

from .events import BudgetHit
from .reply import Usage

Limit = Literal["model_calls", "tool_calls", "tokens", "cost_usd", "seconds"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one turn; ``None`` means no limit.

    The defaults stop a model that never stops calling tools, and nothing else.
    """

    model_calls: int | None = 25
    tool_calls: int | None = 50
    tokens: int | None = None
    cost_usd: float | None = None
    seconds: float | None = 1800.0


class TurnStop(Exception):
    """Ends a turn from inside the loop; the session makes the best of what there is."""


class BudgetExceeded(TurnStop):
    """A limit of the budget was reached."""

    def __init__(self, hit: BudgetHit) -> None:
        super().__init__(hit)
        self.hit = hit

    def __str__(self) -> str:
        names = {
            "model_calls": "model calls",
            "tool_calls": "tool calls",
            "tokens": "tokens",
            "cost_usd": "US dollars",
            "seconds": "seconds",
        }
        return f"the budget of {self.hit.maximum:g} {names[self.hit.limit]} was used up"


class TurnInterrupted(TurnStop):
    """The person interrupted the turn."""

    def __str__(self) -> str:
        return "interrupted by the user"


class LoopStopped(TurnStop):
    """The model went in circles."""

    def __init__(self, tool: str, times: int) -> None:
        super().__init__(tool, times)
        self.tool, self.times = tool, times

    def __str__(self) -> str:
        return f"the model called {self.tool} {self.times} times with the same result"


class Meter:
    """Counts what a turn spends. Thread-safe: parallel tool calls share it."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self.model_calls = 0
        self.tool_calls = 0
        self.input_tokens = 0
        self.output_tokens = 0
        self.cost_usd: float | None = None

    def before_model(self) -> None:
        """Count a model call; raises ``BudgetExceeded`` if it must not be made."""
        with self._lock:
            self._check("model_calls", self.model_calls + 1, self.budget.model_calls)
            self._check("tokens", self.input_tokens + self.output_tokens + 1, self.budget.tokens)
            self._check("cost_usd", self.cost_usd or 0.0, self.budget.cost_usd, reached=True)
            self.check_time()
            self.model_calls += 1

    def before_tool(self) -> None:
        """Count a tool call; raises ``BudgetExceeded`` if it must not be made."""
        with self._lock:
            self._check("tool_calls", self.tool_calls + 1, self.budget.tool_calls)
            self.check_time()
            self.tool_calls += 1

    def after_model(self, input_tokens: int, output_tokens: int, cost_usd: float | None) -> None:
        """Add what a model call used."""
        with self._lock:
            self.input_tokens += input_tokens
            self.output_tokens += output_tokens
            if cost_usd is not None:
                self.cost_usd = (self.cost_usd or 0.0) + cost_usd

    def usage(self) -> Usage:
        """The reply's usage record."""
        return Usage(
            calls=self.model_calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost_usd=self.cost_usd,
        )

    def seconds(self) -> float:
        """Wall time since the turn began, in seconds."""
        return time.monotonic() - self._started

    def check_time(self) -> None:
        """Raise ``BudgetExceeded`` if the turn has used up its time."""
        self._check("seconds", self.seconds(), self.budget.seconds)

    def _check(
        self, limit: Limit, value: float, maximum: float | None, *, reached: bool = False
    ) -> None:
        if maximum is None:
            return
        if value > maximum or (reached and maximum <= value and value > 0):
            raise BudgetExceeded(BudgetHit(limit, float(value), float(maximum)))
