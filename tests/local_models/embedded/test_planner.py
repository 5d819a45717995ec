"""The parts of the planner: chaining by kind, slots, splitting, and how often it is right."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field

from labhand.local_models.embedded import split
from labhand.local_models.embedded.chain import Chainer
from labhand.local_models.embedded.index import ExampleIndex
from labhand.local_models.embedded.matching import example_index
from labhand.local_models.embedded.plan import Abstention, Focus, Plan, next_focus
from labhand.local_models.embedded.planner import Planner
from labhand.local_models.embedded.words import Mention, show, stem, tokenise
from labhand.testing.names import InMemoryNames
from labhand.tools.contract import (
    Compound,
    Cost,
    Finding,
    Kind,
    PropertySpec,
    Reference,
    Smiles,
    ToolRegistry,
    tool,
)
from labhand.tools.contract.frames import parse_frames

BENCHMARK = Path(__file__).resolve().parents[3] / "benchmarks" / "planner_accuracy.py"


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner(ToolRegistry())


# --- chaining --------------------------------------------------------------------------------
_BARCODE = PropertySpec(name="test_barcode", label="barcode", description="d", kind="cas")
_SHELF = PropertySpec(name="test_shelf", label="shelf", description="d")


@tool(yields=("test_barcode",), method="m", properties=(_BARCODE,), cost=Cost.SECONDS)
def slow_lookup(compound: Compound) -> Finding:
    """Find the barcode, slowly."""
    return Finding(())


@tool(yields=("test_barcode",), method="m", properties=(_BARCODE,))
def quick_lookup(smiles: Smiles) -> Finding:
    """Find the barcode of a structure, at once."""
    return Finding(())


@tool(yields=("test_shelf",), method="m", properties=(_SHELF,))
def shelf(code: Annotated[str, Kind("cas"), Field(description="c")]) -> Finding:
    """Say where it stands."""
    return Finding(())


def _chainer(*tools: Any) -> Chainer:
    return Chainer(ToolRegistry(tools, builtin=False))


def test_chaining_knows_kinds_and_no_tool_by_name() -> None:
    found = _chainer(slow_lookup, shelf).reach("cas", Mention("MOL", 1, "name"))
    assert found is not None
    assert found.value == Reference("slow_lookup_mol1", "test_barcode")
    assert [s.tool for s in found.steps] == ["slow_lookup"]


def test_the_cheapest_way_is_taken() -> None:
    found = _chainer(slow_lookup, quick_lookup).reach("cas", Mention("MOL", 1, "smiles"))
    assert found is not None
    assert [s.tool for s in found.steps] == ["quick_lookup"]


def test_two_steps_are_chained_where_one_is_not_enough() -> None:
    registry = ToolRegistry([quick_lookup, ToolRegistry()["resolve_compound"]], builtin=False)
    found = Chainer(
        t for t in registry if t.name == "quick_lookup" or t.name == "resolve_compound"
    ).reach("inchi_key", Mention("MOL", 1, "name"))
    assert found is not None
    assert [s.tool for s in found.steps] == ["resolve_compound"]


def test_no_way_is_no_way() -> None:
    assert _chainer(shelf).reach("cas", Mention("MOL", 1, "name")) is None
    assert _chainer(slow_lookup).reach("equation", Mention("MOL", 1, "name")) is None


def test_what_fits_needs_no_call() -> None:
    for detail, kind in (("smiles", "smiles"), ("cas", "cas"), ("name", "compound")):
        found = _chainer(slow_lookup).reach(kind, Mention("MOL", 2, detail))
        assert found is not None
        assert not found.steps


# --- words -----------------------------------------------------------------------------------
def test_case_and_signs_do_not_matter(planner: Planner) -> None:
    plans = [
        planner.plan(text)
        for text in (
            "what is the molar mass of ⟨MOL1:smiles⟩?",
            "WHAT IS THE MOLAR MASS OF ⟨MOL1:smiles⟩",
            "  what's the   molar-mass of “⟨MOL1:smiles⟩” ?!",
        )
    ]
    assert all(isinstance(p, Plan) for p in plans)
    assert len({p.interpretation for p in plans if isinstance(p, Plan)}) == 1


def test_untrusted_text_is_not_read() -> None:
    text = 'mass of ⟨MOL1⟩\n\n<untrusted source="a">boiling point of ⟨MOL2⟩</untrusted>'
    assert show(tokenise(text)) == "mass of ⟨MOL1⟩"


def test_lists_are_drawn_together() -> None:
    tokens = split.grouped(tokenise("mass of ⟨MOL1⟩, ⟨MOL2:name⟩ and of ⟨MOL3⟩ at ⟨QTY1:mass⟩"))
    assert [len(t.mentions) for t in tokens if t.mentions] == [3, 1]


@given(st.from_regex(r"[a-z]{1,14}", fullmatch=True))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(word)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            "what is the molar mass boiling point of and , ? . it its convert to ⟨MOL1:name⟩ ⟨MOL2⟩"
            " ⟨QTY1:mass⟩ ⟨UNIT1:mass⟩ ⟨EQN1⟩ ⟨EXPR1⟩ ⟨FILE1⟩ ⟨NUM1⟩ tpsa logp ⟨MOL3:smiles⟩ xyzzy"
            .split()
        ),
        max_size=14,
    )
)  # fmt: skip
def test_every_plan_uses_what_it_was_given(words: list[str]) -> None:
    text = " ".join(words)
    plan = _PLANNER.plan(text)
    if isinstance(plan, Abstention):
        assert plan.text
        return
    used = {m for r in plan.runs for m in (*r.mentions, r.unit)}
    assert {m for t in tokenise(text) for m in t.mentions} <= used
    assert 0 <= plan.confidence <= 1


_PLANNER = Planner(ToolRegistry())


# --- examples --------------------------------------------------------------------------------
def test_a_negative_of_the_tool_keeps_it_from_answering() -> None:
    table = {
        "examples": {"molecule": ["a"]},
        "frame": [{"program": "t(x={molecule})", "answers": ["y"], "ask": ["weigh {molecule}"]}],
        "negative": [{"ask": ["weigh my bottle of {molecule}"], "why": "unknown"}],
    }
    index = ExampleIndex([parse_frames(table, "t")])
    best = index.matches("t", ["weigh", "my", "bottle", "of", "<mol>"])[0]
    assert best.template.frame is None
    assert index.matches("t", ["weigh", "<mol>"])[0].template.frame is not None


def test_spelling_is_mended(planner: Planner) -> None:
    plan = planner.plan("moleculr wieght of ⟨MOL1:smiles⟩")
    assert isinstance(plan, Plan)
    assert plan.runs[0].steps[-1].tool == "molar_mass"


@pytest.mark.parametrize(
    ("question", "of", "wanted"),
    [
        ("⟨EQN1⟩, ⟨QTY1:mass⟩ ⟨MOL1:formula⟩, how many g ⟨MOL2:formula⟩?", 1, 2),
        ("how many grams of ⟨MOL1:name⟩ form from ⟨QTY1:mass⟩ of ⟨MOL2:name⟩ in ⟨EQN1⟩?", 2, 1),
    ],
)
def test_an_amount_keeps_its_molecule(
    planner: Planner, question: str, of: int, wanted: int
) -> None:
    plan = planner.plan(question)
    assert isinstance(plan, Plan)
    arguments = dict(plan.runs[0].steps[-1].arguments)
    assert str(arguments["of"]).startswith(f"⟨MOL{of}")
    assert str(arguments["wanted"]).startswith(f"⟨MOL{wanted}")


@pytest.mark.parametrize(
    "question",
    ["how many C atoms are there in ⟨MOL1:name⟩?", "exact mass of [M+H]+ of ⟨MOL1:name⟩"],
)
def test_a_lost_letter_is_a_lost_argument(planner: Planner, question: str) -> None:
    assert isinstance(planner.plan(question), Abstention)


def test_both_means_the_last_two(planner: Planner) -> None:
    focus = Focus()
    for question in ("TPSA of ⟨MOL1:name⟩", "and of ⟨MOL2:name⟩?"):
        plan = planner.plan(question, focus)
        assert isinstance(plan, Plan)
        focus = next_focus(focus, plan)
    plan = planner.plan("and the logP of both?", focus)
    assert isinstance(plan, Plan)
    assert [m.number for r in plan.runs for m in r.mentions] == [1, 2]


# --- how often, how fast ---------------------------------------------------------------------
def _benchmark() -> ModuleType:
    import sys

    spec = importlib.util.spec_from_file_location("planner_accuracy", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["planner_accuracy"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_accuracy_stays_above_its_floors() -> None:
    report = _benchmark().evaluate(ToolRegistry(), InMemoryNames())
    outcomes = report.outcomes
    assert len(outcomes) >= 200
    for name in ("dev", "heldout"):
        answerable = report.answerable(name)
        right = sum(o.verdict == "right" for o in answerable)
        assert right / len(answerable) >= 0.85, [
            o.question.ask for o in answerable if o.verdict != "right"
        ]
    wrong = [o for o in outcomes if o.verdict == "wrong"]
    assert len(wrong) / len(outcomes) <= 0.03, [o.question.ask for o in wrong]
    times = sorted(o.milliseconds for o in outcomes)
    assert times[len(times) // 2] < 20


def test_the_index_is_built_quickly() -> None:
    registry = ToolRegistry()
    example_index(registry)  # frames are read once a process
    start = time.process_time()
    example_index(registry)
    assert time.process_time() - start < 0.5
