"""Label what an answer states: given, observed, derived, or without evidence.

The first rule that fits decides. Numbers bind to typed records (a quantity with its
unit), never to a number that merely occurs in some text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...tools.contract import LabhandError, Observation, Quantity, ToolRegistry
from ...tools.contract.units import convert
from ..evidence import Evidence
from ..rendering import Broken, Resolved, Segment, segments
from ..reply import Label
from .extract import Found, extract

SUPPORTED: frozenset[Label] = frozenset({"GIVEN", "OBSERVED", "DERIVED", "BACKGROUND"})
#: Kinds of arguments by which a model could bring in a number of its own.
_NUMERIC_KINDS = frozenset({"number", "quantity", "expression"})
_WORDS = dict(
    enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
)
#: A sentence so marked is offered as general knowledge and read as such.
_BACKGROUND_MARK = re.compile(r"\bgeneral knowledge\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim with its label, and where it stands.

    ``segment`` is the index of the answer's segment; ``found`` is ``None`` for a
    reference to evidence.
    """

    text: str
    label: Label
    segment: int
    found: Found | None = None
    evidence: str | None = None
    problem: str = ""

    @property
    def supported(self) -> bool:
        """True for labels 1 to 4."""
        return self.label in SUPPORTED


def label_answer(answer: str, evidence: Evidence) -> tuple[list[Segment], list[Labelled]]:
    """Split an answer and label every claim in it, references included."""
    parts = list(segments(answer, evidence))
    claims: list[Labelled] = []
    for index, part in enumerate(parts):
        if isinstance(part, Resolved):
            if part.quantity is not None:
                claims.append(_label_reference(part, index, evidence))
        elif isinstance(part, Broken):
            claims.append(Labelled(part.raw, "FABRICATED", index, problem=part.problem))
        else:
            claims += [_label_found(f, index, part.text, evidence) for f in extract(part.text)]
    return parts, claims


def _label_reference(part: Resolved, index: int, evidence: Evidence) -> Labelled:
    observation = part.observation
    text = part.text.rpartition(" [")[0]
    inputs = list(numeric_inputs(observation, evidence.registry))
    if not inputs:
        return Labelled(text, "OBSERVED", index, evidence=observation.id)
    invented = unsupported_inputs(observation, evidence)
    if invented:
        problem = f"{observation.id} was computed from {', '.join(invented)}, which has no evidence"
        return Labelled(text, "FABRICATED", index, evidence=observation.id, problem=problem)
    return Labelled(text, "DERIVED", index, evidence=observation.id)


def numeric_inputs(observation: Observation, registry: ToolRegistry) -> Iterator[str]:
    """The numbers, quantities and expressions that a calculation was given.

    By the kinds of the tool's arguments, so it holds for every tool, also for those of
    others. Defaults are the tool's own, and a look-up at some condition is no calculation:
    its value comes from a table.
    """
    if all(q.nature != "calculated" for q in observation.quantities):
        return
    try:
        spec = registry[observation.tool]
    except LabhandError:
        return
    for name, value in observation.arguments.items():
        field = spec.arguments.model_fields.get(name)
        is_default = field is not None and value == field.default
        if value is not None and not is_default and spec.kinds.get(name) in _NUMERIC_KINDS:
            yield str(value)


def unsupported_inputs(observation: Observation, evidence: Evidence) -> list[str]:
    """Numbers in a calculation's arguments that nobody gave and no tool observed.

    Without this rule a model could launder a number: ``calculate("194.19 * 1")``.
    Bare whole numbers up to twelve and powers of ten are arithmetic, and so is one of a unit;
    ``7 eV`` is data.
    """
    earlier = [o for o in evidence.observations.values() if _order(o.id) < _order(observation.id)]
    before = Evidence.of(evidence.given, earlier, evidence.registry)
    invented: list[str] = []
    for text in numeric_inputs(observation, evidence.registry):
        for found in extract(text):
            if found.sort != "number" or _is_arithmetic(found):
                continue
            if _given(found, before) or _observed(found, before, need_unit=False):
                continue
            invented.append(found.text)
    return invented


def _is_arithmetic(found: Found) -> bool:
    value = found.value
    if found.unit:
        return value == 1
    if value == int(value) and abs(value) <= 12:
        return True
    return value > 0 and math.isclose(math.log10(value), round(math.log10(value)), abs_tol=1e-12)


def _order(identifier: str) -> int:
    return int(identifier.lstrip("o") or 0)


def _label_found(found: Found, index: int, text: str, evidence: Evidence) -> Labelled:
    quoted = _quoted(found, text, evidence)
    if quoted is not None:
        return Labelled(found.text, "OBSERVED", index, found, evidence=quoted)
    if _given(found, evidence):
        return Labelled(found.text, "GIVEN", index, found)
    source = _observed(found, evidence)
    if source is not None:
        return Labelled(found.text, "OBSERVED", index, found, evidence=source)
    if _is_background(found, text):
        return Labelled(found.text, "BACKGROUND", index, found)
    other = _observed(found, evidence, need_unit=False) if found.sort == "number" else None
    if other is not None and found.unit:
        problem = f"{other} holds this number with another unit"
        return Labelled(found.text, "MISATTRIBUTED", index, found, evidence=other, problem=problem)
    return Labelled(found.text, "FABRICATED", index, found, problem="no evidence holds it")


def _quoted(found: Found, text: str, evidence: Evidence) -> str | None:
    """The observation whose warning or summary the answer repeats word for word here.

    Our tools put no number into these that is not theirs; what others wrote does not count.
    """
    for observation in evidence.observations.values():
        if not observation.trusted:
            continue
        for said in (*observation.warnings, observation.text):
            start = text.find(said) if said else -1
            if 0 <= start <= found.start and found.end <= start + len(said):
                return observation.id
    return None


def _is_background(found: Found, text: str) -> bool:
    if found.sort == "formula" and len(re.findall(r"[A-Z]", found.text)) <= 2:
        return len(found.text) <= 4  # H2O, CO2, N2: names rather than statements
    start = max(text.rfind(". ", 0, found.start), text.rfind("\n", 0, found.start)) + 1
    end = min(
        (i for i in (text.find(". ", found.end), text.find("\n", found.end)) if i >= 0),
        default=len(text),
    )
    return _BACKGROUND_MARK.search(text[start:end]) is not None


def _given(found: Found, evidence: Evidence) -> bool:
    for text in evidence.given:
        if found.sort != "number":
            if found.text in text:
                return True
            continue
        for other in extract(text):
            if other.sort == "number" and _same_number(found, other.value, other.unit):
                return True
        word = _WORDS.get(int(found.value)) if found.value == int(found.value) else None
        if word and re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return True
        # Numbers inside names or formulas of the question may be repeated as they stand.
        if found.unit == "" and re.search(rf"(?<![\d.]){re.escape(found.text)}(?![\d.])", text):
            return True
    return False


def _observed(found: Found, evidence: Evidence, *, need_unit: bool = True) -> str | None:
    for observation in reversed(tuple(evidence.observations.values())):
        for quantity in observation.quantities:
            if _states(found, quantity, need_unit):
                return observation.id
    return None


def _states(found: Found, quantity: Quantity, need_unit: bool) -> bool:
    if quantity.flag:
        return False
    values = quantity.value if isinstance(quantity.value, list) else [quantity.value]
    if found.sort != "number":
        texts = [v for v in [*values, quantity.entity] if isinstance(v, str)]
        return found.text in texts or any(found.text in t.split() for t in texts)
    numbers: Iterable[float] = [
        float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)
    ]
    if quantity.uncertainty is not None:
        numbers = [*numbers, quantity.uncertainty]
    if any(_same_number(found, n, quantity.unit or "", need_unit=need_unit) for n in numbers):
        return True
    return any(
        _same_number(found, other.value, other.unit, need_unit=need_unit)
        for text in _condition_texts(quantity)
        for other in extract(text)
        if other.sort == "number"
    )


def _condition_texts(quantity: Quantity) -> Iterator[str]:
    yield from quantity.conditions.values()


def _same_number(found: Found, value: float, unit: str, *, need_unit: bool = True) -> bool:
    """Equal at the printed precision, after conversion to the printed unit."""
    if found.unit and unit and found.unit != unit:
        try:
            value = convert(value, unit, found.unit)
        except LabhandError:
            return not need_unit and _equal(found, value)
    elif need_unit and found.unit and not unit:
        return False
    elif need_unit and unit and not found.unit and _significant_figures(found) < 3:
        # A bare number may stand for a value with a unit only at three figures or more.
        return False
    return _equal(found, value)


def _significant_figures(found: Found) -> int:
    return len(re.sub(r"\D", "", found.text).lstrip("0"))


def _equal(found: Found, value: float) -> bool:
    half = 0.5 * 10.0 ** (-found.decimals)
    return abs(found.value - value) <= half * (1 + 1e-9) + 1e-12 * abs(value)
