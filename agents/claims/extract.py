"""Find the numbers and identifiers that a text states.

Left out on purpose, because they are not statements: list markers, source marks,
locants and other digits inside a name (``2,4,6-trinitrotoluene``, ``sp3``, ``GFN2-xTB``),
exponents of a unit (``cm^3``), ordinals (``1st``).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

Sort = Literal["number", "cas", "inchi", "inchi_key", "smiles", "formula"]

_IDENTIFIERS: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    ("inchi", re.compile(r"InChI=1S?/[^\s`'\")\]]+")),
    ("inchi_key", re.compile(r"\b[A-Z]{14}-[A-Z]{10}-[A-Z]\b")),
    ("cas", re.compile(r"(?<![\d-])\d{2,7}-\d{2}-\d(?![\d-])")),
    ("smiles", re.compile(r"`(?=[^`\s]*[A-Za-z])(?=[^`\s]*[=#()\[\]@])([^`\s]+)`")),
    # A SMILES outside back quotes is told from prose by a bond or branch between atoms.
    (
        "smiles",
        re.compile(
            r"(?<![\w{\[(])(?=[\[A-Za-z])(?=[^\s,;]*[=#(\[])(?:\[[A-Za-z0-9@+\-]+\]|Br|Cl|[BCNOPSFIbcnops]|[=#@/\\+\-()%]|\d){4,}(?![\w}])"
        ),
    ),
    (
        "formula",
        re.compile(
            r"(?<![\w⟨-])(?:(?:[A-Z][a-z]?|\((?:[A-Z][a-z]?\d*)+\))\d*){2,}(?:[·.]\d*(?:[A-Z][a-z]?\d*)+)?(?![\w-])"
        ),
    ),
)
_MARKS = re.compile(r"\[(?:o\d+(?:,\s*)?)+\]|\{[^{}]*\}|^\s*(?:\d+[.)]|[-*])\s", re.MULTILINE)
_NUMBER = re.compile(
    r"(?:(?<![\w.⟨/^*-])|(?<=\d[-–/]))(?P<sign>[-−+])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?:\s?[×x·]\s?10\^?(?P<power>[-−⁻]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+)|[eE](?P<exponent>[-+]?\d+))?"
    r"(?!\d|\.\d|-?[A-Za-z]*\d*-[a-z]|st\b|nd\b|rd\b|th\b)"
    # A comma and a digit go on with a locant or a number, but not after decimals ("1.5,2.5").
    r"(?:(?!['′]?,\d)|(?<=\.\d)|(?<=\.\d\d)|(?<=\.\d{3})|(?<=\.\d{4})|(?<=\.\d{5})|(?<=\.\d{6}))"
)
_UNIT = re.compile(
    r"\s?(?P<unit>%|°\s?[CFK]\b|(?:[µμkKmMcdnpGhTf]?[A-Za-zÅΩ°]{1,10})(?:\^?-?[\d²³⁻¹]+)?"
    r"(?:\s?[/·*]\s?[A-Za-zÅΩ°]{1,10}(?:\^?-?[\d²³⁻¹]+)?|\s[A-Za-z]{1,4}(?:\^?-1|⁻¹))*)"
)
_ELEMENTS = frozenset(
    re.findall(
        r"[A-Z][a-z]?",
        "HHeLiBeBCNOFNeNaMgAlSiPSClArKCaScTiVCrMnFeCoNiCuZnGaGeAsSeBrKrRbSrYZrNbMoTcRuRhPdAgCdInSn"
        "SbTeIXeCsBaLaCePrNdPmSmEuGdTbDyHoErTmYbLuHfTaWReOsIrPtAuHgTlPbBiPoAtRnFrRaAcThPaUNpPuAmCmD",
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """A statement found in a text.

    Attributes:
        text: as it stands there (the number with its unit).
        start, end: character offsets.
        value: the number as a float, for ``number``.
        decimals: digits after the point as printed (negative for powers of ten).
        unit: the unit as printed, or empty.
    """

    sort: Sort
    text: str
    start: int
    end: int
    value: float = 0.0
    decimals: int = 0
    unit: str = ""


def extract(text: str) -> list[Found]:
    """Every number and identifier that the text states, in order.

    >>> from labhand.agents.claims import extract
    >>> [f.text for f in extract("It melts at 122.4 °C (CAS 65-85-0) [o1].")]
    ['122.4 °C', '65-85-0']
    """
    taken = bytearray(len(text))
    found: list[Found] = []
    for match in _MARKS.finditer(text):
        _take(taken, match.start(), match.end())
    for sort, pattern in _IDENTIFIERS:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            start, end = match.span(group)
            if any(taken[start:end]) or not _plausible(sort, match[group]):
                continue
            _take(taken, start, end)
            found.append(Found(sort, match[group], start, end))
    for match in _NUMBER.finditer(text):
        own = not any(taken[match.start() : match.end()])
        if own and _may_begin(text, match.start()):
            found.append(_number(text, match))
    return sorted(found, key=lambda f: f.start)


#: What stands before the comma of a value in a table: a word or a number with decimals. Not
#: an integer or a single letter, which are locants (2,4-D; N,2-dimethyl) or thousands.
_FIELD = re.compile(r'(?:[^\W\d_]{2,}[\d)\]"%]*|[)\]"]|(?<![\d.])\d*\.\d+)$')


def _may_begin(text: str, start: int) -> bool:
    """False for a number that goes on with what stands before a comma."""
    if start == 0 or text[start - 1] != ",":
        return True
    return _FIELD.search(text[max(0, start - 60) : start - 1]) is not None


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\x01" * (end - start)


def _plausible(sort: Sort, text: str) -> bool:
    if sort == "formula":
        symbols = re.findall(r"[A-Z][a-z]?", text)
        # "OH" or "NO" without a digit is more often a word than a statement.
        return any(c.isdigit() for c in text) and all(s in _ELEMENTS for s in symbols)
    if sort == "smiles":
        return any(c.isalpha() for c in text) and len(text) >= 4 and not text.isalpha()
    return True


def _number(text: str, match: re.Match[str]) -> Found:
    digits = match["number"].replace(",", "")
    value = float(digits)
    decimals = len(digits.partition(".")[2])
    power = match["power"] or match["exponent"]
    if power:
        exponent = int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")))
        value *= 10.0**exponent if abs(exponent) <= 300 else 0.0
        decimals -= exponent
    if match["sign"] in ("-", "−"):
        value = -value
    unit, end = _unit_after(text, match.end())
    return Found("number", text[match.start() : end], match.start(), end, value, decimals, unit)


def _unit_after(text: str, position: int) -> tuple[str, int]:
    match = _UNIT.match(text, position)
    if match is None:
        return "", position
    unit = match["unit"].strip()
    # The pattern also swallows words ("5 of"): cut back until pint knows it.
    while unit:
        candidate = _for_pint(unit)
        if not _is_unit(candidate):
            shorter = re.match(r"(.+)[\s/·*].*$", unit, re.DOTALL)
            unit = shorter[1].rstrip() if shorter else ""
            continue
        if unit.lower() in _WORDS:
            return "", position
        return candidate, match.start("unit") + len(unit)
    return "", position


@functools.lru_cache(maxsize=4096)
def _is_unit(text: str) -> bool:
    from ...tools.contract import LabhandError
    from ...tools.contract.units import convert

    try:
        convert(1.0, text, text)
    except LabhandError:
        return False
    return True


#: Words that pint would take for units: "5 in total" is not five inches.
_WORDS = frozenset(re.findall(r"\w+", "a an as at in is are per to of and or no max by so do up"))

_FROM_PRETTY = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−·", "0123456789--*")


def _for_pint(unit: str) -> str:
    unit = unit.replace("°C", "degC").replace("°F", "degF").replace("° C", "degC")
    unit = unit.replace("Å", "angstrom").replace("μ", "µ").replace("%", "percent")
    unit = re.sub(r"([A-Za-z])([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"\1^\2", unit).translate(_FROM_PRETTY)
    unit = re.sub(r"([A-Za-z])(-?\d)", r"\1^\2", unit)
    return re.sub(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z])", "*", unit)
