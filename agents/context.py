"""What the middlewares of one turn share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..tools.contract import Observation, ToolRegistry
from ..tools.execution.types import CancelToken, ToolExecutor
from .budget import BudgetExceeded, Meter, TurnInterrupted
from .events import ApprovalNeeded, Event
from .evidence import Evidence
from .grounding import BlockGate, Judgement
from .order import CallOrder

#: Characters of a model's message; what is beyond is cut off.
MAXIMUM_ANSWER = 40_000

Approver = Callable[[ApprovalNeeded], bool]


@dataclass(slots=True)
class TurnContext:
    """One turn's state, handed to every middleware as the runtime's context.

    Attributes:
        emit: writes an event to the log and to whoever listens.
        given: what the person wrote (this question, earlier ones, attachments).
        observations: reads the session's ledger.
        approve: asks the person; ``None`` when there is nobody to ask.
        stream: whether somebody reads tokens as they come.
        used_ids: ids of the tool calls of this turn so far.
        judgement: what the gate said of the last answer.
    """

    turn: int
    question: str
    model_name: str
    emit: Callable[[Event], None]
    meter: Meter
    cancel: CancelToken
    registry: ToolRegistry
    executor: ToolExecutor
    given: tuple[str, ...]
    observations: Callable[[], Sequence[Observation]]
    approve: Approver | None = None
    price: Callable[[int, int], float | None] = lambda _i, _o: None
    stream: bool = False
    used_ids: set[str] = field(default_factory=set)
    order: CallOrder = field(default_factory=CallOrder)
    blocks: BlockGate = field(default_factory=BlockGate)
    judgement: Judgement | None = None

    def evidence(self) -> Evidence:
        """Everything that counts as evidence right now."""
        return Evidence.of(self.given, self.observations(), self.registry)

    def check_cancelled(self) -> None:
        """Raise ``TurnInterrupted`` if the person has asked to stop."""
        if self.cancel.cancelled:
            raise TurnInterrupted

    def check_time(self) -> None:
        """Raise ``BudgetExceeded`` if time is up; whatever is still under way is to stop."""
        try:
            self.meter.check_time()
        except BudgetExceeded:
            self.cancel.cancel()
            raise
