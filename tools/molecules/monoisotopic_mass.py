"""Monoisotopic mass of a molecule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contract import Finding, Quantity, Smiles, tool
from ._rdkit import canonical, parse_smiles, structure_warnings, version

if TYPE_CHECKING:
    from rdkit.Chem import Mol

ELECTRON_MASS = 0.000548579909065  # Da, CODATA 2018


@tool(
    yields=("monoisotopic_mass",),
    method="sum of the masses of the principal isotopes (RDKit)",
    reference=(
        "Meija et al., Pure Appl. Chem. 2016, 88, 293, doi:10.1515/pac-2015-0503 (isotopes); "
        "definition: IUPAC Gold Book, doi:10.1351/goldbook.M04014"
    ),
)
def monoisotopic_mass(smiles: Smiles) -> Finding:
    """Monoisotopic (exact) mass in dalton: every atom as its element's most abundant isotope.

    What a mass spectrometer resolves; not the average molar mass. Isotope labels count. An ion
    weighs its electrons less, or more (0.00055 Da each), so that its m/z follows.

    >>> from labhand.tools.molecules.monoisotopic_mass import monoisotopic_mass
    >>> round(monoisotopic_mass(smiles="CN1C=NC2=C1C(=O)N(C(=O)N2C)C").quantities[0].value, 4)
    194.0804

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    from rdkit import Chem

    mol = parse_smiles(smiles)
    warnings = [w for w in structure_warnings(mol) if "components" in w]
    charge = Chem.GetFormalCharge(mol)
    if charge:
        warnings.append(
            f"this is the mass of the ion itself, of charge {charge:+d}: its electrons are "
            f"{'taken off' if charge > 0 else 'added'}, as for m/z."
        )
    mass = Quantity(
        property="monoisotopic_mass",
        value=_sum_of_isotopes(mol) - charge * ELECTRON_MASS,
        unit="Da",
        entity=canonical(mol),
        source=f"{version()}, isotope masses of its periodic table",
    )
    return Finding(
        (mass,),
        method=f"sum of isotope masses, {version()}, CODATA 2018 electron mass",
        warnings=tuple(warnings),
    )


def _sum_of_isotopes(mol: Mol) -> float:
    from rdkit import Chem

    table = Chem.GetPeriodicTable()
    hydrogen = table.GetMostCommonIsotopeMass(1)
    total = 0.0
    for atom in mol.GetAtoms():
        number, label = atom.GetAtomicNum(), atom.GetIsotope()
        if label and number:
            total += table.GetMassForIsotope(number, label)
        elif number:
            total += table.GetMostCommonIsotopeMass(number)
        total += atom.GetTotalNumHs() * hydrogen
    return total
