"""All functional groups of a molecule."""

from __future__ import annotations

from ..contract import Finding, Quantity, Smiles, tool
from ._groups import METHOD_NOTE, groups
from ._rdkit import canonical, parse_smiles, structure_warnings, version


@tool(
    yields=("functional_groups", "group_count"),
    method=METHOD_NOTE,
    reference="SMARTS: Daylight Theory Manual, https://www.daylight.com/dayhtml/doc/theory/",
)
def functional_groups(smiles: Smiles) -> Finding:
    """Functional groups of a molecule, each with the number of its occurrences.

    A carboxylic acid is not listed as ketone or alcohol, an amide not as amine, a nitro group
    not as nitroso. General and special names are both listed (alcohol, primary alcohol).
    Only the groups of the catalogue are found; an empty list means that none of them is there.

    >>> from labhand.tools.molecules.functional_groups import functional_groups
    >>> functional_groups(smiles="c1ccccc1[N+](=O)[O-]").quantities[0].value
    ['benzene ring', 'nitro']

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    mol = parse_smiles(smiles)
    entity = canonical(mol)
    counts = {g.label: len(m) for g in groups().values() if (m := g.matches(mol))}
    listed = Quantity(property="functional_groups", value=list(counts), entity=entity)
    each = [
        Quantity(property="group_count", value=n, entity=entity, conditions={"group": label})
        for label, n in counts.items()
    ]
    names = ", ".join(counts) if counts else "none of the known ones"
    return Finding(
        (listed, *each),
        summary=f"Functional groups: {names}.",
        method=f"{METHOD_NOTE} ({len(groups())} groups), {version()}",
        warnings=tuple(w for w in structure_warnings(mol) if "components" in w),
    )
