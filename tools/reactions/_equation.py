"""Reaction equations as text: ``2 H2 + O2 -> 2 H2O``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from ..contract import ToolInputError
from ._formula import Reading, readings, strip_state

_ARROW = re.compile(
    r"<[-–—=]+>|<?=+>|⇌|⇄|↔|⟷|→|⟶|⇒|⟹|(?<=\s)[-–—−]+\s?>|[-–—−]>"
    r"|(?<=\s)(?:yields?|gives?|produces?|forms?|to\s+(?:yield|give|produce|form))(?=\s)|=+"
)
#: An arrow of dashes that stands right behind a formula: its first ones may be a charge.
_GLUED = re.compile(r"(?<=[^\s<=>–—−-])(?P<dashes>[-–—−]{2,4})>")
_AND = re.compile(r"\s+(?:\+|and|reacts?\s+with)\s+")
#: A plus that touches: behind a formula, before another one, and not a charge before a state.
_PLUS = re.compile(
    r"(?<=[A-Za-z0-9)\]+₀-₉⁺⁻-])\+\s*"
    r"(?=(?!\((?:s|l|g|aq|cr|am|sln|solid|liquid|gas|vap)\))[A-Z(\[½]|\d+\s*[A-Z(\[]|e-|e\^|e⁻)"
)
_COEFFICIENT = re.compile(r"(?P<n>\d+/\d+|\d+(?:\.\d+)?)\s*(?=[A-Za-z(\[{])|(?P<one>½|¼|¾)\s*")
_FRACTIONS = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_MAXIMUM_SPECIES = 30


@dataclass(frozen=True, slots=True)
class Species:
    """One term of an equation.

    Attributes:
        text: the formula as written, without coefficient and state.
        state: ``g``, ``aq``, … or empty.
        given: the coefficient as written, ``None`` if there was none.
        readings: ways to read the formula, the usual one first.
    """

    text: str
    state: str
    given: Fraction | None
    readings: tuple[Reading, ...]

    @property
    def shown(self) -> str:
        """Formula and state, as printed."""
        return f"{self.text}({self.state})" if self.state else self.text


@dataclass(frozen=True, slots=True)
class ParsedEquation:
    """Both sides of an equation."""

    reactants: tuple[Species, ...]
    products: tuple[Species, ...]

    @property
    def species(self) -> tuple[Species, ...]:
        """All species, reactants first."""
        return self.reactants + self.products


def arrow_readings(text: str) -> tuple[str, ...]:
    """Ways to read an arrow that touches a formula: ``OH-->H2O`` has one dash too few to tell.

    >>> from labhand.tools.reactions._equation import arrow_readings
    >>> arrow_readings("H2+O2-->H2O")
    ('H2+O2 --> H2O', 'H2+O2- -> H2O')
    """
    found = _GLUED.search(text)
    if found is None:
        return (text,)
    left, right = text[: found.start()], text[found.end() :]
    dashes = found["dashes"]
    return tuple(
        f"{left}{'-' * charge} {'-' * (len(dashes) - charge)}> {right.strip()}"
        for charge in range(min(len(dashes), 4))
    )


def parse_equation(text: str) -> ParsedEquation:
    """Read an equation with any usual arrow.

    >>> from labhand.tools.reactions._equation import parse_equation
    >>> [s.text for s in parse_equation("C₃H₈ + 5 O2 → CO2(g) + H2O").species]
    ['C3H8', 'O2', 'CO2', 'H2O']

    Raises:
        ToolInputError: there is not exactly one arrow, a side is empty, or a species
            is not a formula.
    """
    sides = _ARROW.split(text.strip().rstrip(".?!"))
    if len(sides) != 2:
        found = "no arrow" if len(sides) == 1 else f"{len(sides) - 1} arrows"
        raise ToolInputError(
            f"the equation {text.strip()[:80]!r} has {found}.",
            "Write reactants, one arrow and products, as in 'C3H8 + O2 -> CO2 + H2O'.",
        )
    left, right = (tuple(_species(t) for t in _terms(side)) for side in sides)
    if not left or not right:
        raise ToolInputError(
            f"the equation {text.strip()[:80]!r} has an empty side.",
            "Write at least one species on each side of the arrow.",
        )
    if len(left) + len(right) > _MAXIMUM_SPECIES:
        raise ToolInputError(
            f"the equation has more than {_MAXIMUM_SPECIES} species.", "Split it into steps."
        )
    return ParsedEquation(left, right)


def _terms(side: str) -> list[str]:
    """The terms of one side. A plus between spaces separates; so does one before a new formula."""
    terms: list[str] = []
    for piece in _AND.split(side.strip()):
        terms += _PLUS.split(piece)
    return [
        t.strip().strip("+").strip() if t.strip() == "+" else t.strip() for t in terms if t.strip()
    ]


def _species(term: str) -> Species:
    given: Fraction | None = None
    match = _COEFFICIENT.match(term)
    body = term
    if match:
        given = _FRACTIONS[match["one"]] if match["one"] else Fraction(match["n"])
        body = term[match.end() :]
    if given == 0:
        raise ToolInputError(f"{term!r} has the coefficient zero.", "Leave the species out.")
    formula, state = strip_state(body.strip())
    shown, found = _read(formula)
    return Species(shown, state, given, found)


def _read(formula: str) -> tuple[str, tuple[Reading, ...]]:
    """The formula as printed, and its readings; a name is replaced by its formula."""
    if re.fullmatch(r"\s*[a-z]\d+\s*", formula):
        formula = formula.upper()  # "o2": one letter and a count leave one reading
    try:
        return formula.translate(_SUBSCRIPTS).strip(), readings(formula)
    except ToolInputError as error:
        from ._names import formula_of_name

        known = formula_of_name(formula)
        if known is None:
            raise error
        return known, readings(known)
