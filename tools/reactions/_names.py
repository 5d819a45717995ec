"""Names in equations: "propane" stands for C3H8.

The names come from the index of the molecule tools, which is imported on first use.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable

from ..contract import LabhandError, NotFoundError, ToolInputError
from ._equation import Species
from ._formula import Reading, readings

#: Elements by rising electronegativity (Pauling), with hydrogen behind boron by custom.
_ELECTROPOSITIVE_FIRST = (
    "Cs Rb K Ba Na Sr Li Ca La Y Mg Sc Ti Mn Be Al Zn V Cr Cd In Ga Fe Pb Co Si Cu Ni Ag Sn Hg As "
    "B Sb P Te Pd Pt Au W Mo C H Se S I Br N Cl O F"
).split()
_METALS = frozenset(_ELECTROPOSITIVE_FIRST[: _ELECTROPOSITIVE_FIRST.index("Hg") + 1]) - {"Si"}


def formula_of_name(name: str) -> str | None:
    """The formula of a compound by its name (or by a formula in the wrong case, ``co2``).

    ``None`` if no table knows it, or if the compounds that are foremost called so differ
    in formula.
    """
    if len(name.strip()) < 3 and not name.strip()[-1:].isdigit():
        # "co" may be cobalt or carbon monoxide; "o2" is clear.
        return None
    from ..molecules.name_index import NameIndex

    try:
        with contextlib.closing(NameIndex.open()) as index:
            entries = index.lookup(name.strip())
    except LabhandError:
        return None
    formulas = {e.formula for e in entries if e.formula and e.match == entries[0].match}
    return conventional(formulas.pop()) if len(formulas) == 1 else None


def conventional(formula: str) -> str:
    """A sum formula in Hill's order as it is usually written, for inorganic compounds.

    The electropositive element goes first (NaCl, CaCO3, HCl); acids begin with hydrogen;
    hydroxides of metals and ammonium salts of one anion keep their groups. Organic
    compounds stay as they are.

    >>> from labhand.tools.reactions._names import conventional
    >>> [conventional(f) for f in ("ClNa", "H3N", "HNaO", "CaH2O2", "ClH4N", "CCaO3", "C2H6O")]
    ['NaCl', 'NH3', 'NaOH', 'Ca(OH)2', 'NH4Cl', 'CaCO3', 'C2H6O']
    """
    atoms = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    counts = {symbol: int(number or 1) for symbol, number in atoms}
    if "".join(s + n for s, n in atoms) != formula or {"C", "H"} <= set(counts):
        return formula
    if any(s not in _ELECTROPOSITIVE_FIRST for s in counts):
        return formula
    ranked = sorted(counts, key=_ELECTROPOSITIVE_FIRST.index)
    if {"H", "O"} <= set(counts):  # acids: H3PO4, H3BO3; and their salts
        ranked.sort(key=lambda s: (s not in _METALS, s != "H"))
    hydrogen, others = counts.get("H", 0), [s for s in ranked if s not in ("H", "O", "N")]
    if set(counts) == {"N", "H"}:
        ranked = ["N", "H"]
    elif hydrogen == counts.get("O") and len(others) == 1 and len(counts) == 3:
        metal = _written(others[0], counts[others[0]])
        if others[0] in _METALS:
            return f"{metal}OH" if hydrogen == 1 else f"{metal}(OH){hydrogen}"
    elif hydrogen == 4 * counts.get("N", 0) and hydrogen:
        rest = "".join(_written(s, counts[s]) for s in ranked if s not in ("N", "H"))
        return ("NH4" if hydrogen == 4 else f"(NH4){counts['N']}") + rest
    return "".join(_written(s, counts[s]) for s in ranked)


def _written(symbol: str, count: int) -> str:
    return symbol + (str(count) if count > 1 else "")


def find_species(wanted: str, species: Iterable[Species]) -> Species:
    """The species of an equation that a formula or a name means.

    First the text itself is compared, then the composition (C2H6O is C2H5OH), then the
    formula that the name stands for.

    Raises:
        NotFoundError: no species, or more than one of the same composition, fits.
    """
    candidates = tuple(species)
    text = wanted.strip()
    exact = [s for s in candidates if s.text == text]
    if exact:
        return exact[0]
    found = _by_composition(text, candidates)
    if not found:
        formula = formula_of_name(text)
        found = _by_composition(formula, candidates) if formula else []
    if len(found) == 1:
        return found[0]
    shown = ", ".join(s.text for s in candidates)
    if found:
        raise NotFoundError(
            f"{wanted!r} fits several species of the equation: {', '.join(s.text for s in found)}.",
            "Write it exactly as it stands in the equation.",
        )
    raise NotFoundError(
        f"{wanted!r} is none of the species of the equation ({shown}).",
        "Name it by its formula as it stands in the equation.",
    )


def _by_composition(text: str, candidates: tuple[Species, ...]) -> list[Species]:
    try:
        meant: set[Reading] = set(readings(text))
    except ToolInputError:
        return []
    return [s for s in candidates if s.readings[0] in meant]
