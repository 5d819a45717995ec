"""Every way to read the text of a compound: as a name, number, SMILES, InChI or formula."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..contract.errors import NotFoundError, ToolInputError
from ._formula import SYMBOLS, hill, parse_formula, recased
from ._rdkit import (
    amide_form,
    canonical,
    formula_of,
    inchi_of,
    shortened,
    try_smiles,
    undefined_stereo,
)
from .name_index import NameEntry, NameIndex
from .name_keys import CAS, INCHI_KEY, cas_is_valid, names_a_configuration, normalise, tidy

if TYPE_CHECKING:
    from rdkit.Chem import Mol

MOST_READINGS = 8
MOST_ISOMERS = 5
_CAS_PREFIX = re.compile(r"(?:cas|cas[ -]?(?:no|nr|rn|number)\.?)[ :#]*(?=\d)", re.IGNORECASE)
_ONLY_SMILES = re.compile(r"[=#@/\\]|\[[^\]]*\]|\)\(|^[^()]*\d[a-z]")
_CONFIGURATION = re.compile(r"(?<![a-z])(?:d|l|dl)-(?=[a-z])")
#: Element symbols that are SMILES of hydrides: 'C' is taken for methane, then for carbon.
_BARE_ATOMS = frozenset(("B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I"))
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
_NUCLIDE = re.compile(
    r"\^?(?P<before>\d{1,3})-?(?P<symbol>[A-Z][a-z]?)|(?P<element>[A-Za-z]+)-(?P<after>\d{1,3})"
)
_DEUTERATED = re.compile(r"-d\d{0,2}$|deuter(?!ium oxide)", re.IGNORECASE)
#: A synonym this far up in a table's list is in real use, beside another compound's own name.
_EARLY = 20


@dataclass(frozen=True)
class Reading:
    """One way to understand a text as a compound.

    Attributes:
        how: what the text was taken for (``name``, ``SMILES``, ``formula``, …).
        mol: the structure (RDKit). source: table and row, or program.
        name, systematic, cas: as the table has them; empty where there is none.
        notes: what a careful reader must know of this reading.
    """

    how: str
    mol: Mol
    source: str
    name: str = ""
    cas: str = ""
    systematic: str = ""
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

    A name that nobody knows is tried again without accents, umlauts written out.

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
    for spelling in spellings(plain):
        found = _distinct(_ranked(spelling, index))
        if found:
            return found[:MOST_READINGS]
    return [nuclide] if (nuclide := _nuclide(plain, index)) else []


def spellings(text: str) -> list[str]:
    """The text, then as it is written without umlauts and without accents.

    >>> from labhand.tools.molecules._readings import spellings
    >>> spellings("Essigsäure"), spellings("caféine")
    (['Essigsäure', 'Essigsaeure', 'Essigsaure'], ['caféine', 'cafeine'])
    """
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    if not any(c.isalpha() and not c.isascii() for c in text) or not bare.isascii():
        return [text]
    return [t for t in dict.fromkeys((text, text.translate(_UMLAUTS), bare)) if t]


def _nuclide(text: str, index: NameIndex) -> Reading | None:
    """One atom of an isotope: ``13C``, ``C-13``, ``carbon-13``."""
    from rdkit import Chem

    found = _NUCLIDE.fullmatch(text)
    if found is None:
        return None
    number = int(found["before"] or found["after"])
    element = found["symbol"] or found["element"]
    if element not in SYMBOLS:
        entries = [e for e in index.lookup(element) if e.match == "primary"]
        symbols = {s for e in entries for s in parse_formula(e.formula)[0]}  # type: ignore[index]
        element = symbols.pop() if len(symbols) == 1 else ""
    if element not in SYMBOLS or element in "DT":
        return None
    table = Chem.GetPeriodicTable()
    if table.GetMassForIsotope(element, number) <= 0:
        return None
    mol = try_smiles(f"[{number}{element}]")
    return Reading("nuclide", mol, "one atom of the isotope named", text) if mol else None


def _ranked(text: str, index: NameIndex) -> Iterator[Reading]:
    """Names, formulas and SMILES in the order in which a chemist would mean them."""
    entries = _as_precise_as(text, index.lookup(text))
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
    synonyms = [e for e in entries if e.match == "synonym"]
    if own:
        own, synonyms, others = _forms_of(own, synonyms)
        yield from _noted(_from_entries(own, "name"), text, others)
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


def _forms_of(
    own: list[NameEntry], synonyms: list[NameEntry]
) -> tuple[list[NameEntry], list[NameEntry], list[NameEntry]]:
    """Who goes by a compound's own name: readings as such, as synonyms, and what is but noted.

    Beside it only its stereo forms are readings, and only if it leaves its stereo open
    (alanine). A ring form of a sugar or another anomer is worth a note. Any other compound
    that lists the name far down does not count.
    """
    first = own[0]
    near = [e for e in synonyms if e.position < _EARLY and e.formula == first.formula]
    if _leaves_stereo_open(first):
        forms = [e for e in near if e.inchi_key[:14] == first.inchi_key[:14]]
        return own, forms, [e for e in near if e not in forms]
    near += [e for e in own[1:] if e.formula == first.formula]
    others = [e for e in own[1:] if e.formula != first.formula]
    # A row of the same skeleton without stereo is the same thing, carelessly drawn.
    skeleton = first.inchi_key[:14]
    near = [e for e in near if e.inchi_key[:14] != skeleton or not _leaves_stereo_open(e)]
    return [first, *others], [], near


def _leaves_stereo_open(entry: NameEntry) -> bool:
    mol = try_smiles(entry.smiles)
    return mol is not None and bool(undefined_stereo(mol))


def _noted(
    readings: Iterator[Reading], text: str, others: Iterable[NameEntry]
) -> Iterator[Reading]:
    """The readings; the first with a note on other forms of its formula that share the name."""
    names = [n for n in dict.fromkeys(_shown_name(e) for e in others) if not CAS.fullmatch(n)]
    for number, reading in enumerate(readings):
        if number == 0 and (names := [n for n in names if n != reading.name]):
            note = (
                f"{text} is taken as {reading.smiles}; forms of the same formula that share the "
                f"name: {', '.join(names[:3])}."
            )
            yield replace(reading, notes=(*reading.notes, note))
        else:
            yield reading


def cased(name: str) -> str:
    """The tables write all names small; D and L are written large."""
    return _CONFIGURATION.sub(lambda found: found.group().upper(), name)


def _as_precise_as(text: str, entries: list[NameEntry]) -> list[NameEntry]:
    """The rows without those that lack the labels or the stereo which the text names.

    A table may list ``D-mannose`` among the names of a hexose drawn flat, and a deuterated
    solvent among those of the common one. If all are flat, they stay.
    """
    if _DEUTERATED.search(text):
        entries = [e for e in entries if "2H" in e.smiles]
    if names_a_configuration(text):
        entries = [e for e in entries if any(s in e.smiles for s in "@/\\")] or entries
    return entries


def _shown_name(entry: NameEntry) -> str:
    """The common name; the systematic one where the table has but a number."""
    return cased(entry.iupac if CAS.fullmatch(entry.name) and entry.iupac else entry.name)


def _composition(text: str) -> str:
    parsed = parse_formula(text, isotopes=True)
    return hill(*parsed) if parsed else ""


def _from_entries(entries: Iterable[NameEntry], how: str) -> Iterator[Reading]:
    for entry in entries:
        mol = try_smiles(entry.smiles)
        if mol is not None and mol.GetNumAtoms():
            mol = amide_form(mol)
            cas = entry.cas if cas_is_valid(entry.cas) else ""
            name, systematic = _shown_name(entry), cased(entry.iupac)
            yield Reading(how, mol, entry.source, name, cas, systematic, _doubts(entry, mol))


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
    return named(Reading("SMILES", mol, "the SMILES as given, read by RDKit"), index)


def named(reading: Reading, index: NameIndex) -> Reading:
    """The reading with name and CAS number, where a table has this very structure."""
    _, key = inchi_of(reading.mol)
    for entry in index.by_inchi_key(key) if key else []:
        mol = try_smiles(entry.smiles)
        if mol is not None and canonical(mol) == reading.smiles:
            cas = entry.cas if cas_is_valid(entry.cas) else ""
            source = f"{reading.source}; name: {entry.source}"
            return replace(
                reading,
                name=_shown_name(entry),
                systematic=cased(entry.iupac),
                cas=cas,
                source=source,
            )
    return reading


def _from_formula(text: str, index: NameIndex) -> Iterator[Reading]:
    """The best-known compounds of a formula, D and T told from H; nothing when no table has one."""
    parsed = parse_formula(text, isotopes=True)
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
    return named(Reading("InChI", mol, "the InChI as given, read by RDKit"), index)


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
    """Known stereo forms of a structure that leaves stereo open; what it settles, they keep."""
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
        and form.mol.HasSubstructMatch(reading.mol, useChirality=True)
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
