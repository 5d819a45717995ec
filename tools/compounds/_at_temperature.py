"""Values of a property at a temperature, from every source that covers it."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from typing import Any

from ..contract import NotApplicableError, NotFoundError, catalogue
from ._correlations import CORRELATIONS, Correlation, Range
from ._sources import data_set
from ._values import Value

ROOM = 298.15  # K; where tables give single values "at 25 °C"
_WATER = "7732-18-5"
_AT_ROOM = 0.05  # K within which a temperature counts as 298.15 K
_AT_BOILING = 0.3  # K by which normal boiling points of good tables differ
#: Single values at 298.15 K: property → (source, module, table, column, factor).
_POINTS = {
    "heat_of_vaporisation": (
        ("CRC", "phase_change", "Hvap_data_CRC", "Hvap298", 1e-3),
        ("GHARAGHEIZI", "phase_change", "Hvap_data_Gharagheizi", "Hvap298", 1e-3),
    ),
    "heat_capacity_gas": (("CRC", "heat_capacity", "CRC_standard_data", "Cpg", 1.0),),
    "heat_capacity_liquid": (("CRC", "heat_capacity", "CRC_standard_data", "Cpl", 1.0),),
    "heat_capacity_solid": (("CRC", "heat_capacity", "CRC_standard_data", "Cps", 1.0),),
}
_SHOMATE = {
    "heat_capacity_gas": "WebBook_Shomate_gases",
    "heat_capacity_liquid": "WebBook_Shomate_liquids",
    "heat_capacity_solid": "WebBook_Shomate_solids",
}
_ZABRANSKY = ("zabransky_dict_iso_s", "zabransky_dict_iso_p", "zabransky_dict_const_s",
              "zabransky_dict_const_p")  # fmt: skip
_BY_IAPWS = ("vapour_pressure", "liquid_density", "liquid_viscosity", "surface_tension")
_DENSITIES = {
    "liquid_density": "rho_data_CRC_inorg_l_const",
    "solid_density": "rho_data_CRC_inorg_s_const",
}
PROPERTIES = (*CORRELATIONS, "heat_capacity_solid", "solid_density")


def values_at(name: str, cas: str, temperature: float) -> list[Value]:
    """Every value of the property at this temperature [K].

    Raises:
        NotFoundError: no data set has the compound.
        NotApplicableError: some have it, but not at this temperature; the message gives
            the range that they cover.
    """
    conditions = {"temperature": f"{temperature:.7g} K"}
    values: list[Value] = []
    ranges: list[Range] = []
    for source, limits, compute in _candidates(name, cas):
        lower, upper = limits
        ranges.append(limits)
        if lower - 1e-6 <= temperature <= upper + 1e-6:
            value = compute(temperature)
            if math.isfinite(value):
                values.append(Value(float(f"{value:.10g}"), data_set(source), conditions))
    if values:
        return values
    if not ranges:
        raise NotFoundError(
            f"no data set here has the {catalogue()[name].label} of {cas}.",
            f"Looked at: {', '.join(sources_of(name))}." + _other_state(name, cas),
        )
    covered = f"{min(r[0] for r in ranges):.6g} to {max(r[1] for r in ranges):.6g} K"
    raise NotApplicableError(
        f"the {catalogue()[name].label} of {cas} is not covered at {temperature:.6g} K; "
        f"the data hold from {covered}.",
        "Ask for a temperature in that range; values are not extrapolated.",
        range_kelvin=covered,
    )


def _other_state(name: str, cas: str) -> str:
    """A hint where the compound is tabulated as a solid and not as a liquid, or vice versa."""
    other = {"liquid_density": "solid_density", "solid_density": "liquid_density"}.get(name)
    if other and any(True for _ in _candidates(other, cas)):
        return f" Its {catalogue()[other].label} is known: ask for {other}."
    return ""


def covered_range(cas: str, name: str = "vapour_pressure") -> list[tuple[str, Range, Any]]:
    """Source, range [K] and function of T of every fitted equation of a compound."""
    return [(s, r, f) for s, r, f in _candidates(name, cas) if r[1] > r[0] + 1.0]


def sources_of(name: str) -> list[str]:
    """Labels of the data sets that are looked at."""
    codes = [c.source for c in CORRELATIONS.get(name, ())]
    codes += [p[0] for p in _POINTS.get(name, ())]
    codes += ["SHOMATE"] if name in _SHOMATE else []
    codes += ["CRC_INORG"] if name in _DENSITIES else []
    return [data_set(c).label for c in dict.fromkeys(codes)]


def _candidates(name: str, cas: str) -> Iterator[tuple[str, Range, Any]]:
    """Source, range [K] and function of T for all that have the compound."""
    if cas == _WATER and name in _BY_IAPWS:
        yield _iapws(name)
    if name == "heat_capacity_liquid":
        yield from _recommended_liquid(cas)
    if name == "heat_of_vaporisation":
        # Measured at 298.15 K; the fitted curves are off by up to one per cent there.
        yield from _at_room(name, cas)
    points = fixed_points(cas)
    for correlation in CORRELATIONS.get(name, ()):
        yield from _evaluated(correlation, cas, points)
    if name in _SHOMATE:
        yield from _shomate(name, cas)
    if name in _DENSITIES:
        yield from _room_density(_DENSITIES[name], cas)
    if name == "heat_of_vaporisation":
        yield from _at_boiling_point(cas)
    if name != "heat_of_vaporisation":
        yield from _at_room(name, cas)


def _at_room(name: str, cas: str) -> Iterator[tuple[str, Range, Any]]:
    """Single values at 298.15 K."""
    for source, module, table, column, factor in _POINTS.get(name, ()):
        value = _cell(_table(module, table), cas, column)
        if value is not None:
            low, high = ROOM - _AT_ROOM, ROOM + _AT_ROOM
            yield source, (low, high), lambda _, v=value, f=factor: v * f


def _evaluated(
    correlation: Correlation, cas: str, points: dict[str, float]
) -> Iterator[tuple[str, Range, Any]]:
    table = _table(correlation.module, correlation.table)
    if cas not in table.index:
        return
    row = {**table.loc[cas], "CAS": cas}
    limits = correlation.limits(row, points)
    if limits is not None and all(map(math.isfinite, limits)):
        yield (
            correlation.source,
            limits,
            lambda t: correlation.equation(row, t) * correlation.factor,
        )


def _at_boiling_point(cas: str) -> Iterator[tuple[str, Range, Any]]:
    """The CRC's enthalpy of vaporisation at its own normal boiling point."""
    table = _table("phase_change", "Hvap_data_CRC")
    boiling, value = _cell(table, cas, "Tb"), _cell(table, cas, "HvapTb")
    if boiling is not None and value is not None:
        yield "CRC", (boiling - _AT_BOILING, boiling + _AT_BOILING), lambda _: value * 1e-3


def _room_density(table: str, cas: str) -> Iterator[tuple[str, Range, Any]]:
    """Densities of inorganic compounds at room temperature, tabulated as molar volumes [m3/mol]."""
    from chemicals import MW

    volume = _cell(_table("volume", table), cas, "Vm")
    if volume:
        density = float(MW(cas)) / volume * 1e-6
        yield "CRC_INORG", (ROOM - _AT_ROOM, ROOM + _AT_ROOM), lambda _: density


def _iapws(name: str) -> tuple[str, Range, Any]:
    """Water along its saturation line, by the formulations of the IAPWS."""
    from chemicals import iapws
    from chemicals.interface import sigma_IAPWS
    from chemicals.viscosity import mu_IAPWS

    density = iapws.iapws95_rhol_sat
    functions = {
        "vapour_pressure": lambda t: iapws.iapws95_Psat(t) * 1e-3,
        "liquid_density": lambda t: density(t) * 1e-3,
        "liquid_viscosity": lambda t: mu_IAPWS(t, density(t)) * 1e3,
        "surface_tension": lambda t: sigma_IAPWS(t) * 1e3,
    }
    return "IAPWS", (273.16, 647.0), functions[name]


def _recommended_liquid(cas: str) -> Iterator[tuple[str, Range, Any]]:
    from chemicals import heat_capacity

    for table in _ZABRANSKY:
        fit = getattr(heat_capacity, table).get(cas)
        if fit is not None:
            yield "ZABRANSKY", (float(fit.Tmin), float(fit.Tmax)), fit.calculate
            return  # the fits of one compound rest on the same measurements


def _shomate(name: str, cas: str) -> Iterator[tuple[str, Range, Any]]:
    from chemicals import heat_capacity

    fit = getattr(heat_capacity, _SHOMATE[name]).get(cas)
    if fit is not None:
        yield "SHOMATE", (float(fit.Tmin), float(fit.Tmax)), fit.calculate


def _table(module: str, table: str) -> Any:
    return getattr(importlib.import_module(f"chemicals.{module}"), table)


def _cell(table: Any, cas: str, column: str) -> float | None:
    if cas not in table.index:
        return None
    value = float(table.loc[cas][column])
    return value if math.isfinite(value) else None


def fixed_points(cas: str) -> dict[str, float]:
    """Melting and boiling point [K] from the handbooks, where they are known."""
    from ._constants import constant_values

    found: dict[str, float] = {}
    for key, name in (("Tm", "melting_point"), ("Tb", "boiling_point")):
        values = [v for v in constant_values(name, cas) if v.source.nature != "predicted"]
        if values:
            found[key] = values[0].value
    return found
