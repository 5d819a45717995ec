"""Numbers as people write them: signs, groups of digits, powers of ten."""

from __future__ import annotations

import math
import re

from ..contract import ToolInputError

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_MINUS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-"})
_SPACE = "[ \u00a0\u2009\u202f]"

#: A number at the start of a text: mantissa, then either ``e-3`` or ``×10^-3``.
NUMBER = re.compile(
    rf"""
    (?P<sign>[+\-−–]?)\s*
    (?:
      (?P<mantissa>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)? | \d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:\.\d+)?
        | \d+\.\d* | \.\d+ | \d+)
      (?: [eE](?P<e>[+\-−–]?\d+)
        | \s*[x×·*⋅]\s*10\s*(?:(?:\^|\*\*)\s*\(?(?P<ten>[+\-−–]?\d+)\)?
            | (?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?
    )
    """,
    re.VERBOSE,
)
_POWER_OF_TEN = re.compile(
    r"(?P<sign>[+\-−–]?)\s*10\s*(?:(?:\^|\*\*)\s*\(?(?P<ten>[+\-−–]?\d+)\)?|(?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
)
_DECIMAL_COMMA = re.compile(r"[+\-−–]?\d+,\d+")


def read_number(text: str, start: int = 0) -> tuple[float, int] | None:
    """The number at ``text[start:]`` and where it ends, or ``None``.

    >>> from labhand.tools.quantities._numbers import read_number
    >>> [read_number(t)[0] for t in ("3.5", "1e-3", "1,000", "1 000", "6.02×10²³", "10^-3")]
    [3.5, 0.001, 1000.0, 1000.0, 6.02e+23, 0.001]

    Raises:
        ToolInputError: a comma leaves two readings (``3,5``), or the number is too
            large for a double.
    """
    power = _POWER_OF_TEN.match(text, start)
    found = power or NUMBER.match(text, start)
    if found is None:
        return None
    comma = _DECIMAL_COMMA.match(text, start)
    if comma and comma.end() > found.end():
        raise _two_readings(comma.group())
    groups = found.groupdict()
    mantissa = re.sub(rf",|{_SPACE}", "", groups.get("mantissa") or "1")
    raised = groups.get("e") or groups.get("ten") or (groups.get("super") or "")
    exponent = raised.translate(SUPERSCRIPTS).translate(_MINUS) or "0"
    sign = "-" if groups["sign"].translate(_MINUS) == "-" else ""
    # float("0.602e23"), not 0.602 * 1e23: one rounding instead of two.
    value = float(f"{sign}{mantissa}e{exponent}") if len(exponent) < 6 else math.inf
    if not math.isfinite(value):
        raise ToolInputError(
            f"the number {found.group()!r} is too large to compute with.",
            "Numbers go up to about 1.8e308.",
        )
    if value == 0 and re.search("[1-9]", mantissa):
        raise ToolInputError(
            f"the number {found.group()!r} is too small to compute with.",
            "Numbers go down to about 5e-324.",
        )
    return value, found.end()


def _two_readings(text: str) -> ToolInputError:
    plain = text.translate(_MINUS)
    return ToolInputError(
        f"the comma in {text!r} can be read in two ways.",
        f"Write {plain.replace(',', '.')} with a decimal point, or "
        f"{plain.replace(',', '')} without a comma.",
        text=text,
    )
