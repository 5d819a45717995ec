"""The recogniser: what it finds, what it leaves alone, and that masking loses nothing."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labhand.agents.entities import EntityTable, Recogniser, mask, unmask
from labhand.testing.names import InMemoryNames

RECOGNISER = Recogniser(InMemoryNames(), words_of_asking=frozenset({"prefer"}))


def masked(text: str) -> str:
    return mask(text, RECOGNISER.recognise(text, EntityTable()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # names: spaces, hyphens, locants, stereo prefixes, possessives, case
        ("molar mass of sodium chloride", "molar mass of ⟨MOL1:name⟩"),
        ("melting point of 2,4,6-trinitrotoluene?", "melting point of ⟨MOL1:name⟩?"),
        ("density of N,N-dimethylformamide.", "density of ⟨MOL1:name⟩."),
        ("logP of (R)-limonene, please", "logP of ⟨MOL1:name⟩, please"),
        ("is vitamin C an acid", "is ⟨MOL1:name⟩ an acid"),
        ("what is caffeine's mass", "what is ⟨MOL1:name⟩'s mass"),
        ("tert-butyl alcohol", "⟨MOL1:name⟩"),
        ("HOW HEAVY IS CAFFEINE", "HOW HEAVY IS ⟨MOL1:name⟩"),
        ("α-pinene (bp)", "⟨MOL1:name⟩ (bp)"),
        ("aspirin/ibuprofen logp", "⟨MOL1:name⟩/⟨MOL2:name⟩ logp"),
        # systematic names, drugs and quoted names that no table has
        ("bp of 1-(4-hydroxyphenyl)ethanone", "bp of ⟨MOL1:name⟩"),
        ("draw methyl 2-hydroxybenzoate", "draw ⟨MOL1:name⟩"),
        ("Lipinski atorvastatin", "Lipinski ⟨MOL1:name⟩"),
        ("molar mass of zorblax", "molar mass of ⟨MOL1:name⟩"),
        ("mass of 'green goo'", "mass of '⟨MOL1:name⟩'"),
        # SMILES, formulas, identifiers
        ("is CC(C)Cc1ccc(cc1)C(C)C(=O)O drug-like?", "is ⟨MOL1:smiles⟩ drug-like?"),
        ("weight of [C-]#[O+]", "weight of ⟨MOL1:smiles⟩"),
        ("logP CCO", "logP ⟨MOL1:smiles⟩"),
        ("mass of CuSO₄·5H₂O", "mass of ⟨MOL1:formula⟩"),
        ("mass of Fe2(SO4)3 or NaCl", "mass of ⟨MOL1:formula⟩ or ⟨MOL2:formula⟩"),
        ("5 g Na given that", "⟨QTY1:mass⟩ ⟨MOL1:formula⟩ given that"),
        ("what is 58-08-2", "what is ⟨MOL1:cas⟩"),
        ("InChI=1S/CH4/h1H4 name?", "⟨MOL1:inchi⟩ name?"),
        ("RYYVLZVUVIJVGH-UHFFFAOYSA-N", "⟨MOL1:inchikey⟩"),
        # quantities and units
        ("convert 3.5 kcal/mol to kJ/mol", "convert ⟨QTY1:molar_energy⟩ to ⟨UNIT1:molar_energy⟩"),
        ("25 °C in K", "⟨QTY1:temperature⟩ in ⟨UNIT1:temperature⟩"),
        ("1.5×10^-3 mol NaCl", "⟨QTY1:substance⟩ ⟨MOL1:formula⟩"),
        ("ten grams of water", "⟨QTY1:mass⟩ of ⟨MOL1:name⟩"),
        ("760 torr -> bar", "⟨QTY1:pressure⟩ -> ⟨UNIT1:pressure⟩"),
        ("how many cm-1 are 0.5 eV?", "how many ⟨UNIT1:wavenumber⟩ are ⟨QTY1:energy⟩?"),
        ("−40 °F", "⟨QTY1:temperature⟩"),
        # expressions
        ("(3+4)/2 please", "⟨EXPR1⟩ please"),
        ("what is 5 g / 58.44 g/mol in mmol", "what is ⟨EXPR1⟩ in ⟨UNIT1:substance⟩"),
        ("exp(-50 kJ/mol / (R * 298.15 K))", "⟨EXPR1⟩"),
        # equations
        ("balance C3H8 + O2 -> CO2 + H2O now", "balance ⟨EQN1⟩ now"),
        ("2 H2 (g) + O2(g) → 2 H2O(l)", "⟨EQN1⟩"),
        ("Fe3+ + MnO4- + H+ = Fe2+ + Mn2+ + H2O", "⟨EQN1⟩"),
        ("2H2+O2=2H2O.", "⟨EQN1⟩."),
        ("propane + oxygen -> carbon dioxide + water: how?", "⟨EQN1⟩: how?"),
        # no digit is cut off at a decimal comma; thousands stay one number
        ("convert 3,5 kcal to kJ", "convert ⟨QTY1:energy⟩ to ⟨UNIT1:energy⟩"),
        ("1,500 g in kg", "⟨QTY1:mass⟩ in ⟨UNIT1:mass⟩"),
        ("calculate 3,5 * 2", "calculate ⟨EXPR1⟩"),
        ("bp of 1,4-dioxane", "bp of ⟨MOL1:name⟩"),
        # broken SMILES are SMILES, never formulas
        ("mass of C1CC", "mass of ⟨MOL1:smiles⟩"),
        ("mass of CN1C", "mass of ⟨MOL1:smiles⟩"),
        ("mass of c1ccccc", "mass of ⟨MOL1:smiles⟩"),
        ("mass of CC(=O", "mass of ⟨MOL1:smiles⟩"),
        ("mass of [Na]Cl", "mass of ⟨MOL1:smiles⟩"),
        ("mass of C2H5OH", "mass of ⟨MOL1:formula⟩"),
        ("mass of CCl4", "mass of ⟨MOL1:formula⟩"),
        ("mass of [Co(NH3)6]Cl3", "mass of ⟨MOL1:formula⟩"),
        # isotopes, unless it is a temperature
        ("mass of 13C", "mass of ⟨MOL1:name⟩"),
        ("235U", "⟨MOL1:name⟩"),
        ("density at 13C", "density at ⟨QTY1:temperature⟩"),
        # an element beside another molecule is a part of it
        ("is there nitrogen in aspirin?", "is there nitrogen in ⟨MOL1:name⟩?"),
        ("% carbon in caffeine", "% carbon in ⟨MOL1:name⟩"),
        # files
        ("the mean of @data/foo.csv, please", "the mean of ⟨FILE1⟩, please"),
        ("read table.csv", "read ⟨FILE1⟩"),
    ],
)
def test_finds(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I can lead as he is in no base gas mass",  # each a compound in some table
        "colorless green ideas sleep furiously",
        "asdf qwer",
        "🦄",
        "",
        "the rule of 5 and a 2D structure",
        "how many hydrogen bond donors",
        "how heavy is one mole",
        "NO, THAT IS IN USE",
        "is it going to rain",
        "how many rings does Saturn have",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("text", ["CO", "Co", "CN", "NO", "HF"])
def test_ambiguous_spellings_keep_every_reading(text: str) -> None:
    question = f"molar mass of {text}"
    (entity,) = RECOGNISER.recognise(question, EntityTable())
    assert entity.detail == "ambiguous"
    assert entity.surface == text
    assert len({r.meaning for r in entity.readings}) >= 2


def test_a_group_beside_a_molecule_is_no_molecule() -> None:
    assert masked("does aspirin contain a phenol?") == "does ⟨MOL1:name⟩ contain a phenol?"
    assert masked("molar mass of phenol") == "molar mass of ⟨MOL1:name⟩"


def test_words_of_asking_are_no_names() -> None:
    assert "prefer" in masked("does aspirin prefer fat")


def test_numbers_last_a_session() -> None:
    table = EntityTable()
    first = RECOGNISER.recognise("caffeine and aspirin", table)
    second = RECOGNISER.recognise("aspirin, then caffeine, then urea", table)
    assert [e.number for e in first] == [1, 2]
    assert [e.number for e in second] == [2, 1, 3]
    assert unmask({"compound": "⟨MOL2:name⟩", "n": [1, "⟨mol1⟩"]}, table) == {
        "compound": "aspirin",
        "n": [1, "caffeine"],
    }


def test_what_a_placeholder_means_is_not_searched_again() -> None:
    text = "what is ⟨MOL7:name⟩ and caffeine"
    table = EntityTable()
    found = RECOGNISER.recognise(text, table)
    assert unmask(mask(text, found), table) == text


_PIECES = st.sampled_from(
    ["caffeine", "CCO", "2,4-dinitrophenol", "3.5 kcal/mol", "to kJ", "->", "+", "H2O", "⟨MOL1⟩",
     "C3H8 + O2 -> CO2", "58-08-2", "25 °C", "sqrt(2)*3", "@a.csv", "of", "Ünïcode", "5-10 g", "(",
     ")", "'x'", "InChI=1S/CH4/h1H4", "[Na+].[Cl-]", "1e400", "½", "²", "١٢"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=14).map(" ".join)))
def test_masking_loses_nothing(text: str) -> None:
    table = EntityTable()
    entities = RECOGNISER.recognise(text, table)
    assert unmask(mask(text, entities), table) == text
    position = 0
    for entity in entities:
        assert position <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.surface
        position = entity.end


@pytest.mark.parametrize(
    "piece", ["caffeine and 3 g of H2O -> CO2 ", "(", "C1CC", "1", "2 + ", "a=b "]
)
def test_a_megabyte_takes_less_than_a_second(piece: str) -> None:
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    assert RECOGNISER.truncates(text)
    start = time.process_time()
    RECOGNISER.recognise(text, EntityTable())
    assert time.process_time() - start < 1.0


def test_imports_no_engine() -> None:
    code = (
        "import sys; from labhand.agents.entities import Recogniser, EntityTable;"
        "Recogniser().recognise('boil 3 g of CCO at 25 °C in K', EntityTable());"
        "print([m for m in ('rdkit','chemicals','pandas','pint','numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
