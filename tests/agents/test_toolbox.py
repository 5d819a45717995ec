"""The short-list: few tools, the right one first, and what it needs."""

from __future__ import annotations

import pytest

from labhand.agents.toolbox import Shortlist
from labhand.tools.contract import ToolRegistry

REGISTRY = ToolRegistry()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is the TPSA of ibuprofen?", "descriptors"),
        ("is aspirin drug-like?", "drug_likeness"),
        ("boiling point of toluene", "physical_property"),
        ("balance C3H8 + O2 -> CO2 + H2O", "balance_reaction"),
        ("does benzaldehyde contain a ketone?", "has_functional_group"),
    ],
)
def test_the_fitting_tool_comes_first(question: str, first: str) -> None:
    assert Shortlist(REGISTRY).choose(question)[0] == first


def test_few_are_offered_and_what_they_need_is_among_them() -> None:
    chosen = Shortlist(REGISTRY, limit=4).choose("polar surface area of ibuprofen")
    assert "resolve_compound" in chosen
    assert len(chosen) < len(REGISTRY.names())


def test_a_question_without_any_known_word_still_gets_tools() -> None:
    assert Shortlist(REGISTRY, limit=4).choose("🦄")


def test_an_embedder_decides_where_there_is_one() -> None:
    def embed(texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "isotope" in t else [0.0, 1.0] for t in texts]

    chosen = Shortlist(REGISTRY, limit=2, embedder=embed).choose("isotope?")
    assert chosen[0] == "isotope_pattern"
