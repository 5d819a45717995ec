"""Masses and compositions against a second program, and the laws they obey."""

from __future__ import annotations

import random
from typing import Any

import pytest

from labhand.tools.contract import NotApplicableError, ToolInputError
from labhand.tools.molecules._formula import SYMBOLS, hill, parse_formula, recased

COMPOUNDS = """C CC CCO O N S OS(=O)(=O)O CC(=O)O c1ccccc1 Cc1ccccc1 c1ccccc1[N+](=O)[O-] CC(C)=O
O=Cc1ccccc1 CN1C=NC2=C1C(=O)N(C(=O)N2C)C CC(=O)Oc1ccccc1C(=O)O CC(C)Cc1ccc(cc1)C(C)C(=O)O
ClC(Cl)Cl BrCCBr FC(F)(F)c1ccccc1 CI N#N O=O [Na+].[Cl-] [K+].[I-] C[N+](C)(C)C CCOP(=O)(OCC)OCC
CS(C)=O CSSC c1ccsc1 c1ccoc1 c1cc[nH]c1 c1ccncc1 C1CCCCC1 C#N CC#N C=O OC=O NC(N)=O N[C@@H](C)C(=O)O
OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O
C1=CC=CC=CC=C1 CCCCCCCCCCCCCCCC [SiH4] C[Si](C)(C)C OB(O)c1ccccc1
Cc1c([N+](=O)[O-])cc([N+](=O)[O-])cc1[N+](=O)[O-] O=C1CCC(=O)N1Br CCN(CC)CC C1CO1 C1CCOC1 ClCCl
c1ccc2ccccc2c1 c1ccc(P(c2ccccc2)c2ccccc2)cc1 O=C(O)CC(O)(CC(=O)O)C(=O)O CC(O)C(=O)O OO
[O-][n+]1ccccc1
N=[N+]=[N-] CCCCCCCC/C=C\\CCCCCCCC(=O)O""".split()


@pytest.mark.parametrize("smiles", COMPOUNDS)
def test_masses_agree_with_molmass(tools: Any, smiles: str) -> None:
    import molmass

    formula = tools.value("molecular_formula", "formula", smiles=smiles)
    parsed = parse_formula(formula)
    assert parsed is not None
    other = molmass.Formula(hill(parsed[0]))
    average = tools.value("molar_mass", smiles=smiles)
    exact = tools.value("monoisotopic_mass", smiles=smiles)
    assert average == pytest.approx(other.mass, rel=2e-4)
    assert exact == pytest.approx(other.monoisotopic_mass, abs=1e-3)
    assert hill(*parsed) == formula


def test_there_are_enough_compounds() -> None:
    assert len(set(COMPOUNDS)) >= 50


def test_the_two_masses_are_never_confused(tools: Any) -> None:
    bromine = "BrBr"
    assert tools.value("molar_mass", smiles=bromine) == pytest.approx(159.808, abs=0.01)
    assert tools.value("monoisotopic_mass", smiles=bromine) == pytest.approx(157.8367, abs=1e-3)
    average = tools.run("molar_mass", smiles=bromine).quantities[0]
    exact = tools.run("monoisotopic_mass", smiles=bromine).quantities[0]
    assert (average.property, average.unit) == ("molar_mass", "g/mol")
    assert (exact.property, exact.unit) == ("monoisotopic_mass", "Da")


def test_literature_values(tools: Any) -> None:
    caffeine = "CN1C=NC2=C1C(=O)N(C(=O)N2C)C"
    assert round(tools.value("molar_mass", smiles=caffeine), 2) == 194.19
    assert round(tools.value("monoisotopic_mass", smiles=caffeine), 4) == 194.0804


def test_heavy_water_is_heavier(tools: Any) -> None:
    heavy = tools.run("molar_mass", smiles="[2H]O[2H]")
    assert heavy.quantities[0].value == pytest.approx(20.028, abs=0.002)
    assert heavy.quantities[0].entity == "[2H]O[2H]"
    assert any("isotope" in w for w in heavy.warnings)
    assert tools.value("molecular_formula", "formula", smiles="[2H]O[2H]") == "D2O"
    labelled = tools.value("monoisotopic_mass", smiles="[13CH4]")
    assert labelled - tools.value("monoisotopic_mass", smiles="C") == pytest.approx(
        1.003355, abs=1e-5
    )


def test_an_ion_weighs_its_electrons(tools: Any) -> None:
    proton = tools.value("monoisotopic_mass", smiles="[H+]")
    assert proton == pytest.approx(1.007276, abs=1e-6)
    pair = sum(tools.value("monoisotopic_mass", smiles=s) for s in ("[Na+]", "[Cl-]"))
    assert pair == pytest.approx(tools.value("monoisotopic_mass", smiles="[Na+].[Cl-]"), abs=1e-9)


def test_enantiomers_weigh_the_same_and_stay_apart(tools: Any) -> None:
    left, right = (
        tools.run("molar_mass", smiles=s).quantities[0] for s in ("C[C@H](N)O", "C[C@@H](N)O")
    )
    assert left.value == right.value
    assert left.entity != right.entity


def test_salts_are_weighed_whole(tools: Any) -> None:
    salt = tools.run("molar_mass", smiles="CC(=O)[O-].[Na+]")
    assert salt.quantities[0].value == pytest.approx(82.034, abs=0.01)
    assert any("2 components" in w for w in salt.warnings)


@pytest.mark.parametrize(
    "tool", ["molar_mass", "monoisotopic_mass", "molecular_formula", "descriptors", "drug_likeness"]
)
@pytest.mark.parametrize(
    "smiles",
    [
        "CC(C)Cc1ccc(cc1)[C@H](C)C(=O)O",
        "OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O",
        "CC(=O)[O-].[Na+]",
    ],
)
def test_spelling_of_the_smiles_does_not_matter(tools: Any, tool: str, smiles: str) -> None:
    from rdkit import Chem

    random.seed(7)
    mol = Chem.MolFromSmiles(smiles)
    expected = [(q.property, q.entity, q.value) for q in tools.run(tool, smiles=smiles).quantities]
    for _ in range(5):
        other = Chem.MolToSmiles(mol, doRandom=True)
        found = tools.run(tool, smiles=other).quantities
        assert [(q.property, q.entity) for q in found] == [e[:2] for e in expected]
        for quantity, (_, _, value) in zip(found, expected, strict=True):
            same = pytest.approx(value) if isinstance(value, float) else value
            assert quantity.value == same, quantity.property


@pytest.mark.parametrize(
    ("smiles", "degree"),
    [
        ("C", 0),
        ("C=C", 1),
        ("C#C", 2),
        ("c1ccccc1", 4),
        ("c1ccccc1[N+](=O)[O-]", 5),
        ("CC#N", 2),
        ("ClC=C", 1),
        ("CC(=O)[O-]", 1),
        ("C[N+](C)(C)C", 0),
        ("O=C=O", 2),
        ("C1CCCCC1.C=C", 2),
    ],
)
def test_degree_of_unsaturation(tools: Any, smiles: str, degree: int) -> None:
    assert tools.value("molecular_formula", "degree_of_unsaturation", smiles=smiles) == degree


@pytest.mark.parametrize("smiles", ["[CH3]", "[Na+].[Cl-]", "FS(F)(F)(F)(F)F", "[Fe]"])
def test_no_degree_where_it_has_no_meaning(tools: Any, smiles: str) -> None:
    found = tools.run("molecular_formula", smiles=smiles)
    assert not [q for q in found.quantities if q.property == "degree_of_unsaturation"]
    assert any("left out" in w for w in found.warnings)


@pytest.mark.parametrize("smiles", COMPOUNDS[::7])
def test_mass_percents_add_up(tools: Any, smiles: str) -> None:
    assert sum(tools.values("molecular_formula", "mass_percent", smiles=smiles)) == pytest.approx(
        100
    )


def test_chlorine_gives_three_to_one(tools: Any) -> None:
    masses = tools.value("isotope_pattern", "isotope_masses", smiles="Clc1ccccc1")
    heights = tools.value("isotope_pattern", "isotope_abundances", smiles="Clc1ccccc1")
    assert masses == sorted(masses)
    assert max(heights) == 100
    assert heights[2] == pytest.approx(32.2, abs=1)
    assert masses[2] - masses[0] == pytest.approx(1.997, abs=0.002)


def test_the_tallest_peak_need_not_be_the_monoisotopic_one(tools: Any) -> None:
    perbrominated = "BrC(Br)(Br)Br"
    tallest = tools.value("isotope_pattern", "most_abundant_mass", smiles=perbrominated)
    assert tallest > tools.value("monoisotopic_mass", smiles=perbrominated) + 3


def test_an_open_place_alone_has_no_pattern(tools: Any) -> None:
    with pytest.raises(NotApplicableError):
        tools.run("isotope_pattern", smiles="*")


@pytest.mark.parametrize(
    ("smiles", "words"),
    [
        ("", "smiles"),
        (" ", "empty"),
        ("C1CC", "ring closure 1"),
        ("not a smiles", "blanks"),
        ("C(C)(C)(C)(C)C", "5 bonds"),
        ("C[N", "square bracket"),
        ("CC(", "round brackets"),
        ("c1cccn1", "Kekulé"),
        ("caffeine", "square brackets"),
        ("CCO>>CC=O", "reaction"),
        ("🧪", "does not occur"),
        ("C" * 10_000, "2000"),
    ],
)
@pytest.mark.parametrize(
    "tool", ["molar_mass", "descriptors", "functional_groups", "depict_molecule"]
)
def test_bad_smiles(tools: Any, tool: str, smiles: str, words: str) -> None:
    with pytest.raises(ToolInputError, match=words) as caught:
        tools.run(tool, smiles=smiles)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("CuSO4·5H2O", "CuH10O9S"),
        ("K4[Fe(CN)6]", "C6FeK4N6"),
        ("SO42-", "O4S-2"),
        ("SO4--", "O4S-2"),
        ("NH4+", "H4N+"),
        ("Fe3+", "Fe+3"),
        ("H₂O", "H2O"),
        ("(NH4)2SO4", "H8N2O4S"),
        ("D2O", "H2O"),
    ],
)
def test_formulas_as_they_are_written(text: str, formula: str) -> None:
    parsed = parse_formula(text)
    assert parsed is not None
    assert hill(*parsed) == formula


@pytest.mark.parametrize(
    "text", ["", "caffeine", "C1CC1", "CC(=O)O", "Xx", "H0", "(", "()2", "2", "C99999999"]
)
def test_what_is_no_formula(text: str) -> None:
    assert parse_formula(text) is None


def test_symbols_and_small_letters() -> None:
    assert len(SYMBOLS) == 118 + 2
    assert "NaCl" in recased("nacl")
    assert set(recased("co")) == {"Co", "CO"}
