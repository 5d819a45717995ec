"""The main job: real questions, real tools in real workers, the embedded planner, no key.

The values are from the literature or follow from IUPAC's atomic weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labhand.agents.reply import Reply
from labhand.agents.session import Session


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    home: Path = tmp_path_factory.mktemp("main_job")
    with Session(model="embedded", home=home) as session:
        yield session


def asked(session: Session, question: str) -> Reply:
    session.clear()
    return session.ask(question)


def value(reply: Reply, name: str) -> object:
    found = [q.value for q in reply.quantities if q.property == name]
    assert found, f"{name} is not among {[q.property for q in reply.quantities]}: {reply.answer}"
    return found[0]


@pytest.mark.parametrize(
    ("question", "name", "expected", "tolerance"),
    [
        ("molecular weight of caffeine", "molar_mass", 194.19, 0.01),
        ("monoisotopic mass of caffeine", "monoisotopic_mass", 194.0804, 0.0005),
        ("TPSA of ibuprofen", "tpsa", 37.30, 0.01),
        ("boiling point of toluene", "boiling_point", 383.75, 0.2),
        ("convert 3.5 kcal/mol to kJ/mol", "converted_value", 14.644, 0.001),
        (
            "balance C3H8 + O2 -> CO2 + H2O and give grams of CO2 from 10 g propane",
            "product_mass",
            29.94,
            0.01,
        ),
    ],
)
def test_numbers(
    embedded: Session, question: str, name: str, expected: float, tolerance: float
) -> None:
    reply = asked(embedded, question)
    assert reply.status == "answered"
    assert value(reply, name) == pytest.approx(expected, abs=tolerance)
    evidence = {q.evidence for q in reply.quantities}
    assert evidence <= {o.id for o in reply.observations}
    assert all(c.label in ("OBSERVED", "DERIVED", "GIVEN") for c in reply.claims), reply.claims


def test_the_two_masses_of_caffeine_are_two_numbers(embedded: Session) -> None:
    average = value(asked(embedded, "molar mass of caffeine"), "molar_mass")
    lightest = value(asked(embedded, "exact mass of caffeine"), "monoisotopic_mass")
    assert isinstance(average, float)
    assert isinstance(lightest, float)
    assert average - lightest > 0.1


def test_the_boiling_point_names_its_source(embedded: Session) -> None:
    reply = asked(embedded, "boiling point of toluene")
    (quantity, *_) = [q for q in reply.quantities if q.property == "boiling_point"]
    assert quantity.source
    assert quantity.unit == "K"


def test_the_equation_is_balanced(embedded: Session) -> None:
    reply = asked(
        embedded, "balance C3H8 + O2 -> CO2 + H2O and give grams of CO2 from 10 g propane"
    )
    assert value(reply, "balanced_equation") == "C3H8 + 5 O2 -> 3 CO2 + 4 H2O"


def test_drug_likeness_gives_both_readings(embedded: Session) -> None:
    reply = asked(embedded, "is CC(C)Cc1ccc(cc1)C(C)C(=O)O drug-like?")
    assert value(reply, "lipinski_pass") is True
    assert value(reply, "qed") == pytest.approx(0.82, abs=0.01)


def test_enantiomers_come_out_different(embedded: Session) -> None:
    reply = asked(embedded, "SMILES of L-alanine and of D-alanine")
    found = [q.value for q in reply.quantities if q.property == "smiles"]
    assert len(found) == 2
    assert found[0] != found[1]
    assert all("@" in str(s) for s in found)


def test_benzaldehyde_is_no_ketone(embedded: Session) -> None:
    assert value(asked(embedded, "does benzaldehyde contain a ketone?"), "contains_group") is False


def test_a_follow_up_keeps_the_molecule(embedded: Session) -> None:
    embedded.clear()
    embedded.ask("what is the boiling point of ethanol?")
    reply = embedded.ask("and its density?")
    density = value(reply, "liquid_density")
    assert density == pytest.approx(0.785, abs=0.01)


@pytest.mark.parametrize(
    "question",
    [
        "who won the world cup in 1998?",
        "what is the NMR spectrum of ethanol?",
        "how do I get rich?",
        "asdf qwer zxcv",
        "🦄🦄🦄",
        "colorless green ideas sleep furiously",
        "molar mass of unobtainium",
    ],
)
def test_what_it_cannot_do_it_does_not_answer(embedded: Session, question: str) -> None:
    reply = asked(embedded, question)
    assert reply.status == "abstained"
    assert reply.quantities == []
    assert reply.reason


def test_ambiguous_input_is_answered_with_its_readings(embedded: Session) -> None:
    reply = asked(embedded, "molar mass of CO")
    masses = {round(float(q.value), 1) for q in reply.quantities if q.property == "molar_mass"}  # type: ignore[arg-type]
    assert masses == {28.0, 32.0}
