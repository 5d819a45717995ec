"""A plan carried out step by step, from what earlier calls gave.

Nothing is remembered between calls of the model: what has been done is read from the
conversation, by call ids that follow from the plan alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...tools.contract import Observation, Quantity, Reference, references
from .conversation import Conversation, Failure
from .plan import Plain, Plan, Run, Step, Value

MOST_READINGS = 3


@dataclass(frozen=True, slots=True)
class Call:
    """A call to be made."""

    id: str
    tool: str
    arguments: dict[str, Any]


@dataclass(slots=True)
class Branch:
    """One run for one reading of what is ambiguous in it.

    Attributes:
        observations: by step name.
        readings: by step name: the entity that this branch takes of several.
        ready: calls that can be made now.
        failure: why the branch ends here.
        passed_over: how many further readings were left out.
    """

    run: Run
    observations: dict[str, Observation] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    ready: list[Call] = field(default_factory=list)
    failure: str | None = None
    passed_over: int = 0
    missing: tuple[str, str] | None = None

    @property
    def last(self) -> Observation | None:
        """The observation of the step that answers, once it is there."""
        return self.observations.get(self.run.steps[-1].name)

    def quantities(self, step: str, name: str) -> list[tuple[str, Quantity]]:
        """The quantities of a property with their references, in this branch's reading."""
        observation = self.observations.get(step)
        if observation is None:
            return []
        found = [(r, q) for r, q in references(observation).items() if q.property == name]
        chosen = self.readings.get(step)
        return [(r, q) for r, q in found if chosen is None or q.entity == chosen]


def call_id(prefix: str, tool: str, arguments: Mapping[str, Any]) -> str:
    """The id of a call: the same call of the same turn always has the same one."""
    text = json.dumps([tool, dict(arguments)], sort_keys=True, ensure_ascii=False, default=str)
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def advance(plan: Plan, conversation: Conversation) -> list[Branch]:
    """Every branch of every run, as far as the results at hand carry it."""
    branches: list[Branch] = []
    for run in plan.runs:
        branches += _advance(Branch(run), 0, conversation)
    return branches


def _advance(branch: Branch, position: int, conversation: Conversation) -> list[Branch]:
    steps = branch.run.steps
    for index in range(position, len(steps)):
        step = steps[index]
        waiting = _needs(step) - set(branch.observations)
        if waiting:
            continue
        fork = _fork(branch, step)
        if fork is not None:
            return [b for one in fork for b in _advance(one, index, conversation)]
        arguments = _arguments(branch, step)
        if arguments is None:
            return [branch]
        identifier = call_id(conversation.prefix, step.tool, arguments)
        result = conversation.results.get(identifier)
        if result is None:
            branch.ready.append(Call(identifier, step.tool, arguments))
        elif isinstance(result, Failure):
            branch.failure = result.text
            return [branch]
        else:
            branch.observations[step.name] = result
    return [branch]


def _needs(step: Step) -> set[str]:
    parts = [p for _, v in step.arguments for p in (v if isinstance(v, tuple) else (v,))]
    return {p.step for p in parts if isinstance(p, Reference)}


def _fork(branch: Branch, step: Step) -> list[Branch] | None:
    """One branch a reading, where a step that this one needs has several."""
    for name in sorted(_needs(step) - set(branch.readings)):
        wanted = {p.property for p in _references(step) if p.step == name}
        entities: list[str] = []
        for quantity in branch.observations[name].quantities:
            if quantity.property in wanted and quantity.entity is not None:
                entities.append(quantity.entity)
        different = list(dict.fromkeys(entities))
        if len(different) > 1:
            kept = different[:MOST_READINGS]
            return [
                Branch(
                    branch.run,
                    dict(branch.observations),
                    {**branch.readings, name: entity},
                    list(branch.ready),
                    passed_over=len(different) - len(kept),
                )
                for entity in kept
            ]
    return None


def _references(step: Step) -> list[Reference]:
    parts = [p for _, v in step.arguments for p in (v if isinstance(v, tuple) else (v,))]
    return [p for p in parts if isinstance(p, Reference)]


def _arguments(branch: Branch, step: Step) -> dict[str, Any] | None:
    """The step's arguments as plain values; None (and a reason) if one is not to be had."""
    found: dict[str, Any] = {}
    for name, value in step.arguments:
        if isinstance(value, tuple):
            parts = [_value(branch, p) for p in value]
            if branch.missing:
                return None
            found[name] = [x for p in parts for x in (p if isinstance(p, list) else [p])]
        else:
            found[name] = _value(branch, value)
            if branch.missing:
                return None
    return found


def _value(branch: Branch, value: Value) -> Plain | list[Any]:
    if not isinstance(value, Reference):
        return value  # type: ignore[return-value]
    named = branch.quantities(value.step, value.property)
    if not named:
        branch.missing = (value.step, value.property)
        return None
    return named[0][1].value
