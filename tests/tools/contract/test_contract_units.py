"""Conversions keep their laws; what cannot be converted is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract.errors import ToolInputError
from labhand.tools.contract.units import convert

PAIRS = [
    ("kcal/mol", "kJ/mol"),
    ("degC", "K"),
    ("degF", "degC"),
    ("atm", "Pa"),
    ("eV", "J"),
    ("g/cm^3", "kg/m^3"),
    ("angstrom", "nm"),
    ("percent", "dimensionless"),
]


@pytest.mark.parametrize(("unit", "target"), PAIRS)
@given(value=st.floats(-1e6, 1e6))
def test_there_and_back(unit: str, target: str, value: float) -> None:
    again = convert(convert(value, unit, target), target, unit)
    assert again == pytest.approx(value, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "unit", "target", "expected"),
    [
        (1, "kcal", "kJ", 4.184),  # thermochemical calorie, exact by definition
        (0, "degC", "K", 273.15),
        (100, "degC", "degF", 212),
        (1, "atm", "Pa", 101325),
        (1, "eV", "J", 1.602176634e-19),  # SI 2019, exact
    ],
)
def test_values_by_definition(value: float, unit: str, target: str, expected: float) -> None:
    assert convert(value, unit, target) == pytest.approx(expected, rel=1e-12)


@given(unit=st.text(max_size=12), target=st.text(max_size=12))
def test_any_text_is_a_unit_or_an_error_of_the_house(unit: str, target: str) -> None:
    with contextlib.suppress(ToolInputError):
        assert isinstance(convert(1.0, unit, target), float)


@pytest.mark.parametrize(
    "unit",
    [
        "m**9**9**9",
        "m**(9**9**9)",
        "m^9^9^9",
        "m^(9*9**9)",
        "m*9**999999999",
        "9 ** 999999999 m",
        "9⁹⁹⁹⁹⁹⁹⁹⁹⁹ m",
        "m⁹^9^9",
        "(((9^99)^99)^99)^99 m",
        "9" + " cubed" * 12,
        "m" * 1000,
    ],
)
def test_a_tower_of_powers_is_refused_at_once(unit: str) -> None:
    for pair in ((unit, "m"), ("m", unit)):
        with pytest.raises(ToolInputError, match="cannot be read as a unit"):
            convert(1.0, *pair)


@pytest.mark.parametrize(
    ("unit", "target", "factor"),
    [
        ("kg*m^2/s^2", "J", 1.0),
        ("kg * m**2 * s**-2", "J", 1.0),
        ("(km)^2", "m²", 1e6),
        ("cm⁻¹", "m^-1", 100.0),
        ("mol^(1/2)", "mmol^(1/2)", 1000**0.5),
        ("J/(mol*K)", "J mol^-1 K^-1", 1.0),
        ("(kJ)*(mol)**-1*(K)**-1", "(J)*(mol)**-1*(K)**-1", 1000.0),
        ("(cm**-1)**2", "m**-2", 1e4),
    ],
)
def test_powers_that_units_have(unit: str, target: str, factor: float) -> None:
    assert convert(1.0, unit, target) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("unit", "target", "said"),
    [
        ("kg", "m", "measure different things"),
        ("", "kg", "bare number"),
        ("flurb", "kg", "'flurb' is not a unit"),
        ("kg", "", "measure different things"),
        ("kg//", "g", "cannot be read as a unit"),
        ("(", "g", "cannot be read as a unit"),
        ("__import__('os')", "g", ""),
    ],
)
def test_what_cannot_be_converted(unit: str, target: str, said: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        convert(1.0, unit, target)
    assert said in caught.value.message
    assert caught.value.remedy
