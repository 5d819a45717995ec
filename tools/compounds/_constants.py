"""Properties that do not depend on temperature: which table of ``chemicals`` holds which."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from ._sources import data_set
from ._values import Value

_ATM = {"pressure": "101325 Pa"}
_STANDARD = {"temperature": "298.15 K", "pressure": "100000 Pa"}
_AIR = 1.000272  # refractive index of air at 20 °C and 1 atm: tables are relative to air
_GWP = {
    f"IPCC ({year}) {years}yr": {"time horizon": f"{years} years", "assessment": f"IPCC {year}"}
    for year, years in ((2021, 100), (2021, 20), (2021, 500), (2014, 100), (2014, 20), (2007, 100))
}
_ODP = {
    f"ODP{report} {kind}": {"estimate": name, "assessment": assessment}
    for report, assessment in ((2, "WMO 2011"), (1, "Montreal Protocol"))
    for kind, name in (("Max", "highest"), ("Min", "lowest"))
}


@dataclass(frozen=True, slots=True)
class Constant:
    """Where a constant property is found.

    Attributes:
        function: name of the look-up in ``chemicals``; its ``_methods`` twin lists the sets.
        factor: from the function's SI unit to the property's canonical unit.
        per_method: conditions of each method, where methods differ in what they mean
            (time horizons); others are left out then, and ``source`` names the data set.
        prefer: sets that go before the order of ``chemicals``, best first.
        skip: sets whose column means something else than the property.
    """

    function: str
    factor: float = 1.0
    conditions: dict[str, str] = field(default_factory=dict)
    per_method: dict[str, dict[str, str]] = field(default_factory=dict)
    source: str = ""
    prefer: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


CONSTANTS: dict[str, Constant] = {
    "boiling_point": Constant("Tb", conditions=_ATM),
    # Handbooks before the medians of the open dataset (toluene: 178.2 K against 179.2 K).
    "melting_point": Constant(
        "Tm", conditions=_ATM, prefer=("CRC_ORG", "CRC_INORG", "WEBBOOK", "OPEN_NTBKM")
    ),
    "critical_temperature": Constant("Tc"),
    "critical_pressure": Constant("Pc", 1e-6),
    "critical_volume": Constant("Vc", 1e6),
    "critical_compressibility": Constant("Zc"),
    "acentric_factor": Constant("omega"),
    "triple_point_temperature": Constant("Tt"),
    "triple_point_pressure": Constant("Pt"),
    "heat_of_fusion": Constant("Hfus", 1e-3, conditions={"temperature": "melting point"}),
    # The column of the TRC table holds the values at 0 K: methane -66.6 kJ/mol (JANAF: -66.9 at
    # 0 K, -74.9 at 298.15 K), benzene 100.4, ethanol -217.4.
    "enthalpy_of_formation_gas": Constant("Hfg", 1e-3, conditions=_STANDARD, skip=("TRC",)),
    "enthalpy_of_formation_liquid": Constant("Hfl", 1e-3, conditions=_STANDARD),
    "enthalpy_of_formation_solid": Constant("Hfs", 1e-3, conditions=_STANDARD),
    "standard_entropy_gas": Constant("S0g", conditions=_STANDARD),
    "standard_entropy_liquid": Constant("S0l", conditions=_STANDARD),
    "standard_entropy_solid": Constant("S0s", conditions=_STANDARD),
    "dipole_moment": Constant("dipole_moment"),
    "refractive_index": Constant("RI", conditions={"wavelength": "589 nm"}),
    "flash_point": Constant("T_flash"),
    "autoignition_temperature": Constant("T_autoignition"),
    "lower_flammability_limit": Constant("LFL", 100.0, conditions={"in": "air"}),
    "upper_flammability_limit": Constant("UFL", 100.0, conditions={"in": "air"}),
    "global_warming_potential": Constant("GWP", per_method=_GWP, source="IPCC"),
    "ozone_depletion_potential": Constant("ODP", per_method=_ODP, source="EPA_ODP"),
    "measured_log_p": Constant("logP"),
    "hansen_dispersion": Constant("hansen_delta_d", 1e-3),
    "hansen_polar": Constant("hansen_delta_p", 1e-3),
    "hansen_hydrogen_bonding": Constant("hansen_delta_h", 1e-3),
}


def constant_values(name: str, cas: str) -> list[Value]:
    """Every value of a constant property, in the order of preference of ``chemicals``.

    Each data set is asked by its own name: the mixed default table of ``chemicals`` does not
    say where a value comes from.
    """
    import chemicals

    constant = CONSTANTS[name]
    look_up = getattr(chemicals, constant.function)
    methods = getattr(chemicals, f"{constant.function}_methods")(CASRN=cas)
    methods = sorted(
        methods, key=lambda m: constant.prefer.index(m) if m in constant.prefer else 99
    )
    methods = [m for m in methods if m not in constant.skip]
    if constant.per_method:
        methods = [m for m in constant.per_method if m in methods]
    values: list[Value] = [*_water_index(name, cas)]
    for method in methods:
        found = look_up(CASRN=cas, method=method)
        conditions = {**constant.conditions, **constant.per_method.get(method, {})}
        if isinstance(found, tuple):  # refractive index: value and its temperature
            found, temperature = found
            if temperature is not None and not math.isnan(temperature):
                conditions["temperature"] = f"{temperature:g} K"
        if found is None or isinstance(found, str) or not math.isfinite(found):
            continue
        source = data_set(constant.source or method)
        # Ten figures: what a factor adds beyond them is binary noise.
        values.append(Value(float(f"{found * constant.factor:.10g}"), source, conditions))
    return values


def _water_index(name: str, cas: str) -> Iterator[Value]:
    """The refractive index of water at 20 °C, which no handbook table here has."""
    if name == "refractive_index" and cas == "7732-18-5":
        from chemicals.iapws import iapws95_rhol_sat
        from chemicals.refractivity import RI_IAPWS

        index = RI_IAPWS(293.15, iapws95_rhol_sat(293.15)) / _AIR
        conditions = {**CONSTANTS[name].conditions, "temperature": "293.15 K"}
        yield Value(float(f"{index:.6g}"), data_set("IAPWS"), conditions, " (relative to air)")


def sources_of(name: str) -> list[str]:
    """The labels of the data sets that are looked at for a constant property."""
    import chemicals

    constant = CONSTANTS[name]
    if constant.source:
        return [data_set(constant.source).label]
    known = getattr(chemicals, f"{constant.function}_all_methods", ())
    found: list[str] = []
    for code in known:
        if code in constant.skip:
            continue
        try:
            found.append(data_set(code).label)
        except KeyError:
            continue
    return found
