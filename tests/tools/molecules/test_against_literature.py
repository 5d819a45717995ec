"""Values of known compounds: literature figures, and a second toolchain (molmass)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from labhand.tools.contract import catalogue
from labhand.tools.molecules.boiled_egg import WHITE, YOLK, Ellipse

#: Name, molar mass (g/mol, Merck Index or CRC Handbook), monoisotopic mass (Da, PubChem).
MASSES = [
    ("water", 18.015, 18.0106),
    ("ammonia", 17.031, 17.0265),
    ("carbon dioxide", 44.009, 43.9898),
    ("sulfuric acid", 98.08, 97.9674),
    ("sodium chloride", 58.44, 57.9586),
    ("sodium hydroxide", 40.00, 39.9925),
    ("sodium acetate", 82.03, 82.0031),
    ("copper sulfate pentahydrate", 249.68, 248.9342),
    ("potassium permanganate", 158.03, 157.8814),
    ("calcium carbonate", 100.09, 99.9473),
    ("silver nitrate", 169.87, 168.8929),
    ("heavy water", 20.03, 20.0231),
    ("chloroform-d", 120.38, 118.9207),
    ("methanol", 32.042, 32.0262),
    ("ethanol", 46.069, 46.0419),
    ("acetone", 58.08, 58.0419),
    ("benzene", 78.11, 78.0470),
    ("toluene", 92.14, 92.0626),
    ("glucose", 180.16, 180.0634),
    ("sucrose", 342.30, 342.1162),
    ("caffeine", 194.19, 194.0804),
    ("aspirin", 180.16, 180.0423),
    ("paracetamol", 151.16, 151.0633),
    ("ibuprofen", 206.28, 206.1307),
    ("morphine", 285.34, 285.1365),
    ("cholesterol", 386.66, 386.3549),
    ("glycine", 75.07, 75.0320),
    ("glutathione", 307.32, 307.0838),
    ("aspartame", 294.30, 294.1216),
    ("ferrocene", 186.03, 186.0132),
    ("trinitrotoluene", 227.13, 227.0178),
    ("LSD", 323.43, 323.1998),
    ("penicillin g", 334.39, 334.0987),
    ("dimethyl sulfoxide", 78.13, 78.0139),
    ("EDTA", 292.24, 292.0907),
]


@pytest.mark.parametrize(("name", "average", "exact"), MASSES, ids=[m[0] for m in MASSES])
def test_masses(tools: Any, name: str, average: float, exact: float) -> None:
    smiles = tools.value("resolve_compound", "smiles", compound=name)
    assert tools.value("molar_mass", smiles=smiles) == pytest.approx(average, abs=0.02)
    assert tools.value("monoisotopic_mass", smiles=smiles) == pytest.approx(exact, abs=2e-4)


@pytest.mark.parametrize("name", [m[0] for m in MASSES if "-d" not in m[0] and m[0][:5] != "heavy"])
def test_masses_by_a_second_toolchain(tools: Any, name: str) -> None:
    import molmass

    found = tools.run("resolve_compound", compound=name)
    first = {q.property: q.value for q in reversed(found.quantities)}
    other = molmass.Formula(first["formula"])
    assert tools.value("molar_mass", smiles=first["smiles"]) == pytest.approx(other.mass, rel=5e-4)
    exact = tools.value("monoisotopic_mass", smiles=first["smiles"])
    assert exact == pytest.approx(other.monoisotopic_mass, abs=1e-3)


@pytest.mark.parametrize(
    ("smiles", "formula", "empirical"),
    [
        ("O=C[C@H](O)[C@@H](O)[C@H](O)[C@H](O)CO", "C6H12O6", "CH2O"),
        ("c1ccccc1", "C6H6", "CH"),
        ("OO", "H2O2", "HO"),
        ("O", "H2O", "H2O"),
        ("[BH3].[BH3]", "B2H6", "BH3"),
        ("[O-]C(=O)C(=O)[O-]", "C2O4-2", "CO2-"),
        ("Cl", "ClH", "ClH"),
        ("[2H]O[2H]", "D2O", "D2O"),
        ("[13CH4]", "[13C]H4", "[13C]H4"),
        ("[2H]C(Cl)(Cl)Cl", "CDCl3", "CDCl3"),
        ("CC(=O)[O-].[Na+]", "C2H3NaO2", "C2H3NaO2"),
    ],
)
def test_molecular_and_empirical_formula(
    tools: Any, smiles: str, formula: str, empirical: str
) -> None:
    assert tools.value("molecular_formula", "formula", smiles=smiles) == formula
    assert tools.value("molecular_formula", "empirical_formula", smiles=smiles) == empirical


def test_the_empirical_formula_divides_the_molecular_one(tools: Any) -> None:
    from labhand.tools.molecules._formula import parse_formula

    for smiles in ("OCC(O)C=O", "CC(=O)O", "c1ccc2ccccc2c1", "N1=NN=NN=N1", "CCO"):
        whole = parse_formula(tools.value("molecular_formula", "formula", smiles=smiles))
        part = parse_formula(tools.value("molecular_formula", "empirical_formula", smiles=smiles))
        assert whole is not None
        assert part is not None
        assert {k: v / part[0][k] for k, v in whole[0].items()}.keys() == part[0].keys()
        assert len({v / part[0][k] for k, v in whole[0].items()}) == 1
        assert math.gcd(*part[0].values()) == 1


#: TPSA (Ertl 2000, as PubChem prints it) and, where it is well known, donors and acceptors.
TPSA = [
    ("CC(=O)Oc1ccccc1C(=O)O", 63.6),
    ("CC(=O)Nc1ccc(O)cc1", 49.3),
    ("CC(C)Cc1ccc(cc1)C(C)C(=O)O", 37.3),
    ("CCO", 20.2),
    ("CC(C)=O", 17.1),
    ("c1ccncc1", 12.9),
    ("NC(N)=O", 69.1),
    ("NCC(=O)O", 63.3),
    ("OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", 110.4),
    ("CN1CCC[C@H]1c1cccnc1", 16.1),
]


@pytest.mark.parametrize(("smiles", "tpsa"), TPSA)
def test_polar_surface(tools: Any, smiles: str, tpsa: float) -> None:
    (found,) = tools.values("descriptors", "tpsa", smiles=smiles, which=["tpsa"])
    assert found == pytest.approx(tpsa, abs=0.1)


def _extent(ellipse: Ellipse) -> tuple[float, float, float, float]:
    """Least and greatest TPSA, least and greatest log P, on the rim."""
    turn = math.radians(ellipse.angle)
    a, b = ellipse.width / 2, ellipse.height / 2
    x = math.hypot(a * math.cos(turn), b * math.sin(turn))
    y = math.hypot(a * math.sin(turn), b * math.cos(turn))
    return ellipse.x - x, ellipse.x + x, ellipse.y - y, ellipse.y + y


def test_the_egg_has_the_extent_that_the_paper_states() -> None:
    """White: TPSA below 142, log P -2.3 to 6.8; yolk: TPSA below 79, log P 0.4 to 6.0."""
    assert _extent(WHITE) == pytest.approx((0, 142, -2.3, 6.8), abs=0.1)
    assert _extent(YOLK)[1:] == pytest.approx((79, 0.4, 6.0), abs=0.2)


def test_the_egg_leans_to_the_right() -> None:
    """The far end of the white, at high polar surface, lies lower than the near end."""
    assert WHITE.contains(135, 1.0)
    assert not WHITE.contains(135, 4.2)
    assert WHITE.contains(7, 3.6)
    assert not WHITE.contains(7, 0.4)


#: Name, SMILES, gut, brain: as SwissADME shows them, in line with what is known of the drugs.
EGG = [
    ("aspirin", "CC(=O)Oc1ccccc1C(=O)O", True, True),
    ("paracetamol", "CC(=O)Nc1ccc(O)cc1", True, True),
    ("nicotine", "CN1CCC[C@H]1c1cccnc1", True, True),
    ("morphine", "CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5", True, True),
    ("warfarin", "CC(=O)CC(c1ccccc1)c1c(O)c2ccccc2oc1=O", True, True),
    ("amitriptyline", "CN(C)CCC=C1c2ccccc2CCc2ccccc21", True, True),
    ("haloperidol", "O=C(CCCN1CCC(O)(c2ccc(Cl)cc2)CC1)c1ccc(F)cc1", True, True),
    ("quercetin", "O=c1c(O)c(-c2ccc(O)c(O)c2)oc2cc(O)cc(O)c12", True, False),
    ("cimetidine", "CN=C(NCCSCc1[nH]cnc1C)NC#N", True, False),
    ("ciprofloxacin", "O=C(O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O", True, False),
    ("doxorubicin", "COc1cccc2c1C(=O)c1c(O)c3c(c(O)c1C2=O)CC(O)(C(=O)CO)CC3OC1CC(N)C(O)C(C)O1",
     False, False),
    ("glucose", "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", False, False),
    ("acarbose", "CC1OC(OC2C(CO)OC(OC3C(CO)OC(O)C(O)C3O)C(O)C2O)C(O)C(O)C1NC1C=C(CO)C(O)C(O)C1O",
     False, False),
]  # fmt: skip


@pytest.mark.parametrize(("smiles", "gut", "brain"), [e[1:] for e in EGG], ids=[e[0] for e in EGG])
def test_where_known_drugs_go(tools: Any, smiles: str, gut: bool, brain: bool) -> None:
    found = {q.property: q.value for q in tools.run("boiled_egg", smiles=smiles).quantities}
    assert (found["gastrointestinal_absorption"], found["blood_brain_barrier"]) == (gut, brain)


def test_counts_read_well_in_a_sentence() -> None:
    """'The {label} of X is 2' must be English for every count."""
    for spec in catalogue():
        if spec.minimum == 0 and spec.description.startswith(("N, O", "acceptor", "atoms other")):
            assert spec.label.startswith("number of"), spec.name
    for name in ("rotatable_bonds", "rings", "stereocentres", "group_count", "undefined_stereo"):
        assert catalogue()[name].label.startswith("number of"), name


def test_isotope_masses_are_printed_to_four_decimals(tools: Any) -> None:
    masses, abundances, _ = tools.run("isotope_pattern", smiles="BrCBr").quantities
    printed = [catalogue()["isotope_masses"].format_number(m) for m in masses.value]
    assert printed[0] == "171.8523"  # 12C H2 79Br2
    assert all(len(p.split(".")[1]) == 4 for p in printed)
    assert catalogue()["isotope_abundances"].format_number(abundances.value[0]) == "51.40"


@pytest.mark.parametrize("rule", ["lipinski", "veber", "ghose", "qed", "pains", "brenk"])
def test_one_rule_has_no_two_readings(tools: Any, rule: str) -> None:
    one = tools.run("drug_likeness", smiles="CC(=O)Oc1ccccc1C(=O)O", rule=rule)
    every = tools.run("drug_likeness", smiles="CC(=O)Oc1ccccc1C(=O)O")
    assert not any("two readings" in w for w in one.warnings)
    assert any("two readings" in w for w in every.warnings)
    values = {q.property: q.value for q in every.quantities}
    assert one.quantities
    assert len(one.quantities) < len(every.quantities)
    assert all(values[q.property] == q.value for q in one.quantities)
