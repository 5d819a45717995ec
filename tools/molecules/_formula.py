"""Molecular formulas: text ↔ composition. Pure Python, so that it costs nothing to import."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se "
    "Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb "
    "Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm "
    "Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og D T"
)
SYMBOLS = frozenset(_SYMBOLS.split())
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁺⁻", "0123456789+-")
_TOKEN = re.compile(r"([A-Z][a-z]?)|([(\[])|([)\]])|(\d+)")
#: A charge that says so itself: '(2-)', '^2-', '+3', '--'.
_CHARGE = re.compile(r"\(\d*[+-]\)$|\^\d*[+-]$|[+-]\d+$|[+-]{1,4}$|\([+-]\d+\)$")
_BARE_CHARGE = re.compile(r"(?P<body>[A-Z][a-z]?|.*[A-Z][a-z]?\d)(?P<charge>[2-4])")
_MOST_ATOMS = 100_000
_HYDROGEN = {"D": "H", "T": "H"}
_UNCLOSED_RING = re.compile(r"([A-Z][a-z]?)\d+\1(?![a-z])")


def parse_formula(text: str, *, isotopes: bool = False) -> tuple[Counter[str], int] | None:
    """Composition and charge of a formula, or ``None`` when the text is not one.

    Case matters (``Co`` is cobalt, ``CO`` carbon monoxide). Brackets, hydrate dots, subscripts
    and a charge at the end are understood. D and T count as hydrogen, or with ``isotopes`` for
    themselves. No formula says ``C1`` or names an element twice running, one of them with a
    number (``C2CC``): those are SMILES whose ring is not closed.

    >>> from labhand.tools.molecules._formula import parse_formula, hill
    >>> hill(parse_formula("CuSO4·5H2O")[0]), parse_formula("SO4--")[1], parse_formula("Xx")
    ('CuH10O9S', -2, None)
    >>> parse_formula("C1CC"), parse_formula("C2CC"), hill(parse_formula("D2O", isotopes=True)[0])
    (None, None, 'D2O')
    """
    text = text.translate(_SUBSCRIPTS).replace(" ", "")
    body, charge = _split_charge(text)
    if _UNCLOSED_RING.search(body):
        return None
    total: Counter[str] = Counter()
    for part in re.split(r"[·.*•]", body):
        factor = re.match(r"\d+", part)
        counts = _group(part[factor.end() :] if factor else part, isotopes)
        if not counts:
            return None
        for symbol, n in counts.items():
            total[symbol] += n * (int(factor.group()) if factor else 1)
    return (total, charge) if sum(total.values()) <= _MOST_ATOMS else None


def _split_charge(text: str) -> tuple[str, int]:
    """Body and charge; a bare digit before the sign is read as chemists write it.

    ``Fe3+`` is an ion of charge 3, ``NH4+`` four hydrogens and one charge, ``SO42-`` four
    oxygens and two charges.
    """
    found = _CHARGE.search(text)
    if not found or found.start() == 0:
        return text, 0
    sign = next(c for c in found.group() if c in "+-")
    size = found.group().strip("()^+-")
    run = found.group().count(sign)
    if size:
        return text[: found.start()], int(size) * (1 if sign == "+" else -1)
    body = text[: found.start()]
    if run == 1 and (bare := _BARE_CHARGE.fullmatch(body)):
        body, run = bare["body"], int(bare["charge"])
    return body, run if sign == "+" else -run


def _group(text: str, isotopes: bool) -> Counter[str] | None:
    stack: list[Counter[str]] = [Counter()]
    last: Counter[str] | None = None
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        symbol, opening, closing, number = match.groups()
        if symbol:
            symbol, length = _symbol(text, position)
            if not symbol:
                return None
            last = Counter({symbol if isotopes else _HYDROGEN.get(symbol, symbol): 1})
            stack[-1] += last
            position += length
            continue
        if opening:
            stack.append(Counter())
            last = None
        elif closing:
            if len(stack) == 1 or not stack[-1]:
                return None
            last = stack.pop()
            stack[-1] += last
        else:
            if last is None or number.startswith("0") or number == "1" or len(number) > 5:
                return None
            for key, n in last.items():
                stack[-1][key] += n * (int(number) - 1)
            last = None
        position = match.end()
    return stack[0] if len(stack) == 1 else None


def _symbol(text: str, position: int) -> tuple[str, int]:
    for length in (2, 1):
        candidate = text[position : position + length]
        if candidate in SYMBOLS:
            return candidate, length
    return "", 0


def hill(counts: Mapping[str, int], charge: int = 0) -> str:
    """Formula in Hill order: C, H, then the alphabet; all alphabetic without carbon.

    An isotope that is counted for itself stands behind its element (``CDCl3``, ``[13C]H4``).

    E. A. Hill, J. Am. Chem. Soc. 1900, 22, 478, doi:10.1021/ja02046a005.
    """
    present = [s for s, n in counts.items() if n]
    first = {"C": 0, "H": 1} if any(_element(s) == "C" for s in present) else {}
    order = sorted(present, key=lambda s: (first.get(_element(s), 2), _element(s), s != "H", s))
    body = "".join(s + (str(counts[s]) if counts[s] > 1 else "") for s in order)
    if not charge:
        return body
    return body + ("+" if charge > 0 else "-") + (str(abs(charge)) if abs(charge) > 1 else "")


def _element(symbol: str) -> str:
    """``[13C]`` → ``C``, ``D`` → ``H``."""
    return _HYDROGEN.get(symbol, symbol.strip("[]0123456789"))


def recased(text: str, most: int = 32) -> list[str]:
    """Every way to write a formula typed in small letters: ``nacl`` → ``NaCl``, ``NAcl`` no.

    >>> from labhand.tools.molecules._formula import recased
    >>> recased("co2"), recased("h2o")
    (['Co2', 'CO2'], ['H2O'])
    """
    if text != text.lower() or not re.fullmatch(r"[a-z][a-z0-9]{0,11}", text):
        return []
    partial = [("", 0)]
    done = []
    while partial and len(done) < most:
        written, position = partial.pop()
        if position == len(text):
            done.append(written)
        elif text[position].isdigit():
            partial.append((written + text[position], position + 1))
        else:
            for length in (1, 2):
                symbol = text[position : position + length].capitalize()
                if len(symbol) == length and symbol in SYMBOLS:
                    partial.append((written + symbol, position + length))
    return [d for d in done if parse_formula(d)]
