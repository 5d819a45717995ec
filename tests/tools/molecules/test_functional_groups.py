"""Functional groups: a labelled set, both ways, and the traps that others fall into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labhand.tools.contract import ToolInputError, ToolRegistry
from labhand.tools.molecules._groups import groups
from labhand.tools.molecules._rdkit import parse_smiles

TABLE = Path(__file__).with_name("groups_expected.tsv")
LABELLED = [
    (name, smiles, frozenset(expected.split()))
    for name, smiles, expected in (
        line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line[0] != "#"
    )
]


@pytest.mark.parametrize(("name", "smiles", "expected"), LABELLED, ids=[x[0] for x in LABELLED])
def test_exactly_these_groups(name: str, smiles: str, expected: frozenset[str]) -> None:
    mol = parse_smiles(smiles)
    assert {g.name for g in groups().values() if g.matches(mol)} == expected, name


def test_every_group_is_seen_present_and_absent() -> None:
    assert len(LABELLED) >= 100
    for name in groups():
        labels = [name in expected for _, _, expected in LABELLED]
        assert any(labels), f"no molecule of the table has {name}"
        assert not all(labels)


def test_the_order_of_atoms_does_not_matter() -> None:
    from rdkit import Chem

    for name, smiles, expected in LABELLED[::3]:
        mol = Chem.MolFromSmiles(Chem.MolToSmiles(parse_smiles(smiles), doRandom=True))
        assert {g.name for g in groups().values() if g.matches(mol)} == expected, name


@pytest.mark.parametrize(
    ("smiles", "group", "contains"),
    [
        ("O=Cc1ccccc1", "ketone", False),
        ("O=Cc1ccccc1", "aldehyde", True),
        ("O=[N+]([O-])c1ccccc1", "nitroso", False),
        ("O=[N+]([O-])c1ccccc1", "oxime", False),
        ("O=[N+]([O-])c1ccccc1", "ketone", False),
        ("O=N(=O)c1ccccc1", "nitro", True),
        ("CC(=O)O", "ketone", False),
        ("CC(=O)O", "alcohol", False),
        ("CC(=O)OC", "ether", False),
        ("CC(N)=O", "amine", False),
        ("CS(N)(=O)=O", "amine", False),
        ("Oc1ccccc1", "alcohol", False),
        ("CC(=O)Cl", "ketone", False),
        ("CC(=O)SC", "thioether", False),
        ("NC=O", "aldehyde", False),
        ("COC=O", "aldehyde", False),
        ("CC(=O)C(C)=O", "ketone", True),
    ],
)
def test_traps(tools: Any, smiles: str, group: str, contains: bool) -> None:
    found = tools.run("has_functional_group", smiles=smiles, group=group)
    assert found.quantities[0].value is contains
    assert (
        tools.value("has_functional_group", "group_count", smiles=smiles, group=group) > 0
    ) is contains


def test_a_no_says_what_is_there_instead(tools: Any) -> None:
    found = tools.run("has_functional_group", smiles="O=Cc1ccccc1", group="ketone")
    assert "no ketone" in found.summary
    assert "aldehyde" in found.summary


def test_occurrences_are_counted_and_located(tools: Any) -> None:
    arguments = {"smiles": "OCC(O)CO", "group": "alcohol"}
    assert tools.value("has_functional_group", "group_count", **arguments) == 3
    assert tools.value("has_functional_group", "matched_atoms", **arguments)[0] == "O1 C2"
    counts = {
        q.conditions["group"]: q.value
        for q in tools.run("functional_groups", smiles="OCC(O)CO").quantities
        if q.property == "group_count"
    }
    assert (counts["alcohol"], counts["primary alcohol"], counts["secondary alcohol"]) == (3, 2, 1)


def test_methane_has_none(tools: Any) -> None:
    found = tools.run("functional_groups", smiles="C")
    assert found.quantities[0].value == []
    assert "none" in found.summary


def test_the_choices_are_the_catalogue() -> None:
    spec = ToolRegistry()["has_functional_group"]
    assert set(spec.frames().choices["group"]) == set(groups())
    assert spec.json_schema()["properties"]["group"]["enum"] == list(groups())
    with pytest.raises(ToolInputError):
        spec(smiles="C", group="flux capacitor")
