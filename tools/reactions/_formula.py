"""Chemical formulas as text: elements, groups, hydrates, isotopes, charges.

Counts are exact (``Fraction``), so that a hemihydrate stays one half. Where plain text
leaves the charge open, every reading is kept: ``SO42-`` is SO4 with 2−, ``O2-`` is oxide
or superoxide, and the balance of charge decides later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..contract import ToolInputError
from ..molecules._formula import SYMBOLS

_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋−–—⋅∙•⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789+----···+-0123456789")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]*[⁺⁻]")
_STATE = re.compile(r"\s*\((s|l|g|aq|cr|am|sln|solid|liquid|gas|vap)\)\s*$", re.IGNORECASE)
_TOKEN = re.compile(
    r"\[(?P<nuclide>\d{1,3}[A-Z][a-z]?)\]|(?P<element>[A-Z][a-z]?)|(?P<open>[(\[{])|(?P<close>[)\]}])"
)
_COUNT = re.compile(r"\d+(?:\.\d+)?")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_ELECTRON = re.compile(r"e(?:\^?\(?1?-\)?)?")
_MAXIMUM_COUNT = 100_000
#: Elements whose diatomic or larger cations occur (H3+, N2+): the digit is open there.
_MOLECULAR_CATIONS = frozenset({"H", "He", "C", "N", "O", "F", "S", "Cl", "Br", "I", "Ar", "Xe"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a formula: atoms by symbol, and the charge in units of e."""

    atoms: tuple[tuple[str, Fraction], ...]
    charge: int = 0

    @property
    def counts(self) -> Mapping[str, Fraction]:
        """Atoms by element symbol (``13C`` for a labelled one)."""
        return dict(self.atoms)


def strip_state(text: str) -> tuple[str, str]:
    """``CO2(g)`` → ``("CO2", "g")``."""
    match = _STATE.search(text)
    return (text[: match.start()], match.group(1)) if match else (text, "")


def readings(text: str) -> tuple[Reading, ...]:
    """Every reading of a formula, the most usual one first.

    >>> from labhand.tools.reactions._formula import readings
    >>> [(dict(r.atoms), r.charge) for r in readings("MnO4-")][0]
    ({'Mn': Fraction(1, 1), 'O': Fraction(4, 1)}, -1)
    >>> [r.charge for r in readings("O2-")]     # oxide, or superoxide
    [-2, -1]

    Raises:
        ToolInputError: the text is not a formula; the message names the place.
    """
    plain = _spelling(strip_state(text)[0])
    if _ELECTRON.fullmatch(plain):
        return (Reading((), -1),)
    found: dict[Reading, None] = {}
    problem: ToolInputError | None = None
    for body, charge in _charges(plain):
        try:
            found[Reading(_atoms(body, text), charge)] = None
        except ToolInputError as error:
            problem = problem or error
    if not found:
        raise problem or _unreadable(text, "it is empty")
    return tuple(found)


def composition(text: str) -> Reading:
    """The usual reading of a formula (see ``readings``).

    Raises:
        ToolInputError: the text is not a formula.
    """
    return readings(text)[0]


def _spelling(text: str) -> str:
    """Superscript charges get a caret, the rest becomes plain ASCII and a middle dot."""
    text = _SUPERSCRIPT.sub(lambda m: "^" + m.group().translate(_PLAIN), text.strip())
    text = re.sub(r"(?<=[\w)\]])\s+(?=\d?[+-]$)", "^", text.translate(_PLAIN))  # Cr2O7 2-
    text = text.replace("*", "·").replace(" ", "")
    # A dot before a group with its own count is a hydrate's dot (CuSO4.5H2O), but the dot
    # inside that count is a decimal point (CaSO4·0.5H2O, CaSO4.0.5H2O).
    text = re.sub(r"[.·](\d+)\.(\d+)(?=[A-Z(\[])", r"·\1#\2", text)
    text = re.sub(r"(?<=[A-Za-z\])0-9])\.(?=\d*[A-Z(\[])", "·", text)
    return text.replace("#", ".")


def _charges(plain: str) -> Iterator[tuple[str, int]]:
    """Splits of a formula into its body and its charge, the most usual one first."""
    plain = re.sub(r"\((\d*[+-])\)$", r"^\1", plain)  # PO4(3-)
    caret = re.fullmatch(r"(?P<body>.+?)\^[({]?(?P<n>\d*)(?P<sign>[+-])(?P<m>\d*)[)}]?", plain)
    if caret:
        yield caret["body"], _signed(caret["n"] or caret["m"], caret["sign"])
        return
    repeated = re.fullmatch(r"(?P<body>.*?[^+-])(?P<signs>\++|-+)", plain)
    if repeated is None:
        after = re.fullmatch(r"(?P<body>.*?[^+-])(?P<sign>[+-])(?P<n>\d)", plain)
        if after:  # Fe+3
            yield after["body"], _signed(after["n"], after["sign"])
            return
        yield plain, 0
        return
    body, signs = repeated["body"], repeated["signs"]
    digits = re.search(r"\d*$", body)
    number = digits.group() if digits else ""
    if len(signs) > 1 or not number:
        yield body, _signed(str(len(signs)), signs[0])
        return
    split = (body[:-1], _signed(number[-1], signs[0]))
    whole = (body, _signed("1", signs[0]))
    yield from _digit_before_sign(split, whole, len(number), signs[0])


def _digit_before_sign(
    split: tuple[str, int], whole: tuple[str, int], digits: int, sign: str
) -> Iterator[tuple[str, int]]:
    """``Fe3+`` is a charge, ``MnO4-`` a count, ``SO42-`` both, and ``O2-`` is open."""
    body = split[0]
    single = re.fullmatch(r"[A-Z][a-z]?", body)
    if split[1] == 0:  # C60-
        yield whole
    elif body.endswith("]") or (single and sign == "+" and body not in _MOLECULAR_CATIONS):
        yield split
    elif digits > 1 or single:
        yield split
        yield whole
    else:
        yield whole


def _signed(number: str, sign: str) -> int:
    return (1 if sign == "+" else -1) * int(number or 1)


#: An explicit count of one beside a repeated element: an unclosed ring of a SMILES (C1CC).
_RING_DIGIT = re.compile(r"(?:(?<=[A-Z])|(?<=[a-z]))1(?!\d)")


def _refuse_open_rings(body: str, text: str) -> None:
    symbols = re.findall(r"[A-Z][a-z]?", body)
    if _RING_DIGIT.search(body) and len(set(symbols)) < len(symbols):
        raise _unreadable(text, "it looks like a SMILES whose ring is not closed")


def _atoms(body: str, text: str) -> tuple[tuple[str, Fraction], ...]:
    _refuse_open_rings(body, text)
    total: dict[str, Fraction] = {}
    for part in body.split("·"):
        factor = _COUNT.match(part)
        times = Fraction(factor.group()) if factor else Fraction(1)
        for symbol, count in _group(part[factor.end() :] if factor else part, text).items():
            total[symbol] = total.get(symbol, Fraction(0)) + times * count
    if any(n > _MAXIMUM_COUNT or n <= 0 for n in total.values()):
        raise _unreadable(text, "its counts are out of range")
    return tuple(sorted(total.items()))


def _group(part: str, text: str) -> dict[str, Fraction]:
    """Counts of one part without dots; brackets of all kinds may nest."""
    stack: list[tuple[str, dict[str, Fraction]]] = [("", {})]
    position = 0
    while position < len(part):
        match = _TOKEN.match(part, position)
        if match is None:
            raise _unreadable(text, f"{part[position]!r} is out of place")
        position = match.end()
        if match["open"]:
            stack.append((match["open"], {}))
            continue
        if match["close"]:
            bracket, inner = stack.pop()
            if bracket != _PAIRS[match["close"]]:
                raise _unreadable(text, "its brackets do not match")
        else:
            inner = {_symbol(match["nuclide"] or match["element"], text): Fraction(1)}
        count = _COUNT.match(part, position)
        position = count.end() if count else position
        times = Fraction(count.group()) if count else Fraction(1)
        for symbol, number in inner.items():
            stack[-1][1][symbol] = stack[-1][1].get(symbol, Fraction(0)) + times * number
    if len(stack) != 1 or not stack[0][1]:
        raise _unreadable(text, "its brackets do not match" if len(stack) > 1 else "it is empty")
    return stack[0][1]


def _symbol(name: str, text: str) -> str:
    if name.lstrip("0123456789") not in SYMBOLS:
        raise _unreadable(text, f"{name!r} is not an element")
    return name


def _unreadable(text: str, why: str) -> ToolInputError:
    return ToolInputError(
        f"{text.strip()[:60]!r} is not a formula: {why}.",
        "Write element symbols with capitals and counts behind them, as in Ca(OH)2, "
        "CuSO4·5H2O, SO4^2-.",
        formula=text,
    )
