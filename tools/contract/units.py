"""Units, by pint, loaded on first use (pint takes 0.1 s to import)."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, cast

from .errors import ToolInputError

if TYPE_CHECKING:
    import pint


@functools.cache
def registry() -> pint.UnitRegistry[Any]:
    """The one unit registry of the program; chemistry context enabled per call, not globally."""
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(
        autoconvert_offset_to_baseunit=True, cache_folder=None
    )
    units.define("ppb = 1e-9")  # pint has ppm alone
    return units


def convert(value: float, unit: str, target: str) -> float:
    """Convert a value between two units of the same dimension.

    >>> from labhand.tools.contract.units import convert
    >>> round(convert(3.5, "kcal/mol", "kJ/mol"), 3)   # 1 cal = 4.184 J, thermochemical
    14.644
    >>> round(convert(25.0, "degC", "K"), 2)
    298.15

    Raises:
        ToolInputError: a unit is unknown, or the dimensions differ.
    """
    import pint

    units = registry()
    for text in (unit, target):
        _refuse_towers(text)
    try:
        return float(cast("Any", units).Quantity(value, unit).to(target).magnitude)
    except pint.UndefinedUnitError as error:
        raise ToolInputError(
            f"{', '.join(_names(error))} is not a unit that is known here.",
            "Write units as in 'kJ/mol', 'degC', 'g/cm^3'.",
            unit=unit,
            target=target,
        ) from error
    except pint.DimensionalityError as error:
        raise ToolInputError(
            f"{unit or 'a bare number'} ({error.dim1 or 'dimensionless'}) cannot be converted to "
            f"{target} ({error.dim2 or 'dimensionless'}): they measure different things.",
            "Name a unit of the same dimension.",
            unit=unit,
            target=target,
        ) from error
    except Exception as error:  # pint's parser lets out whatever it meets: TokenError, KeyError, …
        raise ToolInputError(
            f"{unit!r} or {target!r} cannot be read as a unit.",
            "Write units as in 'kJ/mol', 'degC', 'g/cm^3'.",
            unit=unit,
            target=target,
        ) from error


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_LONGEST = 200
_TOWER = re.compile(
    r"(\*\*|\^)[-+(\s]*\d{3}"  # an exponent of three digits
    r"|(\*\*|\^)[-+(\s\d.]*(\*\*|\^)"  # a power of a power
    r"|(\*\*|\^)\s*\([^)]*[*^]"  # an exponent that is calculated
    r"|\)\s*(\*\*|\^)[-+\s\d.]*\)\s*(\*\*|\^)"  # brackets in brackets, both raised
    r"|(squared|cubed).*(squared|cubed).*(squared|cubed)"
)


def _refuse_towers(text: str) -> None:
    """Refuse what no unit looks like: pint computes ``9**9**9`` exactly, and never comes back."""
    plain = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)
    if len(text) > _LONGEST or _TOWER.search(plain):
        raise ToolInputError(
            f"{text[:_LONGEST]!r} cannot be read as a unit.",
            "Write units as in 'kJ/mol', 'degC', 'g/cm^3'.",
            unit=text[:_LONGEST],
        )


def _names(error: pint.UndefinedUnitError) -> list[str]:
    names = error.unit_names
    return [repr(names)] if isinstance(names, str) else [repr(n) for n in names]
