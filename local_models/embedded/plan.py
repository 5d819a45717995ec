"""What the planner decides, as data: runs of steps with typed arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ...tools.contract import Frame, Reference
from .words import Mention

Plain = str | int | float | bool | None
Value = Plain | Reference | tuple[Plain | Reference, ...]
Outcome = Literal[
    "not_understood", "unclear", "missing", "unused", "negative", "impossible", "small_talk"
]


@dataclass(frozen=True, slots=True)
class Step:
    """One call: its arguments are values, or references to earlier steps of the run."""

    name: str
    tool: str
    arguments: tuple[tuple[str, Value], ...]

    def __str__(self) -> str:
        inside = ", ".join(f"{k}={_show(v)}" for k, v in self.arguments)
        return f"{self.name} = {self.tool}({inside})"


@dataclass(frozen=True, slots=True)
class Run:
    """One program with everything filled in.

    Attributes:
        steps: in order; the last one answers.
        texts: what each slot is called in the answer.
        unit: a unit the answer is wanted in, as its placeholder.
        mentions: the entities it uses.
    """

    frame: Frame
    steps: tuple[Step, ...]
    texts: Mapping[str, str]
    mentions: tuple[Mention, ...] = ()
    unit: Mention | None = None

    def __str__(self) -> str:
        return "; ".join(map(str, self.steps))


@dataclass(frozen=True, slots=True)
class Plan:
    """Runs that answer a question, and how sure the planner is of them (0 to 1).

    ``question`` is the question with what it points to put in, so that a follow-up can
    vary it. ``aside`` are amounts that were told as context and not used.
    """

    runs: tuple[Run, ...]
    confidence: float
    question: str = ""
    aside: tuple[Mention, ...] = ()

    @property
    def interpretation(self) -> str:
        """The programs as text, placeholders in the place of entities."""
        return "\n".join(dict.fromkeys(map(str, self.runs)))


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no plan, in words for a person, and near examples."""

    outcome: Outcome
    text: str
    examples: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Focus:
    """What earlier turns leave behind for a follow-up.

    Attributes:
        question: the last question that was planned, masked.
        mentions: the entities it was about.
        plan: its plan.
        molecules: every molecule of the conversation, the latest last.
        group: the molecules of the last question about several, in its order.
        options: what was asked back ("Do you mean A or B?").
        pending: a question that lacks an entity ("Which molecule?").
    """

    question: str = ""
    mentions: tuple[Mention, ...] = ()
    plan: Plan | None = None
    molecules: tuple[Mention, ...] = ()
    group: tuple[Mention, ...] = ()
    options: tuple[str, ...] = ()
    pending: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells one focus from another."""
        return self.question, self.mentions, self.molecules, self.group, self.options, self.pending


def next_focus(focus: Focus, plan: Plan | Abstention, question: str = "") -> Focus:
    """What a planned question, or one that was asked back, leaves behind for the next one."""
    if isinstance(plan, Abstention):
        options = plan.examples if plan.outcome == "unclear" else ()
        pending = question if plan.outcome == "missing" else ""
        return replace(focus, options=options, pending=pending)
    used = tuple(dict.fromkeys(m for r in plan.runs for m in r.mentions))
    molecules = tuple(m for m in used if m.label == "MOL")
    kept = used if molecules else (*used, *(m for m in focus.mentions if m.label == "MOL"))
    older = tuple(m for m in focus.molecules if m not in molecules)
    group = molecules if len(molecules) >= 2 else focus.group
    return Focus(plan.question, kept, plan, (*older, *molecules), group)


def _show(value: Value) -> str:
    if isinstance(value, Reference):
        return f"{value.step}.{value.property}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_show, value)) + "]"
    return repr(value)
