"""A calculator over units."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field

from ..contract import Expression, Finding, Kind, Quantity, ToolInputError, UnitText, tool
from ._calculator import evaluate
from ._units import Unit, read_unit

#: A result in many units is given in the named SI unit of its dimension.
_NAMED = ("mol", "J", "Pa", "N", "W", "C", "V", "J/mol", "J/K", "J/mol/K", "Hz", "mol/L", "kg/m^3")


@tool(
    yields=("calculated_value",),
    method="arithmetic in double precision, units and CODATA constants by pint",
    where="inline",
)
def calculate(
    expression: Expression,
    unit: Annotated[
        UnitText | None, Kind("unit"), Field(description="unit of the result; default: chosen")
    ] = None,
) -> Finding:
    """Evaluate an arithmetic expression, with or without units.

    Knows + - * / ^, brackets, per cent, sqrt, exp, ln, log10, log2, trigonometric functions
    (radians), abs, pi and the constants R, N_A, k_B, h, hbar, c, F, e, m_e. ``log`` is
    the decadic logarithm. A temperature in °C becomes kelvin at once.

    >>> from labhand.tools.quantities.calculate import calculate
    >>> found = calculate(expression="2 mol * 18.015 g/mol").quantities[0]
    >>> found.value, found.unit
    (36.03, 'g')

    Raises:
        ToolInputError: the text does not parse, units do not fit, or there is no finite
            real result.
    """
    value, notes = evaluate(expression)
    try:
        number, shown = _in_unit(value, read_unit(unit)) if unit else _readable(value)
    except OverflowError as error:
        raise ToolInputError(
            "the result is too large for its unit.", "Check the numbers, or name another unit."
        ) from error
    result = Quantity(
        property="calculated_value",
        value=_clean(number, shown),
        unit=shown or None,
        entity=expression.strip(),
    )
    return Finding((result,), warnings=tuple(notes))


def _clean(number: float, unit: str) -> float | int:
    """Twelve figures (more are noise of binary fractions); whole plain numbers as integers."""
    rounded = float(f"{number:.12g}")
    return int(rounded) if not unit and rounded.is_integer() and abs(rounded) < 1e12 else rounded


def _in_unit(value: Any, unit: Unit) -> tuple[float, str]:
    import pint

    try:
        return float(value.to(unit.pint or "").magnitude), unit.symbol
    except pint.DimensionalityError as error:
        raise ToolInputError(
            f"the result {value:~P} is not a quantity in {unit.symbol}.",
            "Leave the unit out to see which unit the result has.",
        ) from error


def _readable(value: Any) -> tuple[float, str]:
    """The value with like units cancelled, in a named unit where that is shorter."""
    reduced = value.to_reduced_units() if not value.unitless else value
    if reduced.dimensionless:
        return float(reduced.to("").magnitude), ""
    parts = len(reduced.unit_items())
    for name in _NAMED:
        if parts > name.count("/") + 1 and reduced.is_compatible_with(name):
            return float(reduced.to(name).magnitude), name
    if parts > 3:
        reduced = reduced.to_base_units()
    return float(reduced.magnitude), _spelt(reduced)


def _spelt(value: Any) -> str:
    """The unit in symbols that pint reads back: ``kJ/mol``, ``cm^3``."""
    text = f"{value.units:~D}".replace(" / ", "/").replace(" ** ", "^").replace(" * ", "*")
    return re.sub(r"(?<![A-Za-z])([munkdc]?)l(?![A-Za-z])", r"\1L", text)
