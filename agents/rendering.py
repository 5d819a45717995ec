"""From ``{o3.molar_mass}`` to ``194.194 g/mol [o3]``: how evidence enters an answer.

Grammar of a reference::

    {o3.molar_mass}            value, uncertainty, unit and source mark
    {o3.smiles[2]}             the second quantity of that property, counted from one
    {o3.boiling_point:degC}    converted to another unit by pint
    {o3.contains_group:Yes|No} the words for true and false
    {o3}                       the source mark alone
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..tools.contract import LabhandError, Observation, Quantity, catalogue
from ..tools.contract.properties import format_significant, format_spread
from ..tools.contract.units import convert
from .evidence import Evidence

REFERENCE = re.compile(
    r"\{(?P<id>o\d+)(?:\.(?P<property>[a-z][a-z0-9_]*)(?:\[(?P<index>\d+)\])?)?(?::(?P<format>[^{}]*))?\}"
)
LONG_LIST = 12


@dataclass(frozen=True, slots=True)
class Literal:
    """A stretch of text that the model wrote itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A reference that stands for a quantity, and the text it is rendered to."""

    raw: str
    text: str
    observation: Observation
    quantity: Quantity | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A reference that stands for nothing, and why."""

    raw: str
    problem: str


Segment = Literal | Resolved | Broken


def segments(answer: str, evidence: Evidence) -> Iterator[Segment]:
    """Split an answer into the model's own text and its references to evidence."""
    position = 0
    for match in REFERENCE.finditer(answer):
        if match.start() > position:
            yield Literal(answer[position : match.start()])
        yield _resolve(match, evidence)
        position = match.end()
    if position < len(answer):
        yield Literal(answer[position:])


def _resolve(match: re.Match[str], evidence: Evidence) -> Resolved | Broken:
    raw = match[0]
    observation = evidence.observation(match["id"])
    if observation is None:
        return Broken(raw, f"there is no observation {match['id']}")
    mark = f"[{observation.id}]"
    if match["property"] is None:
        return Resolved(raw, mark, observation, None)
    named = observation.named(match["property"])
    index = int(match["index"] or 1)
    if not 1 <= index <= len(named):
        found = ", ".join(dict.fromkeys(q.property for q in observation.quantities)) or "nothing"
        return Broken(raw, f"{observation.id} has no {match['property']}; it has {found}")
    quantity = named[index - 1]
    try:
        text = format_quantity(quantity, match["format"])
    except LabhandError as error:
        return Broken(raw, error.message)
    # A boolean may choose to say nothing ("is {…:|not }soluble"): then there is nothing to mark.
    return Resolved(raw, f"{text} {mark}" if text.strip() else text, observation, quantity)


def format_quantity(quantity: Quantity, form: str | None = None) -> str:
    """A quantity as a person reads it, without its source mark.

    Args:
        form: a unit to convert to, ``yes|no`` words for a boolean, or ``None``.

    Raises:
        ToolInputError: ``form`` is a unit of another dimension.

    >>> from labhand.tools.contract import Quantity
    >>> from labhand.agents.rendering import format_quantity
    >>> format_quantity(Quantity(property="x", value=True), "Yes|No")
    'Yes'
    """
    if quantity.flag:
        return f"(not reported: {quantity.flag})"
    value = quantity.value
    if isinstance(value, bool):
        yes, _, no = (form or "yes|no").partition("|")
        return yes if value else no
    if isinstance(value, list):
        return _format_list(quantity)
    if isinstance(value, str):
        return _block(value) if "\n" in value else value
    return _format_number(quantity, form)


def _block(text: str) -> str:
    """A drawing or a table keeps its columns; an empty line would end the block early."""
    lines = [line or " " for line in text.splitlines()]
    return "\n```\n" + "\n".join(lines) + "\n```\n"


def _format_list(quantity: Quantity) -> str:
    values = quantity.value
    assert isinstance(values, list)
    if not values:
        return "none"
    shown = [_digits(quantity, v) if isinstance(v, float) else str(v) for v in values[:LONG_LIST]]
    more = f" and {len(values) - LONG_LIST} more" if len(values) > LONG_LIST else ""
    unit = f" {pretty_unit(quantity.unit)}" if quantity.unit else ""
    return ", ".join(shown) + more + unit


def _format_number(quantity: Quantity, unit: str | None) -> str:
    value, uncertainty, own = quantity.value, quantity.uncertainty, quantity.unit
    assert isinstance(value, int | float)
    if unit and unit != own:
        figures = _figures(quantity, float(value))
        converted = convert(float(value), own or "", unit)
        text = format_significant(converted, figures)
        if uncertainty is not None:
            # A spread converts like a difference: the offset of °C must not enter.
            spread = convert(float(value) + uncertainty, own or "", unit) - converted
            text = format_spread(converted, abs(spread), text)
        shown_unit = unit
    else:
        text = _digits(quantity, value)
        if uncertainty is not None:
            text = format_spread(float(value), uncertainty, text)
        shown_unit = own or ""
    suffix = f" {pretty_unit(shown_unit)}" if shown_unit else ""
    return text + suffix + (" (predicted)" if quantity.nature == "predicted" else "")


def _digits(quantity: Quantity, value: float) -> str:
    spec = catalogue().get(quantity.property)
    if spec is not None and (spec.unit == quantity.unit or spec.decimals is None):
        return spec.format_number(value)
    return str(value) if isinstance(value, int) else format_significant(value, 5)


def _figures(quantity: Quantity, value: float) -> int:
    """Significant figures of the value as its own property prints it, at least three."""
    mantissa = _digits(quantity, value).lower().split("e")[0]
    return max(3, len(mantissa.replace(".", "").replace("-", "").lstrip("0")))


_PRETTY = {
    "angstrom": "Å",
    "degc": "°C",
    "celsius": "°C",
    "degree_celsius": "°C",
    "degf": "°F",
    "fahrenheit": "°F",
    "degree_fahrenheit": "°F",
    "kelvin": "K",
    "percent": "%",
}
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def pretty_unit(unit: str | None) -> str:
    """A unit as it is printed: ``angstrom**2`` → ``Å²``, ``degC`` → ``°C``.

    >>> from labhand.agents.rendering import pretty_unit
    >>> pretty_unit("angstrom^2"), pretty_unit("degC"), pretty_unit("kJ/mol")
    ('Å²', '°C', 'kJ/mol')
    """
    if not unit:
        return ""
    text = re.sub(r"[A-Za-z_]+", lambda m: _PRETTY.get(m[0].lower(), m[0]), unit)
    return re.sub(r"\s*(?:\*\*|\^)\s*(-?\d+)", lambda m: m[1].translate(_SUPERSCRIPT), text)
