"""Names in equations: "propane" stands for C3H8.

The names come from the index of the molecule tools, which is imported on first use.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from ..contract import LabhandError, NotFoundError, ToolInputError
from ._equation import Species
from ._formula import Reading, readings


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
    return formulas.pop() if len(formulas) == 1 else None


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
