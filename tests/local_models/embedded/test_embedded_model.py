"""The planner as a chat model: calls, readings, references, follow-ups, abstention."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage, ToolMessage

import labhand.local_models.embedded as package
from labhand.agents.entities import EntityTable, unmask
from labhand.local_models.embedded.answer import compose
from labhand.local_models.embedded.conversation import Failure, parsed, result_of
from labhand.local_models.embedded.execute import Branch
from labhand.local_models.embedded.model import EmbeddedPlanner
from labhand.local_models.embedded.plan import Run, Step
from labhand.local_models.embedded.words import Mention
from labhand.tools.contract import Observation, Quantity, ToolRegistry, references
from labhand.tools.contract.frames import parse_frames


def status(message: Any) -> str:
    return message.response_metadata["labhand"]["status"]


def test_a_name_is_resolved_first(dialogue: Any) -> None:
    answer = dialogue.ask("What is the molar mass of caffeine?")
    smiles = "Cn1c(=O)c2c(ncn2C)n(C)c1=O"
    assert dialogue.calls == [
        ("resolve_compound", {"compound": "caffeine"}),
        ("molar_mass", {"smiles": smiles}),
    ]
    assert "{o2.molar_mass}" in answer.text
    assert "caffeine" in answer.text
    assert not any(c.isdigit() for c in answer.text.replace("{o2.molar_mass}", ""))
    assert status(answer) == "answered"
    assert 0.5 < answer.response_metadata["labhand"]["confidence"] <= 1
    assert "molar_mass" in answer.response_metadata["labhand"]["interpretation"]


def test_a_smiles_is_used_as_it_is(dialogue: Any) -> None:
    dialogue.ask("molar mass of CCO")
    assert dialogue.calls == [("molar_mass", {"smiles": "CCO"})]


def test_another_kind_is_reached_the_same_way(dialogue: Any) -> None:
    answer = dialogue.ask("boiling point of toluene")
    name, arguments = dialogue.calls[-1]
    assert (name, arguments["cas"]) == ("physical_property", "108-88-3")
    assert "{o2.boiling_point" in answer.text


def test_every_reading_is_answered_and_named(dialogue: Any) -> None:
    answer = dialogue.ask("molar mass of CO")
    assert [c[0] for c in dialogue.calls] == ["resolve_compound", "molar_mass", "molar_mass"]
    assert dialogue.steps == [1, 2]  # independent calls go together
    for reference in ("{o1.name[1]}", "{o1.name[2]}", "{o2.molar_mass}", "{o3.molar_mass}"):
        assert reference in answer.text


def test_a_list_of_molecules_fans_out(dialogue: Any) -> None:
    dialogue.ask("TPSA of aspirin, caffeine and ethanol")
    asked = [c for c in dialogue.calls if c[0] == "descriptors"]
    assert len(asked) == 3
    assert dialogue.steps == [3, 3]


def test_two_requests_share_their_molecule(dialogue: Any) -> None:
    answer = dialogue.ask("molar mass and TPSA of caffeine")
    assert sorted(c[0] for c in dialogue.calls) == ["descriptors", "molar_mass", "resolve_compound"]
    assert ".molar_mass}" in answer.text
    assert ".tpsa}" in answer.text


def test_what_no_table_knows_ends_in_its_own_words(dialogue: Any) -> None:
    answer = dialogue.ask("molar mass of flurbodurb")
    assert status(answer) == "abstained"
    assert "flurbodurb" in answer.text
    assert "SMILES or CAS number" in answer.text


def test_half_a_failure_is_told_with_the_other_half(dialogue: Any) -> None:
    answer = dialogue.ask("molar masses of caffeine and flurbodurbine")
    assert status(answer) == "answered"
    assert "flurbodurbine" in answer.text
    assert ".molar_mass}" in answer.text


def test_a_person_reads_no_advice_for_models(dialogue: Any) -> None:
    message = ToolMessage(
        "Error: no such thing. Try another. Do not repeat this call.",
        tool_call_id="c",
        status="error",
    )
    failure = result_of(message)
    assert isinstance(failure, Failure)
    assert failure.text == "no such thing. Try another."
    message.additional_kwargs["error"] = {"message": "no such thing.", "remedy": "Look again."}
    failure = result_of(message)
    assert isinstance(failure, Failure)
    assert failure.text == "no such thing. Look again."


def _branch(*warnings: tuple[str, ...]) -> list[Branch]:
    frame = parse_frames(
        {"frame": [{"program": "t(x={molecule})", "answers": ["tpsa"], "ask": ["t {molecule}"],
                    "say": "{molecule} has {tpsa}."}]}, "t",
    ).frames[0]  # fmt: skip
    branches: list[Branch] = []
    for number, said in enumerate(warnings, 1):
        mention = Mention("MOL", number, "name")
        run = Run(frame, (Step("s1", "t", ()),), {"molecule": mention.text}, (mention,))
        record = Observation(
            id=f"o{number}",
            tool="t",
            quantities=(Quantity(property="tpsa", value=1.5, unit="angstrom^2", entity="C"),),
            warnings=said,
        )
        branches.append(Branch(run, {"s1": record}))
    return branches


def test_notes_are_said_once_and_the_routine_ones_last() -> None:
    spread = "the uncertainty is the sample standard deviation of {} data sets"
    answer = compose(_branch((spread.format(4), "a salt"), (spread.format(5), "a salt")))
    notes = [n for n in answer.text.splitlines() if n.startswith("Note: ")]
    assert notes == ["Note: a salt", f"Note: {spread.format('several')}"]


def test_a_sentence_opens_with_a_capital() -> None:
    table = EntityTable()
    for name in ("aspirin", "tert-butanol", "pH buffer"):
        table.entity("MOL", name, "name")
    lines = unmask(compose(_branch((), (), ())).text, table).splitlines()
    assert [line.split(" has")[0] for line in lines] == ["Aspirin", "tert-butanol", "pH buffer"]


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("molar mass", "missing"),
        ("colorless green ideas sleep furiously", "not_understood"),
        ("🦄", "not_understood"),
        ("", "not_understood"),
        ("how do I synthesize aspirin?", "negative"),
        ("what is the weather like", "negative"),
    ],
)
def test_abstains(dialogue: Any, question: str, outcome: str) -> None:
    answer = dialogue.ask(question)
    assert answer.response_metadata["labhand"]["status"] == "abstained"
    assert answer.response_metadata["labhand"]["outcome"] == outcome
    assert answer.text
    assert not dialogue.calls


def test_what_is_not_used_is_not_ignored(dialogue: Any) -> None:
    answer = dialogue.ask("molar mass of caffeine at 300 K and 5 bar in @table.csv")
    assert status(answer) == "abstained"
    assert not dialogue.calls


def test_a_unit_of_the_same_dimension_is_passed_to_the_reference(dialogue: Any) -> None:
    answer = dialogue.ask("boiling point of toluene in degC")
    assert "{o2.boiling_point:degC}" in answer.text


def test_a_unit_of_another_dimension_is_not_passed_over(dialogue: Any) -> None:
    answer = dialogue.ask("boiling point of toluene in kg")
    assert "cannot be given in kg" in answer.text
    assert ":kg" not in answer.text


class TestFollowUps:
    """What earlier turns leave behind."""

    def test_another_molecule(self, dialogue: Any) -> None:
        dialogue.ask("molar mass of caffeine")
        dialogue.ask("what about ethanol?")
        assert dialogue.calls[-1] == ("molar_mass", {"smiles": "CCO"})

    def test_another_property(self, dialogue: Any) -> None:
        dialogue.ask("boiling point of toluene")
        dialogue.ask("and its molar mass?")
        assert dialogue.calls[-1] == ("molar_mass", {"smiles": "Cc1ccccc1"})

    def test_it(self, dialogue: Any) -> None:
        dialogue.ask("molar mass of aspirin")
        dialogue.ask("how heavy is it?")
        assert dialogue.calls[0] == ("resolve_compound", {"compound": "aspirin"})

    def test_another_unit_converts_the_value(self, dialogue: Any) -> None:
        dialogue.ask("boiling point of toluene")
        answer = dialogue.ask("and in degC?")
        assert dialogue.calls == [("convert_unit", {"quantity": "383.75 K", "to": "degC"})]
        assert "383" not in answer.text
        assert "{o2.boiling_point}" in answer.text

    def test_nothing_to_refer_to(self, dialogue: Any) -> None:
        assert status(dialogue.ask("and its molar mass?")) == "abstained"

    def test_call_ids_are_never_used_twice(self, dialogue: Any) -> None:
        for _ in range(3):
            dialogue.ask("molar mass of caffeine")
        made = [c["id"] for m in dialogue.messages for c in getattr(m, "tool_calls", [])]
        assert len(made) == len(set(made)) == 6


def test_observations_are_read_from_the_text_too(
    make_dialogue: Any, planner_model: EmbeddedPlanner
) -> None:
    answer = make_dialogue(planner_model, artifacts=False).ask("molar mass of CO")
    assert "{o3.molar_mass}" in answer.text


def test_for_model_reads_back() -> None:
    quantities = (
        Quantity(property="smiles", value="CC(=O)O", entity="CC(=O)O"),
        Quantity(property="smiles", value="C", entity="C"),
        Quantity(property="tpsa", value=37.3, unit="angstrom^2", entity="C"),
        Quantity(property="lipinski_pass", value=True, entity="C"),
    )
    record = Observation(id="o7", tool="t", quantities=quantities, warnings=("w",))
    back = parsed(record.for_model())
    assert back is not None
    assert list(references(back)) == list(references(record))
    assert [q.value for q in back.quantities] == [q.value for q in quantities]
    assert back.warnings == ("w",)


def test_bound_tools_are_the_only_ones_called(planner_model: EmbeddedPlanner) -> None:
    def schema(name: str) -> dict[str, Any]:
        return {"type": "function", "function": {"name": name, "parameters": {}}}

    question = [HumanMessage("molar mass of ⟨MOL1:smiles⟩")]
    bound = planner_model.bind_tools([schema("molar_mass"), schema("resolve_compound")])
    assert [c["name"] for c in bound.invoke(question).tool_calls] == ["molar_mass"]
    other = planner_model.bind_tools([schema("convert_unit"), schema("resolve_compound")])
    message = other.invoke(question)
    assert not message.tool_calls
    assert status(message) == "abstained"


def test_it_is_deterministic_and_stateless(planner_model: EmbeddedPlanner) -> None:
    question = [HumanMessage("TPSA and logP of ⟨MOL3:name⟩")]
    fresh = EmbeddedPlanner(registry=ToolRegistry())
    assert planner_model.invoke(question).tool_calls == fresh.invoke(question).tool_calls


def test_streaming_says_the_same(planner_model: EmbeddedPlanner) -> None:
    for text in ("molar mass of ⟨MOL1:name⟩", "what is love", "molar mass of ⟨MOL1⟩ and ⟨MOL2⟩"):
        whole = planner_model.invoke([HumanMessage(text)])
        chunks = list(planner_model.stream([HumanMessage(text)]))
        total = chunks[0]
        for chunk in chunks[1:]:
            total = total + chunk
        assert isinstance(total, AIMessageChunk)
        assert total.text == whole.text
        assert total.tool_calls == whole.tool_calls
        assert total.response_metadata["labhand"] == whole.response_metadata["labhand"]
        assert total.usage_metadata == whole.usage_metadata is not None


def test_an_embedder_is_mixed_in() -> None:
    seen: list[int] = []

    def embed(texts: list[str]) -> list[list[float]]:
        seen.append(len(texts))
        return [[1.0, 0.0] for _ in texts]

    model = EmbeddedPlanner(registry=ToolRegistry(), embedder=embed)
    assert model.invoke([HumanMessage("molar mass of ⟨MOL1:smiles⟩")]).tool_calls
    assert seen


def test_it_sees_of_the_house_only_the_contract() -> None:
    for path in Path(str(package.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level >= 2:
                assert (node.module or "").startswith("tools.contract"), (path.name, node.module)
