"""Does a molecule contain a functional group?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ..contract import Finding, Quantity, Smiles, tool
from ._groups import METHOD_NOTE, described, groups
from ._rdkit import canonical, parse_smiles, version

if TYPE_CHECKING:
    Group = str
else:
    # The names come from groups.toml, so that a new group needs no change here.
    Group = Literal[tuple(groups())]


@tool(
    yields=("contains_group", "group_count", "matched_atoms"),
    method=METHOD_NOTE,
    reference="SMARTS: Daylight Theory Manual, https://www.daylight.com/dayhtml/doc/theory/",
)
def has_functional_group(
    smiles: Smiles,
    group: Annotated[Group, Field(description="the functional group, e.g. ketone")],
) -> Finding:
    """Whether a molecule contains a functional group, how often, and at which atoms.

    A carboxylic acid contains no ketone and no alcohol, an amide no amine, an aldehyde no
    ketone. A lactone is an ester, a lactam an amide, an epoxide an ether.

    >>> from labhand.tools.molecules.has_functional_group import has_functional_group
    >>> has_functional_group(smiles="O=Cc1ccccc1", group="ketone").quantities[0].value
    False

    Raises:
        ToolInputError: the SMILES is not valid, or the group is not in the catalogue.
    """
    mol = parse_smiles(smiles)
    entity = canonical(mol)
    wanted = groups()[group]
    matches = wanted.matches(mol)
    conditions = {"group": wanted.label}
    values = {
        "contains_group": bool(matches),
        "group_count": len(matches),
        "matched_atoms": [described(mol, match) for match in matches],
    }
    others = [g.label for g in groups().values() if g.name != group and g.matches(mol)]
    verdict = f"contains {wanted.label}" if matches else f"contains no {wanted.label}"
    instead = f" It has: {', '.join(others)}." if others and not matches else ""
    return Finding(
        tuple(
            Quantity(property=name, value=value, entity=entity, conditions=conditions)
            for name, value in values.items()
        ),
        summary=f"The molecule {verdict}.{instead}",
        method=f"{METHOD_NOTE}, {wanted.smarts}, {version()}",
    )
