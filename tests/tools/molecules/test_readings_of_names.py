"""What a chemist means by a name: one compound where there is one, all of them where not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import labhand.tools.molecules.name_index as name_index
from labhand.tools.contract import LabhandError, NotApplicableError, NotFoundError, ToolInputError
from labhand.tools.molecules._formula import parse_formula

ROWS = [
    line.split("\t")
    for line in Path(name_index.__file__).with_name("supplement.tsv").read_text("utf-8").split("\n")
    if line and not line.startswith("#")
]


def smiles_of(tools: Any, text: str) -> list[str]:
    return tools.values("resolve_compound", "smiles", compound=text)


@pytest.mark.parametrize(
    "name",
    "methanol glucose galactose maltose fructose sucrose paracetamol ASPIRIN acetone toluene "
    "DMSO DMF THF TNT LSD GABA EDTA cafeine Koffein Benzol Natriumchlorid tylenol urea "
    "hexane ether cis-2-octene lactose metformin ATP glycine cholesterol".split(),
)
def test_one_name_one_compound(tools: Any, name: str) -> None:
    assert len(smiles_of(tools, name)) == 1


def test_the_ring_forms_of_glucose_are_noted_once(tools: Any) -> None:
    (note,) = tools.run("resolve_compound", compound="glucose").warnings
    assert "D-glucose" in note
    assert "same formula" in note


@pytest.mark.parametrize(
    ("name", "number"),
    [("alanine", 3), ("ibuprofen", 2), ("butanol", 4), ("xylene", 3), ("stilbene", 3), ("CO", 2)],
)
def test_true_ambiguities_stay(tools: Any, name: str, number: int) -> None:
    assert len(smiles_of(tools, name)) == number


@pytest.mark.parametrize(
    ("name", "smiles"),
    [
        ("(R)-limonene", "CC1=CC[C@H](C(C)=C)CC1"),
        ("L-tartaric acid", "OC(=O)[C@H](O)[C@@H](O)C(=O)O"),
        ("(2R,3R)-tartaric acid", "OC(=O)[C@H](O)[C@@H](O)C(=O)O"),
        ("meso-tartaric acid", "OC(=O)[C@@H](O)[C@@H](O)C(=O)O"),
        ("(E)-stilbene", "c1ccccc1/C=C/c1ccccc1"),
        ("cis-stilbene", "c1ccccc1/C=C\\c1ccccc1"),
        ("trans-2-butene", "C/C=C/C"),
        ("L-glucose", "O=C[C@@H](O)[C@H](O)[C@@H](O)[C@@H](O)CO"),
        ("beta-D-glucose", "OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O"),
        ("D-mannose", "O=C[C@@H](O)[C@@H](O)[C@H](O)[C@H](O)CO"),
        ("D-ribose", "O=C[C@H](O)[C@H](O)[C@H](O)CO"),
        ("(1R,2S,5R)-menthol", "CC(C)[C@@H]1CC[C@@H](C)C[C@H]1O"),
        ("L-menthol", "CC(C)[C@@H]1CC[C@@H](C)C[C@H]1O"),
        ("hydroxyl radical", "[OH]"),
        ("Salzsäure", "Cl"),
        ("heavy water", "[2H]O[2H]"),
        ("D2O", "[2H]O[2H]"),
        ("CDCl3", "[2H]C(Cl)(Cl)Cl"),
        ("CD3OD", "[2H]OC([2H])([2H])[2H]"),
        ("DMSO-d6", "[2H]C([2H])([2H])S(=O)C([2H])([2H])[2H]"),
        ("13C", "[13C]"),
        ("carbon-13", "[13C]"),
        ("uranium-235", "[235U]"),
        ("sodium acetate", "CC(=O)[O-].[Na+]"),
        ("sodium ibuprofen", "CC(C)Cc1ccc(cc1)C(C)C(=O)[O-].[Na+]"),
        ("CuSO4·5H2O", "O.O.O.O.O.[Cu+2].[O-]S(=O)(=O)[O-]"),
        ("ferrocene", "[Fe+2].c1cc[cH-]c1.c1cc[cH-]c1"),
        ("TEMPO", "CC1(C)CCCC(C)(C)N1[O]"),
        ("methyl radical", "[CH3]"),
        ("gold", "[Au]"),
        ("sulfate", "[O-]S(=O)(=O)[O-]"),
        ("Essigsäure", "CC(=O)O"),
        ("caféine", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"),
        ("glycine", "NCC(=O)O"),
        ("aspartame", "COC(=O)[C@H](Cc1ccccc1)NC(=O)[C@@H](N)CC(=O)O"),
    ],
)
def test_first_reading(tools: Any, name: str, smiles: str) -> None:
    from rdkit.Chem import CanonSmiles

    assert smiles_of(tools, name)[0] == CanonSmiles(smiles)


def test_cisplatin_is_not_transplatin(tools: Any) -> None:
    cis, trans = smiles_of(tools, "cisplatin"), smiles_of(tools, "transplatin")
    assert cis != trans
    for (smiles,) in (cis, trans):
        assert tools.value("molar_mass", smiles=smiles) == pytest.approx(300.05, abs=0.01)
    (carboplatin,) = smiles_of(tools, "carboplatin")
    assert tools.value("molar_mass", smiles=carboplatin) == pytest.approx(371.25, abs=0.01)


@pytest.mark.parametrize("name", ["D-ribose", "L-glucose", "(1R,2S,5R)-menthol", "L-fructose"])
def test_a_named_stereo_form_is_one_compound(tools: Any, name: str) -> None:
    found = tools.run("resolve_compound", compound=name)
    assert [q.value for q in found.quantities if q.property == "undefined_stereo"] == [0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("polystyrene", "polymer"),
        ("poly(vinyl chloride)", "polymer"),
        ("PVC", "polymer"),
        ("polyacrylic acid", "polymer"),
        ("gasoline", "mixture"),
        ("PCB", "mixture"),
        ("air", "mixture"),
        ("insulin", "macromolecule"),
        ("DNA", "macromolecule"),
    ],
)
def test_what_is_no_compound_is_refused(tools: Any, name: str, words: str) -> None:
    with pytest.raises(NotApplicableError, match=words) as caught:
        tools.run("resolve_compound", compound=name)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["polythiazide", "ethylene", "styrene"])
def test_a_name_that_begins_with_poly_may_be_a_compound(tools: Any, name: str) -> None:
    assert smiles_of(tools, name)


@pytest.mark.parametrize("text", ["C1CC", "C2CC", "C1CCCC", "C2CCO", "c1ccccc"])
def test_an_unclosed_ring_is_no_formula(tools: Any, text: str) -> None:
    assert parse_formula(text) is None
    with pytest.raises(ToolInputError, match="ring closure"):
        tools.run("resolve_compound", compound=text)


@given(st.sampled_from(["C", "N", "O", "Cl", "Si"]), st.integers(1, 9), st.integers(1, 6))
def test_no_chain_with_an_open_ring_is_a_formula(symbol: str, ring: int, length: int) -> None:
    assert parse_formula(f"{symbol}{ring}" + symbol * length) is None


@pytest.mark.parametrize("text", ["CH3CH2CH3", "C6H5CH3", "HOOCCOOH", "N2O4", "Fe2(SO4)3"])
def test_condensed_formulas_stay_formulas(text: str) -> None:
    assert parse_formula(text) is not None


def test_an_unknown_formula_is_not_called_a_smiles(tools: Any) -> None:
    with pytest.raises(NotFoundError):
        tools.run("resolve_compound", compound="B9H77")


def test_isotopes_are_told_from_their_element() -> None:
    assert parse_formula("CDCl3", isotopes=True) != parse_formula("CHCl3", isotopes=True)
    assert parse_formula("CDCl3") == parse_formula("CHCl3")


@pytest.mark.parametrize("smiles", ["CN(C)C(=N)N=C(N)N", "CC(C)N=C=NC", "NC(=N)N", "O=P(O)(OC)OCC"])
def test_tautomers_are_no_stereo(tools: Any, smiles: str) -> None:
    assert tools.value("resolve_compound", "undefined_stereo", compound=smiles) == 0


@pytest.mark.parametrize("smiles", ["CC=NO", "CS(=O)CC", "CC=CC", "CP(=O)(OC)OCC"])
def test_true_stereo_stays_open(tools: Any, smiles: str) -> None:
    assert tools.value("resolve_compound", "undefined_stereo", compound=smiles) == 1


def test_forms_of_an_open_anomer_keep_the_other_centres(tools: Any) -> None:
    from rdkit import Chem

    first, *forms = smiles_of(tools, "D-glucose")
    assert forms
    for form in forms:
        mol = Chem.MolFromSmiles(form)
        assert mol.HasSubstructMatch(Chem.MolFromSmiles(first), useChirality=True), form


def test_a_structure_without_a_name_says_so(tools: Any) -> None:
    found = tools.run("resolve_compound", compound="CCCCCCCCCCCC(C)(F)N")
    assert any("no table here has a name" in w for w in found.warnings)
    assert "name" not in {q.property for q in found.quantities}


def test_systematic_name(tools: Any) -> None:
    wanted = "1,3,7-trimethylpurine-2,6-dione"
    assert tools.value("resolve_compound", "systematic_name", compound="caffeine") == wanted


@pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed")
def test_the_supplement_is_what_opsin_reads() -> None:
    """One run of OPSIN over every systematic name: the same InChIKey, stereo included."""
    from labhand.tools.molecules._rdkit import inchi_of, parse_smiles
    from labhand.tools.molecules._systematic import _jar

    jar = _jar()
    assert jar is not None
    named = [row for row in ROWS if row[5]]
    assert len(named) > 50
    done = subprocess.run(
        ["java", "-jar", str(jar), "-osmi", "-r"],
        input="\n".join(row[5] for row in named) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    read = done.stdout.rstrip("\n").split("\n")
    assert len(read) == len(named)
    for row, smiles in zip(named, read, strict=True):
        assert smiles, f"OPSIN cannot read {row[5]}"
        assert inchi_of(parse_smiles(smiles))[1] == row[4], row[6]


def test_the_elements_of_the_supplement_are_those_of_the_periodic_table() -> None:
    from chemicals.elements import periodic_table

    unnamed = [row for row in ROWS if not row[5] and "platin" not in row[6]]
    assert len(unnamed) == 19
    for row in unnamed:
        element = periodic_table[row[1]]
        assert (element.CAS, element.InChI_key) == (row[0], row[4]), row[6]


@pytest.mark.parametrize("text", ["58-08-3", "C1CC", "polystyrene", "B9H77", "cafffeinne"])
def test_every_refusal_has_a_remedy(tools: Any, text: str) -> None:
    with pytest.raises(LabhandError) as caught:
        tools.run("resolve_compound", compound=text)
    assert caught.value.remedy
