"""Properties whose phase was not said: which one is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..contract import LabhandError, NotApplicableError, NotFoundError
from ._phases import Phase, state_at
from ._sources import nature_of
from ._values import Value

#: Generic name → phase → the property of that phase, in the order in which they are tried.
GENERIC: dict[str, dict[Phase, str]] = {
    "enthalpy_of_formation": {
        "gas": "enthalpy_of_formation_gas",
        "liquid": "enthalpy_of_formation_liquid",
        "solid": "enthalpy_of_formation_solid",
    },
    "standard_entropy": {
        "gas": "standard_entropy_gas",
        "liquid": "standard_entropy_liquid",
        "solid": "standard_entropy_solid",
    },
    "heat_capacity": {
        "gas": "heat_capacity_gas",
        "liquid": "heat_capacity_liquid",
        "solid": "heat_capacity_solid",
    },
    "density": {"liquid": "liquid_density", "solid": "solid_density"},
    "viscosity": {"liquid": "liquid_viscosity", "gas": "gas_viscosity"},
    "thermal_conductivity": {
        "liquid": "liquid_thermal_conductivity",
        "gas": "gas_thermal_conductivity",
    },
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The property that a generic name stands for here, its values, and why this one."""

    which: str
    values: list[Value]
    method: str
    note: str


def choose(
    generic: str,
    cas: str,
    temperature: float,
    values_of: Callable[[str], tuple[list[Value], str]],
) -> Choice:
    """The property of the phase in which the compound is at ``temperature`` [K] and 1 atm.

    Where that phase has no data, or the phase is not known, the first of the others that
    has some, measured before estimated.

    Args:
        values_of: values of a property of a phase, and the method.

    Raises:
        NotFoundError, NotApplicableError: no phase has data; of the phase that is meant.
    """
    names: dict[Phase, str] = GENERIC[generic]
    state = state_at(cas, temperature)
    if generic == "density" and state == "gas":
        # A liquid's density is several hundred times that of the gas that is asked for.
        raise NotApplicableError(
            f"at {temperature:.6g} K and 1 atm {cas} is a gas, and no densities of gases are "
            "tabulated here.",
            "Ask for the liquid_density; that of a gas follows from p M / (R T).",
        )
    if state is not None and state in names:
        names = {state: names[state], **names}
    found: list[tuple[Phase, list[Value], str]] = []
    failures: list[LabhandError] = []
    for phase, which in names.items():
        try:
            values, method = values_of(which)
            found.append((phase, values, method))
        except (NotFoundError, NotApplicableError) as error:
            failures.append(error)
            continue
        if phase == state:
            break
    if not found:
        # That the data end below the temperature tells more than that a table lacks it.
        raise next((e for e in failures if isinstance(e, NotApplicableError)), failures[0])
    found.sort(key=lambda f: (f[0] != state, _estimated(f[1], names[f[0]])))
    phase, values, method = found[0]
    return Choice(names[phase], values, method, _reason(phase, state, temperature))


def _estimated(values: Sequence[Value], which: str) -> bool:
    return all(nature_of(v.source, which) == "predicted" for v in values)


def _reason(phase: Phase, state: Phase | None, temperature: float) -> str:
    at = f"at {temperature:.6g} K and 1 atm"
    if phase == state:
        return f"the phase was not said: this is the value of the {phase}, which it is {at}"
    if state is None:
        return (
            f"the phase was not said, and is not known here {at}: this is the value of the {phase}"
        )
    return (
        f"the phase was not said: this is the value of the {phase}, as there is none here of the "
        f"{state}, which it is {at}"
    )
