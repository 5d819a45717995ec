"""Amounts and solutions: inverses, conservation of the solute, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import Finding, ToolInputError, validate_tool
from labhand.tools.quantities.amount_of_substance import amount_of_substance
from labhand.tools.quantities.dilution import dilution
from labhand.tools.quantities.solution_mass import solution_mass


def _value(found: Finding, name: str) -> float:
    return next(float(str(q.value)) for q in found.quantities if q.property == name)


@pytest.mark.parametrize("spec", [amount_of_substance, dilution, solution_mass])
def test_contract(spec) -> None:
    validate_tool(spec)


@given(st.floats(1e-9, 1e6), st.floats(1.0, 1e5))
def test_mass_and_amount_are_inverse(grams: float, molar_mass: float) -> None:
    there = amount_of_substance(amount=f"{grams!r} g", molar_mass=molar_mass)
    moles = _value(there, "substance_amount")
    back = amount_of_substance(amount=f"{moles!r} mol", molar_mass=molar_mass)
    assert _value(back, "sample_mass") == pytest.approx(grams)


def test_one_mole_holds_the_number_of_avogadro() -> None:
    found = amount_of_substance(amount="1 mol", molar_mass=18.015)
    assert _value(found, "particle_count") == pytest.approx(6.02214076e23)


@given(st.floats(0.01, 100), st.floats(0.001, 1), st.floats(0.1, 1000))
def test_diluting_conserves_the_solute(stock: float, share: float, volume: float) -> None:
    found = dilution(stock=f"{stock!r} M", target=f"{stock * share!r} M", volume=f"{volume!r} mL")
    taken = _value(found, "stock_volume")
    assert taken * stock == pytest.approx(volume * stock * share, rel=1e-6)
    assert taken + _value(found, "solvent_volume") == pytest.approx(volume)


def test_molar_and_mass_concentration_agree() -> None:
    molar = solution_mass(concentration="0.1 M", volume="250 mL", molar_mass=58.44)
    mass = solution_mass(concentration="5.844 g/L", volume="250 mL", molar_mass=58.44)
    assert _value(molar, "solute_mass") == pytest.approx(1.461)
    assert _value(mass, "solute_amount") == pytest.approx(_value(molar, "solute_amount"))


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: amount_of_substance(amount="5 mL", molar_mass=18.0), "neither"),
        (lambda: amount_of_substance(amount="-5 g", molar_mass=18.0), "negative"),
        (lambda: amount_of_substance(amount="5 g", molar_mass=0.0), "molar_mass"),
        (lambda: dilution(stock="1 M", target="5 g/L", volume="1 L"), "one kind"),
        (lambda: dilution(stock="1 mM", target="1 M", volume="1 L"), "weaker"),
        (lambda: dilution(stock="1 M", target="0 M", volume="1 L"), "not positive"),
        (lambda: dilution(stock="1 M", target="1 mM", volume="1 kg"), "no volume"),
        (lambda: solution_mass(concentration="5 %", volume="1 L", molar_mass=58.0), "per volume"),
        (lambda: solution_mass(concentration="1 M", volume="1 g", molar_mass=58.0), "no volume"),
    ],
)
def test_refusals_say_why(call, part: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        call()
    assert part in str(caught.value)
    assert caught.value.remedy


def test_amounts_that_overflow_are_refused_in_words() -> None:
    with pytest.raises(ToolInputError, match="too large"):
        amount_of_substance(amount="1e308 kg", molar_mass=18.0)
    with pytest.raises(ToolInputError, match="too large"):
        solution_mass(concentration="1e308 M", volume="1e5 L", molar_mass=58.44)
    with pytest.raises(ToolInputError, match="too large"):
        dilution(stock="1e308 M", target="1e-10 M", volume="1 L")
