"""Balancing: known equations, the law of conservation, and refusals that say why."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import ToolInputError, validate_tool
from labhand.tools.reactions._balance import balance, balance_text, nullspace
from labhand.tools.reactions._equation import parse_equation
from labhand.tools.reactions._formula import composition, readings
from labhand.tools.reactions._names import conventional
from labhand.tools.reactions.balance_reaction import balance_reaction

KNOWN = {
    "C3H8 + O2 -> CO2 + H2O": (1, 5, 3, 4),
    "C₃H₈+O₂→CO₂+H₂O": (1, 5, 3, 4),
    "2H2(g) + O2(g) -> 2H2O(l)": (2, 1, 2),
    "MnO4- + Fe2+ + H+ -> Mn2+ + Fe3+ + H2O": (1, 5, 8, 1, 5, 4),
    "MnO4⁻ + Fe²⁺ + H⁺ ⇌ Mn²⁺ + Fe³⁺ + H2O": (1, 5, 8, 1, 5, 4),
    "Cr2O72- + H+ + e- -> Cr3+ + H2O": (1, 14, 6, 2, 7),
    "Cr2O7^2- + H+ + e^- = Cr^3+ + H2O": (1, 14, 6, 2, 7),
    "CuSO4·5H2O -> CuSO4 + H2O": (1, 1, 5),
    "CuSO4.5H2O -> CuSO4 + H2O": (1, 1, 5),
    "CaSO4·0.5H2O + H2O -> CaSO4·2H2O": (2, 3, 2),
    # A classic of the textbooks, with coefficients in the hundreds.
    "K4[Fe(CN)6] + KMnO4 + H2SO4 -> KHSO4 + Fe2(SO4)3 + MnSO4 + HNO3 + CO2 + H2O": (
        10, 122, 299, 162, 5, 122, 60, 60, 188,
    ),
    "KMnO4 + HCl <=> KCl + MnCl2 + H2O + Cl2": (2, 16, 2, 2, 8, 5),
    "1/2 N2 + 3/2 H2 -> NH3": (1, 3, 2),
    "Fe3++3OH-->Fe(OH)3": (1, 3, 1),
    "[Co(NH3)6]3+ + OH- -> Co(OH)3 + NH3": (1, 3, 1, 6),
    "CO + Fe2O3 = Fe + CO2": (3, 1, 2, 3),
}  # fmt: skip


def test_contract() -> None:
    validate_tool(balance_reaction)


@pytest.mark.parametrize("equation", KNOWN)
def test_known_equations(equation: str) -> None:
    balanced = balance(parse_equation(equation))
    assert balanced.coefficients == KNOWN[equation]


@pytest.mark.parametrize("equation", KNOWN)
def test_elements_and_charge_are_conserved_and_the_result_balances_itself(equation: str) -> None:
    balanced = balance(parse_equation(equation))
    net: dict[str, Fraction] = {}
    charge = 0
    for n, species in zip(balanced.coefficients, balanced.equation.species, strict=True):
        sign = 1 if species in balanced.equation.reactants else -1
        charge += sign * n * species.readings[0].charge
        for symbol, count in species.readings[0].atoms:
            net[symbol] = net.get(symbol, Fraction(0)) + sign * n * count
    assert set(net.values()) == {0}
    assert charge == 0
    again = balance(parse_equation(str(balanced)))
    assert again.coefficients == balanced.coefficients
    assert again.as_given


@given(st.lists(st.lists(st.integers(-5, 5), min_size=4, max_size=4), min_size=1, max_size=4))
def test_nullspace_vectors_solve_the_system(rows: list[list[int]]) -> None:
    matrix = [[Fraction(x) for x in row] for row in rows]
    for vector in nullspace(matrix, 4):
        assert any(vector)
        assert all(sum(a * x for a, x in zip(row, vector, strict=True)) == 0 for row in matrix)


@pytest.mark.parametrize(
    ("equation", "part"),
    [
        ("H2 + O2 -> H2O + Cl2", "Cl stands only on the right side"),
        ("H2 + O2", "no arrow"),
        ("-> H2O", "empty side"),
        ("A + B -> C", "not an element"),
        ("H2O2 + KMnO4 + H2SO4 -> O2 + MnSO4 + K2SO4 + H2O", "2 independent balances"),
        ("MnO4- + Fe2+ -> MnO4^2- + Fe2+", "cannot be balanced"),
        ("CO2 -> CO + O2 + C", "independent"),
        ("H2O + O2 -> H2", "only on"),
        ("Ca(OH2 -> CaO + H2O", "brackets"),
        ("0 H2 + O2 -> H2O", "zero"),
    ],
)
def test_refusals_name_the_reason(equation: str, part: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        balance_reaction(equation=equation)
    assert part in str(caught.value)
    assert caught.value.remedy


def test_a_species_on_the_wrong_side_is_named() -> None:
    with pytest.raises(ToolInputError, match="O2 on the other side"):
        balance(parse_equation("CO2 + H2O + O2 -> C6H12O6"))


def test_whether_it_was_balanced_as_given() -> None:
    def as_given(text: str) -> object:
        return balance_reaction(equation=text).quantities[2].value

    assert as_given("2 H2 + O2 -> 2 H2O") is True
    assert as_given("4 H2 + 2 O2 -> 4 H2O") is True
    assert as_given("2 H2 + O2 -> H2O") is False


def test_open_charges_are_decided_by_the_balance_or_said() -> None:
    triiodide = balance(parse_equation("I3- + S2O32- -> I- + S4O62-"))
    assert triiodide.coefficients == (1, 2, 3, 1)
    assert triiodide.equation.reactants[0].readings[0].counts == {"I": 3}
    azide = balance(parse_equation("N3- -> N2 + e-"))
    assert any("-1 would balance too" in n for n in azide.notes)


def test_catalysts_are_left_out_and_named() -> None:
    found = balance_reaction(equation="C2H5OH + H2SO4 -> C2H4 + H2O + H2SO4")
    assert found.quantities[0].value == "C2H5OH -> C2H4 + H2O"
    assert "H2SO4" in found.warnings[0]


def test_cobalt_is_not_carbon_monoxide() -> None:
    assert composition("Co").counts == {"Co": 1}
    assert composition("CO").counts == {"C": 1, "O": 1}


@pytest.mark.parametrize(
    ("text", "charge"),
    [("Fe3+", 3), ("Fe+3", 3), ("SO42-", -2), ("SO4^2-", -2), ("SO₄²⁻", -2), ("NH4+", 1),
     ("MnO4-", -1), ("[Fe(CN)6]4-", -4), ("Hg22+", 2), ("C60-", -1), ("e-", -1), ("Ca++", 2),
     ("H3O+", 1), ("PO4(3-)", -3)],
)  # fmt: skip
def test_charges_as_chemists_write_them(text: str, charge: int) -> None:
    assert readings(text)[0].charge == charge


_FORMULA = st.lists(
    st.tuples(st.sampled_from(["H", "C", "N", "O", "Na", "Cl", "Fe", "Co"]), st.integers(1, 40)),
    min_size=1,
    max_size=5,
    unique_by=lambda p: p[0],
)


@given(_FORMULA)
def test_formulas_read_back(parts: list[tuple[str, int]]) -> None:
    text = "".join(f"{s}{n if n > 1 else ''}" for s, n in parts)
    assert composition(text).counts == dict(parts)
    doubled = composition(f"({text})2")
    assert doubled.counts == {s: 2 * n for s, n in parts}


@pytest.mark.parametrize(
    ("written", "balanced"),
    [
        ("H+ + OH- -> H2O", "H+ + OH- -> H2O"),
        ("H+ + OH--> H2O", "H+ + OH- -> H2O"),
        ("H+ + OH-->H2O", "H+ + OH- -> H2O"),
        ("H++OH--->H2O", "H+ + OH- -> H2O"),
        ("OH-+H+-->H2O", "OH- + H+ -> H2O"),
        ("HCO3--->CO2+OH-", "HCO3- -> CO2 + OH-"),
        ("Na++Cl-->NaCl", "Na+ + Cl- -> NaCl"),
        ("2H2+O2-->2H2O", "2 H2 + O2 -> 2 H2O"),  # the same dashes, and no charge
        ("H2+O2--->H2O", "2 H2 + O2 -> 2 H2O"),
        ("2H2+O2=2H2O", "2 H2 + O2 -> 2 H2O"),
        ("2H2+O2==2H2O", "2 H2 + O2 -> 2 H2O"),
        ("C + O2 - > CO2", "C + O2 -> CO2"),
        ("2 NaHCO3 −> Na2CO3 + H2O + CO2", "2 NaHCO3 -> Na2CO3 + H2O + CO2"),
        ("H₂ + O₂ → H₂O", "2 H2 + O2 -> 2 H2O"),
        ("H⁺+OH⁻→H₂O", "H⁺ + OH⁻ -> H2O"),
        ("Ba2+(aq) + SO42-(aq) -> BaSO4(s)", "Ba2+(aq) + SO42-(aq) -> BaSO4(s)"),
        ("Ag+(aq)+Cl-(aq)->AgCl(s)", "Ag+(aq) + Cl-(aq) -> AgCl(s)"),
        ("methane + oxygen gives carbon dioxide and water", "CH4 + 2 O2 -> CO2 + 2 H2O"),
        ("hydrogen reacts with oxygen to form water", "2 H2 + O2 -> 2 H2O"),
        ("sodium + chlorine -> sodium chloride", "2 Na + Cl2 -> 2 NaCl"),
    ],
)
def test_dashes_and_arrows_are_told_apart_by_what_balances(written: str, balanced: str) -> None:
    assert str(balance_text(written)) == balanced


def test_a_charge_after_a_space_or_two_digits_is_not_open() -> None:
    for ion in ("Cr2O7 2-", "Cr2O72-", "Cr2O7^2-"):
        found = balance_text(f"{ion} + Fe2+ + H+ -> Cr3+ + Fe3+ + H2O")
        assert found.coefficients == (1, 6, 14, 2, 6, 7)
        assert not found.notes


def test_an_equation_that_nothing_balances_is_refused_in_every_reading() -> None:
    with pytest.raises(ToolInputError, match="cannot be balanced"):
        balance_text("OH-->H2O")


@pytest.mark.parametrize(
    ("hill", "usual"),
    [
        ("ClNa", "NaCl"), ("H3N", "NH3"), ("HNaO", "NaOH"), ("CaH2O2", "Ca(OH)2"), ("ClH", "HCl"),
        ("H2O4S", "H2SO4"), ("H3O4P", "H3PO4"), ("CCaO3", "CaCO3"), ("CO2", "CO2"), ("H2O", "H2O"),
        ("H8N2O4S", "(NH4)2SO4"), ("AgNO3", "AgNO3"), ("HKO4S", "KHSO4"), ("C2H6O", "C2H6O"),
    ],
)  # fmt: skip
def test_formulas_of_names_are_written_as_usual(hill: str, usual: str) -> None:
    assert conventional(hill) == usual
    assert composition(hill) == composition(usual)
