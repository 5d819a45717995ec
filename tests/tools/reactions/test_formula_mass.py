"""Molar masses of formulas: literature values, additivity, and open readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import ToolInputError, validate_tool
from labhand.tools.reactions.formula_mass import formula_mass


def _mass(formula: str) -> float:
    return float(str(formula_mass(formula=formula).quantities[0].value))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [  # CRC Handbook of Chemistry and Physics, Physical Constants
        ("CuSO4·5H2O", 249.685), ("CuSO4.5H2O", 249.685), ("Ca(OH)2", 74.093),
        ("K4[Fe(CN)6]", 368.343), ("C8H10N4O2", 194.191), ("NaCl", 58.443), ("D2O", 20.0276),
        ("CaSO4·0.5H2O", 145.148), ("[13C]O2", 45.001), ("H₂SO₄", 98.079), ("Co", 58.933),
        ("CO", 28.010), ("SO4^2-", 96.06),
    ],
)  # fmt: skip
def test_literature_values(formula: str, expected: float) -> None:
    assert _mass(formula) == pytest.approx(expected, abs=0.01)


@given(st.sampled_from(["NaCl", "CuSO4", "C6H6", "Ca(OH)2"]), st.integers(1, 12))
def test_a_hydrate_weighs_its_salt_and_its_water(salt: str, water: int) -> None:
    assert _mass(f"{salt}·{water}H2O") == pytest.approx(_mass(salt) + water * _mass("H2O"))


def test_an_open_charge_gives_every_reading() -> None:
    found = formula_mass(formula="I3-")
    masses = sorted(float(str(q.value)) for q in found.quantities)
    assert masses == pytest.approx([126.904, 380.713], abs=0.01)
    assert found.warnings


@pytest.mark.parametrize("formula", ["Xx2", "C(H", "caffeine", "[999C]", "e-", "H0"])
def test_refusals(formula: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        formula_mass(formula=formula)
    assert caught.value.remedy


def test_contract() -> None:
    validate_tool(formula_mass)


@pytest.mark.parametrize(
    ("formula", "mass"),
    [  # sums of the conventional atomic weights of IUPAC
        ("NaCl", 58.44), ("CuSO4·5H2O", 249.68), ("C6H6", 78.11), ("NH3", 17.03), ("CO2", 44.01),
        ("KAl(SO4)2·12H2O", 474.39), ("UO2(NO3)2·6H2O", 502.13), ("K4[Fe(CN)6]·3H2O", 422.39),
        ("CaSO4·0.5H2O", 145.15), ("NaCl(aq)", 58.44), ("H₂O", 18.015), ("(CH3)2CO", 58.08),
    ],
)  # fmt: skip
def test_masses_of_the_handbook(formula: str, mass: float) -> None:
    assert formula_mass(formula=formula).quantities[0].value == pytest.approx(mass, abs=0.006)


def test_two_digits_before_a_sign_are_a_count_and_a_charge() -> None:
    found = formula_mass(formula="SO42-")
    assert [round(float(str(q.value)), 2) for q in found.quantities] == [96.06]
    assert not found.warnings


@pytest.mark.parametrize("broken", ["C1CC", "C1CCCC", "CN1CC", "C1CO"])
def test_an_unclosed_ring_is_no_formula(broken: str) -> None:
    with pytest.raises(ToolInputError, match="ring is not closed"):
        formula_mass(formula=broken)


@pytest.mark.parametrize(("formula", "mass"), [("C1H4", 16.043), ("CH3COOH", 60.052)])
def test_a_written_one_and_a_repeated_element_are_fine_apart(formula: str, mass: float) -> None:
    assert formula_mass(formula=formula).quantities[0].value == pytest.approx(mass, abs=0.001)


@pytest.mark.parametrize("ambiguous", ["13C", "2H", "235U"])
def test_a_nuclide_is_not_so_many_atoms(ambiguous: str) -> None:
    with pytest.raises(ToolInputError, match="nuclide or a number of atoms"):
        formula_mass(formula=ambiguous)
