"""Properties of pure compounds: literature values, physical laws, sources, refusals."""

import math
from typing import get_args

import pytest

from labhand.tools.compounds._at_temperature import PROPERTIES
from labhand.tools.compounds._constants import CONSTANTS
from labhand.tools.compounds._generic import GENERIC
from labhand.tools.compounds._sources import DataSet
from labhand.tools.compounds._values import Value, order, spread_of, warnings
from labhand.tools.compounds.physical_property import AnyPhase, Which, physical_property
from labhand.tools.contract import (
    NotApplicableError,
    NotFoundError,
    Quantity,
    ToolInputError,
    catalogue,
    validate_tool,
)

ACETONE, AMMONIA, METHANE = "67-64-1", "7664-41-7", "74-82-8"
WATER, TOLUENE, BENZENE, ETHANOL, CO2 = "7732-18-5", "108-88-3", "71-43-2", "64-17-5", "124-38-9"
COMPOUNDS = (WATER, TOLUENE, BENZENE, ETHANOL, "67-64-1", "110-54-3", "75-09-2", "7664-41-7")


def _all(cas: str, which: str, **arguments: str) -> tuple[Quantity, ...]:
    return physical_property(cas=cas, which=which, **arguments).quantities


def _first(cas: str, which: str, **arguments: str) -> float:
    return float(str(_all(cas, which, **arguments)[0].value))


def test_contract() -> None:
    validate_tool(physical_property)


def test_every_choice_is_served_and_catalogued() -> None:
    assert set(get_args(Which)) == {*CONSTANTS, *PROPERTIES}
    assert all(name in catalogue() for name in get_args(Which))
    assert set(get_args(AnyPhase)) == set(GENERIC)
    assert {p for phases in GENERIC.values() for p in phases.values()} <= set(get_args(Which))


@pytest.mark.parametrize(
    ("cas", "which", "expected", "tolerance"),
    [  # CRC Handbook of Chemistry and Physics, 95th ed., unless noted
        (TOLUENE, "boiling_point", 383.75, 0.05),
        (BENZENE, "boiling_point", 353.23, 0.1),
        (ETHANOL, "melting_point", 159.0, 0.5),
        (CO2, "critical_temperature", 304.13, 0.05),  # Span and Wagner 1996
        (CO2, "critical_pressure", 7.377, 0.005),
        (WATER, "critical_temperature", 647.096, 0.01),  # IAPWS-95
        (WATER, "heat_of_fusion", 6.01, 0.01),
        (WATER, "enthalpy_of_formation_liquid", -285.83, 0.1),  # CODATA
        (WATER, "enthalpy_of_formation_gas", -241.83, 0.1),
        (ETHANOL, "refractive_index", 1.3611, 1e-4),
        (TOLUENE, "flash_point", 277.15, 1.0),
        (TOLUENE, "melting_point", 178.15, 0.1),
        (WATER, "boiling_point", 373.124, 0.002),  # ITS-90, at 1 atm
        (WATER, "refractive_index", 1.33299, 5e-5),  # not the 1.39 of a collection
        (WATER, "standard_entropy_liquid", 69.95, 0.1),  # CODATA
        (WATER, "triple_point_pressure", 611.657, 0.01),
        (WATER, "critical_pressure", 22.064, 0.001),
        (ETHANOL, "boiling_point", 351.44, 0.2),
        (ETHANOL, "enthalpy_of_formation_liquid", -277.6, 1.0),
        (BENZENE, "enthalpy_of_formation_liquid", 49.1, 0.3),
        (BENZENE, "enthalpy_of_formation_gas", 82.9, 0.5),
        (BENZENE, "critical_temperature", 562.05, 0.1),
        (BENZENE, "melting_point", 278.68, 0.05),
        (ACETONE, "boiling_point", 329.23, 0.05),
        (ACETONE, "critical_temperature", 508.1, 0.1),
        (ACETONE, "dipole_moment", 2.88, 0.03),
        (ACETONE, "flash_point", 253.15, 1.0),
        (CO2, "triple_point_temperature", 216.592, 0.003),
        (CO2, "boiling_point", 194.7, 0.1),  # sublimation at 1 atm
        (CO2, "enthalpy_of_formation_gas", -393.51, 0.13),  # CODATA
        (CO2, "standard_entropy_gas", 213.785, 0.1),  # CODATA
        (AMMONIA, "boiling_point", 239.82, 0.05),
        (AMMONIA, "enthalpy_of_formation_gas", -45.94, 0.5),  # CODATA
        (AMMONIA, "dipole_moment", 1.47, 0.01),
        (AMMONIA, "critical_temperature", 405.5, 0.2),
        (METHANE, "boiling_point", 111.67, 0.02),
        (METHANE, "enthalpy_of_formation_gas", -74.6, 0.3),
        ("7647-14-5", "enthalpy_of_formation_solid", -411.1, 0.2),
        ("7647-14-5", "standard_entropy_solid", 72.1, 0.1),
        ("7647-14-5", "melting_point", 1073.85, 0.5),
        ("7647-14-5", "solid_density", 2.17, 0.02),
        ("7439-89-6", "solid_density", 7.87, 0.02),
        (ETHANOL, "lower_flammability_limit", 3.1, 0.3),
        ("74-82-8", "global_warming_potential", 27.9, 0.2),  # IPCC AR6
        ("75-69-4", "ozone_depletion_potential", 1.0, 0.01),  # CFC-11, by definition
        (ETHANOL, "dipole_moment", 1.69, 0.02),  # not the 1.44 D of one conformer
        (TOLUENE, "measured_log_p", 2.73, 0.05),
        (ETHANOL, "hansen_hydrogen_bonding", 19.4, 0.1),
        ("107-06-2", "acentric_factor", 0.27, 0.02),
    ],
)
def test_literature_constants(cas: str, which: str, expected: float, tolerance: float) -> None:
    assert _first(cas, which) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(
    ("cas", "which", "temperature", "expected", "relative"),
    [
        (ETHANOL, "vapour_pressure", "25 °C", 7.87, 0.01),
        (WATER, "vapour_pressure", "25 °C", 3.1699, 1e-4),  # IAPWS-95
        (WATER, "vapour_pressure", "373.124 K", 101.325, 1e-3),
        (WATER, "liquid_density", "25 °C", 0.99705, 1e-4),  # IAPWS-95
        (TOLUENE, "liquid_density", "20 °C", 0.8668, 3e-3),
        (WATER, "liquid_viscosity", "25 °C", 0.8900, 2e-3),  # IAPWS R12-08
        (WATER, "surface_tension", "25 °C", 71.97, 2e-3),  # IAPWS R1-76
        (WATER, "heat_of_vaporisation", "25 °C", 43.99, 1e-3),
        (ETHANOL, "heat_of_vaporisation", "25 °C", 42.32, 1e-3),  # CRC
        (BENZENE, "heat_of_vaporisation", "77 °F", 33.83, 1e-3),
        (BENZENE, "heat_capacity_liquid", "25 °C", 136.0, 2e-3),
        (BENZENE, "vapour_pressure", "25 °C", 12.69, 5e-3),
        (ACETONE, "vapour_pressure", "25 °C", 30.8, 0.01),
        (ACETONE, "liquid_density", "20 °C", 0.7902, 3e-3),
        (CO2, "heat_capacity_gas", "25 °C", 37.13, 5e-3),
        (METHANE, "heat_capacity_gas", "25 °C", 35.7, 5e-3),
        (WATER, "heat_capacity_liquid", "25 °C", 75.3, 2e-3),
        (WATER, "heat_capacity_gas", "25 °C", 33.6, 5e-3),
        (ETHANOL, "relative_permittivity", "20 °C", 25.3, 0.02),
        (TOLUENE, "liquid_thermal_conductivity", "25 °C", 0.131, 0.02),
        (TOLUENE, "liquid_viscosity", "25 °C", 0.560, 0.02),
        ("7440-37-1", "gas_viscosity", "300 K", 22.7, 0.02),
        ("74-98-6", "heat_capacity_gas", "25 °C", 73.6, 0.01),
    ],
)
def test_literature_at_a_temperature(
    cas: str, which: str, temperature: str, expected: float, relative: float
) -> None:
    found = _all(cas, which, temperature=temperature)[0]
    assert float(str(found.value)) == pytest.approx(expected, rel=relative)
    assert found.conditions["temperature"].endswith(" K")


@pytest.mark.parametrize("cas", COMPOUNDS)
def test_melting_boiling_and_critical_points_come_in_this_order(cas: str) -> None:
    melting, boiling = _first(cas, "melting_point"), _first(cas, "boiling_point")
    assert melting <= boiling < _first(cas, "critical_temperature")


@pytest.mark.parametrize("cas", COMPOUNDS)
def test_vapour_pressure_rises_and_is_one_atmosphere_at_the_boiling_point(cas: str) -> None:
    boiling = _first(cas, "boiling_point")
    pressures = [
        _first(cas, "vapour_pressure", temperature=f"{boiling * f} K") for f in (0.9, 0.95, 1.0)
    ]
    assert pressures == sorted(pressures)
    # Half a kelvin between two tables of dichloromethane is 1.5 % in pressure.
    assert pressures[-1] == pytest.approx(101.325, rel=0.02)


@pytest.mark.parametrize("cas", COMPOUNDS)
def test_clausius_clapeyron_links_vapour_pressure_and_heat_of_vaporisation(cas: str) -> None:
    boiling = 0.85 * _first(cas, "boiling_point")
    low = _first(cas, "vapour_pressure", temperature=f"{boiling - 1} K")
    high = _first(cas, "vapour_pressure", temperature=f"{boiling + 1} K")
    slope = math.log(high / low) * 8.314462618e-3 * boiling**2 / 2
    found = _first(cas, "heat_of_vaporisation", temperature=f"{boiling} K")
    assert slope == pytest.approx(found, rel=0.06)


@pytest.mark.parametrize("cas", [WATER, TOLUENE, ETHANOL])
def test_enthalpies_of_formation_differ_by_the_heat_of_vaporisation(cas: str) -> None:
    gas = _first(cas, "enthalpy_of_formation_gas")
    liquid = _first(cas, "enthalpy_of_formation_liquid")
    assert gas - liquid == pytest.approx(_first(cas, "heat_of_vaporisation"), rel=0.01)


def test_boiling_at_reduced_pressure_inverts_the_vapour_pressure() -> None:
    found = _all(TOLUENE, "boiling_point", pressure="50 mbar")[0]
    assert float(str(found.value)) == pytest.approx(303.6, abs=0.2)
    back = _first(TOLUENE, "vapour_pressure", temperature=f"{found.value} K")
    assert back == pytest.approx(5.0, rel=2e-3)
    assert _first(TOLUENE, "boiling_point", pressure="1 atm") == pytest.approx(383.77, abs=0.1)


def test_every_value_names_its_data_set_and_estimates_come_last() -> None:
    found = _all(TOLUENE, "boiling_point")
    assert len(found) > 3
    assert all(q.source and ":" in q.source for q in found)
    assert found[0].nature != "predicted"
    assert [q.nature == "predicted" for q in found] == sorted(
        q.nature == "predicted" for q in found
    )
    assert found[0].uncertainty is not None
    assert all(q.uncertainty is None for q in found[1:])


def test_two_of_three_estimates_lie_within_their_uncertainty() -> None:
    from chemicals import phase_change

    from labhand.tools.compounds._constants import constant_values
    from labhand.tools.compounds._sources import error_of_estimate

    phase_change.Tb(WATER)  # loads the tables
    errors: list[float] = []
    for cas in phase_change.Tb_sources["CRC_ORG"].index[::60]:
        values = constant_values("boiling_point", cas)
        estimates = [v for v in values if v.source.code == "JOBACK"]
        if estimates and values[0].source.nature == "measured":
            limit = error_of_estimate(estimates[0].source, "boiling_point")
            assert limit is not None
            errors.append(abs(estimates[0].value - values[0].value) / limit)
    assert len(errors) > 40
    assert 0.5 < sum(e < 1 for e in errors) / len(errors) < 0.85


def test_an_estimate_alone_is_called_one() -> None:
    glucose = physical_property(cas="50-99-7", which="boiling_point")
    assert glucose.quantities[0].nature == "predicted"
    assert "estimate" in glucose.warnings[0]
    assert (glucose.quantities[0].uncertainty or 0) > 10


def test_a_slip_in_a_table_is_told_and_widens_no_spread() -> None:
    # One table has 85.8 K for methane where the others have 90.55 to 90.75 K.
    found = physical_property(cas=METHANE, which="melting_point")
    assert float(str(found.quantities[0].value)) == pytest.approx(90.69, abs=0.05)
    assert any("85.79" in w and "disagree" in w for w in found.warnings)
    assert found.quantities[0].uncertainty == pytest.approx(0.084, abs=0.01)
    assert any("left out" in w for w in found.warnings)


@pytest.mark.parametrize(("cas", "at_0_kelvin"), [(METHANE, -66.6), (TOLUENE, 73.3)])
def test_enthalpies_of_formation_at_absolute_zero_are_not_those_at_298(
    cas: str, at_0_kelvin: float
) -> None:
    found = _all(cas, "enthalpy_of_formation_gas")
    assert len(found) > 3
    assert all(abs(float(str(q.value)) - at_0_kelvin) > 5 for q in found)


@pytest.mark.parametrize(
    ("cas", "which", "arguments", "expected"),
    [
        (METHANE, "enthalpy_of_formation", {}, "enthalpy_of_formation_gas"),
        (BENZENE, "enthalpy_of_formation", {}, "enthalpy_of_formation_liquid"),
        ("7647-14-5", "enthalpy_of_formation", {}, "enthalpy_of_formation_solid"),
        (WATER, "standard_entropy", {}, "standard_entropy_liquid"),
        (CO2, "standard_entropy", {}, "standard_entropy_gas"),
        (BENZENE, "heat_capacity", {"temperature": "300 K"}, "heat_capacity_liquid"),
        (BENZENE, "heat_capacity", {"temperature": "500 K"}, "heat_capacity_gas"),
        ("7439-89-6", "density", {}, "solid_density"),
        (ETHANOL, "density", {}, "liquid_density"),
        ("7727-37-9", "viscosity", {}, "gas_viscosity"),
        (WATER, "thermal_conductivity", {"temperature": "400 K"}, "gas_thermal_conductivity"),
    ],
)
def test_the_phase_that_was_not_said_is_that_of_the_state(
    cas: str, which: str, arguments: dict[str, str], expected: str
) -> None:
    found = physical_property(cas=cas, which=which, **arguments)
    assert found.quantities == _all(cas, expected, **arguments)[:1]
    phase = next(p for p in ("gas", "liquid", "solid") if p in expected)
    assert f"this is the value of the {phase}, which it is" in found.warnings[0]


def test_a_phase_without_data_gives_way_and_is_named() -> None:
    glucose = physical_property(cas="50-99-7", which="enthalpy_of_formation")
    assert "none here of the solid" in glucose.warnings[0]
    assert any("estimate" in w for w in glucose.warnings)
    benzene = physical_property(cas=BENZENE, which="standard_entropy_solid")
    assert any("the compound is a liquid" in w for w in benzene.warnings)


def test_the_density_of_a_gas_is_not_that_of_its_liquid() -> None:
    with pytest.raises(NotApplicableError, match="is a gas"):
        physical_property(cas=CO2, which="density")


def test_a_state_that_is_not_there_at_one_atmosphere_is_told() -> None:
    def told(cas: str, which: str, part: str, **arguments: str) -> bool:
        found = physical_property(cas=cas, which=which, **arguments)
        return any(part in w for w in found.warnings)

    assert told(CO2, "boiling_point", "sublimation")
    assert told("74-98-6", "liquid_density", "own vapour pressure")  # propane, Tb = 231 K
    assert told(WATER, "liquid_density", "own vapour pressure", temperature="150 °C")
    assert not told(TOLUENE, "liquid_density", "own vapour pressure")
    assert not told(TOLUENE, "boiling_point", "sublimation")


def _value(number: float, code: str, *, independent: bool = True) -> Value:
    return Value(number, DataSet(code, code, "", "measured", independent))


def test_the_recommended_value_agrees_with_the_median() -> None:
    spec = catalogue()["boiling_point"]
    values = [_value(500.0, "A"), _value(400.0, "B"), _value(400.3, "C"), _value(400.1, "D")]
    assert order(values, spec)[0].value == 400.0
    assert any("500.00" in w for w in warnings(order(values, spec), spec))


def _spread(*numbers: float, which: str = "boiling_point") -> tuple[float, int, int] | None:
    values = [_value(n, f"S{i}") for i, n in enumerate(numbers)]
    found = spread_of(values, catalogue()[which])
    return (round(found.deviation, 4), found.sets, found.left_out) if found else None


def test_the_spread_is_a_sample_deviation_in_which_copies_count_once() -> None:
    assert _spread(400.0, 400.0) is None
    assert _spread(373.1243, 373.124, 373.12) is None  # roundings of one number
    assert _spread(400.01, 400.51) == (round(0.5 / 2**0.5, 4), 2, 0)
    assert _spread(373.1243, 373.124, 373.15, 373.17, 373.134) == (0.02, 4, 0)
    assert _spread(400.02, 400.31, 400.12, 500.5) == (0.1473, 3, 1)  # a slip is left out
    assert _spread(400.0, 500.0) == (round(100 / 2**0.5, 4), 2, 0)  # which one slipped is open


def test_a_spread_is_not_finer_than_what_is_printed() -> None:
    assert _spread(353.2187801, 353.2187803) == (0.005, 2, 0)
    assert _spread(-285.825, -285.826, which="enthalpy_of_formation_gas") == (0.05, 2, 0)


def test_only_values_under_the_same_conditions_are_compared() -> None:
    spec = catalogue()["refractive_index"]
    cold = Value(1.3611, DataSet("A", "A", "", "measured", True), {"temperature": "293.15 K"})
    warm = Value(1.3590, DataSet("B", "B", "", "measured", True), {"temperature": "298.15 K"})
    assert spread_of([cold, warm], spec) is None


def test_water_boils_at_373_12_with_a_spread_of_two_hundredths() -> None:
    found = physical_property(cas=WATER, which="boiling_point")
    assert found.quantities[0].uncertainty == pytest.approx(0.02, abs=0.003)
    assert any("sample standard deviation of 4 data sets" in w for w in found.warnings)


def test_engineering_equations_do_not_blur_the_reference_formulation_of_water() -> None:
    cold = _all(WATER, "liquid_density", temperature="4 °C")[0]
    assert cold.value == pytest.approx(0.99993, abs=1e-5)  # under its own vapour pressure
    assert cold.uncertainty is None


def test_what_only_a_collection_has_is_said() -> None:
    salt = physical_property(cas="7647-14-5", which="refractive_index")
    assert any("only in collections (Wikidata)" in w for w in salt.warnings)


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ({"which": "heat_capacity_solid"}, NotFoundError, "Looked at"),
        ({"which": "global_warming_potential"}, NotFoundError, "IPCC"),
        ({"which": "vapour_pressure", "temperature": "1000 K"}, NotApplicableError, "178.15 to"),
        ({"which": "boiling_point", "temperature": "300 K"}, ToolInputError, "constant"),
        ({"which": "melting_point", "pressure": "1 bar"}, ToolInputError, "no meaning"),
        ({"which": "boiling_point", "pressure": "1 GPa"}, NotApplicableError, "kPa"),
        ({"which": "vapour_pressure", "temperature": "3 kg"}, ToolInputError, "temperature"),
        ({"which": "vapour_pressure", "temperature": "-300 °C"}, ToolInputError, "absolute zero"),
    ],
)
def test_refusals_say_what_was_looked_at(
    arguments: dict[str, str], error: type[Exception], part: str
) -> None:
    with pytest.raises(error) as caught:
        physical_property(cas=TOLUENE, **arguments)
    assert part in str(caught.value)


@pytest.mark.parametrize("cas", ["9999999-99-5", "12-34-5"])
def test_unknown_numbers_are_not_found(cas: str) -> None:
    for which in ("boiling_point", "vapour_pressure"):
        with pytest.raises(NotFoundError):
            physical_property(cas=cas, which=which)


@pytest.mark.heavy
@pytest.mark.parametrize("which", get_args(Which))
def test_values_of_common_compounds_lie_within_the_bounds_of_the_property(which: str) -> None:
    for cas in (*COMPOUNDS, CO2, "7647-14-5", "7440-02-0", "58-08-2", "50-00-0"):
        try:
            found = physical_property(cas=cas, which=which)
        except (NotFoundError, NotApplicableError):
            continue
        for quantity in found.quantities:
            assert catalogue().checked(quantity).flag is None, quantity
