"""Balancing by exact linear algebra.

Each element, and the charge, is one equation over the coefficients: A x = 0 with
reactants positive and products negative. The nullspace of A over the rationals is found
by Gaussian elimination with ``fractions.Fraction``, so nothing is rounded.

Own code rather than chempy: its balancing needs SymPy, matplotlib and PuLP among others,
for what are a hundred lines here.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..contract import ToolInputError
from ._equation import ParsedEquation, Species, arrow_readings, parse_equation
from ._formula import Reading

_MAXIMUM_READINGS = 64


@dataclass(frozen=True, slots=True)
class Balanced:
    """A balanced equation with whole-number coefficients; each species has one reading left."""

    equation: ParsedEquation
    coefficients: tuple[int, ...]
    as_given: bool
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        split = len(self.equation.reactants)
        terms = [
            f"{n} {s.shown}" if n != 1 else s.shown
            for n, s in zip(self.coefficients, self.equation.species, strict=True)
        ]
        return " + ".join(terms[:split]) + " -> " + " + ".join(terms[split:])


def balance_text(text: str) -> Balanced:
    """Balance an equation as it was written; a dash that may be a charge or part of the arrow
    is what balances.

    >>> from labhand.tools.reactions._balance import balance_text
    >>> str(balance_text("H++OH--->H2O")), str(balance_text("H2+O2-->H2O"))
    ('H+ + OH- -> H2O', '2 H2 + O2 -> 2 H2O')

    Raises:
        ToolInputError: as ``parse_equation`` and ``balance``; of the reading that parses.
    """
    problems: list[ToolInputError] = []
    for reading in arrow_readings(text):
        try:
            equation = parse_equation(reading)
        except ToolInputError as error:
            problems.append(error)
            continue
        try:
            return balance(equation)
        except ToolInputError as error:
            problems.insert(0, error)
    raise problems[0]


def balance(equation: ParsedEquation) -> Balanced:
    """Balance elements and charge with the smallest whole numbers.

    >>> from labhand.tools.reactions._balance import balance
    >>> from labhand.tools.reactions._equation import parse_equation
    >>> str(balance(parse_equation("C3H8 + O2 -> CO2 + H2O")))
    'C3H8 + 5 O2 -> 3 CO2 + 4 H2O'

    Raises:
        ToolInputError: it cannot be balanced, or only in several independent ways; the
            message says which element or species is the reason.
    """
    cleared, removed = _without_spectators(equation)
    problem: ToolInputError | None = None
    found: list[tuple[tuple[int, ...], tuple[Reading, ...]]] = []
    options = itertools.product(*(s.readings for s in cleared.species))
    for chosen in itertools.islice(options, _MAXIMUM_READINGS):
        try:
            found.append((_solve(cleared, chosen), chosen))
        except ToolInputError as error:
            problem = problem or error
    if not found:
        assert problem is not None
        raise problem
    coefficients, chosen = found[0]
    notes = [f"{s.text} stands on both sides and is left out" for s in removed]
    notes += _reading_notes(cleared.species, [c for _, c in found])
    given = _is_multiple(cleared.species, coefficients)
    return Balanced(_decided(cleared, chosen), coefficients, given, tuple(notes))


def _decided(equation: ParsedEquation, chosen: Sequence[Reading]) -> ParsedEquation:
    """The equation with the one reading of each species that balances."""
    species = [
        dataclasses.replace(s, readings=(r,)) for s, r in zip(equation.species, chosen, strict=True)
    ]
    split = len(equation.reactants)
    return ParsedEquation(tuple(species[:split]), tuple(species[split:]))


def _without_spectators(equation: ParsedEquation) -> tuple[ParsedEquation, tuple[Species, ...]]:
    """Leave out what stands on both sides with equal coefficients: catalysts, spectators."""
    right = {(s.text, s.state): s for s in equation.products}
    both = {
        (s.text, s.state)
        for s in equation.reactants
        if (s.text, s.state) in right and s.given == right[s.text, s.state].given
    }
    left = tuple(s for s in equation.reactants if (s.text, s.state) not in both)
    products = tuple(s for s in equation.products if (s.text, s.state) not in both)
    if not both or not left or not products:
        return equation, ()
    removed = tuple(s for s in equation.reactants if (s.text, s.state) in both)
    return ParsedEquation(left, products), removed


def _reading_notes(species: Sequence[Species], balancing: Sequence[Sequence[Reading]]) -> list[str]:
    """Which charges were assumed where the text leaves them open."""
    notes: list[str] = []
    for position, one in enumerate(species):
        charges = list(dict.fromkeys(chosen[position].charge for chosen in balancing))
        if len(charges) > 1 and _is_open(one.text):
            others = " or ".join(f"{c:+d}" for c in charges[1:])
            notes.append(
                f"{one.text} was read as an ion of charge {charges[0]:+d}; {others} would balance "
                f"too: write the charge with a caret, as in {_with_caret(one.text)}"
            )
        elif balancing[0][position] != one.readings[0]:
            notes.append(f"{one.text} was read as an ion of charge {charges[0]:+d}, which balances")
    return notes


def _is_open(text: str) -> bool:
    """True for one digit before the sign; ``SO42-`` with forty-two oxygens is not meant."""
    return re.search(r"(?<!\d)\d[+-]$", text) is not None


def _with_caret(text: str) -> str:
    return re.sub(r"(\d?[+-])$", r"^\1", text)


def _solve(equation: ParsedEquation, chosen: Sequence[Reading]) -> tuple[int, ...]:
    _refuse_one_sided(equation, chosen)
    matrix = _matrix(equation, chosen)
    basis = nullspace(matrix, len(chosen))
    if not basis:
        raise _impossible(chosen)
    if len(basis) > 1:
        return _given_if_balanced(equation, matrix, len(basis))
    return _positive(equation, basis[0])


def _rows(chosen: Sequence[Reading]) -> list[str]:
    return sorted({symbol for reading in chosen for symbol, _ in reading.atoms})


def _matrix(equation: ParsedEquation, chosen: Sequence[Reading]) -> list[list[Fraction]]:
    """[elements + charge, species]; products count negative."""
    signs = [1] * len(equation.reactants) + [-1] * len(equation.products)
    rows = [
        [sign * r.counts.get(symbol, Fraction(0)) for sign, r in zip(signs, chosen, strict=True)]
        for symbol in _rows(chosen)
    ]
    rows.append([Fraction(sign * r.charge) for sign, r in zip(signs, chosen, strict=True)])
    return rows


def nullspace(matrix: Sequence[Sequence[Fraction]], width: int) -> list[list[Fraction]]:
    """A basis of {x : A x = 0} over the rationals, by reduction to row echelon form.

    Args:
        matrix: rows [equations, width].
    """
    rows = [list(row) for row in matrix]
    pivots: list[int] = []
    for column in range(width):
        top = len(pivots)
        pivot = next((i for i in range(top, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        lead = rows[top][column]
        rows[top] = [x / lead for x in rows[top]]
        for i, row in enumerate(rows):
            if i != top and row[column]:
                factor = row[column]
                rows[i] = [x - factor * y for x, y in zip(row, rows[top], strict=True)]
        pivots.append(column)
    basis: list[list[Fraction]] = []
    for free in (c for c in range(width) if c not in pivots):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for row, pivot in enumerate(pivots):
            vector[pivot] = -rows[row][free]
        basis.append(vector)
    return basis


def smallest_integers(vector: Sequence[Fraction]) -> tuple[int, ...]:
    """The vector scaled to whole numbers without common divisor."""
    scale = math.lcm(*(x.denominator for x in vector))
    whole = [int(x * scale) for x in vector]
    divisor = math.gcd(*whole) or 1
    return tuple(x // divisor for x in whole)


def _positive(equation: ParsedEquation, vector: Sequence[Fraction]) -> tuple[int, ...]:
    coefficients = smallest_integers(vector)
    if sum(c < 0 for c in coefficients) > sum(c > 0 for c in coefficients):
        coefficients = tuple(-c for c in coefficients)
    species = equation.species
    idle = [s.text for s, c in zip(species, coefficients, strict=True) if c == 0]
    wrong = [s.text for s, c in zip(species, coefficients, strict=True) if c < 0]
    if idle:
        raise ToolInputError(
            f"{', '.join(idle)} cannot take part: every balance gives it the coefficient zero.",
            "Check whether a product or a reactant is missing.",
        )
    if wrong:
        raise ToolInputError(
            f"the equation balances only with {', '.join(wrong)} on the other side of the arrow.",
            "Move it, or check the formulas.",
        )
    return coefficients


def _refuse_one_sided(equation: ParsedEquation, chosen: Sequence[Reading]) -> None:
    split = len(equation.reactants)
    left = {symbol for r in chosen[:split] for symbol, _ in r.atoms}
    right = {symbol for r in chosen[split:] for symbol, _ in r.atoms}
    for symbols, side in ((left - right, "left"), (right - left, "right")):
        if symbols:
            raise ToolInputError(
                f"the equation cannot be balanced: {', '.join(sorted(symbols))} stands only "
                f"on the {side} side.",
                "Add the missing species, or check the formulas.",
                elements=sorted(symbols),
            )


def _impossible(chosen: Sequence[Reading]) -> ToolInputError:
    charged = any(r.charge for r in chosen)
    return ToolInputError(
        "the equation cannot be balanced: no coefficients conserve every element"
        + (" and the charge." if charged else "."),
        "Check the formulas, and whether a species such as H2O, H+ or e- is missing.",
    )


def _given_if_balanced(
    equation: ParsedEquation, matrix: Sequence[Sequence[Fraction]], ways: int
) -> tuple[int, ...]:
    """The equation as it was written decides where the balance is not unique.

    An esterification has two independent balances; the usual one is that which was written.
    """
    given = [s.given if s.given is not None else Fraction(1) for s in equation.species]
    if all(sum(a * x for a, x in zip(row, given, strict=True)) == 0 for row in matrix):
        return smallest_integers(given)
    raise ToolInputError(
        f"the equation has {ways} independent balances, so its coefficients are not unique.",
        "Split it into one equation for each reaction, or give the coefficients.",
    )


def _is_multiple(species: Sequence[Species], coefficients: Sequence[int]) -> bool:
    """True if the coefficients as written balance too (a common factor is allowed)."""
    given = [s.given if s.given is not None else Fraction(1) for s in species]
    ratio = given[0] / coefficients[0]
    return all(g == ratio * c for g, c in zip(given, coefficients, strict=True))
