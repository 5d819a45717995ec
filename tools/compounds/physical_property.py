"""Measured and tabulated properties of pure compounds."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Literal, get_args

from pydantic import Field

from ..contract import (
    Cas,
    Finding,
    Kind,
    NotFoundError,
    PropertySpec,
    QuantityText,
    ToolInputError,
    catalogue,
    tool,
)
from ..quantities._parse import parse_in
from ._generic import GENERIC, choose
from ._values import Value, order, quantities, warnings

Which = Literal[
    "boiling_point",
    "melting_point",
    "vapour_pressure",
    "liquid_density",
    "solid_density",
    "critical_temperature",
    "critical_pressure",
    "critical_volume",
    "critical_compressibility",
    "acentric_factor",
    "triple_point_temperature",
    "triple_point_pressure",
    "heat_of_vaporisation",
    "heat_of_fusion",
    "enthalpy_of_formation_gas",
    "enthalpy_of_formation_liquid",
    "enthalpy_of_formation_solid",
    "standard_entropy_gas",
    "standard_entropy_liquid",
    "standard_entropy_solid",
    "heat_capacity_gas",
    "heat_capacity_liquid",
    "heat_capacity_solid",
    "surface_tension",
    "liquid_viscosity",
    "gas_viscosity",
    "liquid_thermal_conductivity",
    "gas_thermal_conductivity",
    "relative_permittivity",
    "refractive_index",
    "dipole_moment",
    "measured_log_p",
    "hansen_dispersion",
    "hansen_polar",
    "hansen_hydrogen_bonding",
    "flash_point",
    "autoignition_temperature",
    "lower_flammability_limit",
    "upper_flammability_limit",
    "global_warming_potential",
    "ozone_depletion_potential",
]
#: Names without a phase stand for the property of the phase that the compound is in.
AnyPhase = Literal[
    "enthalpy_of_formation",
    "standard_entropy",
    "heat_capacity",
    "density",
    "viscosity",
    "thermal_conductivity",
]
_ROOM = 298.15


@tool(
    yields=get_args(Which),
    method="tables and correlations of chemicals",
    reference="Bell et al., chemicals: Chemical properties component of Chemical Engineering "
    "Design Library (ChEDL), https://github.com/CalebBell/chemicals",
)
def physical_property(
    cas: Cas,
    which: Annotated[
        Literal[Which, AnyPhase],
        Kind("choice"),
        Field(description="the property; without a phase in its name: of the phase it is in"),
    ],
    temperature: Annotated[
        QuantityText | None,
        Kind("quantity"),
        Field(description="temperature, e.g. '25 °C'; default 298.15 K; 'boiling point' for Tb"),
    ] = None,
    pressure: Annotated[
        QuantityText | None,
        Kind("quantity"),
        Field(description="pressure for a boiling point, e.g. '20 mbar'; default 1 atm"),
    ] = None,
) -> Finding:
    """A physical property of a pure compound from handbooks and databases: phase change, critical
    point, thermochemistry, vapour pressure, liquid properties, safety limits, GWP.

    The first value is the recommended one; the others, from other data sets, show the
    spread. Estimates are marked as predicted and come only after measured values. A name
    without a phase (``heat_capacity``) gives the recommended value alone, of the phase that
    the compound is in at the temperature and 1 atm, else of one that has data; it is said which.

    >>> from labhand.tools.compounds.physical_property import physical_property
    >>> toluene = physical_property(cas="108-88-3", which="boiling_point")
    >>> round(toluene.quantities[0].value, 1)     # CRC Handbook: 110.6 °C
    383.7

    Raises:
        NotFoundError: no data set has the property of this compound; the sets are named.
        NotApplicableError: the data do not reach the temperature or pressure asked for.
        ToolInputError: the property does not depend on the temperature or pressure given.
    """
    if which in GENERIC:
        return _of_some_phase(which, cas, temperature, pressure)
    if pressure is not None:
        found, method = _at_pressure(which, cas, pressure, temperature)
    else:
        found, method = _values(which, cas, temperature)
    return _finding(which, cas, found, method, temperature, at_pressure=pressure is not None)


def _of_some_phase(
    generic: str, cas: str, temperature: str | None, pressure: str | None
) -> Finding:
    """The recommended value of the phase that is meant where none was said."""
    if pressure is not None:
        raise _no_pressure(generic.replace("_", " "))
    constant = not _depends(next(iter(GENERIC[generic].values())))
    kelvin = _ROOM if constant else _kelvin(temperature, cas)
    choice = choose(generic, cas, kelvin, lambda which: _values(which, cas, temperature))
    finding = _finding(choice.which, cas, choice.values, choice.method, temperature)
    notes = [w for w in finding.warnings if not w.startswith("at 298.15 K and 1 atm")]
    return dataclasses.replace(
        finding, quantities=finding.quantities[:1], warnings=(choice.note, *notes)
    )


def _finding(
    which: str,
    cas: str,
    found: list[Value],
    method: str,
    temperature: str | None,
    *,
    at_pressure: bool = False,
) -> Finding:
    """The values in order, with what a careful reader must know of them."""
    spec = catalogue()[which]
    per_condition = which in ("global_warming_potential", "ozone_depletion_potential")
    ordered = found if per_condition else order(found, spec)
    notes = [] if per_condition else warnings(ordered, spec)
    notes += _state_of(which, cas, ordered[0], at_pressure=at_pressure)
    if temperature is None and "temperature" in ordered[0].conditions and _depends(which):
        notes.append("no temperature was given: 298.15 K was taken")
    return Finding(
        tuple(quantities(ordered, spec, cas)),
        summary=_summary(spec, ordered),
        method=f"{method}; {ordered[0].source.label}",
        reference=ordered[0].source.citation,
        warnings=tuple(notes),
    )


def _values(which: str, cas: str, temperature: str | None) -> tuple[list[Value], str]:
    """The values of a property, and how they were obtained."""
    from ._at_temperature import values_at
    from ._constants import constant_values, sources_of

    if _depends(which):
        kelvin = _kelvin(temperature, cas)
        return values_at(which, cas, kelvin), f"{_software()}: correlation at {kelvin:.6g} K"
    if temperature is not None:
        raise ToolInputError(
            f"the {catalogue()[which].label} is tabulated as a constant, not at a temperature.",
            "Leave the temperature out.",
        )
    values = constant_values(which, cas)
    if not values:
        raise NotFoundError(
            f"no data set here has the {catalogue()[which].label} of {cas}.",
            f"Looked at: {', '.join(sources_of(which)) or 'the tables of chemicals'}.",
        )
    return values, f"{_software()}: table"


def _at_pressure(
    which: str, cas: str, pressure: str, temperature: str | None
) -> tuple[list[Value], str]:
    """Boiling points at a pressure, from the vapour pressure curve."""
    from ._reduced_pressure import boiling_at

    if which != "boiling_point" or temperature is not None:
        raise _no_pressure(catalogue()[which].label)
    pascal = parse_in(pressure, "Pa", "pressure")
    return boiling_at(cas, pascal), f"{_software()}: vapour pressure curve solved for T"


def _no_pressure(label: str) -> ToolInputError:
    return ToolInputError(
        f"a pressure has no meaning for the {label} here.",
        "Give it for the boiling_point alone, without a temperature.",
    )


def _state_of(which: str, cas: str, value: Value, *, at_pressure: bool) -> list[str]:
    from ._phases import phase_notes

    if at_pressure:
        return []
    kelvin = float(value.conditions["temperature"].split()[0]) if _depends(which) else None
    return phase_notes(which, cas, kelvin)


def _depends(which: str) -> bool:
    from ._at_temperature import PROPERTIES

    return which in PROPERTIES


def _kelvin(temperature: str | None, cas: str) -> float:
    """The temperature in kelvin; ``boiling point`` stands for the normal boiling point."""
    if temperature is None:
        return _ROOM
    if temperature.strip().lower() in ("boiling point", "normal boiling point", "bp", "tb"):
        values, _ = _values("boiling_point", cas, None)
        return order(values, catalogue()["boiling_point"])[0].value
    return parse_in(temperature, "K", "temperature")


def _summary(spec: PropertySpec, ordered: list[Value]) -> str:
    text = f"{spec.label}, recommended: {ordered[0].source.label}"
    others = [v.source.label for v in ordered[1:]]
    return text + (f"; for comparison: {', '.join(dict.fromkeys(others))}." if others else ".")


def _software() -> str:
    import chemicals

    return f"chemicals {chemicals.__version__}"
