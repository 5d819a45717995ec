"""In which state a compound is, as far as its fixed points say."""

from __future__ import annotations

from typing import Literal

from ..contract import catalogue
from ._at_temperature import fixed_points
from ._constants import constant_values

Phase = Literal["gas", "liquid", "solid"]

_ATMOSPHERE = 101325.0  # Pa
_OF_THE_LIQUID = frozenset(
    {
        "liquid_density",
        "liquid_viscosity",
        "liquid_thermal_conductivity",
        "surface_tension",
        "heat_capacity_liquid",
        "relative_permittivity",
        "heat_of_vaporisation",
    }
)
_STANDARD = 298.15  # K
_MARGIN = 1.0  # K, by which tables of fixed points may differ


def phase_notes(which: str, cas: str, temperature: float | None) -> list[str]:
    """Warnings where a property belongs to a state that the compound is not in at 1 atm.

    Args:
        temperature: in kelvin, ``None`` for properties that are constants.
    """
    if which in ("boiling_point", "melting_point"):
        return _sublimation(which, cas)
    if which.startswith(("enthalpy_of_formation_", "standard_entropy_")):
        return _hypothetical(which, cas)
    if temperature is None or which not in _OF_THE_LIQUID:
        return []
    points = fixed_points(cas)
    label = catalogue()[which].label
    boiling, melting = points.get("Tb"), points.get("Tm")
    if boiling is not None and temperature > boiling + _MARGIN:
        return [
            f"at this temperature the compound boils at 1 atm: the {label} is that of the "
            "liquid under its own vapour pressure"
        ]
    if melting is not None and temperature < melting - _MARGIN:
        return [
            f"at this temperature the compound is solid: the {label} is that of the "
            "supercooled liquid"
        ]
    return []


def _sublimation(which: str, cas: str) -> list[str]:
    """A triple point above one atmosphere means that there is no liquid at 1 atm."""
    values = constant_values("triple_point_pressure", cas)
    if not values or values[0].value <= _ATMOSPHERE:
        return []
    point = "sublimation point" if which == "boiling_point" else "point on the melting curve"
    return [
        "at 1 atm there is no liquid (its triple point lies at "
        f"{values[0].value / 1000:.4g} kPa): the value is a {point}"
    ]


def _hypothetical(which: str, cas: str) -> list[str]:
    """A standard value of a condensed state in which the compound is not at 298.15 K."""
    phase, state = which.rpartition("_")[2], state_at(cas, _STANDARD)
    if phase == "gas" or state in (None, phase):
        return []
    return [f"at 298.15 K and 1 atm the compound is a {state}: this is a value of the {phase}"]


def state_at(cas: str, temperature: float) -> Phase | None:
    """The state of a compound at 1 atm and a temperature [K], ``None`` if it is not known.

    A boiling point below the melting point is one of sublimation, so it is looked at first.
    """
    points = fixed_points(cas)
    boiling, melting = points.get("Tb"), points.get("Tm")
    if boiling is not None and temperature >= boiling:
        return "gas"
    if melting is not None and temperature < melting:
        return "solid"
    return "liquid" if boiling is not None and melting is not None else None
