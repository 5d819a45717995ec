"""From a name, CAS number, InChI, SMILES or formula to the structure: every reading of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract import Compound, Finding, NotFoundError, Quantity, ToolInputError, tool
from ._formula import parse_formula
from ._no_compound import refuse_what_is_no_compound
from ._rdkit import (
    components,
    formula_of,
    inchi_of,
    shortened,
    structure_warnings,
    undefined_stereo,
    version,
    why_not_smiles,
)
from ._readings import MOST_READINGS, Reading, named, readings_of, stereo_forms
from ._systematic import (
    OPSIN_REFERENCE,
    from_drug_table,
    from_opsin,
    java_is_missing,
    looks_systematic,
)
from .name_index import NameIndex, default_path, shared_index
from .name_keys import names_a_configuration, tidy


@tool(
    yields=(
        "smiles",
        "name",
        "systematic_name",
        "cas",
        "formula",
        "inchi",
        "inchi_key",
        "undefined_stereo",
    ),
    version="2",
    method="look-up in the identifier tables of chemicals; structures by RDKit",
    reference=(
        "Bell et al., chemicals: Chemical properties component of ChEDL, "
        "https://github.com/CalebBell/chemicals; identifiers from PubChem"
    ),
    seconds=60.0,
)
def resolve_compound(compound: Compound) -> Finding:
    """Structure (SMILES), names, CAS number, formula, InChI and InChIKey of a compound.

    Takes a common, systematic or trade name, a CAS number, an InChI or InChIKey, a SMILES or
    a molecular formula. An ambiguous text (``CO``: carbon monoxide, or methanol as SMILES)
    gives every reading, the likeliest first, and a warning that says so. Stereochemistry is
    never dropped; where it is open the known stereo forms are readings too. Salts stay whole.

    >>> from labhand.tools.molecules.resolve_compound import resolve_compound
    >>> [q.value for q in resolve_compound(compound="CO").quantities if q.property == "smiles"]
    ['[C-]#[O+]', 'CO']

    Raises:
        NotApplicableError: it is a polymer, a mixture or a biopolymer, which have no one structure.
        ToolInputError: the text is empty, a CAS number with a wrong check digit, or a broken
            SMILES or InChI.
        NotFoundError: nothing is known under it; the remedy names near spellings.
    """
    text = tidy(compound)
    if not text:
        raise ToolInputError("the compound is empty.", "Give a name, CAS number or SMILES.")
    index = shared_index(default_path())
    refuse_what_is_no_compound(text, index)
    readings = readings_of(text, index) or _elsewhere(text, index)
    readings = _with_stereo(text, readings, index)
    forms = stereo_forms(readings[0], index)
    known = {r.smiles for r in readings}
    readings = (readings + [f for f in forms if f.smiles not in known])[:MOST_READINGS]
    several = len(readings) > 1
    quantities = [q for r in readings for q in _quantities(r, several)]
    opsin = any("OPSIN" in r.source for r in readings)
    return Finding(
        tuple(quantities),
        summary=_summary(text, readings),
        method=f"{readings[0].source}; structure by {version()}",
        reference=OPSIN_REFERENCE if opsin else "",
        warnings=tuple(_warnings(text, readings)),
    )


def _with_stereo(text: str, readings: list[Reading], index: NameIndex) -> list[Reading]:
    """OPSIN's reading of a stereo form that the tables list under a flat structure (L-glucose)."""
    if not names_a_configuration(text) or any(_has_stereo(r) for r in readings):
        return readings
    found = from_opsin(text)
    if found is None or not _has_stereo(found):
        return readings
    if formula_of(found.mol) not in {formula_of(r.mol) for r in readings}:
        return readings
    return [named(found, index)]


def _elsewhere(text: str, index: NameIndex) -> list[Reading]:
    """Readings from beyond the tables, or the error that says where to look."""
    if (drug := from_drug_table(text)) is not None:
        return [drug]
    systematic = looks_systematic(text)
    if systematic and (found := from_opsin(text)) is not None:
        return [found]
    if not systematic and _meant_as_smiles(text):
        raise ToolInputError(
            f"{shortened(text)} is neither a known name nor a valid SMILES: "
            f"{why_not_smiles(text)}.",
            "Correct the SMILES, or give a name or CAS number.",
            compound=text[:200],
        )
    near = index.near(text)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    java = (
        "Java, which reads systematic names, is not installed "
        "(Debian: apt install default-jre-headless). "
        if java_is_missing()
        else ""
    )
    raise NotFoundError(
        f"no table here knows the compound {shortened(text)}.",
        f"{hint}{java if systematic else ''}PubChem (online) may know it; "
        "give its SMILES or CAS number instead.",
        compound=text[:200],
        near=near,
    )


def _meant_as_smiles(text: str) -> bool:
    """True if only a SMILES looks like this, though it does not parse."""
    if any(c.isdigit() for c in text) and parse_formula(text) is not None:
        return False
    if " " in text or not any(c in "=#[]@()\\/" or c.isdigit() for c in text):
        return False
    reason = why_not_smiles(text)
    return not any(words in reason for words in ("no atom that may stand", "does not occur"))


def _quantities(reading: Reading, several: bool) -> Iterator[Quantity]:
    inchi, inchi_key = inchi_of(reading.mol)
    values = {
        "smiles": reading.smiles,
        "name": reading.name,
        "systematic_name": reading.systematic,
        "cas": reading.cas,
        "formula": formula_of(reading.mol),
        "inchi": inchi,
        "inchi_key": inchi_key,
    }
    conditions = {"reading": f"{reading.shown}, as {reading.how}"} if several else {}
    for name, value in values.items():
        if value:
            yield Quantity(
                property=name,
                value=value,
                entity=reading.smiles,
                conditions=conditions,
                nature="identified",
                source=reading.source,
            )
    yield Quantity(
        property="undefined_stereo",
        value=len(undefined_stereo(reading.mol)),
        entity=reading.smiles,
        conditions=conditions,
        source=version(),
    )


def _summary(text: str, readings: list[Reading]) -> str:
    first = readings[0]
    cas = f", CAS {first.cas}" if first.cas else ""
    head = f"{text} is {first.smiles} ({first.shown}{cas})"
    if len(readings) == 1:
        return head + "."
    return f"{head}; it has {len(readings)} readings."


def _warnings(text: str, readings: list[Reading]) -> Iterator[str]:
    first = readings[0]
    others = readings[1:]
    if others:
        shown = "; ".join(f"{r.shown} as {r.how} ({r.smiles})" for r in others)
        yield (
            f"{shortened(text)} has {len(readings)} readings: {first.shown} as {first.how} "
            f"is taken as the likeliest; also possible: {shown}."
        )
    if not first.name:
        yield "no table here has a name for this structure."
    yield from dict.fromkeys(note for r in readings for note in r.notes)
    yield from structure_warnings(first.mol)
    if len(components(first.mol)) == 1 and names_a_configuration(text) and not _has_stereo(first):
        yield (
            f"{shortened(text)} seems to name a stereo form, but the structure that the table "
            "gives has no stereochemistry."
        )


def _has_stereo(reading: Reading) -> bool:
    return any(sign in reading.smiles for sign in "@/\\")
