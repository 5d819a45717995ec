"""Reading numbers and units: round trips, spellings of chemists, and traps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import ToolInputError
from labhand.tools.contract.units import registry
from labhand.tools.quantities._numbers import read_number
from labhand.tools.quantities._parse import parse_in, parse_quantity
from labhand.tools.quantities._units import dimensionality, read_unit

_NUMBERS = st.floats(min_value=1e-30, max_value=1e30, allow_nan=False)
_SUPER = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@given(_NUMBERS, st.booleans())
def test_every_float_survives_its_own_text(value: float, negative: bool) -> None:
    value = -value if negative else value
    assert read_number(repr(value)) == (value, len(repr(value)))


@given(st.integers(min_value=1000, max_value=10**12))
def test_groups_of_digits_are_one_number(value: int) -> None:
    for text in (f"{value:,}", f"{value:,}".replace(",", " "), f"{value:,}".replace(",", "\u202f")):
        assert read_number(text) == (float(value), len(text))


@given(st.integers(1, 9999), st.integers(-20, 20))
def test_powers_of_ten_are_read_in_every_notation(mantissa: int, exponent: int) -> None:
    expected = float(f"{mantissa}e{exponent}")
    for text in (
        f"{mantissa}×10^{exponent}",
        f"{mantissa} x 10^({exponent})",
        f"{mantissa}·10{str(exponent).translate(_SUPER)}",
        f"{mantissa}*10**{exponent}",
        f"{mantissa}e{exponent}",
    ):
        found = read_number(text)
        assert found is not None
        assert found[0] == expected


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["kg", "m", "s", "mol", "K", "J", "kcal", "L", "eV", "Pa"]),
            st.integers(-3, 3).filter(bool),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda p: p[0],
    )
)
def test_printed_units_read_back_and_mean_what_pint_means(parts: list[tuple[str, int]]) -> None:
    text = " ".join(f"{s}^{n}" for s, n in parts)
    unit = read_unit(text)
    again = read_unit(unit.symbol)
    expected = registry().Quantity(1.0, "*".join(f"{s}**{n}" for s, n in parts))
    assert dimensionality(again) == dimensionality(unit)
    assert registry().Quantity(1.0, again.pint).to(expected.units).magnitude == pytest.approx(1.0)
    assert registry().Quantity(1.0, unit.symbol).to(expected.units).magnitude == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1 kcal mol-1", "kJ/mol", 4.184),
        ("1 kcal·mol⁻¹", "kJ/mol", 4.184),
        ("1 kcal/mol", "kJ/mol", 4.184),
        ("25 ℃", "K", 298.15),
        ("25 degrees Celsius", "K", 298.15),
        ("1600 cm−1", "1/m", 160000),
        ("2 Å", "nm", 0.2),
        ("2 \u212b", "nm", 0.2),
        ("3 µM", "mol/L", 3e-6),
        ("3 μM", "mol/L", 3e-6),
        ("3 uM", "mol/L", 3e-6),
        ("760 mm Hg", "atm", 1.0),
        ("8.314 J/(mol K)", "J/mol/K", 8.314),
        ("8.314 J mol^-1 K^-1", "J/mol/K", 8.314),
        ("4.184 J/(g °C)", "J/g/K", 4.184),
        ("12 atomic mass units", "Da", 12.0),
        ("5 ppb", "ppm", 0.005),
        ("3 cubic centimeters", "mL", 3.0),
        ("2 joules per mole", "J/mol", 2.0),
        ("10⁻³ mol/L", "mmol/L", 1.0),
    ],
)
def test_spellings_of_chemists(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text).to(unit) == pytest.approx(value, rel=1e-6)


def test_a_slash_without_parentheses_is_read_as_chemists_mean_it_and_says_so() -> None:
    parsed = parse_quantity("75.3 J/mol K")
    assert parsed.to("J/(mol*K)") == pytest.approx(75.3)
    assert parsed.unit.notes


def test_case_is_kept_and_one_slip_is_mended_with_a_note() -> None:
    assert parse_quantity("1 mM").to("mol/L") == pytest.approx(1e-3)
    assert parse_quantity("1 MPa").to("Pa") == pytest.approx(1e6)
    assert parse_quantity("1 mPa").to("Pa") == pytest.approx(1e-3)
    slip = parse_quantity("3 kj/mol")
    assert slip.to("kJ/mol") == pytest.approx(3.0)
    assert "kJ" in slip.unit.notes[0]


@pytest.mark.parametrize(
    "text", ["5 MM", "3,5 g", "7 foo", "1e400 g", "g 5", "", "3 J/(mol", "5 a.u.", "9 ppt"]
)
def test_what_is_ambiguous_or_nonsense_ends_in_a_sentence_with_a_remedy(text: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        parse_quantity(text)
    assert caught.value.remedy


def test_temperatures_are_points_and_absolute_zero_holds() -> None:
    assert parse_in("25 C", "K", "temperature") == pytest.approx(298.15)
    assert math.isclose(
        parse_in("-40 F", "K", "temperature"), parse_in("-40 °C", "K", "temperature")
    )
    with pytest.raises(ToolInputError, match="absolute zero"):
        parse_in("-300 °C", "K", "temperature")
    with pytest.raises(ToolInputError, match="temperature"):
        parse_in("3 kg", "K", "temperature")
