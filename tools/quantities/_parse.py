"""Quantities as text: a number, then a unit (``3.5 kcal/mol``, ``25 °C``, ``1 000 Pa``)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..contract import ToolInputError
from ..contract.units import registry
from ._numbers import read_number
from ._units import DIMENSIONLESS, Unit, dimensionality, is_atomic_unit, read_unit


@dataclass(frozen=True, slots=True)
class Parsed:
    """A number and its unit; ``unit_text`` is the unit as it was written."""

    value: float
    unit: Unit
    unit_text: str

    def to(self, unit: str) -> float:
        """The value in another unit of the same dimension (offsets of temperatures included).

        Raises:
            ToolInputError: the dimensions differ.
        """
        import pint

        try:
            quantity = registry().Quantity(self.value, self.unit.pint)
            return finite(float(quantity.to(unit).magnitude))
        except (pint.DimensionalityError, pint.OffsetUnitCalculusError) as error:
            raise ToolInputError(
                f"{self.value:g} {self.unit.symbol or '(no unit)'} is not a quantity in {unit}.",
                "Give it in a unit of that dimension.",
            ) from error


def finite(value: float) -> float:
    """The value itself, where it is a number that doubles hold.

    Raises:
        ToolInputError: it overflowed.
    """
    if not math.isfinite(value):
        raise ToolInputError("the result is too large to compute with.", "Check the powers of ten.")
    return value


def split_quantity(text: str) -> tuple[float, str]:
    """The number and the text of the unit behind it.

    Raises:
        ToolInputError: the text does not start with a number, or the number is ambiguous.
    """
    found = read_number(text.strip())
    if found is None:
        raise ToolInputError(
            f"{text.strip()[:60]!r} does not start with a number.",
            "Write a number and its unit, as in '3.5 kcal/mol'.",
        )
    value, end = found
    return value, text.strip()[end:].strip()


def parse_quantity(text: str) -> Parsed:
    """Read a quantity.

    >>> from labhand.tools.quantities._parse import parse_quantity
    >>> parsed = parse_quantity("3.5 kcal·mol⁻¹")
    >>> parsed.value, parsed.unit.symbol
    (3.5, 'kcal/mol')

    Raises:
        ToolInputError: number or unit cannot be read, or has two readings.
    """
    value, rest = split_quantity(text)
    return Parsed(value, read_unit(rest) if rest else DIMENSIONLESS, rest)


def parse_in(text: str, unit: str, what: str) -> float:
    """The value of a quantity in ``unit``; ``what`` names it in the error.

    >>> from labhand.tools.quantities._parse import parse_in
    >>> round(parse_in("25 C", "K", "temperature"), 2)
    298.15

    Raises:
        ToolInputError: it cannot be read, or is not a quantity of that dimension.
    """
    value, rest = split_quantity(text)
    if unit == "K" and rest in ("C", "c", "F"):
        rest = f"°{rest.upper()}"
    parsed = Parsed(value, read_unit(rest) if rest else DIMENSIONLESS, rest)
    try:
        converted = parsed.to(unit)
    except ToolInputError:
        raise ToolInputError(
            f"{text.strip()!r} is not a {what}.", f"Give it with a unit, for example in {unit}."
        ) from None
    if unit == "K" and converted < 0:
        raise ToolInputError(f"{text.strip()!r} lies below absolute zero.", "Check its sign.")
    return converted


__all__ = [
    "DIMENSIONLESS",
    "Parsed",
    "Unit",
    "dimensionality",
    "finite",
    "is_atomic_unit",
    "parse_in",
    "parse_quantity",
    "read_unit",
    "split_quantity",
]
