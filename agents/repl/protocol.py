"""What the terminal needs of a session, and of the house around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from ...tools.contract import Observation
from ..events import ApprovalNeeded, Event
from ..reply import Reply, Usage

ApprovalMode = Literal["ask", "all", "never"]
Approver = Callable[[ApprovalNeeded], bool]


class LedgerView(Protocol):
    """The reading side of the evidence ledger."""

    def get(self, observation_id: str, /) -> Observation:
        """The observation of this id; ``NotFoundError`` when the session has none."""
        ...

    def all(self) -> Sequence[Observation]:
        """Every observation of the session, oldest first."""
        ...


class Conversation(Protocol):
    """A session as the terminal sees it (``labhand.Session`` is one)."""

    @property
    def id(self) -> str:
        """Identifier, by which it is resumed."""
        ...

    @property
    def folder(self) -> Path:
        """The session's own folder."""
        ...

    @property
    def model_name(self) -> str:
        """The model that answers now."""
        ...

    @property
    def strategy_name(self) -> str:
        """The prompting strategy."""
        ...

    @property
    def ledger(self) -> LedgerView:
        """The evidence."""
        ...

    def stream(self, question: str, attach: Sequence[Path] = ()) -> Iterator[Event]:
        """Answer a question as events; the last one is ``TurnFinished``."""
        ...

    def call(self, tool: str, **arguments: Any) -> Observation:
        """Run one tool by hand; its observation enters the evidence."""
        ...

    def interrupt(self) -> None:
        """End the running turn with what it has; called from any thread."""
        ...

    def switch_model(self, name: str) -> None:
        """Answer the next turns with another model."""
        ...

    def unfinished(self) -> str | None:
        """The question of a turn that a crash cut off, or ``None``."""
        ...

    def resume_turn(self) -> Iterator[Event]:
        """Go on with the unfinished turn."""
        ...

    def turns(self) -> Sequence[Reply]:
        """The replies so far."""
        ...

    def usage(self) -> Usage:
        """What the session has spent."""
        ...

    def undo(self) -> str | None:
        """Take the last turn out of the conversation; its question, or ``None``."""
        ...

    def clear(self) -> None:
        """Forget the conversation; the evidence stays."""
        ...

    def close(self) -> None:
        """Close the files and stop the workers."""
        ...


class SessionRow(Protocol):
    """A line in the list of sessions."""

    @property
    def id(self) -> str:
        """Identifier."""
        ...

    @property
    def started(self) -> datetime | float | str:
        """When it began."""
        ...

    @property
    def turns(self) -> int:
        """How many questions it has."""
        ...

    @property
    def model(self) -> str:
        """The model that answered."""
        ...

    @property
    def first_question(self) -> str:
        """What it began with."""
        ...


class ModelRow(Protocol):
    """A form of model name, and whether it works here."""

    @property
    def name(self) -> str:
        """The form, as it is written after ``/model``."""
        ...

    @property
    def available(self) -> bool:
        """True if it can be used now."""
        ...

    @property
    def why(self) -> str:
        """Why it works, or why not."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the terminal may reach beside the session; each a plain function.

    Attributes:
        home: the folder of all state (the history file is in it).
        open_session: opens a session (``None``: a new one) that asks through the approver.
        list_sessions: earlier sessions, the newest first.
        export: a session as text in ``"json"`` or ``"markdown"``.
        models: which forms of model there are.
        tools: rows of (domain, name, summary).
        approvals: what to do with a step that needs a yes: ``ask``, ``all`` or ``never``.
    """

    home: Path
    open_session: Callable[[str | None, Approver], Conversation]
    list_sessions: Callable[[], Sequence[SessionRow]]
    export: Callable[[str, str], str]
    models: Callable[[], Sequence[ModelRow]]
    tools: Callable[[], Sequence[tuple[str, str, str]]]
    approvals: ApprovalMode = "ask"
