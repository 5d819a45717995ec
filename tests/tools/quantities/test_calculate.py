"""The calculator: arithmetic laws, units, ambiguity, and that nothing makes it hang or crash."""

import math
import operator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labhand.tools.contract import ToolInputError, catalogue, validate_tool
from labhand.tools.quantities.calculate import calculate


def _run(expression: str, unit: str | None = None) -> tuple[float, str | None]:
    found = calculate(expression=expression, unit=unit).quantities[0]
    return float(str(found.value)), found.unit


def test_contract() -> None:
    validate_tool(calculate)


@pytest.mark.parametrize(
    ("expression", "value", "unit"),
    [
        ("2 + 3*4", 14, None),
        ("2^3^2", 512, None),
        ("-2^2", -4, None),
        ("2**-1", 0.5, None),
        ("2(3+4)", 14, None),
        ("sqrt(2)*3", 3 * math.sqrt(2), None),
        ("ln(10)", math.log(10), None),
        ("-log10(1e-7)", 7, None),
        ("15% of 200", 30, None),
        ("1,000 * 3", 3000, None),
        ("5 × 3 − 1", 14, None),
        ("2 mol * 18.015 g/mol", 36.03, "g"),
        ("10 g / 18.015 g/mol", 10 / 18.015, "mol"),
        ("60 km/h * 2 h", 120, "km"),
        ("3 m²", 3, "m^2"),
        ("(3 m)²", 9, "m^2"),
        ("0.1 M * 250 mL", 0.025, "mol"),
        ("0.5 * 1 kg * (3 m/s)^2", 4.5, "J"),
        ("1.5 g + 250 mg", 1.75, "g"),
        ("25 °C + 10 K", 308.15, "K"),
        # Arrhenius factor: 50 kJ/mol at 25 °C
        ("exp(-50 kJ/mol / (R * 298.15 K))", math.exp(-50000 / (8.31446261815324 * 298.15)), None),
        ("1 mol * R * 273.15 K / 1 atm", 0.0224139695, "m^3"),
        ("2 F * 1.1 V", 2.2, "C"),
        ("2 * F * 1.1 V", 2.2 * 96485.33212, "J/mol"),
    ],
)
def test_known_results(expression: str, value: float, unit: str | None) -> None:
    found, shown = _run(expression, "m^3" if unit == "m^3" else None)
    assert found == pytest.approx(value, rel=1e-8)
    assert shown == unit


def test_a_photon_of_500_nm() -> None:
    assert _run("h * c / 500 nm", "eV")[0] == pytest.approx(2.479684, rel=1e-6)


_OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@st.composite
def _trees(draw: st.DrawFn, depth: int = 0) -> tuple[str, float]:
    """An expression as text, fully bracketed, and its value by Python's own operators."""
    if depth > 3 or draw(st.booleans()):
        number = draw(st.integers(1, 999)) / 8
        return repr(number), number
    left, right = draw(_trees(depth + 1)), draw(_trees(depth + 1))
    sign = draw(st.sampled_from(sorted(_OPERATORS)))
    if sign == "/" and abs(right[1]) < 1e-9:
        sign = "*"
    return f"({left[0]}) {sign} ({right[0]})", _OPERATORS[sign](left[1], right[1])


@given(_trees())
def test_arithmetic_agrees_with_python(tree: tuple[str, float]) -> None:
    text, expected = tree
    if len(text) <= 500:
        assert _run(text)[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 50))
def test_precedence_agrees_with_python(a: int, b: int, c: int) -> None:
    assert _run(f"{a} - {b} * {c} + {a}/{c}")[0] == pytest.approx(
        a - b * c + a / c, rel=1e-9, abs=1e-9
    )


@settings(deadline=2000)
@given(st.text(alphabet="0123456789+-*/^().,% eRhFgmolKkJ°CdsqrtlnxL·²", max_size=60).filter(bool))
def test_any_text_ends_in_a_number_or_in_a_sentence(text: str) -> None:
    try:
        found = calculate(expression=text).quantities[0]
    except ToolInputError as error:
        refused = error
    else:
        assert math.isfinite(float(str(found.value)))
        return
    assert refused.remedy


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("200 + 10%", "two ways"),
        ("3,5*2", "two ways"),
        ("1 kg + 1 m", "different things"),
        ("ln(5 kg)", "no unit"),
        ("9**9**9", "too large"),
        ("9^999", "no finite"),
        ("exp(1e6)", "no finite"),
        ("1/0", "divides by zero"),
        ("sqrt(-1)", "not real"),
        ("ln(0)", "no finite"),
        ("(2+3", "not closed"),
        ("2 +", "missing"),
        ("__import__('os')", "cannot be read"),
        ("open", "neither a unit"),
        ("(" * 200 + "1" + ")" * 200, "nests"),
        ("-" * 400 + "1", "nests"),
    ],
)
def test_refusals_say_why(expression: str, part: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        calculate(expression=expression)
    assert part in str(caught.value)
    assert caught.value.remedy


def test_what_was_assumed_is_said() -> None:
    assert any("decadic" in w for w in calculate(expression="log(100)").warnings)
    assert any("298.15" in w for w in calculate(expression="R * 25 °C").warnings)
    assert any("planck" in w for w in calculate(expression="6 J / h").warnings)


def test_whole_numbers_print_whole() -> None:
    value = calculate(expression="2 + 3*4").quantities[0].value
    assert catalogue()["calculated_value"].format_number(value) == "14"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "value", "unit"),
    [
        ("12% of 350 g", 42.0, "g"),
        ("12 % of 350 g", 42.0, "g"),
        ("12 percent of 350 g", 42.0, "g"),
        ("12 per cent of 2 mol", 0.24, "mol"),
        ("12% of (350 g + 50 g)", 48.0, "g"),
        ("12% of 350 g + 10 g", 52.0, "g"),
        ("0.5 mol/L * 250 mL", 0.125, "mol"),
        ("2 h * 5 L/h", 10.0, "L"),
        ("5 g / 250 mL", 0.02, "g/mL"),
        ("50 °C - 20 °C", 30.0, "K"),
        ("R * 25 °C", 2478.957, "J/mol"),
    ],
)
def test_shares_and_units_as_a_bench_chemist_writes_them(
    expression: str, value: float, unit: str
) -> None:
    found = calculate(expression=expression).quantities[0]
    assert float(str(found.value)) == pytest.approx(value, rel=1e-6)
    assert found.unit == unit


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("25 °C + 10 °C", "two temperatures"),
        ("4.18 J/(g °C) * 100 g * 20 °C", "difference of temperatures"),
        ("R T", "has no number"),
        ("P * 2 L", "has no number"),
        ("3 g of 5", "'of'"),
        ("1e-400 + 1", "too small"),
    ],
)
def test_what_would_be_silently_wrong_is_refused(expression: str, part: str) -> None:
    with pytest.raises(ToolInputError, match=part):
        calculate(expression=expression)
