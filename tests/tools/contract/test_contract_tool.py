"""The decorator: a function that lacks something is refused, with the reason."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import Field

from labhand.testing import tools as examples
from labhand.tools.contract import Cost, Finding, Quantity, Smiles, Touch, tool, validate_tool
from labhand.tools.contract.errors import ToolDefinitionError, ToolInputError

Described = Annotated[int, Field(ge=0, description="how many")]


@tool(yields=["n"], method="m", cost=Cost.MINUTES)
def sample(
    smiles: Smiles,
    count: Described = 3,
    which: Annotated[Literal["a", "b"], Field(description="which one")] = "a",
) -> Finding:
    """Count something
    in two lines.

    More words.
    """
    return Finding((Quantity(property="n", value=count, entity=smiles),))


def test_everything_is_read_from_the_function() -> None:
    assert sample.name == "sample"
    assert sample.summary == "Count something in two lines."
    assert "More words." in sample.description
    assert sample.kinds == {"smiles": "smiles"}
    assert sample.signature == "sample(smiles, count=3, which='a')"
    assert sample.location.endswith(":sample")
    assert sample.json_schema()["required"] == ["smiles"]
    assert sample.json_schema()["properties"]["count"]["description"] == "how many"


def test_a_call_is_checked_and_filled_in() -> None:
    assert sample(smiles="CCO").quantities[0].value == 3
    assert sample.validated({"smiles": "C", "count": 5}) == {
        "smiles": "C",
        "count": 5,
        "which": "a",
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "'smiles' is missing"),
        ({"smiles": "C", "x": 1}, "no argument 'x'"),
        ({"smiles": "C", "count": -1}, "greater than or equal to 0 (given: -1)"),
        ({"smiles": "C", "count": "many"}, "given: 'many'"),
        ({"smiles": "C", "which": "c"}, "'a' or 'b'"),
        ({"smiles": ""}, "at least 1 character"),
        ({"smiles": "C" * 3000}, "at most 2000 characters"),
        ({"smiles": 7}, "valid string"),
        ({"smiles": None}, "valid string"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        sample(**arguments)
    assert said in caught.value.message
    assert "sample(smiles, count=3" in caught.value.remedy
    assert len(str(caught.value)) < 400


def test_a_function_that_lacks_something_is_refused() -> None:
    decorate = tool(yields=["n"], method="m")

    def no_docstring(n: Described) -> Finding: ...
    def no_type(n) -> Finding:
        """Doc."""

    def no_description(n: int) -> Finding:
        """Doc."""

    def no_result(n: Described):
        """Doc."""

    def wrong_result(n: Described) -> int:
        """Doc."""

    for function, said in (
        (no_docstring, "no docstring"),
        (no_type, "n has no type"),
        (no_description, "n has no description"),
        (no_result, "return a Finding"),
        (wrong_result, "return a Finding"),
    ):
        with pytest.raises(ToolDefinitionError, match=said):
            decorate(function)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("touches", "cost", "asks"),
    [
        (Touch.PURE, Cost.INSTANT, False),
        (Touch.READ, Cost.SECONDS, False),
        (Touch.PURE, Cost.MINUTES, True),
        (Touch.WRITE, Cost.INSTANT, True),
        (Touch.EXECUTE, Cost.INSTANT, True),
        (Touch.NETWORK, Cost.INSTANT, True),
    ],
)
def test_what_is_dear_or_changes_something_needs_a_yes(
    touches: Touch, cost: Cost, asks: bool
) -> None:
    import dataclasses

    spec = dataclasses.replace(sample, touches=touches, cost=cost)
    assert spec.needs_approval is asks


def test_the_contract_lists_every_point_that_is_not_met() -> None:
    import dataclasses

    bad = dataclasses.replace(examples.share, name="Bad Name", method="", yields=("unheard_of",))
    with pytest.raises(ToolDefinitionError) as caught:
        validate_tool(bad)
    problems = "\n".join(caught.value.data["problems"])
    for said in ("lower-case", "names no method", "'unheard_of'", "no frames"):
        assert said in problems
