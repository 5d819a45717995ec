"""Properties that depend on temperature: fitted equations and the ranges they hold in.

Each entry says in which table of ``chemicals`` the coefficients stand, which equation takes
them, and between which temperatures [K]. Tables that do not state a range are used only
between the melting and the normal boiling (or critical) point of the compound, and a
value is never extrapolated.

Equations: Wagner, Antoine (vapour pressure); DIPPR 100, 101, 102, 105, 106, 114; PPDS 9, 10, 12;
Shomate; the equations of ``chemicals`` are called, not written again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Correlation:
    """One fitted equation.

    Attributes:
        source: code of the data set.
        module, table: where the coefficients stand in ``chemicals``.
        equation: row and T [K] → value in SI units.
        limits: row, melting, boiling and critical point → range [K], ``None`` if unknown.
        factor: from SI to the property's canonical unit.
    """

    source: str
    module: str
    table: str
    equation: Callable[[Row, float], float]
    limits: Callable[[Row, dict[str, float]], Range | None]
    factor: float = 1.0


def _stated(row: Row, _: dict[str, float]) -> Range | None:
    return float(row["Tmin"]), float(row["Tmax"])


def _to_critical(row: Row, _: dict[str, float]) -> Range | None:
    return float(row["Tmin"]), float(row["Tc"])


def _melting_to_critical(row: Row, points: dict[str, float]) -> Range | None:
    lower = row["Tm"] if "Tm" in row else points.get("Tm")
    return (float(lower), float(row["Tc"])) if lower else None


def _melting_to_boiling(_: Row, points: dict[str, float]) -> Range | None:
    return (points["Tm"], points["Tb"]) if {"Tm", "Tb"} <= set(points) else None


def _dippr(name: str, *columns: str, skip: str = "") -> Callable[[Row, float], float]:
    def equation(row: Row, temperature: float) -> float:
        from chemicals import dippr

        critical = [float(row["Tc"])] if skip == "Tc" else []
        coefficients = [float(row[c]) for c in columns]
        return float(getattr(dippr, name)(temperature, *critical, *coefficients))

    return equation


def _wagner(name: str) -> Callable[[Row, float], float]:
    def equation(row: Row, temperature: float) -> float:
        from chemicals import vapor_pressure

        coefficients = (float(row[c]) for c in ("Tc", "Pc", "A", "B", "C", "D"))
        return float(getattr(vapor_pressure, name)(temperature, *coefficients))

    return equation


def _antoine(base: float) -> Callable[[Row, float], float]:
    def equation(row: Row, temperature: float) -> float:
        from chemicals.vapor_pressure import Antoine

        return float(Antoine(temperature, row["A"], row["B"], row["C"], base))

    return equation


def _perry_density(row: Row, temperature: float) -> float:
    """DIPPR 105 gives mol/m3 here; with the molar mass [g/mol] it is kg/m3."""
    from chemicals import MW
    from chemicals.dippr import EQ105

    a, b, c, d = (float(row[k]) for k in ("C1", "C2", "C3", "C4"))
    return float(EQ105(temperature, a, b, c, d)) * float(MW(row["CAS"])) / 1000.0


def _vdi_density(row: Row, temperature: float) -> float:
    """PPDS 10, saturated liquid [kg/m3]."""
    tau = 1.0 - temperature / float(row["Tc"])
    a, b, c, d = (float(row[k]) for k in ("A", "B", "C", "D"))
    return float(row["rhoc"]) + a * tau**0.35 + b * tau ** (2 / 3) + c * tau + d * tau ** (4 / 3)


def _vdi_vaporisation(row: Row, temperature: float) -> float:
    from chemicals.phase_change import PPDS12

    return float(PPDS12(temperature, *(float(row[c]) for c in ("Tc", "A", "B", "C", "D", "E"))))


def _vdi_viscosity(row: Row, temperature: float) -> float:
    from chemicals.viscosity import PPDS9

    return float(PPDS9(temperature, *(float(row[c]) for c in ("A", "B", "C", "D", "E"))))


def _dutt_prasad(row: Row, temperature: float) -> float:
    """The coefficients of this table give mPa s."""
    from chemicals.viscosity import Viswanath_Natarajan_3

    return float(Viswanath_Natarajan_3(temperature, row["A"], row["B"], row["C"]))


def _polynomial(row: Row, temperature: float) -> float:
    return sum(float(row[c]) * temperature**n for n, c in enumerate("ABCDE"))


def _permittivity(row: Row, temperature: float) -> float:
    coefficients = (float(row[c]) for c in "ABCD")
    return sum(a * temperature**n for n, a in enumerate(coefficients) if not math.isnan(a))


def _mulero(row: Row, temperature: float) -> float:
    from chemicals.interface import REFPROP_sigma

    names = ("Tc", "sigma0", "n0", "sigma1", "n1", "sigma2", "n2")
    return float(REFPROP_sigma(temperature, *(float(row[n]) for n in names)))


def _jasper(row: Row, temperature: float) -> float:
    from chemicals.interface import Jasper

    return float(Jasper(temperature, float(row["a"]), float(row["b"])))


def _poling_gas(row: Row, temperature: float) -> float:
    from chemicals.heat_capacity import Poling

    return float(Poling(temperature, *(float(row[f"a{n}"]) for n in range(5))))


def _trc_gas(row: Row, temperature: float) -> float:
    from chemicals.heat_capacity import TRCCp

    return float(TRCCp(temperature, *(float(row[f"a{n}"]) for n in range(8))))


_C5 = ("C1", "C2", "C3", "C4", "C5")
_AE = ("A", "B", "C", "D", "E")

CORRELATIONS: dict[str, tuple[Correlation, ...]] = {
    "vapour_pressure": (
        Correlation("WAGNER_MCGARRY", "vapor_pressure", "Psat_data_WagnerMcGarry",
                    _wagner("Wagner_original"), _to_critical, 1e-3),
        Correlation("WAGNER_POLING", "vapor_pressure", "Psat_data_WagnerPoling",
                    _wagner("Wagner"), _stated, 1e-3),
        Correlation("PERRY", "vapor_pressure", "Psat_data_Perrys2_8",
                    _dippr("EQ101", *_C5), _stated, 1e-3),
        Correlation("VDI_PPDS", "vapor_pressure", "Psat_data_VDI_PPDS_3",
                    _wagner("Wagner"), _melting_to_critical, 1e-3),
        Correlation("ANTOINE_POLING", "vapor_pressure", "Psat_data_AntoinePoling",
                    _antoine(10.0), _stated, 1e-3),
        Correlation("LANDOLT", "vapor_pressure", "Psat_data_Landolt_Antoine",
                    _antoine(math.e), _stated, 1e-3),
    ),
    "heat_of_vaporisation": (
        Correlation("PERRY", "phase_change", "phase_change_data_Perrys2_150",
                    _dippr("EQ106", "C1", "C2", "C3", "C4", skip="Tc"), _stated, 1e-3),
        Correlation("VDI_PPDS", "phase_change", "phase_change_data_VDI_PPDS_4",
                    _vdi_vaporisation, _melting_to_critical, 1e-3),
    ),
    "liquid_density": (
        Correlation("PERRY", "volume", "rho_data_Perry_8E_105_l",
                    _perry_density, _stated, 1e-3),
        Correlation("VDI_PPDS", "volume", "rho_data_VDI_PPDS_2",
                    _vdi_density, _melting_to_critical, 1e-3),
    ),
    "heat_capacity_gas": (
        Correlation("POLING", "heat_capacity", "Cp_data_Poling", _poling_gas, _stated),
        Correlation("TRC", "heat_capacity", "TRC_gas_data", _trc_gas, _stated),
    ),
    "heat_capacity_liquid": (
        Correlation("PERRY", "heat_capacity", "Cp_data_Perry_Table_153_100",
                    _dippr("EQ100", *_AE), _stated, 1e-3),
    ),
    "surface_tension": (
        Correlation("MULERO_CACHADINA", "interface", "sigma_data_Mulero_Cachadina",
                    _mulero, _stated, 1e3),
        Correlation("JASPER", "interface", "sigma_data_Jasper_Lange", _jasper, _stated, 1e3),
        Correlation("VDI_PPDS", "interface", "sigma_data_VDI_PPDS_11",
                    _dippr("EQ106", *_AE, skip="Tc"), _melting_to_critical, 1e3),
    ),
    "liquid_viscosity": (
        Correlation("PERRY", "viscosity", "mu_data_Perrys_8E_2_313",
                    _dippr("EQ101", *_C5), _stated, 1e3),
        Correlation("VDI_PPDS", "viscosity", "mu_data_VDI_PPDS_7",
                    _vdi_viscosity, _melting_to_boiling, 1e3),
        Correlation("DUTT_PRASAD", "viscosity", "mu_data_Dutt_Prasad", _dutt_prasad, _stated),
    ),
    "gas_viscosity": (
        Correlation("PERRY", "viscosity", "mu_data_Perrys_8E_2_312",
                    _dippr("EQ102", "C1", "C2", "C3", "C4"), _stated, 1e6),
    ),
    "liquid_thermal_conductivity": (
        Correlation("PERRY", "thermal_conductivity", "k_data_Perrys_8E_2_315",
                    _dippr("EQ100", *_C5), _stated),
        Correlation("VDI_PPDS", "thermal_conductivity", "k_data_VDI_PPDS_9",
                    _polynomial, _melting_to_boiling),
    ),
    "gas_thermal_conductivity": (
        Correlation("PERRY", "thermal_conductivity", "k_data_Perrys_8E_2_314",
                    _dippr("EQ102", "C1", "C2", "C3", "C4"), _stated),
    ),
    "relative_permittivity": (
        Correlation("CRC", "permittivity", "permittivity_data_CRC", _permittivity, _stated),
    ),
}  # fmt: skip
