"""Conversions between dimensions that differ by a constant of nature.

Spectroscopists call one energy by many names. All of them lead to joules:

======================  ==================  ======================================
dimension               relation            constants (exact since 2019)
======================  ==================  ======================================
energy                  E
energy per amount       E = E_m / N_A       N_A
frequency               E = h ν             h
wavenumber              E = h c ν̃           h, c
wavelength              E = h c / λ         h, c
temperature             E = k_B T           k_B
======================  ==================  ======================================

and the mass of a particle to the mass of a mole by N_A. The constants are pint's,
which are those of the SI. A wavelength is one in vacuum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..contract import ToolInputError
from ..contract.units import registry
from ._units import Unit, dimensionality

_ENERGY = {"[mass]": 1.0, "[length]": 2.0, "[time]": -2.0}
_FORMS: dict[str, dict[str, float]] = {
    "energy": _ENERGY,
    "energy per amount": {**_ENERGY, "[substance]": -1.0},
    "frequency": {"[time]": -1.0},
    "wavenumber": {"[length]": -1.0},
    "wavelength": {"[length]": 1.0},
    "temperature": {"[temperature]": 1.0},
}
_RELATIONS = {
    "energy per amount": "N_A (per mole to per particle)",
    "frequency": "E = hν",
    "wavenumber": "E = hcν̃",
    "wavelength": "E = hc/λ (vacuum)",
    "temperature": "E = k_B T",
}


@dataclass(frozen=True, slots=True)
class Related:
    """A value converted across dimensions, and the relations that were used."""

    value: float
    relation: str
    proportional: bool


def convert_related(value: float, source: Unit, target: Unit) -> Related | None:
    """Convert by h, c, N_A and k_B, or ``None`` where these do not connect the dimensions.

    >>> from labhand.tools.quantities._relations import convert_related
    >>> from labhand.tools.quantities._units import read_unit
    >>> related = convert_related(500.0, read_unit("nm"), read_unit("eV"))
    >>> round(related.value, 5), related.relation     # 1239.84198 eV nm / 500 nm
    (2.47968, 'E = hc/λ (vacuum)')

    Raises:
        ToolInputError: a wavelength, or what becomes one, is not positive.
    """
    import pint

    first, second = _form(source), _form(target)
    if first is None or second is None:
        return _by_amount(value, source, target)
    if value <= 0 and "wavelength" in (first, second):
        raise ToolInputError(
            f"{value:g} {source.symbol} has no wavelength or is none: it must be positive.",
            "Check the number and its sign.",
        )
    units: Any = registry()
    energy = _to_energy(units.Quantity(value, source.pint), first)
    try:
        result = _from_energy(energy, second).to(target.pint).magnitude
    except pint.PintError:  # a difference of temperature inside a compound unit
        return None
    used = [_RELATIONS[f] for f in dict.fromkeys((first, second)) if f in _RELATIONS]
    if {first, second} == {"frequency", "wavelength"}:
        used = ["c = λν (vacuum)"]
    elif {first, second} == {"wavenumber", "wavelength"}:
        used = ["ν̃ = 1/λ (vacuum)"]
    elif {first, second} == {"frequency", "wavenumber"}:
        used = ["ν = cν̃"]
    elif "energy per amount" in (first, second) and {first, second} & {"energy"}:
        used = [_RELATIONS["energy per amount"]]
    proportional = (first == "wavelength") == (second == "wavelength")
    offset = any(u.pint in ("(degC)", "(degF)") for u in (source, target))
    return Related(float(result), ", ".join(used), proportional and not offset)


def _form(unit: Unit) -> str | None:
    dimensions = dimensionality(unit)
    return next((name for name, form in _FORMS.items() if form == dimensions), None)


def _to_energy(quantity: Any, form: str) -> Any:  # pint makes its classes at run time
    units = registry()
    match form:
        case "energy per amount":
            return quantity / units.avogadro_constant
        case "frequency":
            return quantity * units.planck_constant
        case "wavenumber":
            return quantity * units.planck_constant * units.speed_of_light
        case "wavelength":
            return units.planck_constant * units.speed_of_light / quantity
        case "temperature":
            return quantity.to("K") * units.boltzmann_constant
        case _:
            return quantity


def _from_energy(energy: Any, form: str) -> Any:
    units = registry()
    match form:
        case "energy per amount":
            return energy * units.avogadro_constant
        case "frequency":
            return energy / units.planck_constant
        case "wavenumber":
            return energy / (units.planck_constant * units.speed_of_light)
        case "wavelength":
            return units.planck_constant * units.speed_of_light / energy
        case "temperature":
            return energy / units.boltzmann_constant
        case _:
            return energy


def _by_amount(value: float, source: Unit, target: Unit) -> Related | None:
    """Mass of a particle (Da) to mass of a mole (g/mol), either way."""
    units: Any = registry()
    quantity: Any = units.Quantity(value, source.pint)
    first, second = dimensionality(source), dimensionality(target)
    # Only between daltons and molar masses: grams of a sample are not grams per mole.
    dalton = any(
        word in source.pint + target.pint for word in ("Da", "dalton", "amu", "unified", "(u)")
    )
    if not dalton:
        return None
    if first == {"[mass]": 1.0} and second == {"[mass]": 1.0, "[substance]": -1.0}:
        result = quantity * units.avogadro_constant
    elif second == {"[mass]": 1.0} and first == {"[mass]": 1.0, "[substance]": -1.0}:
        result = quantity / units.avogadro_constant
    else:
        return None
    relation = _RELATIONS["energy per amount"]
    return Related(float(result.to(target.pint).magnitude), relation, True)
