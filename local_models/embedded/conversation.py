"""The messages of a conversation, read as what the planner needs to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from pydantic import ValidationError

from ...tools.contract import Observation, Quantity

_LINE = re.compile(r"^\{(?P<id>o\d+)\.(?P<name>[a-z][a-z0-9_]*)(?:\[\d+\])?\} = (?P<value>.*)$")
_HEAD = re.compile(r"^(?P<id>o\d+) (?P<tool>[a-z][a-z0-9_]*)(?:: (?P<text>.*))?$")
#: What a model is told behind an error; a person would wonder whom it is for.
_ADVICE = ("You may call again with other arguments.", "Do not repeat this call.")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$")


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that ended in an error, with what the model was told."""

    text: str


Result = Observation | Failure


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation up to now.

    Attributes:
        questions: earlier questions, masked, oldest first.
        question: the present one.
        results: what the present turn's calls gave, by call id.
        earlier: observations of earlier turns, oldest first.
        prefix: what this turn's call ids begin with (unlike any earlier turn's).
    """

    questions: tuple[str, ...]
    question: str
    results: Mapping[str, Result] = field(default_factory=dict)
    earlier: tuple[Observation, ...] = ()
    prefix: str = "c1"


def read(messages: Sequence[BaseMessage]) -> Conversation:
    """Find the question, what was asked before, and what the calls gave."""
    places = [i for i, m in enumerate(messages) if isinstance(m, HumanMessage)]
    if not places:
        return Conversation((), "")
    last = places[-1]
    before, now = messages[:last], messages[last + 1 :]
    results = {m.tool_call_id: result_of(m) for m in now if isinstance(m, ToolMessage)}
    earlier = [result_of(m) for m in before if isinstance(m, ToolMessage)]
    return Conversation(
        questions=tuple(messages[i].text for i in places[:-1]),
        question=messages[last].text,
        results=results,
        earlier=tuple(r for r in earlier if isinstance(r, Observation)),
        prefix=f"c{_turn(before, len(places))}",
    )


def _turn(before: Iterable[BaseMessage], count: int) -> int:
    """A number for this turn that no call of an earlier turn carries."""
    used = [
        int(found.group(1))
        for m in before
        if isinstance(m, AIMessage)
        for call in m.tool_calls
        if (found := re.match(r"c(\d+)-", str(call["id"])))
    ]
    return max([count, *(n + 1 for n in used)])


def result_of(message: ToolMessage) -> Result:
    """The observation that a tool message carries, or its failure."""
    if message.status == "error":
        return Failure(_for_a_person(message))
    artifact: Any = message.artifact
    record = artifact.get("observation") if isinstance(artifact, dict) else None
    if isinstance(record, Observation):
        return record
    if isinstance(record, dict):
        try:
            return Observation.model_validate(record)
        except ValidationError:
            pass
    return parsed(message.text, message.name or "") or Failure(message.text)


def _for_a_person(message: ToolMessage) -> str:
    """What was wrong and what would be right, without the advice that is for models."""
    record: Any = message.additional_kwargs.get("error")
    if isinstance(record, dict) and record.get("message"):
        return f"{record['message']} {record.get('remedy') or ''}".strip()
    text = message.text.removeprefix("Error: ").strip()
    for advice in _ADVICE:
        text = text.removesuffix(advice).strip()
    return text


def parsed(text: str, tool: str = "") -> Observation | None:
    """An observation read back from ``Observation.for_model()``; ``None`` if it is not one."""
    lines = text.splitlines()
    identifier = ""
    quantities: list[Quantity] = []
    warnings: list[str] = []
    summary = ""
    for line in lines:
        if found := _LINE.match(line):
            identifier = identifier or found["id"]
            quantities.append(_quantity(found["name"], found["value"]))
        elif (found := _HEAD.match(line)) and not identifier:
            identifier, tool, summary = found["id"], found["tool"], found["text"] or ""
        elif line.startswith("warning: "):
            warnings.append(line.removeprefix("warning: "))
    if not identifier:
        return None
    return Observation(
        id=identifier,
        tool=tool,
        quantities=tuple(quantities),
        text=summary,
        warnings=tuple(warnings),
    )


def _quantity(name: str, text: str) -> Quantity:
    value, entity = text, None
    if text.endswith(")") and " (" in text:
        value, _, notes = text.rpartition(" (")
        entity = notes[:-1].split("; ")[0] or None
    number, _, unit = value.partition(" ")
    number = number.strip()
    if _NUMBER.match(number):
        numeric = float(number) if re.search(r"[.eE]", number) else int(number)
        return Quantity(property=name, value=numeric, unit=unit.strip() or None, entity=entity)
    if value in ("True", "False"):
        return Quantity(property=name, value=value == "True", entity=entity)
    return Quantity(property=name, value=value, entity=entity)
