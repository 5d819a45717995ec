"""Values of one property from several data sets: which one to recommend, and the spread."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..contract import PropertySpec, Quantity
from ._sources import DataSet, error_of_estimate, nature_of

_ENOUGH = 3  # data sets that agree, so that one that does not is a slip and no spread
_ROUNDING = 1e-9  # of half a unit: 383.75 is 383.8 at one decimal, whatever its binary form


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


@dataclass(frozen=True, slots=True)
class Spread:
    """How far data sets lie apart.

    Attributes:
        deviation: sample standard deviation in the canonical unit, but never less than
            half a unit of the last digit that the coarsest set gives or that is printed.
        sets: how many distinct values it rests on.
        left_out: how many values disagree with three or more that agree.
    """

    deviation: float
    sets: int
    left_out: int = 0

    @property
    def note(self) -> str:
        """What the uncertainty is, for a reader."""
        text = (
            f"the uncertainty is the sample standard deviation of {self.sets} data sets "
            "(equal values count once)"
        )
        return text + (
            f"; left out: those that disagree ({self.left_out})" if self.left_out else ""
        )


def spread_of(ordered: Sequence[Value], spec: PropertySpec) -> Spread | None:
    """The spread of the measured and tabulated values that share the first one's conditions.

    ``None`` where fewer than two distinct values are left, and for the reference
    formulations of water.
    """
    first = ordered[0]
    if first.source.code == "IAPWS":
        return None  # how far engineering equations lie off tells nothing of the reference one
    values = distinct(
        v.value
        for v in ordered
        if v.conditions == first.conditions
        and nature_of(v.source, spec.name) in ("measured", "tabulated")
    )
    close = [v for v in values if agree(v, first.value, spec)]
    kept = close if len(close) >= _ENOUGH else values
    if len(kept) < 2:
        return None
    printed = decimals_of(float(spec.format_number(first.value)))
    shown = spec.decimals if spec.decimals is not None else printed
    floor = 0.5 * 10.0 ** -min(shown, *map(decimals_of, kept))
    return Spread(max(statistics.stdev(kept), floor), len(kept), len(values) - len(kept))


def distinct(values: Iterable[float]) -> list[float]:
    """The values without those that equal a finer one at their own digits.

    >>> from labhand.tools.compounds._values import distinct
    >>> distinct([373.1243, 373.124, 373.15, 373.2])    # 373.124 and 373.2 add nothing
    [373.1243, 373.15]
    """
    kept: list[float] = []
    for value in sorted(values, key=decimals_of, reverse=True):
        half = 0.5 * 10.0 ** -decimals_of(value) * (1 + _ROUNDING)
        if not any(abs(value - k) <= half for k in kept):
            kept.append(value)
    return kept


def decimals_of(value: float) -> int:
    """Digits behind the point that a number of at most ten figures carries."""
    exponent = Decimal(f"{value:.10g}").normalize().as_tuple().exponent
    return max(0, -int(exponent))


def agree(first: float, second: float, spec: PropertySpec) -> bool:
    """Whether two values are the same within the tolerance of the property."""
    relative = spec.relative_tolerance or 0.0
    absolute = spec.absolute_tolerance or 0.0
    return math.isclose(first, second, rel_tol=relative, abs_tol=absolute)


def quantities(values: Sequence[Value], spec: PropertySpec, entity: str) -> list[Quantity]:
    """The ordered values as quantities; the first one carries the spread as uncertainty."""
    spread = spread_of(values, spec)
    first = spread.deviation if spread else error_of_estimate(values[0].source, spec.name)
    return [
        Quantity(
            property=spec.name,
            value=v.value,
            unit=spec.unit,
            entity=entity,
            conditions=v.conditions,
            uncertainty=first if number == 0 else None,
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
            + (
                ", off by up to its uncertainty for two compounds of three, by more for sugars "
                "and other compounds with many polar groups"
                if error_of_estimate(first.source, spec.name)
                else ""
            )
        )
    elif first.source.nature == "tabulated" and not any(v.source.independent for v in values):
        notes.append(
            f"the {spec.label} stands only in collections ({first.source.label}) that name no "
            "measurement"
        )
    others = [v for v in values[1:] if not _is_estimate(v, spec.name)]
    off = [v for v in others if not agree(v.value, first.value, spec)]
    if off:
        told = ", ".join(
            f"{spec.format_number(v.value)} {spec.unit or ''} ({v.source.label})".replace("  ", " ")
            for v in off
        )
        notes.append(f"the data sets disagree: {told}")
    if (spread := spread_of(values, spec)) is not None:
        notes.append(spread.note)
    return notes


def _is_estimate(value: Value, name: str) -> bool:
    return nature_of(value.source, name) == "predicted"
