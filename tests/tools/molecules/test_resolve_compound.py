"""Every reading of a text, stereo kept, and good words for what cannot be read."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labhand.tools.contract import LabhandError, NotFoundError, ToolInputError
from labhand.tools.molecules._systematic import from_drug_table
from labhand.tools.molecules.name_index import NameIndex


def smiles_of(tools: Any, text: str) -> list[str]:
    return tools.values("resolve_compound", "smiles", compound=text)


@pytest.mark.parametrize(
    ("text", "smiles"),
    [
        ("caffeine", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"),
        ("58-08-2", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"),
        ("CAS 58-08-2", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"),
        ("RYYVLZVUVIJVGH-UHFFFAOYSA-N", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"),
        ("InChI=1S/CH4/h1H4", "C"),
        ("methane", "C"),
        ("Co", "[Co]"),
        ("NaCl", "[Cl-].[Na+]"),
        ("co2", "O=C=O"),
        ("H2SO4", "O=S(=O)(O)O"),
        ("CH3COOH", "CC(=O)O"),
        ("Fe3+", "[Fe+3]"),
        ("NH4+", "[NH4+]"),
        ("2,4,6‑Trinitrotoluene", "Cc1c([N+](=O)[O-])cc([N+](=O)[O-])cc1[N+](=O)[O-]"),
        ("OCC", "CCO"),
    ],
)
def test_one_reading(tools: Any, text: str, smiles: str) -> None:
    assert smiles_of(tools, text) == [smiles]


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("CO", "[C-]#[O+]", {"CO"}),
        ("NO", "[N]=O", {"NO"}),
        ("CN", "CN", {"O=C(CCl)c1ccccc1"}),
        ("O", "O", {"[O]"}),
        ("C", "C", {"[C]"}),
        ("Cl", "Cl", {"[Cl]"}),
        ("C2H6O", "CCO", {"COC"}),
        ("NBS", "O=C1CCC(=O)N1Br", {"NBS"}),
        ("xylene", "Cc1ccccc1C", {"Cc1cccc(C)c1", "Cc1ccc(C)cc1"}),
    ],
)
def test_every_reading_and_a_warning(tools: Any, text: str, first: str, others: set[str]) -> None:
    from rdkit.Chem import CanonSmiles

    found = tools.run("resolve_compound", compound=text)
    smiles = [q.value for q in found.quantities if q.property == "smiles"]
    assert smiles[0] == first
    assert {CanonSmiles(o) for o in others} <= set(smiles[1:])
    assert any("readings" in w for w in found.warnings)
    assert all("reading" in q.conditions for q in found.quantities)


def test_isomers_are_counted(tools: Any) -> None:
    found = tools.run("resolve_compound", compound="C6H12O6")
    assert any("compounds of the formula C6H12O6" in w for w in found.warnings)
    formulas = {q.value for q in found.quantities if q.property == "formula"}
    assert formulas == {"C6H12O6"}


@pytest.mark.parametrize(
    ("name", "label"), [("L-alanine", "S"), ("D-alanine", "R"), ("L-cysteine", "R")]
)
def test_configuration_is_right_by_cip(tools: Any, name: str, label: str) -> None:
    from rdkit import Chem
    from rdkit.Chem import rdCIPLabeler

    (smiles,) = smiles_of(tools, name)
    mol = Chem.MolFromSmiles(smiles)
    rdCIPLabeler.AssignCIPLabels(mol)
    assert [a.GetProp("_CIPCode") for a in mol.GetAtoms() if a.HasProp("_CIPCode")] == [label]


def test_enantiomers_differ_in_all_but_the_formula(tools: Any) -> None:
    left, right = (
        {q.property: q.value for q in tools.run("resolve_compound", compound=n).quantities}
        for n in ("L-alanine", "D-alanine")
    )
    assert left["smiles"] != right["smiles"]
    assert left["cas"] != right["cas"]
    assert left["inchi_key"][:14] == right["inchi_key"][:14]
    assert left["inchi_key"] != right["inchi_key"]
    assert left["formula"] == right["formula"]


@pytest.mark.parametrize("text", ["alanine", "lactic acid", "CC(N)C(=O)O"])
def test_open_stereo_is_named_and_its_forms_are_readings(tools: Any, text: str) -> None:
    found = tools.run("resolve_compound", compound=text)
    smiles = [q.value for q in found.quantities if q.property == "smiles"]
    assert any("C2 (R or S)" in w for w in found.warnings)
    assert "@" not in smiles[0]
    assert sum("@" in s for s in smiles) == 2
    counts = [q.value for q in found.quantities if q.property == "undefined_stereo"]
    assert counts[0] == 1
    assert set(counts[1:]) == {0}


def test_open_double_bond_is_named(tools: Any) -> None:
    found = tools.run("resolve_compound", compound="CC=CC")
    assert any("E or Z" in w for w in found.warnings)
    smiles = {q.value for q in found.quantities if q.property == "smiles"}
    assert {"C/C=C/C", "C/C=C\\C"} <= smiles


def test_salts_stay_whole(tools: Any) -> None:
    found = tools.run("resolve_compound", compound="morphine hydrochloride")
    assert ".Cl" in found.quantities[0].value
    assert any("2 components" in w for w in found.warnings)
    assert "." not in smiles_of(tools, "penicillin")[0]


def test_isotopes_stay(tools: Any) -> None:
    assert smiles_of(tools, "[2H]O[2H]")[0] == "[2H]O[2H]"
    assert tools.value("resolve_compound", "cas", compound="[2H]O[2H]") == "7789-20-0"


@pytest.mark.parametrize("name", ["labetalol", "5-bromonicotinamide", "amoxicillin"])
def test_amides_are_drawn_as_amides(tools: Any, name: str) -> None:
    smiles = smiles_of(tools, name)[0]
    assert tools.value("has_functional_group", "contains_group", smiles=smiles, group="amide")
    assert "C(=N" not in smiles


@pytest.mark.parametrize(
    ("name", "formula"),
    [("sulfur", "S"), ("carbon", "C"), ("vanadium", "V"), ("oxygen", "O2"), ("aluminium", "Al")],
)
def test_elements(tools: Any, name: str, formula: str) -> None:
    assert tools.value("resolve_compound", "formula", compound=name) == formula


@pytest.mark.parametrize("name", ["methanol", "pentane", "hexane", "mercury", "isobutane"])
def test_a_common_name_is_not_a_radical(tools: Any, name: str) -> None:
    assert len(smiles_of(tools, name)) == 1


def test_every_value_says_where_it_comes_from(tools: Any) -> None:
    for quantity in tools.run("resolve_compound", compound="aspirin").quantities:
        assert quantity.source
        if quantity.property != "undefined_stereo":
            assert quantity.nature == "identified"


@pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed")
def test_systematic_names_by_opsin(tools: Any) -> None:
    found = tools.run("resolve_compound", compound="(2R)-2-(3-bromophenyl)oxolan-3-one")
    assert "@" in found.quantities[0].value
    assert "OPSIN" in str(found.quantities[0].source)
    assert "ci100384d" in found.reference


def test_drug_table_is_read_in_place(tmp_path: Path) -> None:
    table = tmp_path / "drugs.csv"
    table.write_text("id,name,smiles\nDB0,Testodrug,CCOC\n,Nameless,\n", "utf-8")
    found = from_drug_table("TESTODRUG", table)
    assert found is not None
    assert found.smiles == "CCOC"
    assert from_drug_table("other", table) is None


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("58-08-3", ToolInputError, "check digit"),
        ("C1CC", ToolInputError, "ring closure 1"),
        ("C1CC(", ToolInputError, "not closed"),
        ("C(C)(C)(C)(C)C", ToolInputError, "5 bonds"),
        ("InChI=1S/nonsense", ToolInputError, "InChI"),
        ("   ", ToolInputError, "empty"),
        ("", ToolInputError, "compound"),
        ("C" * 10_000, ToolInputError, "2000"),
        ("not a smiles", NotFoundError, "PubChem"),
        ("🧪", NotFoundError, "PubChem"),
        ("assprin", NotFoundError, "Did you mean aspirin"),
        ("AAAAAAAAAAAAAA-BBBBBBBBBB-N", NotFoundError, "cannot be turned back"),
    ],
)
def test_bad_input(tools: Any, text: str, kind: type[LabhandError], words: str) -> None:
    with pytest.raises(kind, match=words) as caught:
        tools.run("resolve_compound", compound=text)
    assert caught.value.remedy


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_text_ends_in_readings_or_in_our_own_error(tools: Any, text: str) -> None:
    with contextlib.suppress(LabhandError):
        assert smiles_of(tools, text)


def test_the_supplement_agrees_with_itself(names: NameIndex) -> None:
    """Every row: check digit, formula, InChI and InChIKey follow from its SMILES."""
    import labhand.tools.molecules.name_index as module
    from labhand.tools.molecules._rdkit import formula_of, inchi_of, parse_smiles
    from labhand.tools.molecules.name_keys import cas_is_valid

    path = Path(module.__file__).with_name("supplement.tsv")
    rows = [x.split("\t") for x in path.read_text("utf-8").splitlines() if x[0] != "#"]
    assert len(rows) > 40
    for cas, formula, smiles, inchi, key, _, name, *_ in rows:
        mol = parse_smiles(smiles)
        assert cas_is_valid(cas), name
        assert formula_of(mol) == formula
        assert inchi_of(mol) == ((f"InChI=1S/{inchi}", key) if inchi else ("", ""))
        assert names.lookup(name)[0].inchi_key == key, name


def test_generic_names_lead_to_isomers(names: NameIndex) -> None:
    from labhand.tools.molecules._readings import generic_names

    for generic, isomers in generic_names().items():
        entries = [names.lookup(isomer) for isomer in isomers]
        assert all(entries), (generic, isomers)
        assert len({e[0].cas for e in entries}) == len(isomers), generic
        assert len({e[0].formula for e in entries}) == 1, generic
