"""The catalogue: bounds in the canonical unit, and how numbers are printed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import PropertySpec, Quantity, catalogue
from labhand.tools.contract.errors import ToolDefinitionError
from labhand.tools.contract.kinds import KINDS
from labhand.tools.contract.properties import PropertyCatalogue, format_significant
from labhand.tools.contract.units import registry

TEMPERATURE = PropertySpec(
    name="t", label="temperature", description="", unit="K", minimum=0.0, maximum=10000.0
)
COUNT = PropertySpec(name="n", label="count", description="", minimum=0)
SMILES = PropertySpec(name="s", label="SMILES", description="", kind="smiles", minimum=5)
CATALOGUE = PropertyCatalogue({"t": TEMPERATURE, "n": COUNT, "s": SMILES})


def _flag(name: str, value: object, unit: str | None = None) -> str | None:
    return CATALOGUE.checked(Quantity(property=name, value=value, unit=unit)).flag  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "unit", "possible"),
    [
        (0.0, "K", True),
        (-0.001, "K", False),
        (10000.0, "K", True),
        (10000.1, "K", False),
        (-273.0, "degC", True),
        (-274.0, "degC", False),
        (20_000.0, "degF", False),
    ],
)
def test_bounds_hold_in_every_unit(value: float, unit: str, possible: bool) -> None:
    assert (_flag("t", value, unit) is None) is possible


def test_bounds_without_a_unit() -> None:
    assert _flag("n", 0) is None
    assert _flag("n", -1) == "count cannot be below 0"
    assert _flag("n", False) is None
    assert _flag("s", "C") is None, "a text has no bounds"


def test_a_quantity_that_is_possible_is_not_copied() -> None:
    quantity = Quantity(property="n", value=3)
    assert CATALOGUE.checked(quantity) is quantity


def test_a_wrong_unit_is_the_mistake_of_the_tool() -> None:
    for unit in ("kg", None, "flurb"):
        with pytest.raises(ToolDefinitionError, match="t does not come in"):
            _flag("t", 1.0, unit)
    with pytest.raises(ToolDefinitionError, match=r"no properties\.toml"):
        _flag("unheard_of", 1.0)


@given(st.floats(1e-12, 1e12), st.integers(1, 10))
def test_printed_figures_are_significant(value: float, figures: int) -> None:
    printed = float(format_significant(value, figures))
    assert printed == pytest.approx(value, rel=0.51 * 10 ** (1 - figures))
    assert float(format_significant(-value, figures)) == -printed


def test_decimals_win_and_integers_stay() -> None:
    spec = PropertySpec(name="m", label="mass", description="", decimals=2)
    assert spec.format_number(1.005e3) == "1005.00"
    assert spec.format_number(7) == "7"
    assert spec.format_number(True) == "True"


def test_the_catalogue_of_the_house_is_sound() -> None:
    for spec in catalogue():
        assert spec.label
        assert spec.description or spec.name.startswith("test_")
        assert spec.kind is None or spec.kind in KINDS
        assert spec.decimals is None or spec.significant is None
        low = -math.inf if spec.minimum is None else spec.minimum
        assert low < (math.inf if spec.maximum is None else spec.maximum)
        if spec.unit is not None:
            registry().Unit(spec.unit)
        for other in spec.not_to_be_confused_with:
            assert other in catalogue(), f"{spec.name} is not to be confused with {other}"
