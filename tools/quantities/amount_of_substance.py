"""Grams to moles and back, for one substance."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..contract import Finding, Kind, Quantity, QuantityText, ToolInputError, tool
from ._parse import dimensionality, finite, parse_quantity

MolarMass = Annotated[float, Kind("number"), Field(gt=0, lt=1e9, description="molar mass in g/mol")]


@tool(
    yields=("substance_amount", "sample_mass", "particle_count"),
    method="n = m / M, with the Avogadro constant of the SI",
    where="inline",
)
def amount_of_substance(amount: QuantityText, molar_mass: MolarMass) -> Finding:
    """Amount of substance (mol) of a mass, or the mass of an amount of substance, and the number
    of molecules, from the molar mass.

    >>> from labhand.tools.quantities.amount_of_substance import amount_of_substance
    >>> round(amount_of_substance(amount="18.015 g", molar_mass=18.015).quantities[0].value, 3)
    1.0

    Raises:
        ToolInputError: the amount is neither a mass nor an amount of substance, or negative.
    """
    parsed = parse_quantity(amount)
    dimension = dimensionality(parsed.unit)
    if dimension == {"[mass]": 1.0}:
        moles = parsed.to("g") / molar_mass
    elif dimension == {"[substance]": 1.0}:
        moles = parsed.to("mol")
    else:
        raise ToolInputError(
            f"{amount.strip()!r} is neither a mass nor an amount of substance.",
            "Give it in g or mol; a volume needs a density or a concentration first.",
        )
    if moles < 0:
        raise ToolInputError(f"the amount {amount.strip()!r} is negative.", "Check its sign.")
    entity = amount.strip()
    particles = finite(moles * 6.02214076e23)  # N_A, exact since 2019
    mass = finite(moles * molar_mass)
    values = (
        Quantity(property="substance_amount", value=moles, unit="mol", entity=entity),
        Quantity(property="sample_mass", value=mass, unit="g", entity=entity),
        Quantity(property="particle_count", value=particles, entity=entity),
    )
    return Finding(values, warnings=parsed.unit.notes)
