"""Convert a quantity to another unit, by pint."""

from __future__ import annotations

from ..contract import Finding, Quantity, QuantityText, ToolInputError, UnitText, tool
from ._parse import Parsed, finite, split_quantity
from ._relations import convert_related
from ._units import DIMENSIONLESS, Unit, dimensionality, is_atomic_unit, read_unit


@tool(
    yields=("converted_value", "conversion_factor"),
    method="pint unit registry (SI 2019 definitions; 1 cal = 4.184 J)",
    reference="BIPM, The International System of Units, 9th ed., 2019",
    where="inline",
)
def convert_unit(quantity: QuantityText, to: UnitText) -> Finding:
    """Convert a quantity to another unit: energy, length, pressure, temperature, concentration …

    Where the two units differ only by h, c, k_B or N_A (eV, cm^-1, nm, Hz, K, kJ/mol),
    the relation that was used is named. A calorie is the thermochemical one; a
    temperature in °C or °F is a point on its scale, not a difference, unless written
    as delta_degC. Grams to moles needs a substance and is not done here.

    Raises:
        ToolInputError: a unit is unknown or ambiguous, or the dimensions do not fit.
    """
    parsed, target = _read_both(quantity, to)
    notes = [*parsed.unit.notes, *target.notes]
    _refuse_cycles_for_radians(parsed.unit, target)
    method = ""
    _refuse_below_absolute_zero(quantity, parsed)
    if dimensionality(parsed.unit) == dimensionality(target):
        value = parsed.to(target.pint)
        factor = _factor(parsed, target)
    else:
        related = convert_related(parsed.value, parsed.unit, target)
        if related is None:
            raise _does_not_fit(quantity, parsed, target)
        value = related.value
        factor = value / parsed.value if related.proportional and parsed.value else None
        notes.append(f"converted by {related.relation}")
        method = f"pint, CODATA constants; {related.relation}"
    entity = quantity.strip()
    found = [_converted(value, target, entity)]
    if factor is not None:
        conditions = {"from": parsed.unit.symbol, "to": target.symbol}
        found.append(
            Quantity(
                property="conversion_factor", value=factor, entity=entity, conditions=conditions
            )
        )
    return Finding(quantities=tuple(found), method=method, warnings=tuple(notes))


def _converted(value: float, target: Unit, entity: str) -> Quantity:
    # Twelve figures: more are noise of binary fractions (76.99999999999993 °F).
    return Quantity(
        property="converted_value",
        value=float(f"{finite(value):.12g}"),
        unit=target.symbol or None,
        entity=entity,
    )


def _refuse_below_absolute_zero(quantity: str, parsed: Parsed) -> None:
    scale = parsed.unit.pint in ("(degC)", "(degF)", "(K)", "(kelvin)")
    if scale and parsed.to("K") < 0:
        raise ToolInputError(
            f"{quantity.strip()!r} lies below absolute zero.",
            "Check the sign; write a difference as delta_degC.",
        )


def _read_both(quantity: str, to: str) -> tuple[Parsed, Unit]:
    """Both units; C, F and a.u. take their meaning from the other side."""
    value, unit_text = split_quantity(quantity)
    unit_text, to = _temperature_letter(unit_text, to), _temperature_letter(to, unit_text)
    if unit_text and is_atomic_unit(unit_text):
        target = read_unit(to)
        return Parsed(value, _atomic(target), unit_text), target
    source = read_unit(unit_text) if unit_text else DIMENSIONLESS
    return Parsed(value, source, unit_text), _atomic(source) if is_atomic_unit(to) else read_unit(
        to
    )


def _temperature_letter(text: str, other: str) -> str:
    """``C`` and ``F`` beside another temperature are degrees, not coulomb and farad."""
    letter = text.strip()
    scales = {
        "c",
        "f",
        "k",
        "°c",
        "°f",
        "℃",
        "℉",
        "degc",
        "degf",
        "kelvin",
        "celsius",
        "fahrenheit",
    }
    if letter in ("C", "F", "c", "f", "k") and other.strip().lower() in scales:
        return "K" if letter == "k" else f"°{letter.upper()}"
    return text


def _atomic(other: Unit) -> Unit:
    """The atomic unit of the dimension that the other unit has."""
    dimensions = dimensionality(other)
    if dimensions.get("[mass]") == 1 and dimensions.get("[length]") == 2:
        name = "hartree"
    elif dimensions == {"[length]": 1.0}:
        name = "bohr"
    elif dimensions == {"[current]": 1.0, "[time]": 1.0}:
        name = "elementary_charge"
    elif dimensions == {"[current]": 1.0, "[time]": 1.0, "[length]": 1.0}:
        return Unit("elementary_charge*bohr", "elementary_charge*bohr", ("a.u. is e·a0 here",))
    else:
        raise ToolInputError(
            f"which atomic unit fits {other.symbol} is not clear.",
            "Name it: hartree for energy, bohr for length.",
        )
    return Unit(f"({name})", name, (f"the atomic unit is the {name.replace('_', ' ')} here",))


def _factor(parsed: Parsed, target: Unit) -> float | None:
    """Target units in one source unit; ``None`` between scales with different zeros."""
    if any(u.pint in ("(degC)", "(degF)") for u in (parsed.unit, target)):
        return None
    return Parsed(1.0, parsed.unit, "").to(target.pint)


def _refuse_cycles_for_radians(source: Unit, target: Unit) -> None:
    """Hz counts cycles, rad/s angles; pint calls both 1/s, and would be wrong by 2π."""
    angular = [
        any(w in u.pint for w in ("rad", "rpm", "turn", "revolution")) for u in (source, target)
    ]
    cyclic = ["hertz" in u.pint.lower() or "Hz" in u.pint for u in (source, target)]
    if (angular[0] and cyclic[1]) or (cyclic[0] and angular[1]):
        raise ToolInputError(
            f"{source.symbol} and {target.symbol} differ by what they count: cycles or radians.",
            "1 Hz is one cycle a second, 2π rad/s or 60 rpm: give the value in the kind you want.",
        )


_SUBSTANCE_NEEDED = "A substance connects them: ask for its molar mass or for the stoichiometry."


def _does_not_fit(quantity: str, parsed: Parsed, target: Unit) -> ToolInputError:
    first, second = dimensionality(parsed.unit), dimensionality(target)
    by_substance = ("[substance]" in first) != ("[substance]" in second)
    return ToolInputError(
        f"{quantity.strip()!r} ({_words(first)}) cannot be converted to {target.symbol} "
        f"({_words(second)}): they measure different things.",
        _SUBSTANCE_NEEDED if by_substance else "Name a unit of the same dimension.",
        unit=parsed.unit.symbol,
        target=target.symbol,
    )


_NAMES: dict[tuple[tuple[str, float], ...], str] = {
    (): "a bare number",
    (("[length]", 1.0),): "a length",
    (("[length]", 3.0),): "a volume",
    (("[mass]", 1.0),): "a mass",
    (("[time]", 1.0),): "a time",
    (("[temperature]", 1.0),): "a temperature",
    (("[substance]", 1.0),): "an amount of substance",
    (("[length]", -3.0), ("[substance]", 1.0)): "a concentration",
    (("[length]", -3.0), ("[mass]", 1.0)): "a density",
    (("[length]", 2.0), ("[mass]", 1.0), ("[time]", -2.0)): "an energy",
    (("[length]", -1.0), ("[mass]", 1.0), ("[time]", -2.0)): "a pressure",
    (("[mass]", 1.0), ("[substance]", -1.0)): "a molar mass",
    (("[length]", 1.0), ("[mass]", 1.0), ("[time]", -2.0)): "a force",
}


def _words(dimensions: dict[str, float]) -> str:
    key = tuple(sorted(dimensions.items()))
    plain = " ".join(f"{k.strip('[]')}^{v:g}" for k, v in key)
    return _NAMES.get(key, plain)
