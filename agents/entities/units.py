"""Units as people write them, and the dimension they measure, without an engine.

Only the dimension is needed here (it types a quantity); converting is pint's work.
A unit expression is read as products and quotients of prefixed units with integer
powers: ``kJ/mol``, ``g cm-3``, ``J/(mol K)``, ``mol·L⁻¹``, ``degrees Celsius``.
"""

from __future__ import annotations

import functools
import re

#: Exponents of mass, length, time, temperature, substance, current.
Dimension = tuple[int, int, int, int, int, int]

_NONE: Dimension = (0, 0, 0, 0, 0, 0)
_MASS: Dimension = (1, 0, 0, 0, 0, 0)
_LENGTH: Dimension = (0, 1, 0, 0, 0, 0)
_TIME: Dimension = (0, 0, 1, 0, 0, 0)
_TEMPERATURE: Dimension = (0, 0, 0, 1, 0, 0)
_SUBSTANCE: Dimension = (0, 0, 0, 0, 1, 0)
_CURRENT: Dimension = (0, 0, 0, 0, 0, 1)
_VOLUME: Dimension = (0, 3, 0, 0, 0, 0)
_ENERGY: Dimension = (1, 2, -2, 0, 0, 0)
_PRESSURE: Dimension = (1, -1, -2, 0, 0, 0)
_FORCE: Dimension = (1, 1, -2, 0, 0, 0)
_POWER: Dimension = (1, 2, -3, 0, 0, 0)
_FREQUENCY: Dimension = (0, 0, -1, 0, 0, 0)
_CHARGE: Dimension = (0, 0, 1, 0, 0, 1)
_VOLTAGE: Dimension = (1, 2, -3, 0, 0, -1)
_CONCENTRATION: Dimension = (0, -3, 0, 0, 1, 0)

#: What a dimension is called in the detail of a placeholder.
NAMES: dict[Dimension, str] = {
    _NONE: "dimensionless",
    _MASS: "mass",
    _LENGTH: "length",
    _TIME: "time",
    _TEMPERATURE: "temperature",
    _SUBSTANCE: "substance",
    _CURRENT: "current",
    _VOLUME: "volume",
    _ENERGY: "energy",
    _PRESSURE: "pressure",
    _FORCE: "force",
    _POWER: "power",
    _FREQUENCY: "frequency",
    _CHARGE: "charge",
    _VOLTAGE: "voltage",
    _CONCENTRATION: "concentration",
    (0, 2, 0, 0, 0, 0): "area",
    (0, 1, -1, 0, 0, 0): "velocity",
    (0, -1, 0, 0, 0, 0): "wavenumber",
    (1, -3, 0, 0, 0, 0): "density",
    (1, 0, 0, 0, -1, 0): "molar_mass",
    (1, 2, -2, 0, -1, 0): "molar_energy",
    (1, 2, -2, -1, -1, 0): "molar_entropy",
    (1, 2, -2, -1, 0, 0): "entropy",
    (0, 2, -2, 0, 0, 0): "specific_energy",
    (0, 2, -2, -1, 0, 0): "specific_heat",
    (0, 3, 0, 0, -1, 0): "molar_volume",
    (-1, 0, 0, 0, 1, 0): "molality",
    (1, -1, -1, 0, 0, 0): "viscosity",
    (1, 0, -2, 0, 0, 0): "surface_tension",
    (0, 1, 1, 0, 0, 1): "dipole_moment",
}

_EXACT: dict[str, Dimension] = {}  # symbols: case matters
_WORDS: dict[str, Dimension] = {}  # words: case does not


def _symbols(dimension: Dimension, names: str, prefixes: str = "") -> None:
    for name in names.split():
        for prefix in ["", *prefixes.split()]:
            _EXACT.setdefault(prefix + name, dimension)


def _words(dimension: Dimension, names: str, prefixes: str = "") -> None:
    for name in names.split():
        for prefix in ["", *prefixes.split()]:
            _WORDS.setdefault(prefix + name, dimension)
            _WORDS.setdefault(prefix + name + "s", dimension)


_SI = "f p n u µ μ m k M G"
_SI_WORDS = "femto pico nano micro milli centi deci kilo mega giga"
_symbols(_MASS, "g", "p n u µ μ m c k M")
_symbols(_MASS, "lb lbs oz Da kDa amu t")
_symbols(_LENGTH, "m", "f p n u µ μ m c d k")
_symbols(_LENGTH, "Å Å ft mi yd inch bohr a0")
_symbols(_TIME, "s", "f p n u µ μ m")
_symbols(_TIME, "min h hr hrs d yr")
_symbols(_TEMPERATURE, "K mK °C ℃ °F ℉ degC degF °K C F °R")
_symbols(_SUBSTANCE, "mol", "f p n u µ μ m k")
_symbols(_CURRENT, "A", "n u µ μ m k")
_symbols(_VOLUME, "L l", "n u µ μ m c d")
_symbols(_VOLUME, "cc gal")
_symbols(_ENERGY, "J", "p n u µ μ m k M G")
_symbols(_ENERGY, "cal Cal", "k")
_symbols(_ENERGY, "eV", "m k M G")
_symbols(_ENERGY, "erg Ha Eh Ry BTU Btu kWh Wh hartree")
_symbols(_PRESSURE, "Pa", "m h k M G")
_symbols(_PRESSURE, "bar", "m k M")
_symbols(_PRESSURE, "atm torr Torr mTorr mmHg psi")
_symbols(_FORCE, "N", "n u µ μ m k")
_symbols(_FORCE, "dyn")
_symbols(_POWER, "W", "n u µ μ m k M G")
_symbols(_FREQUENCY, "Hz", "k M G T")
_symbols(_VOLTAGE, "V", "u µ μ m k M")
_symbols(_CONCENTRATION, "M", "n u µ μ m")
_symbols((-1, 0, 0, 0, 1, 0), "molal")
_symbols((1, -1, -1, 0, 0, 0), "cP mPas")
_symbols((0, 1, 1, 0, 0, 1), "D")
_symbols(_NONE, "% ppm ppb")
_words(_MASS, "gram gramme", _SI_WORDS)
_words(_MASS, "pound ounce tonne ton dalton kilo stone grain")
_words(_LENGTH, "meter metre", _SI_WORDS)
_words(_LENGTH, "angstrom ångström ångstrom foot feet mile yard micron inche furlong")
_words(_TIME, "second sec", _SI_WORDS)
_words(_TIME, "minute hour day week month year fortnight")
_words(_TEMPERATURE, "kelvin celsius centigrade fahrenheit rankine")
_words(_SUBSTANCE, "mole mol", _SI_WORDS)
_words(_VOLUME, "liter litre", _SI_WORDS)
_words(_VOLUME, "gallon pint quart")
_words(_CURRENT, "ampere amp", _SI_WORDS)
_words(_ENERGY, "joule calorie", _SI_WORDS)
_words(_ENERGY, "electronvolt hartree rydberg erg btu", _SI_WORDS)
_words(_PRESSURE, "pascal", _SI_WORDS + " hecto")
_words(_PRESSURE, "atmosphere bar torr psi mmhg atm")
_words(_FORCE, "newton dyne", _SI_WORDS)
_words(_POWER, "watt horsepower", _SI_WORDS)
_words(_FREQUENCY, "hertz", _SI_WORDS)
_words(_CHARGE, "coulomb", _SI_WORDS)
_words(_VOLTAGE, "volt", _SI_WORDS)
_words(_CONCENTRATION, "molar", _SI_WORDS)
_words((1, -1, -1, 0, 0, 0), "poise", _SI_WORDS)
_words((0, 1, 1, 0, 0, 1), "debye")
_words(_NONE, "percent")
for _spelling in ("kcal", "kj", "kpa", "mpa", "gpa", "ev", "mev", "kev", "ml", "kg", "mg", "cm"):
    _exact = {"kj": "kJ", "kpa": "kPa", "mpa": "MPa", "gpa": "GPa", "ev": "eV"}
    _WORDS.setdefault(
        _spelling,
        _EXACT[_exact.get(_spelling, _spelling.replace("mev", "meV").replace("kev", "keV"))],
    )

#: Words that stand before a unit and belong to it.
_DEGREES = r"(?:deg(?:rees?)?\.?\s+(?:of\s+)?)?"
_ATOM = rf"{_DEGREES}(?:[A-Za-zµμÅÅ°℃℉%][A-Za-zµμåÅö]*)"
_POWER_RE = r"(?:\s?(?:\^|\*\*)\s?\(?[-−+]?\d\)?|[²³⁻¹⁰⁴-⁹]+|[-−]\d|\d(?![\d.,]))?"
_ATOM_POWER = re.compile(rf"({_ATOM})({_POWER_RE})")
_SEPARATOR = re.compile(
    r"\s*(/|\bper\b|·|⋅|\*|\.(?=[A-Za-z]))\s*|(\s)(?=[A-Za-zµμ])", re.IGNORECASE
)
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
_PREFIX_POWER = {"cubic": 3, "square": 2, "sq": 2}
_MAX_UNIT = 60


@functools.lru_cache(maxsize=4096)
def atom_dimension(word: str) -> Dimension | None:
    """The dimension of one unit without power, or ``None`` if it is none that is known."""
    cleaned = re.sub(r"^deg(?:rees?)?\.?\s+(?:of\s+)?", "°", word, flags=re.IGNORECASE)
    for spelling in dict.fromkeys((word, cleaned)):
        if spelling in _EXACT:
            return _EXACT[spelling]
    bare = cleaned.removeprefix("°")
    if bare != cleaned and bare.lower() in {"c", "f", "k", "r"}:
        return _TEMPERATURE
    return _WORDS.get(bare.lower())


def _exponent(text: str) -> int:
    digits = re.sub(r"[^\d-]", "", text.translate(_SUPERSCRIPTS))
    return int(digits) if digits.strip("-") else 1


def _combine(left: Dimension, right: Dimension, power: int) -> Dimension:
    a, b, c, d, e, f = (x + power * y for x, y in zip(left, right, strict=True))
    return (a, b, c, d, e, f)


def match_unit(text: str, start: int) -> tuple[int, str] | None:
    """The longest unit expression that begins at ``start``.

    Returns:
        its end and the name of its dimension (empty for one without a name), or
        ``None`` when no unit begins there.

    >>> from labhand.agents.entities.units import match_unit
    >>> match_unit("3.5 kcal/mol to", 4), match_unit("J/(mol K)", 0), match_unit("mice", 0)
    ((12, 'molar_energy'), (9, 'molar_entropy'), None)
    """
    window = text[: start + _MAX_UNIT]
    total, position, sign, depth = _NONE, start, 1, 0
    best: tuple[int, Dimension] | None = None
    while True:
        if window.startswith("(", position) and best is not None:
            depth, position = depth + 1, position + 1
        found = _one(window, position)
        if found is None:
            break
        position, dimension, power = found
        total = _combine(total, dimension, sign * power)
        while depth and window.startswith(")", position):
            depth, position = depth - 1, position + 1
        if depth == 0:
            best = (position, total)
        separator = _SEPARATOR.match(window, position)
        if separator is None:
            break
        division = separator.group(1) and separator.group(1).lower() in ("/", "per")
        sign = -1 if division else (sign if depth or separator.group(2) is None else 1)
        if (
            separator.group(2)
            and sign == 1
            and depth == 0
            and not _negative(window, separator.end())
        ):
            break  # "mol L" is two things; "mol L-1" and "J/(mol K)" are one
        position = separator.end()
    return None if best is None else (best[0], NAMES.get(best[1], ""))


def _negative(text: str, position: int) -> bool:
    match = _ATOM_POWER.match(text, position)
    return match is not None and _exponent(match.group(2)) < 0


def _one(text: str, position: int) -> tuple[int, Dimension, int] | None:
    before = re.compile(r"(cubic|square|sq)\s+", re.IGNORECASE).match(text, position)
    factor = 1
    if before:
        factor, position = _PREFIX_POWER[before.group(1).lower()], before.end()
    match = _ATOM_POWER.match(text, position)
    if match is None:
        return None
    end = match.end()
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        return None
    dimension = atom_dimension(match.group(1))
    if dimension is None:
        return None
    # A hyphen and digit after a unit may open the next word ("g-1"), which is a power.
    return end, dimension, factor * _exponent(match.group(2))
