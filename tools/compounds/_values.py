"""Values of one property from several data sets: which one to recommend, and the spread."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..contract import PropertySpec, Quantity
from ._sources import DataSet, nature_of

_MAD_TO_SIGMA = 1.4826  # median absolute deviation of a normal distribution to its sigma


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property in its canonical unit, with where it comes from."""

    value: float
    source: DataSet
    conditions: dict[str, str] = field(default_factory=dict)
    note: str = ""


def order(values: Sequence[Value], spec: PropertySpec) -> list[Value]:
    """The values with the recommended one first.

    The sets come in order of preference, estimates last. Where three or more independent
    values exist, one that lies off their median by more than the property's tolerance
    steps behind those that agree: a slip in a table does not become the answer.
    """
    ranked = sorted(values, key=lambda v: _is_estimate(v, spec.name))
    measured = independent_values(values, spec.name)
    if len(measured) < 3:
        return ranked
    centre = statistics.median(measured)
    return sorted(
        ranked,
        key=lambda v: (_is_estimate(v, spec.name), not agree(v.value, centre, spec)),
    )


def independent_values(values: Sequence[Value], name: str) -> list[float]:
    """Distinct values of the independent data sets; equal numbers are copies."""
    return sorted({v.value for v in values if v.source.independent and not _is_estimate(v, name)})


def robust_deviation(values: Sequence[Value], name: str) -> float | None:
    """1.4826 × the median absolute deviation of three or more independent values."""
    measured = independent_values(values, name)
    if len(measured) < 3:
        return None
    centre = statistics.median(measured)
    return _MAD_TO_SIGMA * statistics.median(abs(v - centre) for v in measured)


def agree(first: float, second: float, spec: PropertySpec) -> bool:
    """Whether two values are the same within the tolerance of the property."""
    relative = spec.relative_tolerance or 0.0
    absolute = spec.absolute_tolerance or 0.0
    return math.isclose(first, second, rel_tol=relative, abs_tol=absolute)


def quantities(values: Sequence[Value], spec: PropertySpec, entity: str) -> list[Quantity]:
    """The ordered values as quantities; the first one carries the spread as uncertainty."""
    spread = robust_deviation(values, spec.name)
    return [
        Quantity(
            property=spec.name,
            value=v.value,
            unit=spec.unit,
            entity=entity,
            conditions=v.conditions,
            uncertainty=spread if number == 0 else None,
            nature=nature_of(v.source, spec.name),
            source=f"{v.source.label}{v.note}: {v.source.citation}",
        )
        for number, v in enumerate(values)
    ]


def warnings(values: Sequence[Value], spec: PropertySpec) -> list[str]:
    """What a careful reader must know of the values."""
    first = values[0]
    notes: list[str] = []
    if _is_estimate(first, spec.name):
        notes.append(
            f"no measured {spec.label} is known here: the value is an estimate "
            f"({first.source.label}), not a measurement"
        )
    others = [v for v in values[1:] if not _is_estimate(v, spec.name)]
    off = [v for v in others if not agree(v.value, first.value, spec)]
    if off:
        told = ", ".join(
            f"{spec.format_number(v.value)} {spec.unit or ''} ({v.source.label})".replace("  ", " ")
            for v in off
        )
        notes.append(f"the data sets disagree: {told}")
    if robust_deviation(values, spec.name) is not None:
        number = len(independent_values(values, spec.name))
        notes.append(
            f"the uncertainty is the robust spread (1.4826 × median absolute deviation) of "
            f"{number} independent data sets"
        )
    return notes


def _is_estimate(value: Value, name: str) -> bool:
    return nature_of(value.source, name) == "predicted"
