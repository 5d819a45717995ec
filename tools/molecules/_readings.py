"""Every way to read the text of a compound: as a name, number, SMILES, InChI or formula."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..contract.errors import NotFoundError, ToolInputError
from ._formula import hill, parse_formula, recased
from ._rdkit import amide_form, canonical, formula_of, inchi_of, shortened, try_smiles
from .name_index import NameEntry, NameIndex
from .name_keys import CAS, INCHI_KEY, cas_is_valid, normalise, tidy

if TYPE_CHECKING:
    from rdkit.Chem import Mol

MOST_READINGS = 8
MOST_ISOMERS = 5
_CAS_PREFIX = re.compile(r"(?:cas|cas[ -]?(?:no|nr|rn|number)\.?)[ :#]*(?=\d)", re.IGNORECASE)
_ONLY_SMILES = re.compile(r"[=#@/\\]|\[[^\]]*\]|\)\(|^[^()]*\d[a-z]")
_CONFIGURATION = re.compile(r"(?<![a-z])(?:d|l|dl)-(?=[a-z])")
#: Element symbols that are SMILES of hydrides: 'C' is taken for methane, then for carbon.
_BARE_ATOMS = frozenset(("B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I"))
#: A synonym this far up in a table's list is in real use, beside another compound's own name.
_EARLY = 20


@dataclass(frozen=True)
class Reading:
    """One way to understand a text as a compound.

    Attributes:
        how: what the text was taken for (``name``, ``SMILES``, ``formula``, …).
        mol: the structure (RDKit). source: table and row, or program.
        name, cas: as the table has them; empty where there is none.
        notes: what a careful reader must know of this reading.
    """

    how: str
    mol: Mol
    source: str
    name: str = ""
    cas: str = ""
    notes: tuple[str, ...] = ()
    inchi: str = field(default="", compare=False)
    inchi_key: str = field(default="", compare=False)

    @functools.cached_property
    def smiles(self) -> str:
        """Canonical isomeric SMILES."""
        return canonical(self.mol)

    @property
    def shown(self) -> str:
        """The reading in words."""
        return self.name or f"{self.smiles} ({formula_of(self.mol)})"


def readings_of(text: str, index: NameIndex) -> list[Reading]:
    """Every reading of a text, the likeliest first; empty when there is none.

    Raises:
        ToolInputError: it is an InChI or a CAS number with an error in it.
        NotFoundError: it is a well-formed CAS number or InChIKey that no table has.
    """
    plain = tidy(text)
    number = _CAS_PREFIX.sub("", plain, count=1)
    if plain.startswith("InChI="):
        return [_from_inchi(plain, index)]
    if INCHI_KEY.fullmatch(plain):
        return _from_inchi_key(plain, index)
    if CAS.fullmatch(number):
        return _from_cas(number, index)
    found = [*_ranked(plain, index)]
    return _distinct(found)[:MOST_READINGS]


def _ranked(text: str, index: NameIndex) -> Iterator[Reading]:
    """Names, formulas and SMILES in the order in which a chemist would mean them."""
    entries = index.lookup(text)
    smiles = _from_smiles(text, index)
    known_smiles = smiles is not None and bool(smiles.name)
    if smiles is not None and (_ONLY_SMILES.search(text) or text in _BARE_ATOMS):
        yield smiles
    generic = generic_names().get(normalise(text), ())
    for name in generic:
        yield from _from_entries(index.lookup(name)[:1], "name")
    own = [e for e in entries if e.match == "primary"]
    # 'pentane' is also what a table calls the pentyl radical systematically.
    own = [e for e in own if normalise(e.name) == normalise(text)] or own
    yield from _from_entries(own, "name")
    synonyms = [e for e in entries if e.match == "synonym"]
    if own:  # beside the compound of this name, only forms of it: ring and chain, L and D
        formulas_of_own = {e.formula for e in own}
        synonyms = [e for e in synonyms if e.position < _EARLY and e.formula in formulas_of_own]
    formulas = [] if synonyms and not known_smiles else [*_from_formula(text, index)]
    written = [e for e in synonyms if _composition(e.formula) == _composition(text)]
    yield from _from_entries(written if _composition(text) else [], "formula")
    yield from formulas
    if smiles is not None and known_smiles:
        yield smiles
    yield from _from_entries(synonyms, "name")
    if smiles is not None:
        yield smiles
    if not own and not synonyms and not formulas and smiles is None:
        yield from _from_entries([e for e in entries if e.match == "formula"], "formula")
        for spelling in recased(text):
            yield from _from_formula(spelling, index)


def cased(name: str) -> str:
    """The tables write all names small; D and L are written large."""
    return _CONFIGURATION.sub(lambda found: found.group().upper(), name)


def _shown_name(entry: NameEntry) -> str:
    """The common name; the systematic one where the table has but a number."""
    return cased(entry.iupac if CAS.fullmatch(entry.name) and entry.iupac else entry.name)


def _composition(text: str) -> str:
    parsed = parse_formula(text)
    return hill(*parsed) if parsed else ""


def _from_entries(entries: Iterable[NameEntry], how: str) -> Iterator[Reading]:
    for entry in entries:
        mol = try_smiles(entry.smiles)
        if mol is not None and mol.GetNumAtoms():
            mol = amide_form(mol)
            cas = entry.cas if cas_is_valid(entry.cas) else ""
            yield Reading(how, mol, entry.source, _shown_name(entry), cas, _doubts(entry, mol))


def _doubts(entry: NameEntry, mol: Mol) -> tuple[str, ...]:
    """What speaks against a row: its SMILES and its InChIKey describe different things."""
    _, key = inchi_of(mol)
    if not key or not entry.inchi_key or key == entry.inchi_key:
        return ()
    part = "stereochemistry" if key[:14] == entry.inchi_key[:14] else "structure"
    return (f"SMILES and InChIKey of its row ({entry.source}) differ in their {part}.",)


def _from_smiles(text: str, index: NameIndex) -> Reading | None:
    mol = try_smiles(text)
    if mol is None or mol.GetNumAtoms() == 0:
        return None
    return _named(Reading("SMILES", mol, "the SMILES as given, read by RDKit"), index)


def _named(reading: Reading, index: NameIndex) -> Reading:
    """The reading with name and CAS number, where a table has this very structure."""
    _, key = inchi_of(reading.mol)
    for entry in index.by_inchi_key(key) if key else []:
        mol = try_smiles(entry.smiles)
        if mol is not None and canonical(mol) == reading.smiles:
            cas = entry.cas if cas_is_valid(entry.cas) else ""
            source = f"{reading.source}; name: {entry.source}"
            return replace(reading, name=_shown_name(entry), cas=cas, source=source)
    return reading


def _from_formula(text: str, index: NameIndex) -> Iterator[Reading]:
    """The best-known compounds of a formula; nothing when no table has one."""
    parsed = parse_formula(text)
    if parsed is None or _looks_like_a_chain(text):
        return
    total = index.count_formula(hill(*parsed))
    readings = list(_from_entries(index.by_formula(hill(*parsed), MOST_ISOMERS), "formula"))
    notes = ()
    if total > 1:
        notes = (f"the tables know {total} compounds of the formula {hill(*parsed)}.",)
    for reading in readings:
        yield replace(reading, notes=(*reading.notes, *notes))


def _looks_like_a_chain(text: str) -> bool:
    """``CC`` and ``OO`` are SMILES: in a formula without digits no symbol follows itself."""
    return not any(c.isdigit() for c in text) and bool(re.search(r"([A-Z][a-z]?)\1", text))


def _from_inchi(text: str, index: NameIndex) -> Reading:
    from rdkit import rdBase
    from rdkit.Chem import inchi

    with rdBase.BlockLogs():
        mol = inchi.MolFromInchi(text)
    if mol is None or mol.GetNumAtoms() == 0:
        raise ToolInputError(
            f"{shortened(text)} is not a valid InChI.",
            "Give the whole InChI, such as InChI=1S/CH4/h1H4, or a SMILES.",
        )
    return _named(Reading("InChI", mol, "the InChI as given, read by RDKit"), index)


def _from_inchi_key(key: str, index: NameIndex) -> list[Reading]:
    found = [*_from_entries(index.by_inchi_key(key), "InChIKey")]
    if not found:
        raise NotFoundError(
            f"no table here has the InChIKey {key}, and a key cannot be turned back.",
            "PubChem (online) may know it; give the SMILES or the name instead.",
            compound=key,
        )
    return _distinct(found)


def _from_cas(cas: str, index: NameIndex) -> list[Reading]:
    if not cas_is_valid(cas):
        raise ToolInputError(
            f"{cas} is not a CAS registry number: its check digit is wrong.",
            "Check it for swapped or mistyped digits, or give the name or SMILES.",
            compound=cas,
        )
    found = [*_from_entries(index.by_cas(cas), "CAS number")]
    if not found:
        raise NotFoundError(
            f"no table here has the CAS number {cas}.",
            "PubChem (online) may know it; give the name or the SMILES instead.",
            compound=cas,
        )
    return _distinct(found)


def stereo_forms(reading: Reading, index: NameIndex) -> list[Reading]:
    """Known stereo forms of a structure whose stereochemistry is open."""
    from ._rdkit import undefined_stereo

    _, key = inchi_of(reading.mol)
    if not key or not undefined_stereo(reading.mol):
        return []
    entries = index.by_inchi_key(key[:14])
    forms = [*_from_entries(entries, "stereo form")]
    open_here = len(undefined_stereo(reading.mol))
    return [
        form
        for form in _distinct(forms)
        if _without_stereo(form) == _without_stereo(reading)
        and len(undefined_stereo(form.mol)) < open_here
    ]


def _without_stereo(reading: Reading) -> str:
    """SMILES with charges, hydrogens and isotopes, but no stereo."""
    from rdkit import Chem

    mol = Chem.Mol(reading.mol)
    Chem.RemoveStereochemistry(mol)
    return canonical(mol)


def _distinct(readings: Iterable[Reading]) -> list[Reading]:
    """Readings with different structures, in order; notes of equal ones are dropped."""
    found: dict[str, Reading] = {}
    for reading in readings:
        found.setdefault(reading.smiles, reading)
    return list(found.values())


@functools.cache
def generic_names() -> dict[str, tuple[str, ...]]:
    """Names that stand for several isomers (``xylene``), by key: data in generic_names.toml."""
    path = Path(__file__).with_name("generic_names.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    return {normalise(name): tuple(isomers) for name, isomers in table.items()}
