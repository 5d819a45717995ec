"""Labels: given, observed, derived, or without evidence."""

from __future__ import annotations

import pytest

from labhand.agents.claims import label_answer
from labhand.agents.evidence import Evidence
from labhand.tools.contract import Observation, Quantity


def observation(number: int, tool: str, *quantities: Quantity, **arguments: object) -> Observation:
    return Observation(id=f"o{number}", tool=tool, quantities=quantities, arguments=arguments)


MASS = observation(
    1,
    "molar_mass",
    Quantity(
        property="molar_mass", value=194.194, unit="g/mol", entity="Cn1cnc2c1c(=O)n(C)c(=O)n2C"
    ),
)
BOILING = observation(
    2,
    "physical_property",
    Quantity(
        property="boiling_point",
        value=383.75,
        unit="K",
        entity="Cc1ccccc1",
        conditions={"pressure": "101325 Pa"},
        uncertainty=0.2,
    ),
)
EVIDENCE = Evidence.of(["What is the mass of 2.5 g at 300 K? CCO"], [MASS, BOILING])


def labels(answer: str, evidence: Evidence = EVIDENCE) -> list[str]:
    return [c.label for c in label_answer(answer, evidence)[1]]


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("{o1.molar_mass}", "OBSERVED"),
        ("{o2.boiling_point:degC}", "OBSERVED"),
        ("194.19 g/mol", "OBSERVED"),
        ("194.2 g/mol", "OBSERVED"),
        ("0.194194 kg/mol", "OBSERVED"),
        ("110.60 °C", "OBSERVED"),
        ("at 101325 Pa", "OBSERVED"),
        ("you have 2.5 g", "GIVEN"),
        ("195.19 g/mol", "FABRICATED"),
        ("194.19 K", "MISATTRIBUTED"),
        ("{o9.molar_mass}", "FABRICATED"),
        ("{o1.boiling_point}", "FABRICATED"),
        ("{o1.molar_mass:K}", "FABRICATED"),
        ("Cn1cnc2c1c(=O)n(C)c(=O)n2C", "OBSERVED"),
        ("CC(=O)Oc1ccccc1C(=O)O", "FABRICATED"),
        ("CAS 58-08-2", "FABRICATED"),
        ("water (H2O)", "BACKGROUND"),
        ("Water boils at 99.97 °C (general knowledge).", "BACKGROUND"),
    ],
)
def test_each_rule(answer: str, label: str) -> None:
    assert labels(answer) == [label]


def test_a_longer_printed_number_is_not_the_shorter_one() -> None:
    assert labels("194.1945 g/mol") == ["FABRICATED"]


def test_background_holds_for_its_own_sentence_only() -> None:
    assert labels("It is general knowledge. It weighs 555.5 g.") == ["FABRICATED"]


def test_a_calculation_from_evidence_is_derived() -> None:
    half = observation(
        3,
        "calculate",
        Quantity(property="calculated_value", value=97.097, unit="g/mol"),
        expression="194.194 g/mol / 2",
    )
    evidence = Evidence.of(EVIDENCE.given, [MASS, half])
    assert labels("{o3.calculated_value}", evidence) == ["DERIVED"]


def test_a_number_cannot_be_laundered_through_the_calculator() -> None:
    laundered = observation(
        3,
        "calculate",
        Quantity(property="calculated_value", value=555.5, unit="g/mol"),
        expression="555.5 g/mol * 1",
    )
    evidence = Evidence.of(EVIDENCE.given, [MASS, laundered])
    assert labels("{o3.calculated_value}", evidence) == ["FABRICATED"]


def test_a_value_outside_its_physical_bounds_supports_nothing() -> None:
    wrong = observation(
        3,
        "gap",
        Quantity(property="band_gap", value=-0.348, unit="eV", flag="a band gap cannot be below 0"),
    )
    assert labels("-0.348 eV", Evidence.of([], [wrong])) == ["FABRICATED"]


def test_a_warning_of_a_tool_may_be_repeated_word_for_word_only() -> None:
    said = "the name has 3 readings; (S)-ibuprofen is one"
    warned = Observation(id="o1", tool="resolve", warnings=(said,))
    assert labels(f"Note: {said}.", Evidence.of([], [warned])) == ["OBSERVED"]
    assert labels("It has 3 readings.", Evidence.of([], [warned])) == ["FABRICATED"]
    by_others = warned.model_copy(update={"trusted": False})
    assert labels(f"Note: {said}.", Evidence.of([], [by_others])) == ["FABRICATED"]


@pytest.mark.parametrize(
    ("tool", "arguments", "question", "label"),
    [
        ("convert_unit", {"quantity": "7 eV", "to": "kJ/mol"}, "convert it", "FABRICATED"),
        ("convert_unit", {"quantity": "7 eV", "to": "kJ/mol"}, "7 eV in kJ/mol?", "DERIVED"),
        ("convert_unit", {"quantity": "1 eV", "to": "kJ/mol"}, "what is an eV?", "DERIVED"),
        ("calculate", {"expression": "2 mol * 3"}, "two moles, three times?", "DERIVED"),
        (
            "stoichiometry",
            {"equation": "2 H2 + O2 -> 2 H2O", "amount": "8 g", "of": "H2"},
            "how much water?",
            "FABRICATED",
        ),
        (
            "stoichiometry",
            {"equation": "2 H2 + O2 -> 2 H2O", "amount": "8 g", "of": "H2"},
            "how much water from 8 g of H2?",
            "DERIVED",
        ),
        ("molar_mass", {"smiles": "[13CH4]"}, "labelled methane", "OBSERVED"),
    ],
)
def test_every_calculation_stands_on_what_was_given(
    tool: str, arguments: dict[str, object], question: str, label: str
) -> None:
    made = observation(1, tool, Quantity(property="product_mass", value=5.5, unit="g"), **arguments)
    assert labels("{o1.product_mass}", Evidence.of([question], [made])) == [label]


def test_a_value_looked_up_at_a_condition_is_observed() -> None:
    value = Quantity(property="vapour_pressure", value=7.87, unit="kPa", nature="tabulated")
    made = observation(1, "physical_property", value, cas="64-17-5", temperature="298.15 K")
    evidence = Evidence.of(["and its pressure?"], [made])
    assert labels("{o1.vapour_pressure}", evidence) == ["OBSERVED"]
