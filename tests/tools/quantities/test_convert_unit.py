"""Unit conversion: literature factors, inverses, and what must be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import Quantity, ToolInputError, catalogue, validate_tool
from labhand.tools.quantities.convert_unit import convert_unit


def _value(quantity: str, to: str) -> float:
    found: Quantity = convert_unit(quantity=quantity, to=to).quantities[0]
    return float(found.value)  # type: ignore[arg-type]


def test_contract() -> None:
    validate_tool(convert_unit)


@pytest.mark.parametrize(
    ("quantity", "to", "expected"),
    [
        ("3.5 kcal/mol", "kJ/mol", 14.644),
        ("25 °C", "K", 298.15),
        ("25 C", "F", 77.0),
        ("5 delta_degC", "K", 5.0),
        ("1 eV", "cm-1", 8065.544),  # CODATA 2018
        ("1 hartree", "kJ/mol", 2625.4996),
        ("1 a.u.", "eV", 27.211386),
        ("1 a.u.", "Å", 0.529177),
        ("500 nm", "eV", 2.479684),
        ("1 eV", "THz", 241.79893),
        ("1 eV", "K", 11604.518),
        ("1600 cm-1", "nm", 6250.0),
        ("1 atm", "torr", 760.0),
        ("180.16 Da", "g/mol", 180.16),
        ("2 mM", "M", 0.002),
        ("1 D", "C m", 3.33564e-30),
    ],
)
def test_literature_values(quantity: str, to: str, expected: float) -> None:
    assert _value(quantity, to) == pytest.approx(expected, rel=2e-6)


@given(
    st.floats(1e-6, 1e6),
    st.sampled_from(
        [("kcal/mol", "eV"), ("nm", "cm-1"), ("Hz", "hartree"), ("atm", "psi"), ("K", "°F"),
         ("kJ/mol", "nm"), ("g/mL", "kg/m3"), ("mM", "mol/m3")]
    ),
)  # fmt: skip
def test_there_and_back(value: float, pair: tuple[str, str]) -> None:
    there = _value(f"{value!r} {pair[0]}", pair[1])
    assert _value(f"{there!r} {pair[1]}", pair[0]) == pytest.approx(value, rel=1e-6, abs=1e-9)


def test_a_relation_of_nature_is_named() -> None:
    found = convert_unit(quantity="500 nm", to="eV")
    assert "hc/λ" in found.method
    assert any("hc/λ" in w for w in found.warnings)
    assert len(found.quantities) == 1, "there is no factor between a wavelength and an energy"


def test_the_printed_value_of_the_main_job() -> None:
    value = _value("3.5 kcal/mol", "kJ/mol")
    assert catalogue()["converted_value"].format_number(value) == "14.644"


@pytest.mark.parametrize(
    ("quantity", "to", "part"),
    [
        ("10 g", "mol", "substance"),
        ("1 M", "mg/L", "substance"),
        ("5 g", "kJ", "different things"),
        ("25", "K", "bare number"),
        ("1 Hz", "rad/s", "radians"),
        ("-300 °C", "K", "absolute zero"),
        ("0 nm", "eV", "positive"),
        ("3 parsnips", "kg", "parsnips"),
    ],
)
def test_refusals_say_why(quantity: str, to: str, part: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        convert_unit(quantity=quantity, to=to)
    assert part in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("quantity", "to", "value"),
    [
        ("-40 F", "C", -40.0),
        ("10 delta_degC", "delta_degF", 18.0),
        ("0 g", "kg", 0.0),
        ("1 Debye", "C*m", 3.33564e-30),
        ("14.7 psia", "kPa", 101.353),
        ("5 wt%", "ppm", 50000.0),
        ("1 tonne", "kg", 1000.0),
        ("0.0821 L atm/(mol K)", "J/(mol K)", 8.31878),
        ("760 Torr", "bar", 1.01325),
        ("1 cal/g/K", "J/(kg K)", 4184.0),
    ],
)
def test_odd_spellings(quantity: str, to: str, value: float) -> None:
    found = convert_unit(quantity=quantity, to=to).quantities[0]
    assert float(str(found.value)) == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize(
    ("quantity", "to", "part"),
    [
        ("1e308 km", "nm", "too large"),
        ("1e400 g", "kg", "too large"),
        ("1e-400 g", "kg", "too small"),
        ("-5 K", "°C", "absolute zero"),
        ("1 ton", "kg", "tonne"),  # metric, short and long ton differ by 12 %
        ("3000 G", "T", "1e-4 T"),
        ("30 psig", "bar", "pressure of the air"),
        ("10 °C", "delta_degC", "not a quantity"),
        ("1 N", "mol/L", "cannot be converted"),
    ],
)
def test_traps_are_refused_with_a_way_out(quantity: str, to: str, part: str) -> None:
    with pytest.raises(ToolInputError, match=part):
        convert_unit(quantity=quantity, to=to)
