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

from labhand.agents.entities import EntityTable, Recogniser, mask
from labhand.local_models.embedded import split
from labhand.local_models.embedded.chain import Chainer
from labhand.local_models.embedded.examples import example_index
from labhand.local_models.embedded.index import ExampleIndex
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

#: Share of the answerable questions that must be right, with the small table of names.
FLOORS = {"dev": 0.9, "heldout": 0.85, "second_author": 0.78, "after": 0.65}
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


@pytest.mark.parametrize(
    ("question", "tools"),
    [
        ("mass and logp of ⟨MOL1:name⟩", {"molar_mass", "descriptors"}),
        ("mw logp tpsa ⟨MOL1:name⟩", {"molar_mass", "descriptors"}),
        ("mp bp ⟨MOL1:name⟩", {"physical_property"}),
        ("smiles n mw of ⟨MOL1:name⟩", {"resolve_compound", "molar_mass"}),
    ],
)
def test_no_request_is_dropped(planner: Planner, question: str, tools: set[str]) -> None:
    plan = planner.plan(question)
    assert isinstance(plan, Plan)
    assert {r.steps[-1].tool for r in plan.runs} == tools
    assert len(plan.runs) == 2


@pytest.mark.parametrize(
    "question",
    [
        "mw pka logp ⟨MOL1:name⟩",
        "logp and price of ⟨MOL1:name⟩",
        "psa and zorblax of ⟨MOL1:name⟩",
        "molecular weight distribution of ⟨MOL1:name⟩",
        "molar volume of ⟨MOL1:name⟩",
        "surface charge of ⟨MOL1:name⟩",
        "number of hydrogen atoms in ⟨MOL1:name⟩",
        "density of ⟨MOL1:name⟩ tablets",
    ],
)
def test_half_an_answer_is_none(planner: Planner, question: str) -> None:
    assert isinstance(planner.plan(question), Abstention)


@pytest.mark.parametrize(
    ("question", "stem_wanted"),
    [("boilng pt of ⟨MOL1:name⟩", "boiling_point"), ("meltng pt of ⟨MOL1:name⟩", "melting_point")],
)
def test_endings_are_mended_too(planner: Planner, question: str, stem_wanted: str) -> None:
    plan = planner.plan(question)
    assert isinstance(plan, Plan)
    assert plan.runs[0].frame.answers == (stem_wanted,)


@pytest.mark.parametrize(
    "question",
    [
        "logp of ⟨MOL1:name⟩ by XLOGP3",
        "boiling point of ⟨MOL1:name⟩ under vacuum",
        "density of ⟨MOL1:name⟩ at its boiling point",
        "vapour pressure of ⟨MOL1:name⟩ at body temperature",
    ],
)
def test_a_lost_condition_is_not_passed_over(planner: Planner, question: str) -> None:
    assert isinstance(planner.plan(question), Abstention)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("is ⟨MOL1:name⟩ more lipophilic than ⟨MOL2:name⟩?", 2),
        ("which of ⟨MOL1:name⟩, ⟨MOL2:name⟩ and ⟨MOL3:name⟩ is the heaviest?", 3),
        ("does ⟨MOL1:name⟩ boil at a lower temperature than ⟨MOL2:name⟩?", 2),
    ],
)
def test_a_comparison_asks_for_the_values_of_each(
    planner: Planner, question: str, count: int
) -> None:
    plan = planner.plan(question)
    assert isinstance(plan, Plan)
    assert len({m for r in plan.runs for m in r.mentions}) == count


@pytest.mark.parametrize(
    "question",
    ["is ⟨MOL1:name⟩ more polar than ⟨MOL2:name⟩?", "more soluble in ⟨MOL1⟩, ⟨MOL2⟩ or ⟨MOL3⟩?"],
)
def test_a_word_in_the_place_of_another_is_no_match(planner: Planner, question: str) -> None:
    assert isinstance(planner.plan(question), Abstention)


def test_a_number_is_not_asked_for_itself(planner: Planner) -> None:
    plan = planner.plan("what does the CAS registry number ⟨MOL1:cas⟩ stand for?")
    assert isinstance(plan, Abstention) or plan.runs[0].frame.answers != ("cas",)


def test_politeness_behind_a_question_is_no_question(planner: Planner) -> None:
    plan = planner.plan(
        "We need the molar mass of ⟨MOL1:name⟩; could you help me with that? Thanks!"
    )
    assert isinstance(plan, Plan)


@pytest.mark.parametrize("word", ["molar mass of", "mass of", "what is the molar mass of"])
def test_a_formula_is_taken_as_a_formula(planner: Planner, word: str) -> None:
    plan = planner.plan(f"{word} ⟨MOL1:formula⟩")
    assert isinstance(plan, Plan)
    assert [s.tool for r in plan.runs for s in r.steps] == ["formula_mass"]


def test_an_answer_without_that_unit_is_not_meant(planner: Planner) -> None:
    plan = planner.plan("M of ⟨MOL1:name⟩ in ⟨UNIT1:molar_mass⟩")
    assert isinstance(plan, Abstention) or plan.runs[0].steps[-1].tool == "molar_mass"


def test_an_amount_told_beforehand_is_context(planner: Planner) -> None:
    plan = planner.plan("I need ⟨QTY1:substance⟩ of ⟨MOL1:name⟩; what's its molar mass?")
    assert isinstance(plan, Plan)
    assert [r.steps[-1].tool for r in plan.runs] == ["molar_mass"]
    assert [m.label for m in plan.aside] == ["QTY"]


@pytest.mark.parametrize("text", ["hello", "thanks!", "what can you do?", "help", "Hi there!"])
def test_small_talk_is_answered_kindly(planner: Planner, text: str) -> None:
    said = planner.plan(text)
    assert isinstance(said, Abstention)
    assert said.outcome == "small_talk"
    assert said.text


def test_examples_of_help_can_be_asked(planner: Planner) -> None:
    said = planner.plan("help")
    assert isinstance(said, Abstention)
    assert len(said.examples) == 3
    recogniser = Recogniser(InMemoryNames())
    for example in said.examples:
        plan = planner.plan(mask(example, recogniser.recognise(example, EntityTable())))
        assert isinstance(plan, Plan), example


def _talk(planner: Planner, *questions: str) -> Plan | Abstention:
    focus = Focus()
    plan: Plan | Abstention | None = None
    for question in questions:
        plan = planner.plan(question, focus)
        focus = next_focus(focus, plan, question)
    assert plan is not None
    return plan


@pytest.mark.parametrize(
    ("last", "numbers"),
    [
        ("compare these two", {1, 2}),
        ("the density of both?", {1, 2}),
        ("their densities", {1, 2}),
        ("draw the second one", {2}),
        ("what about the first one's density?", {1}),
    ],
)
def test_what_words_point_to(planner: Planner, last: str, numbers: set[int]) -> None:
    plan = _talk(planner, "molar mass of ⟨MOL1:name⟩", "and ⟨MOL2:name⟩?", last)
    assert isinstance(plan, Plan)
    assert {m.number for r in plan.runs for m in r.mentions} == numbers


def test_they_of_three_is_asked_back(planner: Planner) -> None:
    said = _talk(
        planner, "TPSA of ⟨MOL1:name⟩", "and ⟨MOL2:name⟩?", "and ⟨MOL3:name⟩?", "their densities"
    )
    assert isinstance(said, Abstention) or len({m for r in said.runs for m in r.mentions}) != 2


def test_what_was_missing_may_follow(planner: Planner) -> None:
    plan = _talk(planner, "molar mass", "⟨MOL1:name⟩")
    assert isinstance(plan, Plan)
    assert plan.runs[0].steps[-1].tool == "molar_mass"


def test_two_changes_at_once(planner: Planner) -> None:
    plan = _talk(
        planner,
        "vapour pressure of ⟨MOL1:name⟩ at ⟨QTY1:temperature⟩",
        "and of ⟨MOL2:name⟩ at ⟨QTY2:temperature⟩",
    )
    assert isinstance(plan, Plan)
    assert {m.text for m in plan.runs[0].mentions} == {"⟨MOL2:name⟩", "⟨QTY2:temperature⟩"}


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
    for name in ("dev", "heldout", "second_author", "after"):
        answerable = report.answerable(name)
        right = sum(o.verdict == "right" for o in answerable)
        assert right / len(answerable) >= FLOORS[name], [
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
