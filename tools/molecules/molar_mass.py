"""Average molar mass of a molecule."""

from __future__ import annotations

from ..contract import Finding, Quantity, Smiles, tool
from ._rdkit import (
    WEIGHTS_REFERENCE,
    average_mass,
    canonical,
    parse_smiles,
    structure_warnings,
    version,
)


@tool(
    yields=("molar_mass",),
    method="sum of standard atomic weights (RDKit)",
    reference=WEIGHTS_REFERENCE,
)
def molar_mass(smiles: Smiles) -> Finding:
    """Average molar mass (molecular weight) in g/mol, natural isotopic composition.

    Atoms that the SMILES labels with an isotope count with that isotope's mass. Salts and
    mixtures are weighed whole, as one formula unit. Not the monoisotopic mass.

    >>> from labhand.tools.molecules.molar_mass import molar_mass
    >>> round(molar_mass(smiles="CN1C=NC2=C1C(=O)N(C(=O)N2C)C").quantities[0].value, 3)
    194.194

    Validity: atomic weights vary in nature; RDKit's differ from the newest IUPAC values by at
    most 0.03 % (S, Zn, Ge).

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    mol = parse_smiles(smiles)
    warnings = [w for w in structure_warnings(mol) if "components" in w]
    if any(a.GetIsotope() for a in mol.GetAtoms()):
        warnings.append("labelled atoms count with the mass of their isotope, the others average.")
    if any(a.GetAtomicNum() == 0 for a in mol.GetAtoms()):
        warnings.append("the structure has open places (*), which weigh nothing here.")
    mass = Quantity(
        property="molar_mass",
        value=average_mass(mol),
        unit="g/mol",
        entity=canonical(mol),
        source=f"{version()}, atomic weights of its periodic table",
    )
    return Finding(
        (mass,),
        method=f"sum of average atomic weights, {version()}",
        warnings=tuple(warnings),
    )
