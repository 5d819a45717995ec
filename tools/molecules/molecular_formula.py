"""Molecular formula, degree of unsaturation and elemental composition."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from ..contract import Finding, Quantity, Smiles, tool
from ._formula import hill
from ._rdkit import (
    WEIGHTS_REFERENCE,
    canonical,
    formula_of,
    labelled_counts,
    parse_smiles,
    version,
)

if TYPE_CHECKING:
    from rdkit.Chem import Mol

#: Lowest valences, by which the formula counts rings and double bonds.
_VALENCE = {
    **dict.fromkeys(("H", "F", "Cl", "Br", "I"), 1),
    **dict.fromkeys(("O", "S", "Se", "Te"), 2),
    **dict.fromkeys(("B", "N", "P", "As"), 3),
    **dict.fromkeys(("C", "Si", "Ge"), 4),
}


@tool(
    yields=(
        "formula",
        "empirical_formula",
        "degree_of_unsaturation",
        "elemental_analysis",
        "mass_percent",
    ),
    method="atom counts of the structure (RDKit)",
    reference=(
        f"Hill, J. Am. Chem. Soc. 1900, 22, 478, doi:10.1021/ja02046a005; {WEIGHTS_REFERENCE}"
    ),
)
def molecular_formula(smiles: Smiles) -> Finding:
    """Molecular and empirical formula, degree of unsaturation and mass percent of each element.

    Formulas are in Hill order; the empirical one has the smallest whole numbers (CH2O for
    glucose), of an ion with its charge divided alike (CO2- for oxalate).

    The degree of unsaturation is 1 + Σ nᵢ(vᵢ − 2)/2 over the elements with their lowest
    valences v, so S=O and P=O are not counted. An ion counts as if protons made its charge.
    It is left out, with a warning, for radicals and where elements have no single valence
    (metals, noble gases). Components are counted one by one and summed.

    >>> from labhand.tools.molecules.molecular_formula import molecular_formula
    >>> [q.value for q in molecular_formula(smiles="OCC(O)C=O").quantities[:3]]
    ['C3H6O3', 'CH2O', 1]

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    mol = parse_smiles(smiles)
    entity = canonical(mol)
    quantities = [
        Quantity(property="formula", value=formula_of(mol), entity=entity),
        Quantity(property="empirical_formula", value=_empirical(mol), entity=entity),
    ]
    warnings: list[str] = []
    degree = _degree_of_unsaturation(mol, warnings)
    if degree is not None:
        quantities.append(Quantity(property="degree_of_unsaturation", value=degree, entity=entity))
    percents = _mass_percents(mol)
    text = ", ".join(f"{element} {value:.2f} %" for element, value in percents.items())
    quantities.append(Quantity(property="elemental_analysis", value=text, entity=entity))
    quantities += [
        Quantity(
            property="mass_percent",
            value=value,
            unit="percent",
            entity=entity,
            conditions={"element": element},
        )
        for element, value in percents.items()
    ]
    return Finding(tuple(quantities), method=f"{version()}", warnings=tuple(warnings))


def atom_counts(mol: Mol) -> Counter[str]:
    """Atoms of each element, hydrogens included; open places (*) left out."""
    counts: Counter[str] = Counter()
    for atom in mol.GetAtoms():
        if atom.GetAtomicNum():
            counts[atom.GetSymbol()] += 1
        counts["H"] += atom.GetTotalNumHs()
    return +counts


def _empirical(mol: Mol) -> str:
    """The formula divided by its greatest common divisor; isotope labels stay apart."""
    from rdkit import Chem

    counts = labelled_counts(mol)
    charge = Chem.GetFormalCharge(mol)
    divisor = math.gcd(*counts.values(), charge)
    return hill({symbol: n // divisor for symbol, n in counts.items()}, charge // divisor)


def _degree_of_unsaturation(mol: Mol, warnings: list[str]) -> int | None:
    from rdkit import Chem

    if any(a.GetNumRadicalElectrons() for a in mol.GetAtoms()):
        warnings.append("a radical has no whole degree of unsaturation; it is left out.")
        return None
    total = 0
    parts = Chem.GetMolFrags(mol, asMols=True, sanitizeFrags=False)
    for part in parts:
        counts = atom_counts(part)
        strange = sorted(set(counts) - set(_VALENCE))
        if strange or not counts:
            warnings.append(
                f"{', '.join(strange) or 'an open place'} has no single valence, so the degree "
                "of unsaturation is left out."
            )
            return None
        counts["H"] -= Chem.GetFormalCharge(part)
        doubled = 2 + sum(n * (_VALENCE[symbol] - 2) for symbol, n in counts.items())
        if doubled % 2 or doubled < 0:
            warnings.append(
                "the valences do not add up to a whole degree of unsaturation "
                "(an element is above its lowest valence); it is left out."
            )
            return None
        total += doubled // 2
    if len(parts) > 1:
        warnings.append(f"the degree of unsaturation is the sum over {len(parts)} components.")
    return total


def _mass_percents(mol: Mol) -> dict[str, float]:
    """Mass percent of each element in Hill order, isotope labels counted."""
    from rdkit import Chem

    table = Chem.GetPeriodicTable()
    masses: dict[str, float] = {}
    for atom in mol.GetAtoms():
        symbol = atom.GetSymbol()
        if atom.GetAtomicNum():
            masses[symbol] = masses.get(symbol, 0.0) + atom.GetMass()
        hydrogens = atom.GetTotalNumHs() * table.GetAtomicWeight(1)
        if hydrogens:
            masses["H"] = masses.get("H", 0.0) + hydrogens
    total = sum(masses.values()) or 1.0
    order = [s for s in ("C", "H") if "C" in masses and s in masses]
    order += sorted(set(masses) - set(order))
    return {symbol: 100 * masses[symbol] / total for symbol in order}
