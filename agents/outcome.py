"""From what a turn left behind to the reply: status, text, quantities, claims, reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import AIMessage

from ..tools.contract import Observation
from .evidence import Evidence
from .grounding import Judgement, judge
from .reply import Reply, Status
from .wellformed import well_formed

_ABSTENTION = re.compile(
    r"^\W*(?:I\s+(?:do\s+not|don[’']t|cannot|can[’']t|am\s+not\s+able|could\s+not)\b"
    r"|cannot answer)",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r"^\W*(?:I\s+(?:will\s+not|won[’']t|must\s+refuse|refuse)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a turn ended."""

    status: Status
    judgement: Judgement
    reason: str | None = None


def from_message(message: AIMessage, judgement: Judgement) -> Outcome:
    """The outcome of a turn that ended with an answer of the model."""
    own = message.response_metadata.get("labhand") or {}
    if own.get("status") in ("abstained", "refused"):
        return Outcome(own["status"], _unjudged(message.text), _first_sentence(message.text))
    if not judgement.text:
        return Outcome("failed", judgement, "the model gave an empty answer")
    struck = len(judgement.unsupported)
    supported = [c for c in judgement.claims if c.supported]
    if struck and not judgement.quantities and not any(c.evidence for c in supported):
        return Outcome(
            "abstained",
            judgement,
            f"nothing that the model stated has evidence; {_statements(struck)} struck",
        )
    if not judgement.quantities and not struck:
        if _REFUSAL.search(judgement.text):
            return Outcome("refused", judgement, judgement.text)
        if _ABSTENTION.search(judgement.text):
            return Outcome("abstained", judgement, judgement.text)
    reason = f"{_statements(struck)} struck for lack of evidence" if struck else None
    return Outcome("answered", judgement, reason)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def _statements(count: int) -> str:
    return f"{count} statement was" if count == 1 else f"{count} statements were"


def _unjudged(text: str) -> Judgement:
    return Judgement(text.strip(), (), (), (), ())


def partial(why: str, observations: Sequence[Observation], given: Sequence[str]) -> Outcome:
    """The best that can be said of a turn that was stopped: what its tools found so far."""
    found = [o for o in observations if o.quantities]
    if not found:
        text = f"No answer: {why} before anything was found."
        return Outcome("abstained", _unjudged(text), why)
    return Outcome("answered", _listed(f"Stopped early: {why}.", found, [*given, why]), why)


def _listed(opening: str, found: Sequence[Observation], given: Sequence[str]) -> Judgement:
    lines = [f"{opening} Found so far:"]
    for observation in found:
        quantity = observation.quantities[0]
        label = quantity.property.replace("_", " ")
        entity = f" of {quantity.entity}" if quantity.entity else ""
        lines.append(f"- {label}{entity}: {{{observation.id}.{quantity.property}}}")
    return judge("\n".join(lines), Evidence.of(given, found))


def failed(sentence: str, observations: Sequence[Observation] = ()) -> Outcome:
    """A turn that could not be carried out; what its tools found until then is not lost."""
    found = [o for o in observations if o.quantities]
    if not found:
        return Outcome("failed", _unjudged(""), sentence)
    return Outcome("failed", _listed("The turn was cut off.", found, ()), sentence)


def unmade_reply(outcome: Outcome, error: BaseException, **known: str) -> Reply:
    """The reply of last resort, when the true one could not be put together."""
    reason = outcome.reason if outcome.status == "failed" else None
    return Reply(
        status="failed",
        reason=well_formed(reason)
        or f"The reply could not be put together ({type(error).__name__}).",
        **{name: well_formed(text) for name, text in known.items()},
    )
