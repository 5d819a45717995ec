"""A picture of a molecule, for the terminal and as a file."""

from __future__ import annotations

from ..contract import Finding, NewFile, NotApplicableError, Quantity, Smiles, tool
from ._rdkit import canonical, parse_smiles, structure_warnings, version
from .depiction import braille, svg

MOST_ATOMS = 300  # heavy ones; more take seconds to lay out and cannot be read


@tool(
    yields=("drawing", "smiles"),
    method="two-dimensional drawing (RDKit coordinates)",
    reference="RDKit, https://www.rdkit.org, doi:10.5281/zenodo.591637",
)
def depict_molecule(smiles: Smiles) -> Finding:
    """Draw a molecule: a braille drawing for the terminal, and an SVG file.

    Carbon atoms are corners and ends of lines; other atoms are labelled with their hydrogens.
    Hashed wedges are dashed in the terminal; the SVG names R, S, E and Z.

    Raises:
        ToolInputError: the SMILES is not valid.
        NotApplicableError: the molecule has more than 300 heavy atoms.
    """
    mol = parse_smiles(smiles)
    if mol.GetNumHeavyAtoms() > MOST_ATOMS:
        raise NotApplicableError(
            f"a molecule of {mol.GetNumHeavyAtoms()} heavy atoms is too large to be drawn.",
            f"Draw a part of it, up to {MOST_ATOMS} heavy atoms.",
        )
    entity = canonical(mol)
    drawing = Quantity(property="drawing", value=braille(smiles), entity=entity)
    structure = Quantity(property="smiles", value=entity, entity=entity, nature="identified")
    picture = NewFile("molecule.svg", svg(smiles), "image/svg+xml", f"drawing of {entity}")
    return Finding(
        (drawing, structure),
        summary=f"Drawing of {entity}.",
        method=f"two-dimensional coordinates by {version()}",
        warnings=tuple(structure_warnings(mol)),
        files=(picture,),
    )
