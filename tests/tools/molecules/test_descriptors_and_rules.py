"""Descriptors, drug-likeness, absorption, drawings: known molecules and laws."""

from __future__ import annotations

import doctest
import subprocess
import sys
from typing import Any

import pytest

from labhand.tools.contract import (
    NotApplicableError,
    ToolInputError,
    ToolRegistry,
    catalogue,
    validate_tool,
)
from labhand.tools.molecules.boiled_egg import WHITE, YOLK
from labhand.tools.molecules.depiction import braille

MOLECULES = [
    n for n in ToolRegistry().names() if ToolRegistry()._modules[n].split(".")[-2] == "molecules"
]
IBUPROFEN = "CC(C)Cc1ccc(cc1)C(C)C(=O)O"
DIAZEPAM = "CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc21"
SUCROSE = "OC[C@H]1O[C@@](CO)(O[C@H]2O[C@H](CO)[C@@H](O)[C@H](O)[C@H]2O)[C@@H](O)[C@@H]1O"


@pytest.mark.parametrize("name", MOLECULES)
def test_contract(name: str) -> None:
    spec = ToolRegistry()[name]
    validate_tool(spec)
    frames = spec.frames()
    assert sum(len(n.ask) for n in frames.negatives) >= 5
    assert sum(len(f.ask) for f in frames.frames) >= 25


@pytest.mark.parametrize("name", MOLECULES)
def test_what_is_yielded_is_declared_and_physical(name: str) -> None:
    spec = ToolRegistry()[name]
    arguments = {"compound": "aspirin"} if name == "resolve_compound" else {"smiles": IBUPROFEN}
    if name == "has_functional_group":
        arguments["group"] = "ketone"
    found = spec(**arguments)
    assert {q.property for q in found.quantities} <= set(spec.yields)
    assert all(catalogue().checked(q).flag is None for q in found.quantities)
    assert found.method or spec.method
    assert found.reference or spec.reference


@pytest.mark.parametrize("name", MOLECULES)
def test_worked_values_of_the_docstring(name: str) -> None:
    spec = ToolRegistry()[name]
    examples = doctest.DocTestParser().get_doctest(spec.description, {}, name, None, 0)
    if name != "depict_molecule":
        assert examples.examples
    assert doctest.DocTestRunner().run(examples).failed == 0


def test_importing_tools_imports_no_engine() -> None:
    code = (
        "import sys; from labhand.tools.contract import ToolRegistry;"
        f"registry = ToolRegistry(); [registry[n] for n in {MOLECULES!r}];"
        "assert not {'rdkit', 'chemicals', 'molmass', 'pandas', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("smiles", "name", "value"),
    [
        (IBUPROFEN, "tpsa", 37.3),
        ("CC(=O)Oc1ccccc1C(=O)O", "tpsa", 63.6),
        (IBUPROFEN, "rotatable_bonds", 4),
        (IBUPROFEN, "hydrogen_bond_donors", 1),
        ("CCO", "hydrogen_bond_acceptors", 1),
        ("C1CCCCC1", "fraction_csp3", 1.0),
        ("c1ccccc1", "fraction_csp3", 0.0),
        ("c1ccc2ccccc2c1", "aromatic_rings", 2),
        ("C[C@H](N)C(=O)O", "stereocentres", 1),
        ("CC(N)C(=O)O", "stereocentres", 1),
        ("CC(=O)[O-]", "formal_charge", -1),
        ("O", "atoms", 3),
        ("CC(N)C(=O)O", "lipinski_donors", 3),
        ("CC(N)C(=O)O", "hydrogen_bond_donors", 2),
    ],
)
def test_known_descriptors(tools: Any, smiles: str, name: str, value: float) -> None:
    found = tools.run("descriptors", smiles=smiles, which=[name]).quantities
    assert [q.property for q in found] == [name]
    assert found[0].value == pytest.approx(value, abs=0.1)


def test_log_p_is_a_prediction_with_its_error(tools: Any) -> None:
    found = tools.run("descriptors", smiles=IBUPROFEN, which=["logp"]).quantities[0]
    assert found.nature == "predicted"
    assert found.uncertainty == pytest.approx(0.68)
    assert "ci990307l" in found.source
    ion = tools.run("descriptors", smiles="CC(=O)[O-]", which=["logp"])
    assert any("neutral" in w for w in ion.warnings)
    nitro = tools.run("descriptors", smiles="c1ccccc1[N+](=O)[O-]", which=["logp"])
    assert not nitro.warnings


def test_all_descriptors_by_default_and_none_unknown(tools: Any) -> None:
    spec = ToolRegistry()["descriptors"]
    found = {q.property for q in tools.run("descriptors", smiles=IBUPROFEN).quantities}
    assert found == set(spec.yields)
    enum = spec.json_schema()["properties"]["which"]["items"]["enum"]
    assert set(enum) == found == set(spec.frames().choices["which"])
    with pytest.raises(ToolInputError, match="logp"):
        tools.run("descriptors", smiles="C", which=["boiling_point"])


def test_ways_to_say_a_choice_are_unique() -> None:
    for tool, slot in (("descriptors", "which"), ("has_functional_group", "group")):
        words = [
            w.lower() for ws in ToolRegistry()[tool].frames().choices[slot].values() for w in ws
        ]
        assert sorted(words) == sorted(set(words)), tool


def test_rule_of_five_allows_one_violation(tools: Any) -> None:
    one = "CCCCCCCCCCCCCCCCCC"  # octadecane: log P alone is too high
    assert tools.value("drug_likeness", "lipinski_violations", smiles=one) == 1
    assert tools.value("drug_likeness", "lipinski_pass", smiles=one) is True
    assert tools.value("drug_likeness", "lipinski_violations", smiles=SUCROSE) == 2
    assert tools.value("drug_likeness", "lipinski_pass", smiles=SUCROSE) is False


def test_drug_like_has_two_readings(tools: Any) -> None:
    found = tools.run("drug_likeness", smiles=IBUPROFEN)
    assert {"lipinski_pass", "qed", "veber_pass", "ghose_pass"} <= {
        q.property for q in found.quantities
    }
    assert 0.8 < tools.value("drug_likeness", "qed", smiles=IBUPROFEN) < 0.85
    assert any("two readings" in w for w in found.warnings)


def test_alerts_are_named(tools: Any) -> None:
    rhodanine = "O=C1C(=Cc2ccccc2)SC(=S)N1c1ccccc1"
    assert any("rhod" in a for a in tools.value("drug_likeness", "pains_alerts", smiles=rhodanine))
    assert "nitro_group" in tools.value(
        "drug_likeness", "brenk_alerts", smiles="c1ccccc1[N+](=O)[O-]"
    )
    assert tools.value("drug_likeness", "pains_alerts", smiles=IBUPROFEN) == []


@pytest.mark.parametrize(
    ("smiles", "gut", "brain"),
    [
        (DIAZEPAM, True, True),
        (IBUPROFEN, True, True),
        ("NCCc1ccc(O)c(O)c1", True, False),
        ("CN1C=NC2=C1C(=O)N(C(=O)N2C)C", True, False),
        ("CC(C)NCC(O)COc1ccc(CC(N)=O)cc1", True, False),
        (SUCROSE, False, False),
    ],
    ids=["diazepam", "ibuprofen", "dopamine", "caffeine", "atenolol", "sucrose"],
)
def test_boiled_egg(tools: Any, smiles: str, gut: bool, brain: bool) -> None:
    assert tools.value("boiled_egg", "gastrointestinal_absorption", smiles=smiles) is gut
    assert tools.value("boiled_egg", "blood_brain_barrier", smiles=smiles) is brain
    natures = {q.property: q.nature for q in tools.run("boiled_egg", smiles=smiles).quantities}
    assert natures["blood_brain_barrier"] == "predicted"


def test_the_ellipses_have_the_published_extent() -> None:
    for ellipse in (WHITE, YOLK):
        assert ellipse.contains(ellipse.x, ellipse.y)
        assert ellipse.level(ellipse.x, ellipse.y + ellipse.height / 2) == pytest.approx(
            1, abs=0.01
        )
        assert not ellipse.contains(ellipse.x, ellipse.y + 0.52 * ellipse.height)
        assert not ellipse.contains(ellipse.x + 0.52 * ellipse.width, ellipse.y)
    assert WHITE.contains(142.0, 1.0)  # the white reaches to a TPSA of 142
    assert not WHITE.contains(143.0, 1.0)


@pytest.mark.parametrize("width", [20, 48, 100])
@pytest.mark.parametrize(
    "smiles", ["C", "[Na+].[Cl-]", IBUPROFEN, DIAZEPAM, SUCROSE, "C#CC#CC#CC#CC#CC#CC#C"]
)
def test_drawings_keep_their_width(smiles: str, width: int) -> None:
    lines = braille(smiles, width).splitlines()
    assert lines
    assert max(map(len, lines)) <= width
    assert all(ch == " " or ch.isprintable() for line in lines for ch in line)


def test_drawings_label_heteroatoms(tools: Any) -> None:
    drawing = braille("OCCN")
    assert "OH" in drawing
    assert "NH₂" in drawing
    assert "C" not in drawing
    assert "¹³CH₃" in braille("C[13CH3]")
    found = tools.run("depict_molecule", smiles="OCCN")
    assert found.files[0].media_type == "image/svg+xml"
    assert str(found.files[0].content).lstrip().startswith("<?xml")


def test_what_is_too_large_to_draw_is_not_drawn(tools: Any) -> None:
    with pytest.raises(NotApplicableError, match="too large"):
        tools.run("depict_molecule", smiles="C" * 1500)
