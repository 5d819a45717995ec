"""Every tool of the house meets the contract, and every name is stated once."""

from __future__ import annotations

import pytest

from labhand.tools.contract import ToolRegistry, validate_tool
from labhand.tools.contract.properties import read_catalogue
from labhand.tools.contract.units import convert

REGISTRY = ToolRegistry()
CATALOGUE = read_catalogue()  # other tests add properties to the program's own one


@pytest.mark.parametrize("name", REGISTRY.names())
def test_every_tool_meets_the_contract(name: str) -> None:
    validate_tool(REGISTRY[name], REGISTRY)


def test_no_way_of_asking_is_claimed_by_two_tools() -> None:
    owners: dict[str, str] = {}
    twice: list[str] = []
    for spec in REGISTRY:
        for frame in spec.frames().frames:
            for ask in frame.ask:
                other = owners.setdefault(ask.lower(), spec.name)
                if other != spec.name:
                    twice.append(f"{ask!r}: {other} and {spec.name}")
    assert not twice


def test_every_property_is_yielded_by_some_tool() -> None:
    yielded = {name for spec in REGISTRY for name in spec.yields}
    assert {p.name for p in CATALOGUE} <= yielded


@pytest.mark.parametrize("spec", [p for p in CATALOGUE if p.unit], ids=lambda p: p.name)
def test_every_unit_is_known(spec) -> None:
    assert convert(1.0, spec.unit, spec.unit) == pytest.approx(1.0)


def test_names_that_are_mixed_up_point_at_each_other() -> None:
    known = {p.name for p in CATALOGUE}
    for spec in CATALOGUE:
        assert set(spec.not_to_be_confused_with) <= known, spec.name
