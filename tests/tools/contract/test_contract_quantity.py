"""Quantities are finite and typed; observations name each of them once."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from labhand.tools.contract import Artifact, Observation, Quantity, references

BAD = [math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("value", [*BAD, [1.0, math.nan]])
def test_a_value_is_finite(value: object) -> None:
    with pytest.raises(ValidationError, match="not a finite number"):
        Quantity(property="p", value=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", BAD)
def test_an_uncertainty_is_finite(value: float) -> None:
    with pytest.raises(ValidationError, match="not a finite number"):
        Quantity(property="p", value=1.0, uncertainty=value)


def test_what_is_not_of_the_contract_is_refused() -> None:
    with pytest.raises(ValidationError):
        Quantity(property="p", value=1.0, colour="red")  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        Quantity(property="p", value=None)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Quantity(property="p", value=1.0).value = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, True), (1.5, True), (True, False), ("1", False), ([1], False), ("", False)],
)
def test_a_boolean_and_a_text_are_no_numbers(value: object, number: bool) -> None:
    quantity = Quantity(property="p", value=value)  # type: ignore[arg-type]
    assert quantity.is_number is number
    assert type(quantity.value) is type(value)


@given(st.lists(st.sampled_from(["smiles", "name", "molar_mass"]), max_size=12))
def test_every_quantity_has_one_reference(properties: list[str]) -> None:
    quantities = tuple(Quantity(property=p, value=i) for i, p in enumerate(properties))
    found = references(Observation(id="o4", tool="t", quantities=quantities))
    assert sorted(q.value for q in found.values()) == list(range(len(properties)))  # type: ignore[type-var]
    for name in set(properties):
        count = properties.count(name)
        numbered = [f"o4.{name}[{i}]" for i in range(1, count + 1)]
        wanted = [f"o4.{name}"] if count == 1 else numbered
        assert [r for r in found if r.partition("[")[0] == f"o4.{name}"] == wanted


def test_a_model_reads_everything_that_qualifies_a_value() -> None:
    quantity = Quantity(
        property="log_s",
        value=-2.5,
        unit="dimensionless",
        entity="CCO",
        conditions={"temperature": "298.15 K"},
        uncertainty=0.7,
        nature="predicted",
        flag="log S cannot be that",
    )
    observation = Observation(
        id="o1",
        tool="solubility",
        quantities=(quantity,),
        artifacts=(Artifact(path="/x/plot.svg", sha256="0", bytes=1, description="a plot"),),
        warnings=("outside the training set",),
    )
    line = "{o1.log_s} = -2.5 ± 0.7 dimensionless (CCO; temperature: 298.15 K; predicted; "
    text = observation.for_model()
    assert line + "NOT PHYSICAL: log S cannot be that)" in text
    assert "file: /x/plot.svg (a plot)" in text
    assert "warning: outside the training set" in text
