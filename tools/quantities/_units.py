"""Units as chemists write them, read into what pint understands.

A unit is parsed here, into symbols with whole exponents, and only known symbols
reach pint: ``kcal mol-1``, ``kcal·mol⁻¹``, ``J/(mol K)``, ``cm−1``, ``℃``. Case
matters (``mM`` is not ``MM``); one unambiguous slip of case is accepted with a note.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from ..contract import ToolInputError
from ..contract.units import registry

#: Spellings that pint lacks or reads as something that no chemist means.
ALIASES = {
    "°C": "degC", "ºC": "degC", "degC": "degC", "celsius": "degC", "centigrade": "degC",
    "°F": "degF", "ºF": "degF", "degF": "degF", "fahrenheit": "degF",
    "°K": "K", "degK": "K", "°R": "degR", "Δ°C": "delta_degC", "ΔK": "K", "Δ°F": "delta_degF",
    "Ha": "hartree", "Eh": "hartree", "E_h": "hartree", "Hartree": "hartree",
    "a0": "bohr", "a₀": "bohr", "Å": "angstrom", "A°": "angstrom",
    "wavenumber": "cm**-1", "wavenumbers": "cm**-1", "kayser": "cm**-1",
    "mmHg": "mmHg", "mmhg": "mmHg", "Torr": "torr", "torrs": "torr",
    "l": "L", "ml": "mL", "μl": "uL", "cc": "cm**3", "ccm": "cm**3",
    "molar": "mol/L", "molal": "mol/kg",
    "btu": "BTU", "Btu": "BTU", "wk": "week", "Cal": "kcal", "Kcal": "kcal", "hrs": "hour",
    "secs": "second", "mins": "minute", "entropy_unit": "cal/mol/K", "e.u.": "cal/mol/K",
    "amu": "amu", "Daltons": "dalton", "daltons": "dalton", "‰": "permille", "%": "percent",
    "Angstrom": "angstrom", "Angstroms": "angstrom", "angstroms": "angstrom",
    "Ångström": "angstrom", "Kelvin": "kelvin", "Kelvins": "kelvin", "Pascal": "pascal",
    "Joule": "joule", "Debye": "debye", "Debyes": "debye", "psia": "psi", "wt%": "percent",
}  # fmt: skip

#: Symbols that pint knows, but that would be a silent mistake in chemistry.
REFUSED = {
    "MM": "mM (millimolar), mm (millimetre) or mmol",
    "k": "K (kelvin) or a prefix such as in kJ",
    "c": "°C (degree Celsius), cm or cP",
    "R": "K, or °R (Rankine); the gas constant is not a unit",
    "kT": "kJ/mol, or write the temperature and use K",
    "mol%": "%", "ppmv": "ppm", "N_A": "1/mol",
    "ton": "t or tonne (1000 kg), or short_ton or long_ton",
    "tons": "t or tonne (1000 kg), or short_ton or long_ton",
    "G": "T (1 G is 1e-4 T), or GPa, GHz", "gauss": "T (1 G is 1e-4 T)",
    "Gauss": "T (1 G is 1e-4 T)",
    "psig": "psi, with the pressure of the air added",
    "ppt": "0.001 ppm (per trillion) or permille (per thousand)",
}  # fmt: skip

_SHOWN = {
    "degC": "°C",
    "degF": "°F",
    "delta_degC": "Δ°C",
    "delta_degF": "Δ°F",
    "cm**-1": "cm^-1",
    "cm**3": "cm^3",
}

_WORDS = (
    (r"(?:delta|Δ)[\s_]*(?:°C|degC)", "Δ°C"),
    (r"(?:delta|Δ)[\s_]*(?:°F|degF)", "Δ°F"),
    (r"degrees?\s+(?:celsius|centigrade)|deg\.?\s*C\b|degrees?\s+C\b|(?<!Δ)[°º]\s*C\b", "°C"),
    (r"degrees?\s+fahrenheit|deg\.?\s*F\b|degrees?\s+F\b|(?<!Δ)[°º]\s*F\b", "°F"),
    (r"degrees?\s+kelvin|deg\.?\s*K\b|[°º]\s*K\b", "K"),
    (r"atomic\s+mass\s+units?", "amu"),
    (r"atomic\s+units?(?:\s+of\s+energy)?|a\.\s?u\.|\bau\b", "a.u."),
    (r"electron[\s-]?volts?", "eV"),
    (r"(?:inverse|reciprocal)\s+(?:centimet(?:er|re)s?|cm)", "cm^-1"),
    (r"(?:mm|millimet(?:er|re)s?)\s*(?:of\s+)?(?:Hg|mercury)\b", "mmHg"),
    (r"parts\s+per\s+million", "ppm"),
    (r"parts\s+per\s+billion", "ppb"),
    (r"per\s?cent", "percent"),
    (r"cubic\s+(\w+)", r"\1^3"),
    (r"square\s+(\w+)", r"\1^2"),
    (r"\s+per\s+", "/"),
)
_TOKEN = re.compile(
    r"\s*(?:(?P<name>a\.u\.|e\.u\.|Δ?[°º]?[A-Za-zÅμΩ][A-Za-z_Åμö°₀]*0?%?|%|‰)"
    r"(?:(?:\^|\*\*)?\(?(?P<power>[-+]?\d+)\)?)?|(?P<one>1(?=\s*/))|(?P<op>\*|·|/|\(|\)))"
)
# fmt: off
_SYMBOLS = (
    "m", "cm", "mm", "nm", "pm", "um", "angstrom", "bohr", "km", "g", "kg", "mg", "ug",
    "ng", "mol", "mmol", "umol", "nmol", "kmol", "L", "mL", "uL", "s", "min", "h", "ms",
    "us", "ns", "fs", "ps", "K", "degC", "degF", "J", "kJ", "MJ", "cal", "kcal", "eV",
    "meV", "keV", "hartree", "Hz", "kHz", "MHz", "GHz", "THz", "Pa", "kPa", "MPa", "GPa",
    "hPa", "bar", "mbar", "atm", "torr", "mmHg", "psi", "M", "mM", "uM", "nM", "N", "mN",
    "V", "mV", "A", "mA", "W", "kW", "C", "F", "T", "D", "Da", "kDa", "amu", "u", "dyn",
    "erg", "P", "cP", "St", "cSt", "ppm", "rad", "deg",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that pint knows: its pint text, how it is printed, and what was assumed."""

    pint: str
    symbol: str
    notes: tuple[str, ...] = ()


DIMENSIONLESS = Unit("", "")


def read_unit(text: str) -> Unit:
    """Read a unit in a chemist's spelling.

    >>> from labhand.tools.quantities._units import read_unit
    >>> [read_unit(t).symbol for t in ("kcal mol-1", "J/(mol K)", "cm⁻¹", "℃")]
    ['kcal/mol', 'J/mol/K', 'cm^-1', '°C']

    Raises:
        ToolInputError: a symbol is unknown or has two readings.
    """
    parts, notes = _parts(_plain(text), text)
    if any(name == "a.u." for name, _ in parts):
        raise ToolInputError(
            "'a.u.' is the atomic unit of every quantity: energy, length, dipole and more.",
            "Name it: hartree for energy, bohr for length.",
        )
    known: list[tuple[str, str, int]] = []
    for name, power in parts:
        spelt, note = _symbol(name, text)
        notes += [note] if note else []
        if spelt in ("degC", "degF") and (len(parts) > 1 or power != 1):
            # In a compound unit a degree is an interval: J/(g °C) equals J/(g K).
            spelt = f"delta_{spelt}"
        known.append((spelt, _SHOWN.get(spelt, spelt), power))
    pint_text = "*".join(f"({p})**{n}" if n != 1 else f"({p})" for p, _, n in known)
    unit = Unit(pint_text, _render([(s, n) for _, s, n in known]), tuple(notes))
    _dimensions(unit.pint)
    return unit


def is_atomic_unit(text: str) -> bool:
    """True for ``a.u.`` and its spellings, which only a context can resolve."""
    return _plain(text).strip() == "a.u."


def dimensionality(unit: Unit) -> dict[str, float]:
    """Powers of the base dimensions, e.g. ``{"[length]": 1.0}``."""
    return dict(_dimensions(unit.pint))


@functools.cache
def _dimensions(pint_text: str) -> tuple[tuple[str, float], ...]:
    quantity = registry().Quantity(1.0, pint_text) if pint_text else registry().Quantity(1.0)
    return tuple(sorted((str(k), float(str(v))) for k, v in quantity.dimensionality.items()))


def _plain(text: str) -> str:
    """One spelling of signs, superscripts and words."""
    text = re.sub(
        r"[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+",
        lambda m: "^" + unicodedata.normalize("NFKC", m.group()).replace("−", "-"),
        text,
    )
    text = unicodedata.normalize("NFKC", text.replace("a₀", "bohr"))
    text = re.sub(r"[−–‐‑]", "-", text).replace("µ", "μ")
    for pattern, replacement in _WORDS:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE if len(pattern) > 9 else 0)
    text = re.sub(r"(?<!\*)\*(?!\*)|×", "*", text)
    text = re.sub(r"[⋅∙•]|(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})", "·", text)
    return text.strip().rstrip(".,;?!") if not text.strip().endswith(".u.") else text.strip()


def _parts(plain: str, text: str) -> tuple[list[tuple[str, int]], list[str]]:
    """Symbols with exponents. After one slash, symbols joined by a dot or a space stay below it."""
    parts: list[tuple[str, int]] = []
    notes: list[str] = []
    sign, depth, below, position = 1, 0, False, 0
    joined = True
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            if plain[position:].strip() == "":
                break
            raise _unreadable(text)
        position = match.end()
        if match["op"] == "/":
            sign, below, joined = -1, True, False
        elif match["op"] == "*":
            sign, joined = (sign if depth else 1), False
        elif match["op"] == "(":
            depth += 1
        elif match["op"] == ")":
            depth, sign, below = depth - 1, 1, False
        elif match["name"]:
            if below and joined and not depth:
                notes.append(f"{text.strip()} was read with everything after the slash below it")
            parts.append((match["name"], sign * int(match["power"] or 1)))
            joined = True
        if depth not in (0, 1):
            raise _unreadable(text)
    if depth or not parts or any(abs(n) > 12 for _, n in parts):
        raise _unreadable(text)
    return parts, list(dict.fromkeys(notes))


def _symbol(name: str, text: str) -> tuple[str, str]:
    """The spelling that pint knows, and a note if a slip of case was mended."""
    if name in REFUSED:
        raise ToolInputError(f"{name!r} is no unit of chemistry.", f"Perhaps {REFUSED[name]}?")
    name = ALIASES.get(name, name).replace("μ", "u")
    if _known(name):
        return name, ""
    near = sorted({s for s in (*_SYMBOLS, *ALIASES) if s.lower() == name.lower()})
    meanings = {ALIASES.get(s, s) for s in near}
    if len(meanings) == 1:
        return meanings.pop(), f"{name!r} was read as {near[0]!r}; units are case-sensitive"
    if meanings:
        raise ToolInputError(
            f"{name!r} can be read as {' or '.join(sorted(meanings))}; units are case-sensitive.",
            "Write the one you mean.",
        )
    raise ToolInputError(
        f"{name!r} is not a unit that is known here (in {text.strip()!r}).",
        "Write units as in 'kJ/mol', '°C', 'g/cm^3', 'mmol/L'.",
        unit=name,
    )


@functools.cache
def _known(name: str) -> bool:
    import pint

    if not re.fullmatch(r"[A-Za-zΩ_0-9%*/.\-]+", name):
        return name in ("Ω",)
    try:
        registry().Quantity(1.0, name)
    except (pint.PintError, ValueError, TypeError, AttributeError, SyntaxError, AssertionError):
        return False
    return True


def _render(parts: list[tuple[str, int]]) -> str:
    if all(n < 0 for _, n in parts):
        return "*".join(f"{s}^{n}" for s, n in parts)
    above = "*".join(s if n == 1 else f"{s}^{n}" for s, n in parts if n > 0)
    below = "".join(f"/{s}" if n == -1 else f"/{s}^{-n}" for s, n in parts if n < 0)
    return above + below


def _unreadable(text: str) -> ToolInputError:
    return ToolInputError(
        f"{text.strip()!r} cannot be read as a unit.",
        "Write units as in 'kJ/mol', '°C', 'g/cm^3', 'J/(mol K)'.",
        unit=text,
    )
