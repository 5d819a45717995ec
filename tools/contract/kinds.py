"""What an argument means: the semantic types by which tools are chained.

A tool that takes a SMILES says so by annotating the argument ``Smiles``. The
planner then knows that a name must be resolved first, because some other tool
yields a property whose kind is ``smiles`` and takes a ``compound``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True)
class Kind:
    """Marks an argument with its semantic kind (put it in ``Annotated``)."""

    name: str


#: Every kind an argument or a property may have, with what it means.
KINDS: dict[str, str] = {
    "compound": "a molecule in any spelling: name, CAS number, SMILES, InChI or formula",
    "smiles": "a SMILES string",
    "inchi": "an InChI string",
    "inchi_key": "an InChIKey",
    "cas": "a CAS registry number",
    "formula": "a molecular formula",
    "equation": "a reaction equation such as 'C3H8 + O2 -> CO2 + H2O'",
    "quantity": "a number with its unit, as text: '3.5 kcal/mol'",
    "unit": "a unit, as text: 'kJ/mol'",
    "expression": "an arithmetic expression, with or without units",
    "number": "a bare number",
    "choice": "one word of a fixed list",
    "text": "free text",
}

Compound = Annotated[
    str,
    Kind("compound"),
    Field(
        min_length=1,
        max_length=2000,
        description="a molecule as name, CAS number, SMILES, InChI or formula",
    ),
]
Smiles = Annotated[
    str,
    Kind("smiles"),
    Field(min_length=1, max_length=2000, description="SMILES of the molecule"),
]
Cas = Annotated[
    str,
    Kind("cas"),
    Field(pattern=r"^\d{2,7}-\d{2}-\d$", description="CAS registry number, e.g. 108-88-3"),
]
Formula = Annotated[
    str,
    Kind("formula"),
    Field(min_length=1, max_length=200, description="molecular formula, e.g. C8H10N4O2"),
]
Equation = Annotated[
    str,
    Kind("equation"),
    Field(
        min_length=3,
        max_length=1000,
        description="reaction equation, e.g. 'C3H8 + O2 -> CO2 + H2O'",
    ),
]
QuantityText = Annotated[
    str,
    Kind("quantity"),
    Field(min_length=1, max_length=100, description="a number with its unit, e.g. '3.5 kcal/mol'"),
]
UnitText = Annotated[
    str,
    Kind("unit"),
    Field(min_length=1, max_length=60, description="a unit, e.g. 'kJ/mol'"),
]
Expression = Annotated[
    str,
    Kind("expression"),
    Field(
        min_length=1,
        max_length=500,
        description="arithmetic, with or without units, e.g. '2 * 18.015 g/mol'",
    ),
]
