"""An arithmetic expression over quantities, parsed by hand and never executed as code.

Grammar (usual precedence, powers bind to the right)::

    sum      = product (("+" | "-") product)*
    product  = signed (("*" | "/" | nothing) signed)*
    signed   = ("+" | "-") signed | power
    power    = atom (("^" | "**") signed)?
    atom     = number unit? | number "%" | name "(" sum ")" | constant | unit | "(" sum ")"

A unit right behind a number belongs to it, with what is joined to it by ``*`` or ``/``
as long as that is a unit too: ``10 g / 18.015 g/mol`` is 10 g over 18.015 g/mol.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..contract import ToolInputError
from ..contract.units import registry
from ._numbers import SUPERSCRIPTS, read_number
from ._units import read_unit

_DEEPEST = 40
_LARGEST_POWER = 1000.0
#: Constants by the symbols that chemists write; the values are pint's (CODATA).
CONSTANTS = {
    "R": "molar_gas_constant", "N_A": "avogadro_constant", "NA": "avogadro_constant",
    "k_B": "boltzmann_constant", "kB": "boltzmann_constant", "h": "planck_constant",
    "hbar": "hbar", "ħ": "hbar", "c": "speed_of_light", "F": "faraday_constant",
    "e": "elementary_charge", "m_e": "electron_mass", "epsilon_0": "vacuum_permittivity",
    "ε0": "vacuum_permittivity",
}  # fmt: skip
NUMBERS = {"pi": math.pi, "π": math.pi}
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "log10": math.log10, "log": math.log10,
    "lg": math.log10, "log2": math.log2, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "asin": math.asin, "acos": math.acos, "atan": math.atan, "abs": abs, "sinh": math.sinh,
    "cosh": math.cosh, "tanh": math.tanh,
}  # fmt: skip
_NAME = re.compile(r"[A-Za-zΔ°ÅμµΩπħε℃℉][A-Za-z0-9_°Å]*|°[CF]")
_OPERATORS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-", "√": "√"})
_UNIT_TERM = re.compile(
    r"(?P<join>\s*[*/]\s*|\s+|)(?P<name>Δ?[°º]?[A-Za-zÅμµΩ℃℉][A-Za-z_°]*)"
    r"(?P<power>(?:\^|\*\*)\s*\(?-?\d+\)?|-?\d+(?![\d.]))?"
)
_UNIT_GROUP = re.compile(r"\s*/\s*\((?P<inside>[^()]*)\)")


@dataclass
class Parser:
    """Reads one expression; ``notes`` collects what was assumed on the way."""

    text: str
    position: int = 0
    depth: int = 0
    notes: list[str] = field(default_factory=list)
    percent_at: int = -1
    scales: int = 0
    intervals: bool = False

    def run(self) -> Any:
        """The value as a pint quantity.

        Raises:
            ToolInputError: the text does not parse, or the arithmetic has no result.
        """
        try:
            value = self._sum()
            if not self._at_end():
                raise self._error(f"{self._rest()!r} is out of place")
            if self.intervals and self.scales == 1:
                raise ToolInputError(
                    f"in {self.text.strip()[:80]!r} a quantity per degree meets a temperature on "
                    "its scale.",
                    "Write a difference of temperatures in K: 4.18 J/(g K) * 100 g * 20 K.",
                )
        except (OverflowError, ZeroDivisionError, ValueError) as error:
            raise _no_result(self.text, error) from error
        except RecursionError as error:  # pragma: no cover (depth is limited before)
            raise self._error("it nests too deeply") from error
        return value

    def _sum(self) -> Any:
        before = self.scales
        value = self._product()
        while (sign := self._take("+-")) is not None:
            start, left = self.position, self.scales
            other = self._product()
            if sign == "+" and left > before and self.scales > left:
                raise ToolInputError(
                    f"two temperatures on a scale are added in {self.text!r}.",
                    "Write the rise in K: 25 °C + 10 K; their difference may be taken.",
                )
            if self.percent_at >= start and self.percent_at == self._back():
                raise ToolInputError(
                    f"adding a percentage in {self.text!r} can be read in two ways.",
                    "Write it as a product: 200 * 1.10 for ten per cent more.",
                )
            value = self._combine(value, other, sign)
        return value

    def _combine(self, left: Any, right: Any, sign: str) -> Any:
        import pint

        try:
            return left + right if sign == "+" else left - right
        except pint.DimensionalityError as error:
            raise ToolInputError(
                f"{left:~P} and {right:~P} measure different things and cannot be "
                f"{'added' if sign == '+' else 'subtracted'}.",
                "Add only quantities of one dimension.",
            ) from error

    def _product(self) -> Any:
        value = self._signed()
        while True:
            if (operator := self._take("*/")) is not None:
                other = self._signed()
                value = value * other if operator == "*" else value / other
            elif self._starts_factor():
                value = value * self._signed()
            else:
                return value

    def _signed(self) -> Any:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self._error("it nests too deeply")
        try:
            sign = self._take("+-")
            if sign is not None:
                return -self._signed() if sign == "-" else self._signed()
            return self._power()
        finally:
            self.depth -= 1

    def _power(self) -> Any:
        base = self._atom()
        raised = re.match(r"\s*(\*\*|\^)", self.text[self.position :])
        if raised:
            self.position += raised.end()
            return self._raise(base, self._plain(self._signed(), "an exponent"))
        return base

    def _raise(self, base: Any, exponent: float) -> Any:
        if abs(exponent) > _LARGEST_POWER:
            raise self._error(f"the exponent {exponent:g} is too large")
        result = base**exponent
        if isinstance(result.magnitude, complex):
            raise self._error("a root of a negative number is not real")
        return result

    def _atom(self) -> Any:
        self._space()
        if self._take("("):
            return self._closed()
        if self._take("√"):
            return self._atom() ** 0.5
        number = self._number()
        if number is not None:
            return number
        name = _NAME.match(self.text, self.position)
        if name is None:
            raise self._error("a number is missing" if self._at_end() else f"at {self._rest()!r}")
        return self._named(name.group(), name.end())

    def _closed(self) -> Any:
        value = self._sum()
        if not self._take(")"):
            raise self._error("a bracket is not closed")
        return value

    def _number(self) -> Any:
        found = read_number(self.text, self.position)
        if found is None or self.text[self.position] in "+-":
            return None
        value, self.position = found
        if self._take("%"):
            self._skip_of()
            self.percent_at = self._back()
            return registry().Quantity(value / 100.0)
        unit = self._unit_behind()
        return self._quantity(value, unit) if unit else registry().Quantity(value)

    def _skip_of(self) -> None:
        of = re.match(r"\s+of\s+(?=[\d(])", self.text[self.position :])
        if of:
            self.text = f"{self.text[: self.position]} * {self.text[self.position + of.end() :]}"

    def _unit_behind(self) -> str:
        """The text of the unit that follows a number, consumed; empty if there is none."""
        start = end = self.position
        while True:
            group = _UNIT_GROUP.match(self.text, end)
            if group and end > start and self._is_unit(group["inside"]):
                end = group.end()
                continue
            term = _UNIT_TERM.match(self.text, end)
            if term is None or not self._joins(term, first=end == start):
                break
            end = term.end()
        self.position = end
        return self.text[start:end].strip()

    def _joins(self, term: re.Match[str], *, first: bool) -> bool:
        name, join = term["name"], term["join"]
        if first and join.strip():
            return False
        behind = self.text[term.end() : term.end() + 1]
        if behind == "(" or name in FUNCTIONS or name in NUMBERS:
            return False
        # "6 J / h" divides by Planck's constant, "60 km/h" by an hour.
        constant = name in CONSTANTS and not first
        if constant and not (name == "h" and join == "/"):
            return False
        if first and name in ("R", "N_A", "NA", "k_B", "kB", "m_e", "hbar", "c", "ħ"):
            return False
        return self._is_unit(name + (term["power"] or ""))

    def _is_unit(self, text: str) -> bool:
        try:
            read_unit(text)
        except ToolInputError:
            return False
        return True

    def _quantity(self, value: float, text: str) -> Any:
        unit = read_unit(text)
        self.notes += unit.notes
        self.intervals = self.intervals or "delta_deg" in unit.pint
        quantity = registry().Quantity(value, unit.pint)
        if unit.pint in ("(degC)", "(degF)"):
            quantity = quantity.to("K")
            self.scales += 1
            self.notes.append(f"{value:g} {unit.symbol} was taken as {quantity:~P}")
        return quantity

    def _named(self, name: str, end: int) -> Any:
        self.position = end
        if name in FUNCTIONS and self._take("("):
            return self._call(name)
        if name in NUMBERS:
            return registry().Quantity(NUMBERS[name])
        if name in CONSTANTS:
            if name in ("h", "c", "F", "e"):
                self.notes.append(f"{name} was read as the {CONSTANTS[name].replace('_', ' ')}")
            return registry().Quantity(1.0, CONSTANTS[name]).to_base_units()
        if name in FUNCTIONS:
            raise self._error(f"{name} needs brackets, as in {name}(2)")
        if name in ("T", "P", "V", "N", "C", "A"):
            raise ToolInputError(
                f"{name!r} in {self.text.strip()[:80]!r} has no number.",
                "Put its value and unit in its place, as in 'R * 298.15 K'.",
            )
        if self._is_unit(name):
            self.position = end - len(name)
            return self._quantity(1.0, self._unit_behind())
        raise ToolInputError(
            f"{name!r} in {self.text.strip()!r} is neither a unit, a constant nor a function.",
            f"Constants: {', '.join(CONSTANTS)}; functions: {', '.join(FUNCTIONS)}.",
        )

    def _call(self, name: str) -> Any:
        argument = self._closed()
        if name == "sqrt":
            return self._raise(argument, 0.5)
        if name == "abs":
            return abs(argument)
        if name == "log":
            self.notes.append("log was read as the decadic logarithm; ln is the natural one")
        return registry().Quantity(
            FUNCTIONS[name](self._plain(argument, f"the argument of {name}"))
        )

    def _plain(self, value: Any, what: str) -> float:
        """A quantity without dimension as a number (angles in radians)."""
        import pint

        try:
            return float(value.to("").magnitude)
        except pint.DimensionalityError as error:
            raise ToolInputError(
                f"{what} must have no unit, and {value:~P} has one.", "Divide by a unit first."
            ) from error

    def _space(self) -> None:
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1

    def _take(self, signs: str) -> str | None:
        """The next sign, consumed, if it is one of these (``**`` is not two products)."""
        self._space()
        sign = self.text[self.position : self.position + 1]
        if sign and sign in signs and self.text[self.position : self.position + 2] != "**":
            self.position += 1
            return sign
        return None

    def _starts_factor(self) -> bool:
        self._space()
        rest = self.text[self.position :]
        return bool(rest) and (rest[0] == "(" or rest[0] == "√" or bool(_NAME.match(rest)))

    def _back(self) -> int:
        return len(self.text[: self.position].rstrip())

    def _at_end(self) -> bool:
        self._space()
        return self.position >= len(self.text)

    def _rest(self) -> str:
        return self.text[self.position : self.position + 20]

    def _error(self, why: str) -> ToolInputError:
        return ToolInputError(
            f"the expression {self.text.strip()[:80]!r} cannot be read: {why}.",
            "Write it as in '2 mol * 18.015 g/mol' or 'exp(-50 kJ/mol / (R * 298.15 K))'.",
        )


def _spelling(text: str) -> str:
    """One spelling of signs; a superscript becomes a power, so that ``3 m²`` keeps its unit."""
    text = re.sub(r"[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"^({m.group().translate(SUPERSCRIPTS)})", text)
    text = re.sub(r"(?<=\d)\s*per\s?cent\b", "%", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[\d)])\s*[xX]\s*(?=[\d(])", " * ", text.translate(_OPERATORS))
    return text.rstrip(" =?")


def evaluate(expression: str) -> tuple[Any, list[str]]:
    """The value of an expression as a pint quantity, and notes on how it was read.

    >>> from labhand.tools.quantities._calculator import evaluate
    >>> value, _ = evaluate("2 mol * 18.015 g/mol")
    >>> round(value.to("g").magnitude, 3)
    36.03

    Raises:
        ToolInputError: it does not parse, adds what does not fit, or has no finite result.
    """
    parser = Parser(_spelling(expression))
    value = parser.run()
    if not math.isfinite(value.magnitude):
        raise _no_result(expression, None)
    return value, list(dict.fromkeys(parser.notes))


def _no_result(text: str, error: Exception | None) -> ToolInputError:
    why = "divides by zero" if isinstance(error, ZeroDivisionError) else "has no finite real value"
    return ToolInputError(f"{text.strip()[:80]!r} {why}.", "Check its numbers.")
