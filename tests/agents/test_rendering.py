"""From references to text."""

from __future__ import annotations

import pytest

from labhand.agents.evidence import Evidence
from labhand.agents.grounding import STRUCK, BlockGate, judge
from labhand.agents.rendering import format_quantity, pretty_unit
from labhand.tools.contract import Observation, Quantity

ONE = Observation(
    id="o1",
    tool="t",
    quantities=(
        Quantity(property="molar_mass", value=194.194, unit="g/mol", entity="x"),
        Quantity(property="smiles", value="CCO"),
        Quantity(property="smiles", value="CO"),
        Quantity(property="contains_x", value=False),
        Quantity(property="temperature_x", value=383.75, unit="K", uncertainty=0.5),
        Quantity(property="logp_x", value=1.31, nature="predicted", uncertainty=0.68),
        Quantity(property="gap_x", value=-1.0, unit="eV", flag="a gap cannot be below 0"),
        Quantity(property="list_x", value=[1, 2, 3]),
        Quantity(property="empty_x", value=[]),
    ),
)
EVIDENCE = Evidence.of([], [ONE])


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("{o1.molar_mass}", "194.194 g/mol [o1]"),
        ("{o1.smiles[2]}", "CO [o1]"),
        ("{o1.smiles}", "CCO [o1]"),
        ("{o1.contains_x:Yes|No}", "No [o1]"),
        ("{o1.contains_x}", "no [o1]"),
        ("{o1.temperature_x:degC}", "110.6 ± 0.5 °C [o1]"),
        ("{o1.logp_x}", "1.3 ± 0.7 (predicted) [o1]"),
        ("{o1.gap_x}", "(not reported: a gap cannot be below 0) [o1]"),
        ("{o1.list_x}", "1, 2, 3 [o1]"),
        ("{o1.empty_x}", "none [o1]"),
        ("see {o1}", "see [o1]"),
        ("{o1.temperature_x:degC} ({o1.temperature_x:degC})", "110.6 ± 0.5 °C [o1]"),
        ("{o2.molar_mass}", STRUCK),
        ("{o1.molar_mass[2]}", STRUCK),
        ("{o1.molar_mass:K}", STRUCK),
        ("it weighs 55.5 kg here", f"it weighs {STRUCK} here"),
    ],
)
def test_rendering(answer: str, text: str) -> None:
    assert judge(answer, EVIDENCE).text == text


def test_only_what_is_referred_to_and_physical_is_a_quantity_of_the_answer() -> None:
    judgement = judge("{o1.molar_mass}, {o1.molar_mass} and {o1.gap_x}", EVIDENCE)
    assert [(q.property, q.evidence) for q in judgement.quantities] == [("molar_mass", "o1")]


def test_braces_that_are_no_reference_are_left_alone() -> None:
    assert judge("a set {x, y} and {}", EVIDENCE).text == "a set {x, y} and {}"


def test_feedback_names_each_unsupported_statement() -> None:
    feedback = judge("{o7.x} and 55.5 kg", EVIDENCE).feedback()
    assert "there is no observation o7" in feedback
    assert "55.5 kg" in feedback


def test_units_are_printed_as_chemists_write_them() -> None:
    assert pretty_unit("J/(mol*K)") == "J/(mol*K)"
    assert pretty_unit("cm**3/g") == "cm³/g"
    assert pretty_unit("celsius") == "°C"
    assert format_quantity(Quantity(property="a", value=37.3, unit="angstrom**2")) == "37.300 Å²"


def test_a_drawing_keeps_its_columns() -> None:
    drawing = Quantity(property="drawing_x", value="  O\n\n /")
    assert format_quantity(drawing) == "\n```\n  O\n \n /\n```\n"


class TestBlockGate:
    def test_passes_complete_grounded_blocks_only(self) -> None:
        gate = BlockGate()
        assert gate.feed("First {o1.molar_mass}.", EVIDENCE) == ""
        assert gate.feed("\n\nSecond", EVIDENCE) == "First 194.194 g/mol [o1].\n\n"
        assert gate.rest("First 194.194 g/mol [o1].\n\nSecond") == "Second"

    def test_nothing_passes_after_something_unsupported(self) -> None:
        gate = BlockGate()
        assert gate.feed("It weighs 55.5 kg.\n\nAnd {o1.molar_mass}.\n\n", EVIDENCE) == ""

    def test_says_when_what_was_shown_is_no_part_of_the_answer(self) -> None:
        gate = BlockGate()
        gate.feed("One.\n\n", EVIDENCE)
        assert gate.rest("Another.") is None
