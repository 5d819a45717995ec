"""Stoichiometry: the main job's number, conservation of mass, and the limiting reagent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import Finding, NotFoundError, ToolInputError, validate_tool
from labhand.tools.reactions.stoichiometry import stoichiometry

PROPANE = "C3H8 + O2 -> CO2 + H2O"


def _values(found: Finding, name: str) -> dict[str | None, float]:
    return {q.entity: float(str(q.value)) for q in found.quantities if q.property == name}


def _text(found: Finding, name: str) -> str:
    return next(str(q.value) for q in found.quantities if q.property == name)


def test_contract() -> None:
    validate_tool(stoichiometry)


def test_carbon_dioxide_from_ten_grams_of_propane() -> None:
    # 10 g / 44.097 g/mol * 3 * 44.009 g/mol
    found = stoichiometry(equation=PROPANE, amount="10 g", of="C3H8", wanted="CO2")
    assert found.quantities[0].property == "product_mass"
    assert _values(found, "product_mass") == {"CO2": pytest.approx(29.94, abs=0.005)}
    assert _text(found, "balanced_equation") == "C3H8 + 5 O2 -> 3 CO2 + 4 H2O"


@pytest.mark.heavy
def test_common_names_stand_for_formulas(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABHAND_HOME", str(tmp_path))
    found = stoichiometry(equation=PROPANE, amount="10 g", of="propane", wanted="carbon dioxide")
    assert _values(found, "product_mass") == {"CO2": pytest.approx(29.94, abs=0.005)}
    with pytest.raises(NotFoundError, match="none of the species"):
        stoichiometry(equation=PROPANE, amount="10 g", of="ethanol")
    lower = stoichiometry(equation="propane + o2 -> co2 + h2o", amount="10 g", of="propane")
    assert _text(lower, "balanced_equation") == "C3H8 + 5 O2 -> 3 CO2 + 4 H2O"


@given(st.floats(1e-6, 1e6))
def test_mass_is_conserved(grams: float) -> None:
    found = stoichiometry(equation=PROPANE, amount=f"{grams!r} g", of="C3H8")
    gained = sum(_values(found, "product_mass").values())
    used = grams + sum(_values(found, "required_mass").values())
    assert gained == pytest.approx(used, rel=1e-4)


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_limiting_reagent_and_leftover_conserve_mass(fuel: float, oxygen: float) -> None:
    found = stoichiometry(
        equation=PROPANE,
        amount=f"{fuel!r} mol",
        of="C3H8",
        second_amount=f"{oxygen!r} mol",
        second_of="O2",
    )
    expected = "C3H8" if 5 * fuel < oxygen else "O2"
    if abs(5 * fuel - oxygen) > 1e-6 * oxygen:
        assert _text(found, "limiting_reagent") == expected
    left = sum(_values(found, "remaining_amount").values())
    extent = min(fuel, oxygen / 5)
    assert left == pytest.approx(fuel + oxygen - 6 * extent, abs=1e-9)
    assert left >= 0


def test_backwards_from_a_product() -> None:
    forward = stoichiometry(equation=PROPANE, amount="10 g", of="C3H8", wanted="CO2")
    grams = _values(forward, "product_mass")["CO2"]
    back = stoichiometry(equation=PROPANE, amount=f"{grams!r} g", of="CO2", wanted="C3H8")
    assert _values(back, "required_mass")["C3H8"] == pytest.approx(10.0)


def test_yields_go_both_ways() -> None:
    expected = stoichiometry(
        equation=PROPANE, amount="10 g", of="C3H8", wanted="CO2", percent_yield="85%"
    )
    grams = _values(expected, "expected_product_mass")["CO2"]
    assert grams == pytest.approx(0.85 * _values(expected, "product_mass")["CO2"])
    found = stoichiometry(
        equation=PROPANE, amount="10 g", of="C3H8", wanted="CO2", obtained=f"{grams!r} g"
    )
    assert _values(found, "percent_yield")["CO2"] == pytest.approx(85.0)
    dubious = stoichiometry(
        equation=PROPANE, amount="10 g", of="C3H8", wanted="CO2", obtained="40 g"
    )
    assert any("not pure" in w for w in dubious.warnings)


def test_equal_volumes_of_gas_hold_equal_amounts() -> None:
    found = stoichiometry(
        equation=PROPANE, amount="10 L", of="C3H8", wanted="CO2", temperature="25 °C",
        pressure="1 bar",
    )  # fmt: skip
    assert _values(found, "product_volume")["CO2"] == pytest.approx(30.0)
    # One mole of ideal gas at 0 °C and 1 atm: 22.414 L (CODATA).
    molar = stoichiometry(
        equation="CaCO3 -> CaO + CO2", amount="1 mol", of="CaCO3", wanted="CO2",
        temperature="0 °C", pressure="1 atm",
    )  # fmt: skip
    assert _values(molar, "product_volume")["CO2"] == pytest.approx(22.414, abs=0.001)


def test_an_open_charge_is_weighed_as_it_balances() -> None:
    found = stoichiometry(
        equation="I3- + S2O32- -> I- + S4O62-", amount="380.71 g", of="I3-", wanted="I-"
    )
    assert _values(found, "product_amount")["I-"] == pytest.approx(3.0, rel=1e-4)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"amount": "10 L"}, "temperature and pressure"),
        ({"amount": "-10 g"}, "not positive"),
        ({"amount": "10 K"}, "no amount"),
        ({"second_amount": "5 g"}, "belong together"),
        ({"second_amount": "5 g", "second_of": "CO2"}, "percent yield"),
        ({"second_amount": "5 g", "second_of": "C3H8"}, "same species"),
        ({"percent_yield": "120%", "wanted": "CO2"}, "impossible"),
        ({"percent_yield": "80%"}, "which one"),
        ({"temperature": "25 °C"}, "both"),
        ({"amount": "10 L", "equation": "C3H8(l) + O2 -> CO2 + H2O"}, "no volume of a gas"),
    ],
)
def test_refusals_say_why(change: dict[str, str], part: str) -> None:
    arguments = {"equation": PROPANE, "amount": "10 g", "of": "C3H8", **change}
    with pytest.raises(ToolInputError) as caught:
        stoichiometry(**arguments)
    assert part in str(caught.value)
    assert caught.value.remedy


def test_an_equation_that_balances_as_written_needs_no_other_balance() -> None:
    # Two independent balances; the esterification as written is the one that is meant.
    found = stoichiometry(
        equation="C7H6O3 + C4H6O3 -> C9H8O4 + C2H4O2",
        amount="2 g",
        of="salicylic acid",
        second_amount="5 g",
        second_of="acetic anhydride",
        wanted="aspirin",
        obtained="2.1 g",
    )
    values = {q.property: q.value for q in found.quantities}
    assert values["limiting_reagent"] == "C7H6O3"
    assert values["product_mass"] == pytest.approx(2 * 180.159 / 138.122, rel=1e-4)
    assert values["percent_yield"] == pytest.approx(100 * 2.1 / 2.6087, rel=1e-3)


@pytest.mark.parametrize(
    ("amount", "part"),
    [("0 g", "not positive"), ("-3 g", "not positive"), ("1e308 kg", "out of range"),
     ("1e400 g", "too large"), ("100", "no amount"), ("5 wonks", "not a unit")],
)  # fmt: skip
def test_amounts_on_a_bad_day(amount: str, part: str) -> None:
    with pytest.raises(ToolInputError, match=part):
        stoichiometry(equation="CaCO3 -> CaO + CO2", amount=amount, of="CaCO3", wanted="CO2")


def test_names_of_elements_mean_their_molecules_in_the_equation() -> None:
    found = stoichiometry(
        equation="N2 + H2 -> NH3", amount="28 g", of="nitrogen",
        second_amount="6 g", second_of="hydrogen", wanted="ammonia",
    )  # fmt: skip
    values = {q.property: q.value for q in found.quantities}
    assert values["limiting_reagent"] == "H2"
    assert values["product_mass"] == pytest.approx(33.79, abs=0.01)


def test_gases_at_fahrenheit_have_equal_volumes_for_equal_amounts() -> None:
    found = stoichiometry(
        equation="C3H8 + O2 -> CO2 + H2O", amount="10 L", of="propane", wanted="CO2",
        temperature="77 °F", pressure="1 atm",
    )  # fmt: skip
    volume = next(q for q in found.quantities if q.property == "product_volume")
    assert volume.value == pytest.approx(30.0)
    assert volume.conditions["temperature"] == "298.15 K"
