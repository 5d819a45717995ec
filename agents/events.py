"""The events of a turn: the one stream that REPL, JSON output, log and server consume.

Events are frozen dataclasses of plain data; ``event_to_dict`` and ``event_from_dict``
round-trip them through JSON for the event log.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A question was taken; ``turn`` counts from one within the session."""

    turn: int
    question: str
    model: str
    strategy: str
    attachments: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text as the model produces it (not logged; the model's message is)."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelFinished:
    """One model step ended. ``message`` is the message as data (text, tool calls)."""

    message: dict[str, Any]
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cached: bool = False


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool call begins."""

    call_id: str
    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """A long tool says how far it is: ``fraction`` from 0 to 1, or ``None``."""

    call_id: str
    text: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool call ended well; the observation itself is in the ledger."""

    call_id: str
    tool: str
    observation: str
    seconds: float
    cached: bool = False


@dataclass(frozen=True, slots=True)
class ToolFailed:
    """A tool call ended in an error, which the model was told in ``message``."""

    call_id: str
    tool: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class ApprovalNeeded:
    """A call waits for a yes; ``granted`` is None while it waits."""

    call_id: str
    tool: str
    arguments: dict[str, Any]
    reason: str
    granted: bool | None = None


@dataclass(frozen=True, slots=True)
class BudgetHit:
    """A limit was reached; the turn ends with what it has."""

    limit: Literal["model_calls", "tool_calls", "tokens", "cost_usd", "seconds"]
    value: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know: a fallback model, a repaired call, a loop stopped."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The turn is over; ``reply`` is the reply's JSON as data."""

    reply: dict[str, Any]


Event = (
    TurnStarted
    | Token
    | ModelFinished
    | ToolStarted
    | Progress
    | ToolFinished
    | ToolFailed
    | ApprovalNeeded
    | BudgetHit
    | Notice
    | TurnFinished
)

EVENT_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        TurnStarted,
        Token,
        ModelFinished,
        ToolStarted,
        Progress,
        ToolFinished,
        ToolFailed,
        ApprovalNeeded,
        BudgetHit,
        Notice,
        TurnFinished,
    )
}


def event_to_dict(event: Event) -> dict[str, Any]:
    """The event as plain data, its type under ``event``."""
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    return {"event": type(event).__name__, **fields}


def event_from_dict(record: dict[str, Any]) -> Event:
    """Rebuild an event; ``KeyError`` for a type that this version does not know."""
    fields = {k: v for k, v in record.items() if k != "event"}
    return EVENT_TYPES[record["event"]](**fields)
