"""Molar mass from a formula."""

from __future__ import annotations

import re

from ..contract import Finding, Formula, Quantity, ToolInputError, tool
from ._formula import readings
from ._weights import REFERENCE, method, molar_mass_of

_NUCLIDE = re.compile(r"\d+[A-Z][a-z]?")
_TWO_DIGITS = re.compile(r"\d\d[+-]$")


@tool(
    yields=("molar_mass",),
    version="2",
    method="sum of standard atomic weights",
    reference=REFERENCE,
)
def formula_mass(formula: Formula) -> Finding:
    """Molar mass of a formula in g/mol: groups, hydrates, ions, labelled atoms.

    For what has a formula but no single structure to resolve: salts, hydrates, minerals,
    complexes, ions (``CuSO4·5H2O``, ``Ca(OH)2``, ``[Co(NH3)6]Cl3``, ``D2O``, ``[13C]O2``).
    It is the average mass, not the monoisotopic one.

    Raises:
        ToolInputError: the text is not a formula.
    """
    if _NUCLIDE.fullmatch(formula.strip()):
        raise ToolInputError(
            f"{formula.strip()!r} can mean a nuclide or a number of atoms.",
            "Write [13C] for the nuclide, C13 for thirteen atoms.",
            formula=formula,
        )
    found = readings(formula)
    if _TWO_DIGITS.search(formula.strip()):
        found = found[:1]  # the last digit is the charge: SO42- has four oxygens, not forty-two
    # A digit before a charge may count atoms or charges (I3-): the mass depends on it.
    masses = {round(molar_mass_of(r, formula), 9): r for r in found}
    quantities = tuple(
        Quantity(
            property="molar_mass",
            value=mass,
            unit="g/mol",
            entity=formula.strip(),
            conditions={"read as charge": f"{reading.charge:+d}"} if len(masses) > 1 else {},
        )
        for mass, reading in masses.items()
    )
    warnings = (
        ("the digit before the charge can count atoms or charges: write ^ before the charge",)
        if len(masses) > 1
        else ()
    )
    return Finding(quantities, method=f"sum of {method()}", warnings=warnings)
